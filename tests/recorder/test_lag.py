"""How far the picture is behind the mouse: found in recordings of a real game, shifted by known lags."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from take_maker import make_take, playful

from recorder.takes.lag import Lag, lag_of, measure_lag
from recorder.takes.picture_scan import PictureScan, scan_pictures
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording

#: The hardest three of the six: slow strokes, half the mouse lost, much of it on screens.
NAMES = ("miner-04", "mixed-06", "organiser-05")


@pytest.fixture(scope="module")
def played(shared_data: Path) -> dict[str, tuple[np.ndarray, np.ndarray, PictureScan]]:
    """Of each recording its mouse, where it can be used, and its pictures. All have a lag of 1 frame."""
    found = {}
    for name in NAMES:
        with Recording.open(shared_data / "recordings" / "contractor" / f"dev-{name}.mp4") as recording:
            raw = recording.ticks.raw
            found[name] = raw.motion.copy(), ~raw.gui_open, scan_pictures(recording)
    return found


@pytest.mark.parametrize("shift", [-6, -3, 0, 1, 8])
def test_a_known_shift_is_found_to_the_frame(played, shift):
    """Mouse moved so many ticks earlier: the picture is so much later."""
    for motion, usable, scan in played.values():
        moved = np.roll(motion, -shift, axis=0)
        lag = measure_lag(moved, scan, usable & np.roll(usable, -shift))
        assert lag.frames == 1 + shift


def test_the_mouse_of_another_recording_has_no_lag(played):
    for name, (_, usable, scan) in played.items():
        for other, (motion, also_usable, _) in played.items():
            if other != name:
                length = min(len(motion), len(scan))
                part = _part(scan, 0, length)
                lag = measure_lag(motion[:length], part, usable[:length] & also_usable[:length])
                assert lag.frames is None
                assert lag.why == "picture and mouse do not move alike at any lag"


def test_stretches_of_a_recording_are_told_rightly_or_not_at_all(played):
    told = []
    for motion, usable, scan in played.values():
        for start in range(0, len(motion) - 600, 150):
            part = slice(start, start + 600)
            lag = measure_lag(motion[part], _part(scan, start, start + 600), usable[part])
            told.append(lag.frames)
    assert {lag for lag in told if lag is not None} == {1}
    assert told.count(1) >= len(told) / 4


def test_a_lag_is_measured_from_a_file(tmp_path):
    with Recording.open(make_take(tmp_path, "take", 500, motion=playful, lag=2)) as recording:
        lag = lag_of(recording)
    assert (lag.frames, lag.why) == (2, "")
    assert lag.likeness > 0.3


@pytest.mark.parametrize(
    ("play", "why"),
    [
        ({"motion": lambda tick: (3, 0) if tick < 40 else (0, 0)}, "the mouse moved too little"),
        ({"motion": playful, "screen": lambda tick: True}, "the mouse moved too little"),
        ({"motion": playful, "picture": lambda tick, seen: seen * 0 + 90}, "the picture moved too little"),
    ],
)
def test_what_cannot_be_told_is_said(tmp_path, play, why):
    with Recording.open(make_take(tmp_path, "take", 400, **play)) as recording:
        lag = lag_of(recording)
    assert (lag.frames, lag.likeness, lag.why) == (None, 0.0, why)
    assert isinstance(lag, Lag)


def test_a_video_without_actions_has_no_lag(tmp_path):
    video = make_take(tmp_path, "take", 20)
    video.with_suffix(".jsonl").unlink()
    with Recording.open(video) as recording, pytest.raises(StudioError, match="no actions"):
        lag_of(recording)


def _part(scan: PictureScan, start: int, stop: int) -> PictureScan:
    parts = (column[start:stop] for column in (scan.seen, scan.black, scan.same, scan.shift, scan.sharp))
    return PictureScan(*parts)
