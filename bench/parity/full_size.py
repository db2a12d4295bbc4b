"""Part ``full_size``: networks of the released sizes, with weights regenerated from their tensors' names."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from bench.parity.deviation import Deviation, absolute, exact, largest_of_each
from bench.parity.probing import vectors
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.policy import Policy
from vpt_studio.models.policy_network import PolicyNetwork
from vpt_studio.models.weight_fitting import parameters_of

_TOLERANCE = 1e-3  # full-size networks, CPU float32
_FRAMES_PER_SLICE = 4  # one frame of the 4x tower needs about 17 MB per activation
NETWORKS = ("foundation-1x", "2x", "foundation-3x", "4x_idm")


def check(folder: Path, networks: Iterable[str] = NETWORKS) -> list[Deviation]:
    """Compare networks of released size with the reference, one after another.

    Args:
        folder: The part's folder, laid out as in ``data/parity/full_size``.
        networks: Which to check; each needs memory for its weights twice, 3x 4.3 GB.

    Returns:
        One deviation per quantity.
    """
    return [deviation for name in networks for deviation in _network(folder, name)]


def _network(folder: Path, name: str) -> list[Deviation]:
    spec = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    temperature = spec["pi_head_opts"]["temperature"]
    with torch.device("meta"):
        model: Policy | InverseDynamicsModel = (
            InverseDynamicsModel(IdmNetwork.from_openai(spec["net_args"], temperature))
            if name.endswith("idm")
            else Policy(PolicyNetwork.from_openai(spec["net_args"], temperature))
        )
    listed = {tensor["key"]: list(tensor["shape"]) for tensor in spec["state_dict"]}
    ours = {key: list(tensor.shape) for key, tensor in model.state_dict().items()}
    names = sorted(map(str, ours.items())), sorted(map(str, listed.items()))
    found = [
        exact(f"{name} names and shapes of tensors", *names),
        exact(f"{name} number of parameters", parameters_of(model), spec["n_params"]),
    ]
    weights = {key: regenerate(spec["recipe_tag"], key, shape) for key, shape in listed.items()}
    digest = hashlib.sha256()
    for key in sorted(weights):
        digest.update(key.encode())
        digest.update(weights[key].tobytes())
    found.append(
        exact(f"{name} SHA-256 of the regenerated weights", digest.hexdigest(), spec["recipe_sha256"])
    )
    model.load_state_dict({key: torch.from_numpy(value) for key, value in weights.items()}, assign=True)
    model.eval()
    expected = vectors(folder, name)
    with torch.no_grad():
        outputs = _policy(model, expected) if isinstance(model, Policy) else _idm(model, expected)
    return [
        *found,
        *largest_of_each(
            exact(f"{name} {title}", value, expected[key])
            if title == "masks"
            else absolute(f"{name} {title}", value, expected[key], _TOLERANCE)
            for title, key, value in outputs
        ),
    ]


def _idm(model: InverseDynamicsModel, expected: dict[str, Any]) -> list[tuple[str, str, Any]]:
    out = model(torch.from_numpy(expected["img"]), _FRAMES_PER_SLICE)
    return [
        ("buttons log-probabilities", "chunk0/buttons", out.buttons),
        ("camera log-probabilities", "chunk0/camera", out.camera),
    ]


def _policy(policy: Policy, expected: dict[str, Any]) -> list[tuple[str, str, Any]]:
    frames = torch.from_numpy(expected["img"])
    chunks = sum(key.endswith("/vpred") for key in expected)
    span = frames.shape[1] // chunks
    memory, found = None, []
    for chunk in range(chunks):
        part = frames[:, chunk * span : (chunk + 1) * span]
        out, memory = policy(part, None, memory, frames_per_slice=_FRAMES_PER_SLICE)
        tail = expected[f"chunk{chunk}/state_block0_K_tail"].shape
        found += [
            ("buttons log-probabilities", f"chunk{chunk}/buttons", out.actions.buttons[:, :, None]),
            ("camera log-probabilities", f"chunk{chunk}/camera", out.actions.camera[:, :, None]),
            ("values", f"chunk{chunk}/vpred", out.value[..., None]),
            ("returns", f"chunk{chunk}/vpred_denorm", policy.value_head.returns(out.value)[..., None]),
            ("keys", f"chunk{chunk}/state_block0_K_tail", memory[0].keys[:, -tail[1] :, : tail[2]]),
            ("masks", f"chunk{chunk}/state_mask", memory[0].mask),
        ]
    return found


def regenerate(tag: str, name: str, shape: list[int]) -> npt.NDArray[np.float32]:
    """A tensor of the weight recipe in the vectors' README: random, but a function of its name alone.

    Args:
        tag: The recipe's tag.
        name: Key of the tensor in the state dictionary.
        shape: Its shape.
    """
    seed = int.from_bytes(hashlib.sha256(f"{tag}/{name}".encode()).digest()[:8], "big")
    draw: Any = np.random.Generator(np.random.PCG64(seed)).standard_normal(shape, dtype=np.float32)
    if name.endswith("running_mean"):
        scaled = np.float32(0.3) * draw
    elif name.endswith("running_mean_sq"):
        scaled = np.float32(1) + np.abs(draw)
    elif name.endswith("debiasing_term"):
        scaled = np.full(shape, 0.75, dtype=np.float32)
    elif name.endswith("b_nd"):
        scaled = np.float32(0.2) * draw
    elif len(shape) >= 2:
        gain = 3.0 if ".q_layer." in name or ".k_layer." in name else 1.0
        scaled = np.float32(np.float32(gain) / np.sqrt(np.float32(math.prod(shape[1:])))) * draw
    elif name.endswith(".weight"):
        scaled = np.float32(1) + np.float32(0.1) * draw
    else:
        scaled = np.float32(0.1) * draw
    return np.asarray(scaled, dtype=np.float32)
