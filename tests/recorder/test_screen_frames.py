"""Pictures of a real X screen, and what the watch says of them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from itertools import count, repeat

import numpy as np
import pytest
from Xlib import X, display

from bench.x_screen import own_screen
from recorder.desktop.frames import ScreenFrames
from recorder.game.frame_watch import BLACK_SECONDS, FROZEN_SECONDS, SILENT_SECONDS, FrameWatch
from vpt_studio.errors import StudioError

needs_screen = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb")


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A screen of 1280x800 with a window of 200x100 in 0x204060 at 1100, 750, and the pointer on it."""
    with own_screen() as name:
        monkeypatch.setenv("DISPLAY", name)
        program = display.Display(name)
        root = program.screen().root
        window = root.create_window(
            1100, 750, 200, 100, 0, X.CopyFromParent, background_pixel=0x204060, event_mask=X.ExposureMask
        )
        window.map()
        while program.next_event().type != X.Expose:
            pass
        root.warp_pointer(1200, 780)
        program.sync()
        yield
        program.close()


@needs_screen
def test_a_picture_is_rgb_without_the_pointer_and_black_beyond_the_screen(painted: None) -> None:
    frames = ScreenFrames()
    before = time.monotonic_ns()
    picture, at = frames.grab(1100, 750, 200, 100)
    assert before <= at <= time.monotonic_ns()
    assert (picture.shape, picture.dtype) == ((100, 200, 3), np.uint8)
    assert (picture[:50, :180] == (0x20, 0x40, 0x60)).all()
    assert not picture[50:].any()
    assert not picture[:, 180:].any()
    frames.close()


@needs_screen
@pytest.mark.parametrize("left", [-400, 1279, 5000])
def test_a_window_half_or_wholly_outside_keeps_its_size(painted: None, left: int) -> None:
    frames = ScreenFrames()
    picture, _at = frames.grab(left, -30, 640, 360)
    assert picture.shape == (360, 640, 3)
    assert picture.flags.c_contiguous
    assert picture.flags.writeable
    frames.close()


@needs_screen
def test_pictures_are_the_callers_own(painted: None) -> None:
    frames = ScreenFrames()
    one, first = frames.grab(1100, 750, 100, 50)
    other, second = frames.grab(0, 0, 100, 50)
    assert first < second
    assert one.any()
    assert not other.any()
    frames.close()


@needs_screen
def test_a_screen_that_changes_its_size_is_followed(painted: None) -> None:
    def resize(width: int, height: int) -> None:
        root.xrandr_set_screen_size(width, height, 300, 200)
        program.sync()

    program = display.Display()
    root = program.screen().root
    resources = root.xrandr_get_screen_resources()
    program.xrandr_set_crtc_config(resources.crtcs[0], resources.config_timestamp, 0, 0, 0, 1, [])
    resize(640, 400)
    frames = ScreenFrames()
    assert not frames.grab(1100, 750, 100, 50)[0].any()
    resize(1280, 800)
    while not frames.grab(1100, 750, 100, 50)[0].any():
        pass
    resize(640, 400)
    assert frames.grab(0, 0, 1280, 720)[0].shape == (720, 1280, 3)
    frames.close()
    program.close()


@needs_screen
def test_a_screen_that_is_gone_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with own_screen("320x200x24") as name:
        monkeypatch.setenv("DISPLAY", name)
        frames = ScreenFrames()
    with pytest.raises(StudioError, match="the screen cannot be seen"):
        frames.grab(0, 0, 64, 36)
    with pytest.raises(StudioError, match="the screen cannot be seen"):
        ScreenFrames()


_NS = 1_000_000_000
_RNG = np.random.default_rng(5)


def _noise() -> np.ndarray:
    return _RNG.integers(0, 256, (360, 640, 3), np.uint8)


def _seen(watch: FrameWatch, pictures: Iterator[np.ndarray], seconds: float, *, is_playing: bool) -> int:
    """Show twenty pictures a second; the time at the end."""
    now = 0
    for tick in range(round(seconds * 20) + 1):
        now = tick * _NS // 20
        if is_playing:
            watch.hear(now)
        watch.see(next(pictures), now)
    return now


def test_moving_pictures_are_no_trouble() -> None:
    watch = FrameWatch(0)
    assert watch.trouble(_seen(watch, (_noise() for _ in count()), 15, is_playing=True)) == ""


def test_black_pictures_are_told_after_a_while_and_a_dark_night_is_none() -> None:
    black = np.full((360, 640, 3), 4, np.uint8)
    watch = FrameWatch(0)
    end = _seen(watch, repeat(black), BLACK_SECONDS, is_playing=False)
    assert watch.trouble(end - _NS // 20) == ""
    assert "are black" in watch.trouble(end)
    night = black.copy()
    night[320:, 200:440] = 90
    watch.see(night, end + 1)
    assert watch.trouble(end + 1) == ""


def test_a_picture_that_stands_still_is_trouble_only_while_one_plays() -> None:
    menu = _noise()
    for is_playing in (False, True):
        watch = FrameWatch(0)
        end = _seen(watch, repeat(menu), FROZEN_SECONDS, is_playing=is_playing)
        assert ("has not changed for 10 seconds" in watch.trouble(end)) == is_playing
    watch = FrameWatch(0)
    end = _seen(watch, repeat(menu), 60, is_playing=False)
    watch.hear(end)
    assert watch.trouble(end) == ""


def test_no_picture_at_all_is_told() -> None:
    watch = FrameWatch(0)
    watch.see(_noise(), _NS)
    late = _NS + round(SILENT_SECONDS * _NS)
    assert watch.trouble(late - 1) == ""
    assert watch.trouble(late) == "No picture has come from the screen for 2 seconds"
