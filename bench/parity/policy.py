"""Part ``policy_tiny``: chunks, single steps, ragged calls, distribution, gradients, inner activations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from bench.parity.deviation import Deviation, absolute, choices, exact, largest_of_each
from bench.parity.probing import TOLERANCE, activations, gradients, vectors
from vpt_studio.models.attention import BlockMemory
from vpt_studio.models.log_probability import (
    ActionLogProbabilities,
    CameraTerm,
    divergence,
    entropy,
    log_probability,
)
from vpt_studio.models.openai_files import load_openai_policy
from vpt_studio.models.policy import Policy, PolicyOutput


def check(folder: Path) -> list[Deviation]:
    """Compare every vector in ``folder`` with our model.

    Args:
        folder: The part's folder, laid out as in ``data/parity/policy_tiny``.

    Returns:
        One deviation per quantity, the largest over all chunks.
    """
    policy = load_openai_policy(folder / "policy.model")
    given = vectors(folder, "inputs")
    frames, first = torch.from_numpy(given["img"]), torch.from_numpy(given["first"])
    with torch.no_grad():
        evaluations = [
            *_chunks(folder, policy, frames, first),
            *_stepwise(folder, policy, frames, first),
            *_ragged(folder, policy, frames),
            *_distribution(folder, policy, frames, first),
        ]
    return [
        *evaluations,
        *_gradients(folder, policy, frames, first),
        *_activations(folder, policy, frames, first),
    ]


def _chunks(folder: Path, policy: Policy, frames: Tensor, first: Tensor) -> list[Deviation]:
    """Four calls with the memory carried, starts inside a call ignored as published."""
    expected = vectors(folder, "chunks")
    span = policy.network.timesteps
    memory: list[BlockMemory] | None = None
    found = []
    for chunk in range(frames.shape[1] // span):
        part = slice(chunk * span, (chunk + 1) * span)
        out, memory = policy(frames[:, part], first[:, part], memory, starts="call")
        known = {key: value for key, value in expected.items() if key.startswith(f"chunk{chunk}/")}
        found += _heads("chunks:", policy, out, known, f"chunk{chunk}/")
        found += _memory("chunks:", memory, known, f"chunk{chunk}/state_out")
    return largest_of_each(found)


def _stepwise(folder: Path, policy: Policy, frames: Tensor, first: Tensor) -> list[Deviation]:
    """One frame at a time, in the memory that grows with calls, in a ring, and all at once."""
    expected = vectors(folder, "stepwise")
    ring, memory = policy.ring(len(frames)), None
    single, ringed = [], []
    for tick in range(frames.shape[1]):
        out, memory = policy(frames[:, tick : tick + 1], first[:, tick : tick + 1], memory)
        single.append(_ahead(out, slice(None), 0))
        ringed.append(policy.step(frames[:, tick], first[:, tick], ring))
    assert memory is not None
    whole, memory_of_whole = policy(frames, first)
    found = []
    for title, out, state in (
        ("one by one:", _joined(single), memory),
        ("ring:", _joined(ringed), ring.in_order()),
        ("all at once:", whole, memory_of_whole),
    ):
        last = ActionLogProbabilities(out.actions.buttons[:, -4:], out.actions.camera)
        buttons = torch.from_numpy(expected["buttons_top"][..., 0])
        camera = torch.from_numpy(expected["camera_top"][..., 0])
        greedy = log_probability(out.actions, buttons, camera, CameraTerm.ALWAYS)
        found += [
            absolute(f"{title} camera", last.camera, expected["camera"][:, :, 0], TOLERANCE),
            absolute(f"{title} buttons", last.buttons, expected["buttons_last4"][:, :, 0], TOLERANCE),
            _values(f"{title} returns", policy, out, expected["vpred_denorm"]),
            absolute(f"{title} greedy log-probability", greedy, expected["greedy_log_prob"], TOLERANCE),
            choices(f"{title} greedy camera", last.camera, expected["camera"][:, :, 0], camera, TOLERANCE),
            choices(
                f"{title} greedy buttons",
                last.buttons,
                expected["buttons_last4"][:, :, 0],
                buttons[:, -4:],
                TOLERANCE,
            ),
            *_memory(title, state, expected, "state_final"),
        ]
    return largest_of_each(found)


def _ragged(folder: Path, policy: Policy, frames: Tensor) -> list[Deviation]:
    """Calls shorter and longer than the memory, and one single call, without any start."""
    expected = vectors(folder, "ragged")
    found, memory, start = [], None, 0
    for call, length in enumerate(expected["ragged_lengths"].tolist()):
        out, memory = policy(frames[:, start : start + length], None, memory)
        found += _camera_and_value("ragged:", out, expected, f"ragged{call}")
        start += length
    assert memory is not None
    whole, memory_of_whole = policy(frames)
    return largest_of_each(
        [
            *found,
            *_memory("ragged:", memory, expected, "ragged_state_final"),
            *_camera_and_value("one call:", whole, expected, "whole"),
            *_memory("one call:", memory_of_whole, expected, "whole_state_final"),
        ]
    )


def _distribution(folder: Path, policy: Policy, frames: Tensor, first: Tensor) -> list[Deviation]:
    expected = vectors(folder, "distribution")
    span, always = policy.network.timesteps, CameraTerm.ALWAYS
    out = policy(frames[:, :span], first[:, :span], starts="call")[0].actions
    items = [ActionLogProbabilities(out.buttons[item], out.camera[item]) for item in (0, 1)]
    ours = log_probability(out, *_labels(expected), always)
    apart = divergence(items[0], items[1], always)
    return [
        absolute("log-probability of actions", ours, expected["logprob"], TOLERANCE),
        absolute("entropy", entropy(out, always), expected["entropy"], TOLERANCE),
        absolute("divergence", apart, expected["kl_item0_to_item1"][0, :, 0], TOLERANCE),
    ]


def _gradients(folder: Path, policy: Policy, frames: Tensor, first: Tensor) -> list[Deviation]:
    span = policy.network.timesteps
    out = policy(frames[:, :span], first[:, :span], starts="call")[0].actions
    labels = _labels(vectors(folder, "distribution"))
    return gradients(
        policy, -log_probability(out, *labels, CameraTerm.ALWAYS).mean(), folder / "bc_gradients.json"
    )


def _activations(folder: Path, policy: Policy, frames: Tensor, first: Tensor) -> list[Deviation]:
    expected = vectors(folder, "intermediates")
    # The reference's ".r" is the attention with its residual: what enters the pointwise layer.
    seen = activations(
        policy,
        {*expected, *(f"{name}.orc_block" for name in expected if name.endswith(".r"))},
        lambda: policy(frames[:1, :2], first[:1, :2]),
    )
    found = []
    for name, reference in expected.items():
        if name.endswith(".r"):
            ours = seen[f"{name[:-2]}.pre_r_ln"] + seen[f"{name}.orc_block"]
        elif name.endswith("firstconv"):
            continue  # ours pools before it rectifies, so this one activation does not exist
        else:
            ours = seen[name]
        found.append(absolute(f"activation {name}", ours.reshape(reference.shape), reference, TOLERANCE))
    return [*found, _first_convolution(policy, frames, expected)]


def _first_convolution(policy: Policy, frames: Tensor, expected: dict[str, Any]) -> Deviation:
    name = "net.img_process.cnn.stacks.0.firstconv"
    pixels = frames[0, :2].permute(0, 3, 1, 2) / 255
    with torch.no_grad():
        ours = dict(policy.named_modules())[name](pixels)
    return absolute(f"activation {name}", ours, expected[name], TOLERANCE)


def _labels(stored: dict[str, Any]) -> tuple[Tensor, Tensor]:
    buttons, camera = stored["actions_buttons"], stored["actions_camera"]
    return torch.from_numpy(buttons[..., 0]), torch.from_numpy(camera[..., 0])


def _heads(title: str, policy: Policy, out: PolicyOutput, known: Any, prefix: str) -> list[Deviation]:
    buttons, camera = known[f"{prefix}buttons"][:, :, 0], known[f"{prefix}camera"][:, :, 0]
    return [
        absolute(f"{title} buttons", out.actions.buttons, buttons, TOLERANCE),
        absolute(f"{title} camera", out.actions.camera, camera, TOLERANCE),
        choices(
            f"{title} likeliest buttons", out.actions.buttons, buttons, np.argmax(buttons, -1), TOLERANCE
        ),
        absolute(f"{title} values", out.value, known[f"{prefix}vpred"][..., 0], TOLERANCE),
        _values(f"{title} returns", policy, out, known[f"{prefix}vpred_denorm"]),
    ]


def _camera_and_value(title: str, out: PolicyOutput, known: Any, prefix: str) -> list[Deviation]:
    return [
        absolute(f"{title} camera", out.actions.camera, known[f"{prefix}/camera"][:, :, 0], TOLERANCE),
        absolute(f"{title} values", out.value, known[f"{prefix}/vpred"][..., 0], TOLERANCE),
    ]


def _values(title: str, policy: Policy, out: PolicyOutput, reference: Any) -> Deviation:
    return absolute(title, policy.value_head.returns(out.value), reference[..., 0], TOLERANCE)


def _memory(title: str, memory: list[BlockMemory], known: Any, prefix: str) -> list[Deviation]:
    found = []
    for number, block in enumerate(memory):
        place = f"{prefix}/block{number}"
        assert block.mask is not None
        found += [
            exact(f"{title} masks", block.mask, known[f"{place}/mask"]),
            absolute(f"{title} keys", block.keys, known[f"{place}/K"], TOLERANCE),
            absolute(f"{title} remembered values", block.values, known[f"{place}/V"], TOLERANCE),
        ]
    return found


def _ahead(out: PolicyOutput, *index: Any) -> PolicyOutput:
    actions = ActionLogProbabilities(out.actions.buttons[index], out.actions.camera[index])
    return PolicyOutput(actions, out.value[index], None, out.latent[index])


def _joined(outputs: list[PolicyOutput]) -> PolicyOutput:
    """Outputs without the axis of time, one after another along it."""
    return PolicyOutput(
        ActionLogProbabilities(
            torch.stack([out.actions.buttons for out in outputs], dim=1),
            torch.stack([out.actions.camera for out in outputs], dim=1),
        ),
        torch.stack([out.value for out in outputs], dim=1),
        None,
        torch.stack([out.latent for out in outputs], dim=1),
    )
