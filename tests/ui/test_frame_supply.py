"""The pictures of a recording: what is decoded when, and what is kept."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from ui import frame_supply
from ui.frame_supply import FrameSupply

TIMEOUT = 15_000
KEYFRAMES = [0, 50, 100]


class SlowRecording:
    """200 ticks, one frame each; every picture is decoded only when the test lets it."""

    video = SimpleNamespace(keyframes=np.array(KEYFRAMES))
    frame_of_tick = np.arange(200)

    def __init__(self):
        self.may_decode = threading.Semaphore(0)

    def __len__(self):
        return 200

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def pictures(self, start, stop):
        for _tick in range(start, stop):
            assert self.may_decode.acquire(timeout=TIMEOUT / 1000)
            yield np.zeros((9, 16, 3), np.uint8)


@pytest.fixture
def supply(qapp):
    made = FrameSupply()
    made.come = []
    made.arrived.connect(made.come.append)
    yield made
    made.end()


@pytest.fixture
def slow(supply, monkeypatch, tmp_path, qtbot):
    recording = SlowRecording()
    monkeypatch.setattr(frame_supply, "open_recordings", lambda _names, _folder: [recording])
    supply.show_recording(tmp_path, "slow")
    yield recording
    recording.may_decode.release(500)


def test_pictures_keep_coming_where_decoding_is_slower_than_playing(supply, slow, qtbot):
    def decode_one():
        had = len(supply.come)
        slow.may_decode.release()
        qtbot.waitUntil(lambda: len(supply.come) > had, timeout=TIMEOUT)

    supply.picture(0)
    decode_one()
    for tick in (10, 20):
        assert supply.picture_at_or_before(tick)[0] == supply.come[-1]
        decode_one()
    decode_one()
    assert supply.come == [0, 1, 2, 3]
    supply.picture_at_or_before(60)
    decode_one()  # it was under way
    decode_one()
    decode_one()
    assert supply.come[-2:] == [50, 51]  # the keyframe that was passed, and on from there
    assert supply.picture_at_or_before(60)[0] == 51


def test_going_back_while_playing_shows_nothing_from_before(supply, slow, qtbot):
    slow.may_decode.release(24)
    qtbot.waitUntil(lambda: supply.is_resting, timeout=TIMEOUT)
    assert supply.picture_at_or_before(5)[0] == 5
    supply.picture_at_or_before(120)
    assert supply.picture_at_or_before(110) is None


def test_a_paused_decoder_rests_however_large_the_pictures(supply, qtbot, monkeypatch, own_project):
    monkeypatch.setattr(frame_supply, "_BYTES_KEPT", 13 * 320 * 180 * 4)
    supply.show_recording(own_project, "noise-0")
    qtbot.waitUntil(lambda: supply.is_resting, timeout=TIMEOUT)
    supply.picture(40)
    qtbot.waitUntil(lambda: supply.is_resting, timeout=TIMEOUT)
    assert supply.come == sorted(set(supply.come))
    assert supply.picture(40) is not None


def test_playing_on_decodes_every_tick_once(supply, qtbot, monkeypatch, own_project):
    monkeypatch.setattr(frame_supply, "_BYTES_KEPT", 13 * 320 * 180 * 4)
    supply.show_recording(own_project, "noise-0")
    for tick in range(30):
        supply.picture(tick)
        qtbot.waitUntil(lambda: supply.is_resting, timeout=TIMEOUT)
    assert supply.come == list(range(len(supply.come)))
    assert supply.picture(28) is not None  # one step back


def test_an_unexpected_failure_costs_one_recording_only(supply, qtbot, monkeypatch, own_project):
    def out_of_memory(*_arguments):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(frame_supply, "open_recordings", out_of_memory)
        with qtbot.waitSignal(supply.failed, timeout=TIMEOUT) as told:
            supply.show_recording(own_project, "noise-0")
    assert "MemoryError" in told.args[0].what
    supply.show_recording(own_project, "noise-1")
    qtbot.waitUntil(lambda: supply.picture(0) is not None, timeout=TIMEOUT)
