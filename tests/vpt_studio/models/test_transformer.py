"""The causal transformer forgets nothing between calls, and sees no more than it may."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from vpt_studio.models.attention import TransformerShape
from vpt_studio.models.image_tower import ImageTower
from vpt_studio.models.openai_model_file import read_openai_model
from vpt_studio.models.openai_weights import read_openai_weights
from vpt_studio.models.transformer import Transformer

CAUSAL = TransformerShape(width=16, heads=2, blocks=2, memory=4, mask_style="clipped_causal")


@pytest.fixture
def causal() -> Transformer:
    torch.manual_seed(0)
    return Transformer(CAUSAL).eval()


def in_calls(transformer, x, lengths, first=None):
    memory, outputs, start = None, [], 0
    for length in lengths:
        flag = None if first is None else first[:, start : start + length]
        out, memory = transformer(x[:, start : start + length], flag, memory)
        outputs.append(out)
        start += length
    return torch.cat(outputs, dim=1), memory


@torch.no_grad()
@pytest.mark.parametrize("lengths", [[1] * 12, [4, 4, 4], [7, 5], [1, 3, 8]])
def test_the_cut_into_calls_does_not_matter(causal, lengths):
    x = torch.randn(2, 12, 16)
    whole, memory = causal(x)
    pieces, memory_of_pieces = in_calls(causal, x, lengths)
    torch.testing.assert_close(pieces, whole, atol=1e-5, rtol=0)
    torch.testing.assert_close(memory_of_pieces[0].keys, memory[0].keys, atol=1e-5, rtol=0)
    assert torch.equal(memory_of_pieces[0].mask, memory[0].mask)


@torch.no_grad()
def test_an_episode_start_hides_the_past_of_its_own_stream_only(causal):
    x = torch.randn(2, 6, 16)
    first = torch.zeros(2, 6, dtype=torch.bool)
    first[0, 3] = True
    out, memory = in_calls(causal, x, [3, 3], first)
    fresh, _ = causal(x[:, 3:])
    undisturbed, _ = in_calls(causal, x, [3, 3])
    torch.testing.assert_close(out[0, 3:], fresh[0], atol=1e-6, rtol=0)
    torch.testing.assert_close(out[1], undisturbed[1], atol=1e-6, rtol=0)
    assert memory[0].mask[:, 0].tolist() == [[False, True, True, True], [True] * 4]


@torch.no_grad()
def test_no_frame_sees_the_future_or_beyond_its_memory(causal):
    one = Transformer(TransformerShape(width=16, heads=2, blocks=1, memory=4, mask_style="clipped_causal"))
    x = torch.randn(1, 10, 16)
    changed = x.clone()
    changed[:, 3] *= -1  # a constant would vanish in the norm
    difference = (one(x)[0] - one(changed)[0]).abs().amax(-1)[0]
    assert difference.gt(1e-6).tolist() == [3 <= frame < 7 for frame in range(10)]


@torch.no_grad()
def test_without_mask_every_frame_sees_every_other():
    free = Transformer(TransformerShape(width=16, heads=2, blocks=1, memory=0, mask_style="none"))
    x = torch.randn(1, 5, 16)
    changed = x.clone()
    changed[:, 4] *= -1
    assert (free(x)[0] - free(changed)[0]).abs().amax(-1).gt(1e-6).all()


@pytest.mark.parametrize(
    ("heads", "memory", "style"), [(3, 4, "clipped_causal"), (2, 0, "clipped_causal"), (2, 4, "none")]
)
def test_sizes_that_contradict_each_other_are_refused(heads, memory, style):
    with pytest.raises(ValueError, match=r"heads|memory"):
        Transformer(TransformerShape(width=16, heads=heads, blocks=1, memory=memory, mask_style=style))


@torch.no_grad()
def test_tower_and_memory_of_the_reference_policy_match(parity_folder: Path):
    folder = parity_folder / "policy_tiny"
    args = read_openai_model(folder / "policy.model").network_args
    weights = read_openai_weights(folder / "policy.weights")
    tower = ImageTower(
        width=args["hidsize"],
        image_size=128,
        channels_in=3,
        channels=[int(args["impala_width"] * c) for c in args["impala_chans"]],
        norm_groups=1,
        first_conv_normalised=False,
        post_pool_groups=1,
    )
    transformer = Transformer(
        TransformerShape(
            width=args["hidsize"],
            heads=args["attention_heads"],
            blocks=args["n_recurrence_layers"],
            memory=args["attention_memory_size"] - args["timesteps"],
            mask_style=args["attention_mask_style"],
        )
    )
    for module, prefix in ((tower, "net.img_process."), (transformer, "net.recurrent_layer.")):
        module.load_state_dict(
            {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}
        )
    inputs, chunks = np.load(folder / "inputs.npz"), np.load(folder / "chunks.npz")
    images, first = torch.from_numpy(inputs["img"]), torch.from_numpy(inputs["first"])
    span, memory = args["timesteps"], None
    for chunk in range(4):
        frames = images[:, chunk * span : (chunk + 1) * span].flatten(0, 1).permute(0, 3, 1, 2) / 255
        latents = tower(frames).unflatten(0, (2, span))
        flags = torch.zeros(2, span, dtype=torch.bool)
        flags[:, 0] = first[:, chunk * span]  # the reference looks at no other
        _, memory = transformer(latents, flags, memory)
        for block, state in enumerate(memory):
            prefix = f"chunk{chunk}/state_out/block{block}"
            np.testing.assert_array_equal(state.mask, chunks[f"{prefix}/mask"])
            np.testing.assert_allclose(state.keys, chunks[f"{prefix}/K"], atol=2e-4)
            np.testing.assert_allclose(state.values, chunks[f"{prefix}/V"], atol=2e-4)
