"""The short version of ``python -m bench.recorder``: all that is done is in the take, whoever is killed."""

from __future__ import annotations

import copy
import sys
from pathlib import Path

import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if not sys.platform.startswith("linux"):
    pytest.skip("these tests bring an X server", allow_module_level=True)

from capture_driver import CaptureDriver
from take_reading import HeldUpError

from bench.comparing import Figure
from bench.recorder import measure
from bench.recorder_checks import (
    in_a_wrong_tick,
    pictures_seen,
    read_take,
    recovered,
    wrong_lines,
)
from bench.recorder_kills import kill_the_window
from bench.recorder_stage import SETTINGS
from recorder.game.privacy_gate import BLIND
from recorder.game_profiles import read_profile
from recorder.takes.waiting import recover, waiting_takes
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import read_sidecar

pytestmark = [
    pytest.mark.timeout(90),
    pytest.mark.flaky(reruns=4, only_rerun=["HeldUpError"]),
]
WIDE = (640, 360)


def missed(figures: list[Figure], *but: str) -> list[str]:
    """Which aims were not met, without those of speed."""
    return [figure.what for figure in figures if figure.verdict.endswith("MISSED") and figure.what not in but]


def test_all_that_is_done_is_in_the_take_in_the_tick_of_its_time(tmp_path):
    figures = measure(SETTINGS["640x360"], 2.1, tmp_path)
    sidecar = read_sidecar(tmp_path / "take.json")
    came_late = any("late_events" in line for line in read_take(tmp_path / "take.mp4").lines)
    if came_late or BLIND in [gap["why"] for gap in sidecar.notes["gaps"]]:
        raise HeldUpError("for 200 ms nobody looked or told: this machine has too much to do to record on it")
    # How long a grab takes is of that kind, too: a picture's time is the middle of it.
    speed = ("pictures a second", "ticks missed", "processor: capture", "pictures beside their time by up to")
    assert missed(figures, *speed) == []
    check_that_the_checks_can_fail(tmp_path)


def check_that_the_checks_can_fail(folder: Path) -> None:
    video, done, drawn = folder / "take.mp4", folder / "done", folder / "drawn"
    take, buttons = read_take(video), read_profile("generic").buttons
    number = next(number for number, event in enumerate(take.events) if event["kind"] == "motion")
    lost = copy.deepcopy(take)
    del lost.events[number], lost.ticks[number]
    everything = recovered(take, done, motions=True)
    assert recovered(lost, done, motions=True).exact < everything.exact == everything.done
    assert wrong_lines(lost, buttons, WIDE) == 1
    moved = copy.deepcopy(take)
    moved.ticks[number] += 1
    assert in_a_wrong_tick(moved) == 1
    other = copy.deepcopy(take)
    other.lines[20]["keyboard"]["keys"].append("key.keyboard.e")
    assert wrong_lines(other, buttons, WIDE) == 1
    sooner = copy.deepcopy(take)
    for line in sooner.lines:
        line["grabbed_ns"] -= 50_000_000
    assert pictures_seen(video, sooner, drawn, WIDE[0]).beside_ms > 10
    for event in sooner.events:
        event["at"] -= 20_000_000
    assert recovered(sooner, done, motions=False).exact < recovered(take, done, motions=False).exact


def test_a_take_is_closed_cleanly_when_the_program_that_started_it_is_killed(tmp_path):
    assert missed(kill_the_window(tmp_path)) == []


def test_a_kill_while_a_take_is_saved_loses_none_of_it(stage, tmp_path):
    capture = CaptureDriver(tmp_path, stage.name)
    capture.until("recording")
    capture.ticks(5)
    capture.do("stop")
    capture.until("saving")
    capture.kill()
    told = next(said["ticks"] for said in reversed(capture.said) if said["is"] == "status")
    (take,) = waiting_takes(tmp_path)
    whole = recover(take)
    assert whole.ticks >= told
    with Recording.open(whole.video) as recording:
        assert sum(1 for _ in recording.pictures()) == len(recording) == whole.ticks
