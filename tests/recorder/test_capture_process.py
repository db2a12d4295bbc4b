"""The capture process on a real X screen: what a hand does there, and nothing else, is in the take."""

from __future__ import annotations

import itertools
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if not sys.platform.startswith("linux"):
    pytest.skip("these tests bring an X server", allow_module_level=True)

from capture_driver import CaptureDriver
from desktop_stage import OTHER_COLOUR, until
from take_reading import gaps, lines

from recorder.game.frame_schedule import TICK_NS
from recorder.game.privacy_gate import BLIND
from recorder.takes.waiting import recover, waiting_takes
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.validation import validate

pytestmark = [
    pytest.mark.timeout(60),  # a capture that never says what is waited for
    pytest.mark.flaky(reruns=4, only_rerun=["HeldUpError"]),
]


def held_events(events: list[dict], code: str) -> list[bool]:
    return [event["is_down"] for event in events if event.get("code") == code]


def colours(video: Path) -> np.ndarray:
    """The colour in the middle of every picture."""
    with Recording.open(video) as recording:
        return np.array([picture[180, 320] for picture in recording.pictures(pointer=False)], int)


def test_every_event_is_in_the_tick_of_its_time_and_every_count_in_the_sum(stage, start, tmp_path):
    capture = start()
    capture.ticks(10)
    chance = random.Random(3)
    moved = np.zeros(2)
    for number in range(600):
        step = chance.randrange(-7, 8), chance.randrange(-7, 8)
        stage.move(*step)
        moved += step
        if number % 3 == 0:
            stage.warp(420, 230)  # as games put the pointer back
        if number % 20 == 0:
            stage.button(1, number % 40 == 0)
        if number % 30 == 15:
            stage.key("w")
    stage.button(1, False)
    capture.ticks(15)
    video = capture.stop()
    assert gaps(video) == []
    ticks, events = lines(video.with_suffix(".jsonl")), lines(tmp_path / "take.events.jsonl")
    motions = [event for event in events if event.get("kind") == "motion"]
    assert len(motions) == 600
    assert [sum(event[axis] for event in motions) for axis in ("dx", "dy")] == moved.tolist()
    assert held_events(events, "key.keyboard.w") == [True, False] * 20
    assert sum(held_events(events, "0")) == 15
    with Recording.open(video) as recording:
        # On a screen that is guessed to be open counts are told in another unit.
        if not recording.ticks.raw.gui_open.any():
            assert recording.ticks.raw.motion.sum(axis=0).tolist() == moved.tolist()
        assert len(recording) == len(ticks)
    number = -1
    for event in events:
        if "tick" in event:
            number = event["tick"]
            first = ticks[number]["grabbed_ns"]
            last = first + ticks[number]["lasts_ns"]
        elif event["kind"] in ("motion", "key", "button", "wheel"):
            assert first <= event["at"] < last
    assert all(
        later["grabbed_ns"] == sooner["grabbed_ns"] + sooner["lasts_ns"]
        for sooner, later in itertools.pairwise(ticks)
    )
    presses = [press for line in ticks for press in line.get("pressed", ())]
    assert presses.count("forward") == 20
    assert presses.count("attack") == 15
    assert validate(video).health is Health.HEALTHY


def test_the_picture_that_was_seen_comes_before_what_was_done_next(stage, start):
    capture = start()
    capture.ticks(5)
    stage.paint(0xC02020)
    stage.key("w", True)
    capture.ticks(5)
    stage.key("w", False)
    video = capture.stop()
    red = colours(video)[:, 0] > 120
    with Recording.open(video) as recording:
        pressed = int(np.flatnonzero(recording.ticks.raw.held[:, 2])[0])
    assert abs(int(np.flatnonzero(red)[0]) - (pressed + 1)) <= 1


def test_keys_held_before_the_take_are_held_in_it(stage, start, tmp_path):
    stage.key("w", True)
    stage.key("z", True)
    capture = start()
    capture.ticks(10)
    stage.key("w", False)
    stage.key("z", False)
    capture.ticks(5)
    video = capture.stop()
    with Recording.open(video) as recording:
        held = recording.ticks.raw.held[:, 2]
        assert held[0]
        assert not held[-1]
    assert "pressed" not in lines(video.with_suffix(".jsonl"))[0]
    assert held_events(lines(tmp_path / "take.events.jsonl"), "key.keyboard.w") == [False]
    assert b"keyboard.z" not in (tmp_path / "take.events.jsonl").read_bytes()  # the game has no such key


def test_nothing_that_is_done_in_another_window_is_in_any_file(stage, start, tmp_path):
    capture = start()
    capture.ticks(10)
    stage.focus(stage.other)
    stage.place(stage.other, 150, 100)  # over the game, where pictures would show it
    stage.key("q")
    capture.until("closed", why="the game is not in front")
    for letter in "wasdefq":
        stage.key(letter)
        stage.move(977, 0)
        stage.button(1)
    stage.place(stage.other, 800, 100)
    stage.key("q", True)
    stage.focus(stage.game)
    capture.until("closed", why="")
    stage.key("q", False)
    capture.ticks(10)
    video = capture.stop()
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert b":977" not in content
        for letter in "asdefq":
            assert f"keyboard.{letter}".encode() not in content, path
    events = lines(tmp_path / "take.events.jsonl")
    assert held_events(events, "key.keyboard.q") == []
    assert gaps(video) == ["the game is not in front"]
    shown = colours(video)
    assert (
        not (np.abs(shown - [OTHER_COLOUR >> 16, OTHER_COLOUR >> 8 & 255, OTHER_COLOUR & 255]) < 60)
        .all(1)
        .any()
    )
    with Recording.open(video) as recording:
        assert [gap["why"] for gap in recording.sidecar.notes["gaps"]] == ["the game is not in front"]


def test_words_in_the_chat_are_not_recorded_and_play_goes_on_after_it(stage, start, tmp_path):
    capture = start()
    capture.ticks(8)
    stage.key("t")
    capture.until("closed", why="the chat is open")
    for letter in "was":
        stage.key(letter)
    stage.paint(OTHER_COLOUR)  # what a chat shows
    until(lambda: capture.read()["is"] == "status")
    stage.paint(0x20A040)
    stage.key("Escape")
    capture.until("closed", why="")
    stage.key("d")
    capture.ticks(8)
    video = capture.stop()
    events = lines(tmp_path / "take.events.jsonl")
    assert [event["code"] for event in events if event.get("kind") == "key"] == ["key.keyboard.d"] * 2
    assert gaps(video) == ["the chat is open"]
    assert (colours(video)[:, 2] < 120).all()


def test_keys_without_a_meaning_in_the_game_are_nowhere(stage, start, tmp_path):
    capture = start()
    capture.ticks(4)
    for letter in "zxpw":
        stage.key(letter)
    stage.button(9)
    capture.ticks(8)
    capture.stop()
    codes = {event["code"] for event in lines(tmp_path / "take.events.jsonl") if "code" in event}
    assert codes == {"key.keyboard.w"}


def test_a_window_that_moves_is_followed_and_nothing_beside_it_is_seen(stage, start):
    capture = start()
    capture.ticks(5)
    for left in range(100, 300, 20):
        stage.place(stage.game, left, 60)
        time.sleep(0.03)  # a hand that drags
    capture.ticks(10)
    video = capture.stop()
    with Recording.open(video) as recording:
        corners = [
            picture[row, column] for picture in recording.pictures() for row in (2, -3) for column in (2, -3)
        ]
    assert (np.abs(np.array(corners, int) - [0x20, 0xA0, 0x40]) < 25).all()


def test_a_window_that_is_closed_ends_the_take_and_keeps_it(stage, start):
    capture = start()
    capture.ticks(20)
    stage.close_window(stage.game)
    taken = capture.until("taken")
    assert taken["ended"] == "the window was closed"
    assert taken["ticks"] >= 20
    with Recording.open(Path(taken["video"])) as recording:
        assert len(recording) == taken["ticks"]


def test_a_take_is_kept_when_whoever_started_it_is_gone(start, tmp_path):
    capture = start()
    capture.ticks(10)
    capture.end()
    assert capture.process.returncode == 0
    (take,) = waiting_takes(tmp_path)
    assert take.is_whole
    assert take.ticks >= 10


def test_a_take_is_kept_when_the_system_ends_the_process(start):
    capture = start()
    capture.ticks(10)
    capture.process.send_signal(signal.SIGTERM)
    assert capture.until("taken")["ticks"] >= 10


@pytest.mark.parametrize("seed", range(2))
def test_a_kill_at_a_random_moment_loses_at_most_a_second(stage, start, tmp_path, seed):
    capture = start()
    capture.until("status")
    time.sleep(1 + random.Random(seed).random())  # the random moment
    killed = time.monotonic_ns()
    capture.kill()
    (take,) = waiting_takes(tmp_path)
    whole = recover(take)
    with Recording.open(whole.video) as recording:
        assert len(recording) == whole.ticks
    last = lines(whole.video.with_suffix(".jsonl"))[-1]
    assert killed - last["grabbed_ns"] - last["lasts_ns"] <= 1_000_000_000
    assert lines(tmp_path / "take.events.jsonl")


def test_pausing_leaves_a_gap_with_its_reason(stage, start):
    capture = start()
    capture.ticks(5)
    capture.do("pause")
    capture.until("closed", why="paused")
    stage.key("w")
    capture.do("resume")
    capture.until("closed", why="")
    capture.ticks(5)
    video = capture.stop()
    assert gaps(video) == ["paused"]
    with Recording.open(video) as recording:
        assert len(recording.sidecar.notes["pauses"]) == 1
        assert not recording.ticks.raw.held.any()


def test_what_happens_while_the_recorder_is_held_up_is_a_gap(stage, start, tmp_path):
    capture = start()
    capture.ticks(10)
    capture.process.send_signal(signal.SIGSTOP)
    stage.key("w")
    stage.focus(stage.other)
    stage.key("a")
    time.sleep(0.3)  # longer than anybody may look away
    stage.key("s")
    stage.focus(stage.game)
    capture.process.send_signal(signal.SIGCONT)
    capture.ticks(15)
    video = capture.stop()
    assert not any("code" in event for event in lines(tmp_path / "take.events.jsonl"))
    assert BLIND in [line["gap"]["why"] for line in lines(video.with_suffix(".jsonl")) if "gap" in line]


def test_after_a_while_without_input_nothing_is_recorded_until_there_is_some(stage, start):
    capture = start("--idle-seconds", "0.5")
    capture.until("closed", why="nobody plays")
    stage.move(5, 5)
    capture.until("closed", why="")
    capture.do("stop")
    taken = capture.until("taken")
    assert gaps(Path(taken["video"])) == ["nobody plays"]


def _notes(taken: dict) -> dict:
    with Recording.open(Path(taken["video"])) as recording:
        return recording.sidecar.notes


def test_hotkeys_mark_delete_and_stop(stage, start, tmp_path):
    capture = start()
    capture.ticks(5)
    stage.key("F10")
    capture.until("marked")
    stage.key("w")
    capture.ticks(10)
    stage.key("F8")  # the last two minutes: all of it
    assert capture.until("cut")["ticks"] == 0
    stage.key("s")
    capture.ticks(8)
    stage.key("F9")
    taken = capture.until("taken")
    assert taken["ended"] == "hotkey"
    events = lines(tmp_path / "take.events.jsonl")
    assert {event["code"] for event in events if event.get("kind") == "key"} <= {"key.keyboard.s"}
    assert _notes(taken)["marks"] == []


def test_some_seconds_can_be_deleted(stage, start):
    capture = start()
    capture.ticks(25)
    before = capture.until("status")["ticks"]
    capture.do("cut", minutes=0.5 / 60)
    cut = capture.until("cut")
    assert 0 < cut["ticks"] <= before + 25
    assert cut["seconds"] <= 0.6
    capture.ticks(5)
    video = capture.stop()
    assert gaps(video) == ["deleted"]


def test_a_disk_without_room_ends_the_take_and_keeps_it(start):
    capture = start("--keep-free-mb", str(1 << 40))
    assert capture.until("disk")["minutes"] == 0
    taken = capture.until("taken")
    assert taken["ended"] == "the disk is full"
    assert taken["ticks"] > 0


def test_the_time_limit_ends_the_take(start):
    capture = start("--seconds", "1")
    taken = capture.until("taken")
    assert taken["ended"] == "the time is up"
    assert 20 <= taken["ticks"] <= 30


def test_a_take_can_be_thrown_away(start, tmp_path):
    capture = start()
    capture.ticks(3)
    capture.do("discard")
    capture.until("discarded")
    capture.end()
    assert list(tmp_path.iterdir()) == []


def test_a_game_that_was_never_in_front_leaves_nothing_but_words(stage, start, tmp_path):
    stage.focus(stage.other)
    capture = start()
    capture.until("closed", why="the game is not in front")
    capture.until("status")
    capture.do("stop")
    assert "nothing was recorded" in capture.until("failed")["error"]["what"]
    capture.end()
    assert capture.process.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_window_that_is_not_there_is_told_with_those_that_are(stage, tmp_path):
    capture = CaptureDriver(tmp_path, stage.name, title="chess")
    error = capture.until("failed")["error"]
    assert "chess" in error["what"]
    assert "The game" in error["mend"]
    assert "Letters" in error["mend"]
    capture.end()


def test_a_native_take_has_the_size_of_the_window(stage, start):
    stage.resize(stage.game, 801, 451)
    capture = start("--native", "--seconds", "1")
    taken = capture.until("taken")
    with Recording.open(Path(taken["video"])) as recording:
        assert recording.picture(0).shape == (450, 800, 3)


def test_ticks_come_at_twenty_hertz(start):
    capture = start()
    capture.ticks(60)
    video = capture.stop()
    steps = np.diff([line["grabbed_ns"] for line in lines(video.with_suffix(".jsonl"))])
    assert np.median(steps) == pytest.approx(TICK_NS, rel=0.02)
