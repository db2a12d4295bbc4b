"""Named sizes build, and the largest is the released one."""

from __future__ import annotations

import json

import pytest
import torch

from vpt_studio.errors import StudioError
from vpt_studio.models.inverse_dynamics import IdmNetwork, InverseDynamicsModel
from vpt_studio.models.presets import IDM_PRESETS, idm_network


def test_the_largest_preset_is_the_released_model(parity_folder):
    spec = json.loads((parity_folder / "full_size" / "4x_idm.json").read_text())
    assert IDM_PRESETS["4x_idm"] == IdmNetwork.from_openai(spec["net_args"], 4)


@pytest.mark.parametrize("name", IDM_PRESETS)
def test_every_preset_describes_a_network_and_sizes_grow(name):
    with torch.device("meta"):
        sizes = [
            sum(parameter.numel() for parameter in InverseDynamicsModel(network).parameters())
            for network in list(IDM_PRESETS.values())[: list(IDM_PRESETS).index(name) + 1]
        ]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("name", ["nano", "tiny"])
def test_small_presets_label_ordinary_frames_whatever_the_slices(name):
    torch.manual_seed(0)
    model = InverseDynamicsModel(idm_network(name)).eval()
    frames = torch.randint(0, 256, (2, 6, 128, 128, 3), dtype=torch.uint8)
    with torch.no_grad():
        out, sliced, from_float = model(frames), model(frames, 4), model(frames / 255)
    assert out.buttons.shape == (2, 6, 20, 2)
    assert out.camera.shape == (2, 6, 2, 11)
    torch.testing.assert_close(out.camera.exp().sum(-1), torch.ones(2, 6, 2))
    torch.testing.assert_close(sliced.camera, out.camera, atol=2e-5, rtol=0)
    torch.testing.assert_close(from_float.camera, out.camera, atol=2e-5, rtol=0)


def test_a_motion_start_tells_left_from_right_before_any_training():
    torch.manual_seed(0)
    model = InverseDynamicsModel(idm_network("nano"))
    texture = torch.nn.functional.interpolate(torch.rand(1, 3, 40, 60), size=(128, 192), mode="bilinear")[0]
    clips = []
    for step in (3, -3):
        starts = [32 + step * tick for tick in range(5)]
        clips.append(torch.stack([texture[:, :, start : start + 128].permute(1, 2, 0) for start in starts]))
    with torch.no_grad():
        padded = torch.stack(clips).unflatten(2, (64, 2)).mean(3).unflatten(3, (64, 2)).mean(4)
        moments = model.net.conv3d_layer(padded)
        mismatch = model.net.img_process.cnn.stacks[0].firstconv(moments).mean((2, 3))
    # Filters come in fours: moved right, moved left, down, up, each in two signs.
    right, left = mismatch[:, 0:2].sum(1), mismatch[:, 2:4].sum(1)
    assert (right - left)[0] * (right - left)[1] < 0


@pytest.mark.parametrize(
    ("preset", "overrides", "reason"),
    [
        ("huge", {}, "no network size 'huge'"),
        ("nano", {"wheels": 4}, "wheels"),
        ("nano", {"attention_heads": 3}, "attention heads"),
        ("nano", {"temporal_taps": 4}, "taps"),
        ("nano", {"input_pooling": 3}, "squares of 3"),
        ("nano", {"start": "fast"}, "no start"),
    ],
)
def test_names_and_options_that_make_no_network_are_refused(preset, overrides, reason):
    with pytest.raises(StudioError, match=reason):
        idm_network(preset, overrides)


def test_overrides_replace_single_options():
    assert idm_network("nano", {"hidden_size": 64}).hidden_size == 64
    assert idm_network("nano") == IDM_PRESETS["nano"]
