"""Augmented clips stay clips: one draw for all frames, labels that still tell the truth."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import torch

from training.augmentation import (
    AugmentationDraw,
    AugmentationRanges,
    augment_frames,
    draw_augmentation,
    mirror_clip,
)

NOTHING = AugmentationRanges(**{field.name: 0.0 for field in fields(AugmentationRanges)})


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def smooth_clip(frames: int = 3, size: int = 64) -> torch.Tensor:
    y, x = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    picture = torch.stack([60 + x, 60 + y, 120 + (x + y) // 4], dim=-1).to(torch.uint8)
    return picture.expand(frames, -1, -1, -1).clone()


def test_zero_strength_is_the_identity():
    clip = smooth_clip()
    draw = draw_augmentation(NOTHING, generator())
    assert draw == AugmentationDraw()
    assert torch.equal(augment_frames(clip, draw), clip)


def test_the_same_seed_gives_the_same_clip_and_another_seed_another():
    clip = smooth_clip()
    clips = [augment_frames(clip, draw_augmentation(AugmentationRanges(), generator(s))) for s in (1, 1, 2)]
    assert torch.equal(clips[0], clips[1])
    assert not torch.equal(clips[0], clips[2])


def test_all_frames_of_a_clip_are_changed_alike():
    changed = augment_frames(smooth_clip(), draw_augmentation(AugmentationRanges(), generator()))
    assert changed.dtype == torch.uint8
    assert torch.equal(changed[0], changed[2])


def test_draws_stay_in_their_ranges_and_use_them():
    ranges, source = AugmentationRanges(), generator()
    draws = [draw_augmentation(ranges, source) for _ in range(500)]
    seen = {
        "hue": [draw.hue for draw in draws],
        "saturation": [draw.saturation - 1 for draw in draws],
        "brightness": [draw.brightness - 1 for draw in draws],
        "contrast": [draw.contrast - 1 for draw in draws],
        "rotation": [draw.rotation for draw in draws],
        "scale": [draw.scale - 1 for draw in draws],
        "shear": [draw.shear for draw in draws],
        "translation": [value for draw in draws for value in draw.shift],
    }
    for name, values in seen.items():
        limit = getattr(ranges, name)
        assert max(map(abs, values)) <= limit
        assert max(values) > 0.9 * limit
        assert min(values) < -0.9 * limit


@pytest.mark.parametrize("name", [field.name for field in fields(AugmentationRanges)])
def test_each_property_acts_alone_and_cannot_be_negative(name):
    ranges = AugmentationRanges(**{field.name: 0.0 for field in fields(AugmentationRanges)} | {name: 0.2})
    draw = draw_augmentation(ranges, generator())
    changed = {field.name for field in fields(draw) if getattr(draw, field.name) != field.default}
    assert changed == {"shift" if name == "translation" else name}
    with pytest.raises(ValueError, match=name):
        AugmentationRanges(**{name: -0.1})


def test_brightness_multiplies_and_contrast_keeps_the_mean():
    clip = smooth_clip()
    brighter = augment_frames(clip, AugmentationDraw(brightness=1.2))
    np.testing.assert_allclose(brighter.float(), clip.float() * 1.2, atol=0.51)
    flatter = augment_frames(clip, AugmentationDraw(contrast=0.8)).float()
    assert abs(flatter.mean() - clip.float().mean()) < 0.5
    assert flatter.std().item() == pytest.approx(0.8 * clip.float().std().item(), rel=0.01)


def test_hue_and_saturation_leave_grey_grey():
    grey = torch.full((1, 8, 8, 3), 90, dtype=torch.uint8)
    assert torch.equal(augment_frames(grey, AugmentationDraw(hue=0.2, saturation=1.2)), grey)
    red = torch.tensor([200, 50, 50], dtype=torch.uint8).expand(1, 8, 8, 3)
    a_third = augment_frames(red, AugmentationDraw(hue=1 / 3))[0, 0, 0].tolist()
    assert a_third == pytest.approx([50, 200, 50], abs=1)


def test_translation_is_measured_in_pixels_of_a_128_pixel_picture():
    clip = smooth_clip(size=64)
    shifted = augment_frames(clip, AugmentationDraw(shift=(2.0, -4.0)))
    assert torch.equal(shifted[:, :60, 1:], clip[:, 2:62, :-1])


def test_rotation_and_scale_keep_the_centre():
    clip = torch.zeros(1, 65, 65, 3, dtype=torch.uint8)
    clip[:, 31:34, 31:34] = 255
    turned = augment_frames(clip, AugmentationDraw(rotation=90.0, scale=1.5))
    assert turned[0, 32, 32].tolist() == [255] * 3
    assert turned[0].flip(0).equal(turned[0])


def test_a_mirrored_mirror_clip_is_the_clip():
    torch.manual_seed(0)
    frames = torch.randint(0, 256, (4, 8, 8, 3), dtype=torch.uint8)
    buttons, camera = torch.randint(0, 2, (4, 20)), torch.randint(0, 11, (4, 2))
    once = mirror_clip(frames, buttons, camera)
    for original, twice in zip((frames, buttons, camera), mirror_clip(*once), strict=True):
        assert torch.equal(original, twice)
    assert torch.equal(once[0][:, :, 0], frames[:, :, -1])
    assert torch.equal(once[1][:, 4], buttons[:, 5])
    assert torch.equal(once[1][:, 5], buttons[:, 4])
    assert torch.equal(once[2][:, 0], camera[:, 0])
    assert torch.equal(once[2][:, 1], 10 - camera[:, 1])
