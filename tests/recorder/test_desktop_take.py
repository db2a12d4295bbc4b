"""A take on the disk: ticks, raw events, gaps, what is deleted, and a disk that fills up."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from take_reading import lines

from recorder.capture.desktop_take import LATE_NS, DesktopTake, DesktopTick
from recorder.capture.tick_binning import BinnedTick
from recorder.devices.events import InputEvent
from recorder.game.disk_room import KEEP_FREE_BYTES, minutes_left, room_beside
from recorder.game.frame_schedule import TICK_NS, FrameSchedule
from recorder.takes.waiting import recover, waiting_take, waiting_takes
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.tick_writing import TickInput
from vpt_studio.recordings.video_writer import VideoWriter

SIZE = (64, 48)
BEGIN = 5_000_000_000
W = "key.keyboard.w"


class Cuts:
    """What the take said it deleted."""

    def __init__(self) -> None:
        self.said: list[tuple[int, float]] = []
        self._more = threading.Event()

    def __call__(self, ticks: int, seconds: float) -> None:
        self.said.append((ticks, seconds))
        self._more.set()

    def wait(self) -> tuple[int, float]:
        assert self._more.wait(60)
        self._more.clear()
        return self.said[-1]


@pytest.fixture
def cuts() -> Cuts:
    return Cuts()


def begin(folder: Path, cuts: Cuts) -> DesktopTake:
    sidecar = Sidecar(source=Source.HUMAN, notes={"consent": {"version": 1}})
    return DesktopTake(folder, "take", sidecar, SIZE, heading={"kind": "source", "name": "none"}, on_cut=cuts)


def tick(number: int, *, late: int = 0, missed: int = 0, gap: str = "", code: str = W) -> DesktopTick:
    at = BEGIN + number * TICK_NS
    event = InputEvent("key", at + 3, at + 9, code=code, is_down=True)
    binned = BinnedTick(
        at,
        at + TICK_NS * (missed + 1),
        frozenset({W}),
        frozenset({W}),
        (),
        (),
        (0, 0),
        (0, 0),
        0,
        (event,),
        0,
    )
    picture = np.full((SIZE[1], SIZE[0], 3), 20 + 2 * (number % 100), np.uint8)
    return DesktopTick(
        picture, TickInput(frozenset({"forward"})), {"number": number}, binned, late, missed, gap
    )


def test_a_take_is_a_recording_with_its_raw_events(tmp_path, cuts):
    take = begin(tmp_path, cuts)
    for number in range(30):
        take.write(tick(number))
    video = take.close({"ended": "by hand"})
    with Recording.open(video) as recording:
        assert len(recording) == 30
        assert recording.ticks.raw.held[:, 2].all()
        assert recording.sidecar.notes["ended"] == "by hand"
        assert recording.sidecar.notes["consent"] == {"version": 1}
    events = lines(tmp_path / "take.events.jsonl")
    assert events[:3] == [
        {"tick": 0},
        {"kind": "source", "name": "none"},
        {"kind": "held", "at": BEGIN, "codes": [W]},
    ]
    assert [event["at"] for event in events if event.get("kind") == "key"] == [
        BEGIN + number * TICK_NS + 3 for number in range(30)
    ]
    assert [event["at"] for event in events if event.get("kind") == "frame"] == [
        BEGIN + number * TICK_NS for number in range(30)
    ]


def test_gaps_late_and_missed_frames_are_in_the_lines_and_in_the_sidecar(tmp_path, cuts):
    take = begin(tmp_path, cuts)
    take.mark(BEGIN + 2 * TICK_NS + 5)
    for number in range(4):
        take.write(tick(number, late=LATE_NS if number == 1 else 100, missed=2 if number == 3 else 0))
    take.write(tick(30, gap="paused"))
    with Recording.open(take.close({})) as recording:
        notes = recording.sidecar.notes
    said = lines(tmp_path / "take.jsonl")
    assert [line.get("late_ms") for line in said] == [None, 10.0, None, None, None]
    assert [line.get("missed") for line in said] == [None, None, None, 2, None]
    gap = {"why": "paused", "seconds": 1.2}
    assert [line.get("gap") for line in said] == [None] * 4 + [gap]
    assert notes["gaps"] == [{"tick": 4, **gap}]
    assert notes["missed"] == [{"tick": 3, "frames": 2}]
    assert (notes["late"], notes["pauses"], notes["marks"]) == (1, [4], [2])


def test_the_last_minutes_can_be_deleted_from_every_file(tmp_path, cuts):
    take = begin(tmp_path, cuts)
    for number in range(40):
        take.write(
            tick(number, gap="paused" if number == 30 else "", code="key.keyboard.q" if number >= 20 else W)
        )
    take.mark(BEGIN + 35 * TICK_NS)
    take.delete_since(BEGIN + 20 * TICK_NS + 7)
    assert cuts.wait() == (20, pytest.approx(1.0))
    for path in (tmp_path / "take.take").iterdir():
        assert b"keyboard.q" not in path.read_bytes()
    for number in range(60, 70):
        take.write(tick(number, gap="deleted" if number == 60 else ""))
    with Recording.open(take.close({})) as recording:
        assert len(recording) == 30
        shown = [int(recording.picture(number)[20, 20, 1]) for number in (19, 20)]
        assert shown == [pytest.approx(20 + 2 * 19, abs=3), pytest.approx(20 + 2 * 60, abs=3)]
        assert recording.sidecar.notes["gaps"] == [{"tick": 20, "why": "deleted", "seconds": 2.0}]
        assert recording.sidecar.notes["marks"] == []
    assert [line["number"] for line in lines(tmp_path / "take.jsonl")] == [*range(20), *range(60, 70)]
    assert b"keyboard.q" not in (tmp_path / "take.events.jsonl").read_bytes()


def test_all_of_it_can_be_deleted_and_nothing_stays(tmp_path, cuts):
    take = begin(tmp_path, cuts)
    for number in range(5):
        take.write(tick(number))
    take.delete_since(0)
    assert cuts.wait()[0] == 0
    with pytest.raises(StudioError, match="nothing was recorded"):
        take.close({})
    assert list(tmp_path.iterdir()) == []


def test_a_take_that_was_left_is_recovered_by_the_commands_for_takes(tmp_path, cuts):
    take = begin(tmp_path, cuts)
    for number in range(25):
        take.write(tick(number))
    take.leave()
    (found,) = waiting_takes(tmp_path)
    assert not found.is_whole
    assert recover(found).ticks == 25
    assert len([event for event in lines(tmp_path / "take.events.jsonl") if "tick" in event]) == 25


def test_a_thrown_away_take_leaves_nothing(tmp_path, cuts):
    take = begin(tmp_path, cuts)
    take.write(tick(0))
    take.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_what_was_written_stays(tmp_path, cuts, monkeypatch):
    write = VideoWriter.write

    def fill_up(self, frame):
        if self._written >= 25:
            raise StudioError("the video cannot be written on (no space left on device)")
        write(self, frame)

    monkeypatch.setattr(VideoWriter, "write", fill_up)
    take = begin(tmp_path, cuts)

    def go_on() -> None:
        for number in range(1000):
            take.write(tick(number))

    with pytest.raises(StudioError, match="no space"):
        go_on()
    take.leave()
    assert recover(waiting_take(tmp_path, "take")).ticks == 25


def test_room_on_the_disk_counts_closing_too(tmp_path):
    minute = 60 * 300_000
    assert minutes_left(KEEP_FREE_BYTES + 20 * minute, 0, 0.0) == pytest.approx(10)
    taken, seconds = 60_000_000, 300.0  # 200 kB a second
    free = KEEP_FREE_BYTES + taken + 2 * 60 * 200_000 * 3
    assert minutes_left(free, taken, seconds) == pytest.approx(3)
    assert minutes_left(KEEP_FREE_BYTES + taken, taken, seconds) == 0
    assert room_beside(tmp_path, 0.0) > 0
    assert room_beside(tmp_path, 0.0, keep_free=1 << 60) == 0


def test_frames_are_due_on_one_grid_and_missed_ones_stay_missed():
    schedule = FrameSchedule(BEGIN)
    taken = []
    for took in (0, 39, 41, 130, 2):  # ms after it was due
        taken.append(schedule.number)
        schedule.pass_on(schedule.due + took * 1_000_000)
    assert taken == [0, 1, 2, 4, 7]
    assert schedule.due == BEGIN + 8 * TICK_NS
