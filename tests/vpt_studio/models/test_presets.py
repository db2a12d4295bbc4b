"""Named sizes build, and the largest is the released one."""

from __future__ import annotations

import json

import pytest
import torch

from vpt_studio.errors import StudioError
from vpt_studio.models.contrast import evened_contrast
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.policy import Policy
from vpt_studio.models.presets import IDM_PRESETS, POLICY_PRESETS, idm_network, policy_network


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
        moments = model.net.conv3d_layer(padded.flatten(0, 1), torch.arange(10).view(2, 5))
        mismatch = model.net.img_process.cnn.stacks[0].firstconv(moments).mean((2, 3))
    # Filters come in fours: moved right, moved left, down, up, each in two signs.
    right, left = mismatch[:, 0:2].sum(1), mismatch[:, 2:4].sum(1)
    assert (right - left)[0] * (right - left)[1] < 0


def test_a_dim_part_of_the_picture_shows_as_much_as_a_bright_one():
    torch.manual_seed(0)
    bright = torch.rand(1, 1, 32, 32, 3)
    dim = bright.clone()
    dim[:, :, :, :16] /= 6
    evened, beside = evened_contrast(bright, 9), evened_contrast(dim, 9)
    far = slice(0, 8)  # from where the bright part is not seen
    assert (evened - beside)[:, :, :, far].abs().max() < 0.1
    assert (bright - dim)[:, :, :, far].abs().max() > 0.8
    assert beside[:, :, :, far].std() > 3 * dim[:, :, :, far].std()


def test_pixels_are_seen_relative_to_the_mean_and_spread_around_them():
    frames = torch.rand(1, 1, 8, 8, 3)
    evened = evened_contrast(frames, 3)[0, 0]
    for row, column in ((0, 0), (4, 7), (5, 3)):
        rows, columns = slice(max(0, row - 1), row + 2), slice(max(0, column - 1), column + 2)
        apart = frames[0, 0] - torch.stack([_mean_around(frames[0, 0, :, :, c]) for c in range(3)], dim=-1)
        spread = apart.square().mean(-1)[rows, columns].mean().sqrt()
        wanted = (0.5 + 0.2 * apart[row, column] / (spread + 0.01)).clamp(0, 1)
        torch.testing.assert_close(evened[row, column], wanted)
    assert evened_contrast(frames, 0) is frames


def _mean_around(plane):
    sums = [[plane[max(0, r - 1) : r + 2, max(0, c - 1) : c + 2].mean() for c in range(8)] for r in range(8)]
    return torch.tensor(sums)


@pytest.mark.parametrize(
    ("preset", "overrides", "reason"),
    [
        ("huge", {}, "no network size 'huge'"),
        ("nano", {"wheels": 4}, "wheels"),
        ("nano", {"attention_heads": 3}, "attention heads"),
        ("nano", {"temporal_taps": 4}, "taps"),
        ("nano", {"input_pooling": 3}, "squares of 3"),
        ("nano", {"contrast_window": 4}, "contrast window"),
        ("nano", {"start": "fast"}, "no start"),
    ],
)
def test_names_and_options_that_make_no_network_are_refused(preset, overrides, reason):
    with pytest.raises(StudioError, match=reason):
        idm_network(preset, overrides)


def test_policies_grow_from_preset_to_preset():
    with torch.device("meta"):
        policies = [Policy(network) for network in POLICY_PRESETS.values()]
    sizes = [sum(parameter.numel() for parameter in policy.parameters()) for policy in policies]
    assert sizes == sorted(sizes)


def test_the_smallest_policy_plays_on_ordinary_frames():
    torch.manual_seed(0)
    policy = Policy(policy_network("nano")).eval()
    frames = torch.randint(0, 256, (1, 3, 128, 128, 3), dtype=torch.uint8)
    with torch.no_grad():
        out, _ = policy(frames)
    assert out.actions.buttons.shape == (1, 3, 8641)
    assert out.actions.camera.shape == (1, 3, 121)


@pytest.mark.parametrize(
    ("preset", "overrides", "reason"),
    [
        ("4x_idm", {}, "no network size '4x_idm'"),
        ("nano", {"temporal_taps": 5}, "temporal_taps"),
        ("nano", {"memory": 0}, "memory is 0"),
        ("nano", {"temperature": 0}, "temperature is 0"),
        ("nano", {"attention_heads": 3}, "attention heads"),
        ("nano", {"input_pooling": 3}, "squares of 3"),
    ],
)
def test_options_that_make_no_policy_are_refused(preset, overrides, reason):
    with pytest.raises(StudioError, match=reason):
        policy_network(preset, overrides)


def test_overrides_replace_single_options():
    assert idm_network("nano", {"hidden_size": 64}).hidden_size == 64
    assert idm_network("nano") == IDM_PRESETS["nano"]
