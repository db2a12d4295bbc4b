"""Made camera motion tells the truth, and a game's answer to the mouse is measured from its recordings."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from training.augmentation import Augmenter
from training.camera_response import CameraResponse, measure_camera_response
from training.clips import ClipBatch, Footage
from training.configs import Augmentation
from training.panning import draw_pan

STILL = Augmentation(
    hue=0.0,
    saturation=0.0,
    brightness=0.0,
    contrast=0.0,
    rotation_degrees=0.0,
    scale=0.0,
    shear_degrees=0.0,
    translation_pixels=0.0,
)


@pytest.mark.parametrize("delay", [0, 1, 2])
def test_a_pans_turns_are_those_that_move_the_picture_along_its_path(delay):
    response = CameraResponse(delay, (-0.8, -1.5))
    for seed in range(20):
        pan = draw_pan(12, response, np.random.default_rng(seed))
        moved = np.diff(pan.offsets, axis=0)
        for tick in range(12 - 1 - delay):
            turned = pan.degrees[tick, ::-1] * response.pixels_per_degree
            np.testing.assert_allclose(moved[tick + delay], turned, atol=1e-9)
        # What the game would show after the clip was not drawn, so nothing is said of it.
        assert pan.shown.tolist() == [True] * (12 - 1 - delay) + [False] * (1 + delay)
        assert not pan.degrees[~pan.shown].any()


def test_pans_rest_and_flick():
    pans = [draw_pan(8, CameraResponse(0, (-1.0, -1.0)), np.random.default_rng(seed)) for seed in range(300)]
    fastest = [np.abs(pan.degrees).max() for pan in pans]
    assert min(fastest) == 0
    assert max(fastest) > 8


def batch_of(frames: np.ndarray, screen_open: bool = False) -> ClipBatch:
    clips, ticks = frames.shape[:2]
    return ClipBatch(
        frames=frames,
        buttons=np.ones((clips, ticks, 20), np.uint8),
        degrees=np.full((clips, ticks, 2), 1.0),
        buttons_known=np.ones((clips, ticks), bool),
        camera_known=np.ones((clips, ticks), bool),
        screen_open=np.full((clips, ticks), screen_open),
    )


def noise(clips: int, ticks: int) -> np.ndarray:
    small = np.random.default_rng(0).integers(0, 256, (clips, ticks, 32, 32, 3), np.uint8)
    return small.repeat(4, axis=2).repeat(4, axis=3)


def test_a_panned_still_forgets_its_buttons_and_its_own_turn():
    ranges = Augmentation(**{**vars(STILL), "panned_stills": 1.0})
    given = batch_of(noise(4, 8))
    made = Augmenter(ranges, 0, CameraResponse(1, (-0.8, -1.5)))(given, 0)
    assert not made.buttons_known.any()
    assert made.camera_known[:, :-2].all()
    assert (made.degrees != 1.0).all()
    assert (given.degrees == 1.0).all()


def test_a_panned_clip_keeps_its_buttons_and_adds_the_turn():
    ranges = Augmentation(**{**vars(STILL), "panned_clips": 1.0})
    given = batch_of(noise(4, 8))
    made = Augmenter(ranges, 0, CameraResponse(1, (-0.8, -1.5)))(given, 0)
    assert made.buttons_known.all()
    assert (made.frames != given.frames).any(axis=(1, 2, 3, 4)).all()
    # The last two ticks' turns would show after the clip, so only the enlargement counts there.
    np.testing.assert_allclose(made.degrees[:, -2:], 1.15)


@pytest.mark.parametrize("share", ["panned_clips", "panned_stills"])
@pytest.mark.parametrize("delay", [0, 1, 2, 3])
def test_a_turn_that_would_show_after_the_clip_teaches_nothing(share, delay):
    ranges = Augmentation(**{**vars(STILL), share: 1.0})
    given = batch_of(noise(2, 8))
    given.camera_known[:, 0] = False
    made = Augmenter(ranges, 0, CameraResponse(delay, (-0.8, -1.5)))(given, 0)
    assert made.camera_known.tolist() == 2 * [[False] + [True] * (6 - delay) + [False] * (1 + delay)]
    assert given.camera_known[:, 1:].all()


def test_clips_with_a_screen_open_are_never_panned():
    ranges = Augmentation(**{**vars(STILL), "panned_clips": 1.0})
    given = batch_of(noise(2, 8), screen_open=True)
    made = Augmenter(ranges, 0, CameraResponse(1, (-0.8, -1.5)))(given, 0)
    assert (made.frames == given.frames).all()
    assert (made.degrees == given.degrees).all()


def moving_footage(
    delay: int, pixels_per_degree: tuple[float, float], ticks: int = 400, *, unseen_share: float = 0.0
) -> Footage:
    """A picture that follows the mouse; for `unseen_share` of the time something still hides it."""
    rng = np.random.default_rng(1)
    world = cv2.GaussianBlur(rng.integers(0, 256, (128, 128, 3), np.uint8), (0, 0), 1.5)
    degrees = np.repeat(rng.normal(0, 2, (ticks // 4, 2)), 4, axis=0)
    place = np.zeros(2)
    frames = np.empty((ticks, 128, 128, 3), np.uint8)
    for tick in range(ticks):
        shift = np.array([[1, 0, place[0]], [0, 1, place[1]]])
        hidden = tick % 40 < 40 * unseen_share
        frames[tick] = (
            world if hidden else cv2.warpAffine(world, shift, (128, 128), borderMode=cv2.BORDER_WRAP)
        )
        if tick >= delay:
            place = (place + degrees[tick - delay, ::-1] * pixels_per_degree) % 128
    return Footage(
        name="moving",
        frames=lambda start, stop: frames[start:stop],
        buttons=np.zeros((ticks, 20), np.uint8),
        degrees=degrees,
        screen_open=np.zeros(ticks, bool),
        known=np.ones(ticks, bool),
    )


@pytest.mark.parametrize("delay", [0, 2])
def test_delay_and_pixels_per_degree_are_measured(delay):
    measured = measure_camera_response([moving_footage(delay, (-0.8, -1.5))])
    assert measured is not None
    assert measured.delay == delay
    assert measured.pixels_per_degree == pytest.approx((-0.8, -1.5), rel=0.05)


def test_what_stands_still_before_the_view_does_not_make_the_response_weaker():
    measured = measure_camera_response([moving_footage(1, (-0.8, -1.5), 1200, unseen_share=0.5)])
    assert measured is not None
    assert measured.delay == 1
    assert measured.pixels_per_degree == pytest.approx((-0.8, -1.5), rel=0.05)


def test_where_the_picture_does_not_follow_the_mouse_nothing_is_measured():
    footage = moving_footage(0, (0.0, 0.0))
    assert measure_camera_response([footage]) is None
