"""Augmented clips stay clips: one draw for all frames, labels that still tell the truth."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
import torch

from training.augmentation import AugmentationDraw, Augmenter, augment_frames, draw_augmentation, mirror_clips
from training.clips import ClipBatch
from training.configs import Augmentation

OTHERS = ("mirror", "panned_clips", "panned_stills")
PROPERTIES = [field.name for field in fields(Augmentation) if field.name not in OTHERS]
NOTHING = Augmentation(**dict.fromkeys(PROPERTIES, 0.0))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def smooth_clip(frames: int = 3, size: int = 64) -> np.ndarray:
    y, x = np.mgrid[:size, :size]
    picture = np.stack([60 + x, 60 + y, 120 + (x + y) // 4], axis=-1).astype(np.uint8)
    return np.repeat(picture[None], frames, axis=0)


def random_batch(clips: int = 6) -> ClipBatch:
    source = np.random.default_rng(0)
    return ClipBatch(
        frames=source.integers(0, 256, (clips, 4, 16, 16, 3), dtype=np.uint8),
        buttons=source.integers(0, 2, (clips, 4, 20), dtype=np.uint8),
        degrees=source.normal(0, 4, (clips, 4, 2)),
        buttons_known=source.random((clips, 4)) < 0.5,
        camera_known=source.random((clips, 4)) < 0.5,
        screen_open=np.zeros((clips, 4), bool),
    )


def equal(one: ClipBatch, other: ClipBatch) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(ClipBatch))


def test_zero_strength_is_the_identity():
    clip, batch = smooth_clip(), random_batch()
    draw = draw_augmentation(NOTHING, generator())
    assert draw == AugmentationDraw()
    assert np.array_equal(augment_frames(clip, draw), clip)
    assert equal(Augmenter(NOTHING, 5)(batch, 3), batch)


def test_a_batch_depends_on_seed_and_number_only():
    batch, ranges = random_batch(), Augmentation(mirror=True)
    first = Augmenter(ranges, 1)
    first(batch, 7)
    again = first(batch, 8)
    assert equal(again, Augmenter(ranges, 1)(batch, 8))
    assert not equal(again, Augmenter(ranges, 1)(batch, 9))
    assert not equal(again, Augmenter(ranges, 2)(batch, 8))
    assert equal(batch, random_batch())


def test_all_frames_of_a_clip_are_changed_alike_and_clips_differently():
    frames = np.stack([smooth_clip(), smooth_clip()])
    batch = replace(random_batch(2), frames=frames)
    changed = Augmenter(Augmentation(), 0)(batch, 0).frames
    assert changed.dtype == np.uint8
    assert np.array_equal(changed[0, 0], changed[0, 2])
    assert not np.array_equal(changed[0], changed[1])


def test_draws_stay_in_their_ranges_and_use_them():
    ranges, source = Augmentation(), generator()
    draws = [draw_augmentation(ranges, source) for _ in range(500)]
    seen = {
        "hue": [draw.hue for draw in draws],
        "saturation": [draw.saturation - 1 for draw in draws],
        "brightness": [draw.brightness - 1 for draw in draws],
        "contrast": [draw.contrast - 1 for draw in draws],
        "rotation_degrees": [draw.rotation for draw in draws],
        "scale": [draw.scale - 1 for draw in draws],
        "shear_degrees": [draw.shear for draw in draws],
        "translation_pixels": [value for draw in draws for value in draw.shift],
    }
    assert set(seen) == set(PROPERTIES)
    for name, values in seen.items():
        limit = getattr(ranges, name)
        assert max(map(abs, values)) <= limit
        assert max(values) > 0.9 * limit
        assert min(values) < -0.9 * limit


@pytest.mark.parametrize("name", PROPERTIES)
def test_each_property_acts_alone(name):
    draw = draw_augmentation(Augmentation(**dict.fromkeys(PROPERTIES, 0.0) | {name: 0.2}), generator())
    changed = {field.name for field in fields(draw) if getattr(draw, field.name) != field.default}
    assert changed == {{"translation_pixels": "shift"}.get(name, name.removesuffix("_degrees"))}


def test_brightness_multiplies_and_contrast_keeps_the_mean():
    clip = smooth_clip()
    brighter = augment_frames(clip, AugmentationDraw(brightness=1.2))
    np.testing.assert_allclose(brighter, clip * 1.2, atol=0.51)
    flatter = augment_frames(clip, AugmentationDraw(contrast=0.8))
    assert abs(flatter.mean() - clip.mean()) < 0.5
    assert flatter.std() == pytest.approx(0.8 * clip.std(), rel=0.01)


def test_hue_and_saturation_leave_grey_grey():
    grey = np.full((1, 8, 8, 3), 90, dtype=np.uint8)
    assert np.array_equal(augment_frames(grey, AugmentationDraw(hue=0.2, saturation=1.2)), grey)
    red = np.broadcast_to(np.array([200, 50, 50], dtype=np.uint8), (1, 8, 8, 3))
    a_third = augment_frames(red, AugmentationDraw(hue=1 / 3))[0, 0, 0].tolist()
    assert a_third == pytest.approx([50, 200, 50], abs=1)


def test_translation_is_measured_in_pixels():
    clip = smooth_clip()
    shifted = augment_frames(clip, AugmentationDraw(shift=(1.0, -2.0)))
    assert np.array_equal(shifted[:, :60, 1:], clip[:, 2:62, :-1])


def test_rotation_and_scale_keep_the_centre():
    clip = np.zeros((1, 65, 65, 3), dtype=np.uint8)
    clip[:, 31:34, 31:34] = 255
    turned = augment_frames(clip, AugmentationDraw(rotation=90.0, scale=1.5))
    assert turned[0, 32, 32].tolist() == [255] * 3
    assert np.array_equal(turned[0][::-1], turned[0])


def test_a_mirrored_mirror_clip_is_the_clip_and_labels_are_mirrored_too():
    batch = random_batch()
    chosen = np.array([True, False, True, False, True, True])
    once = mirror_clips(batch, chosen)
    assert equal(mirror_clips(once, chosen), batch)
    assert np.array_equal(once.frames[0, :, :, 0], batch.frames[0, :, :, -1])
    assert np.array_equal(once.buttons[0][:, [4, 5]], batch.buttons[0][:, [5, 4]])
    assert np.array_equal(once.degrees[0, :, 0], batch.degrees[0, :, 0])
    assert np.array_equal(once.degrees[0, :, 1], -batch.degrees[0, :, 1])
    assert np.array_equal(once.frames[1], batch.frames[1])
    assert np.array_equal(once.degrees[1], batch.degrees[1])


def test_about_half_of_the_clips_are_mirrored_when_asked():
    batch = random_batch(clips=200)
    augmented = Augmenter(replace(NOTHING, mirror=True), 0)(batch, 0)
    share = np.mean([not np.array_equal(*pair) for pair in zip(augmented.frames, batch.frames, strict=True)])
    assert 0.4 < share < 0.6
