"""Is what a take says what was done? Worked out anew, from the raw events and the hand's own list.

Nothing of the recorder's sorting is used: events are put into ticks by their device time and the times at
which the frames were grabbed, and what each line ought to say is compared with what it says.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import orjson

from bench.moving_game import number_in
from bench.recorder_hand import BUTTONS, KEYS, Kind

_DEVICE_NS = 1_000_000  # X tells time in whole milliseconds, cut off
_KINDS = {"motion", "key", "button", "wheel"}
_UNITS = (1280, 720)  # in which lines tell of the pointer while a screen is open

Line = Mapping[str, Any]
Said = tuple[Any, ...]


@dataclass
class TakeRead:
    """A take's lines and raw events.

    Attributes:
        lines: Of the ticks.
        events: What devices said, in the file's order.
        ticks: The tick that the file puts each event into.
        held: What was down at the begin of a span, by its first tick.
    """

    lines: list[Line]
    events: list[Line] = field(default_factory=list)
    ticks: list[int] = field(default_factory=list)
    held: dict[int, set[str]] = field(default_factory=dict)

    @property
    def begins(self) -> npt.NDArray[np.int64]:
        """When the ticks' frames were grabbed: int64 [T], nanoseconds."""
        return np.array([line["grabbed_ns"] for line in self.lines], np.int64)

    @property
    def ends(self) -> npt.NDArray[np.int64]:
        """When the ticks were over: int64 [T], nanoseconds."""
        return self.begins + np.array([line["lasts_ns"] for line in self.lines], np.int64)

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """When nothing was recorded: from when to when, nanoseconds."""
        sooner, later = self.ends[:-1].tolist(), self.begins[1:].tolist()
        return [
            gap
            for gap, line in zip(zip(sooner, later, strict=True), self.lines[1:], strict=True)
            if "gap" in line
        ]


def read_take(video: Path) -> TakeRead:
    """Read the files beside `video`."""
    take, tick = TakeRead(_lines(video.with_suffix(".jsonl"))), -1
    for line in _lines(video.with_suffix(".events.jsonl")):
        if "tick" in line:
            tick = line["tick"]
        elif line["kind"] == "held":
            take.held[tick] = set(line["codes"])
        elif line["kind"] in _KINDS:
            take.events.append(line)
            take.ticks.append(tick)
    return take


def _lines(path: Path) -> list[Line]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


@dataclass(frozen=True)
class Recovery:
    """How much of what was done is in the events.

    Attributes:
        done: How much there was, without what falls into gaps.
        exact: How much of it is there, in its order, with the right figures and time.
        more: What is there besides: that nobody did, or not then.
    """

    done: int
    exact: int
    more: int


def recovered(take: TakeRead, log: Path, *, motions: bool) -> Recovery:
    """Compare the raw events with the hand's list: motions, or all the rest."""
    rows = np.fromfile(log, np.int64).reshape(-1, 5).tolist()
    done = deque(
        _Done(_done(*row[:3]), row[3] - _DEVICE_NS, row[4])
        for row in rows
        if (row[0] == Kind.MOTION) == motions
    )
    exact, more, lost = 0, 0, list[_Done]()
    for event in take.events:
        if (event["kind"] == "motion") != motions:
            continue
        said, at = _told(event), event["at"]
        while done and done[0].end < at:
            lost.append(done.popleft())
        if len(done) > 1 and done[0].what != said and done[1].is_it(said, at):
            lost.append(done.popleft())
        if done and done[0].is_it(said, at):
            done.popleft()
            exact += 1
        else:
            more += 1
    lost += done
    gaps = take.gaps
    missing = sum(not any(begin <= one.end and one.begin <= end for begin, end in gaps) for one in lost)
    return Recovery(exact + missing, exact, more)


@dataclass(frozen=True)
class _Done:
    """Something that was done at some time between two moments."""

    what: Said
    begin: int
    end: int

    def is_it(self, said: Said, at: int) -> bool:
        return self.what == said and self.begin <= at <= self.end


def _done(kind: int, one: int, other: int) -> Said:
    match kind:
        case Kind.KEY:
            return "key", tuple(KEYS.values())[one], bool(other)
        case Kind.BUTTON:
            return "button", BUTTONS[one], bool(other)
        case Kind.WHEEL:
            return "wheel", one
    return "motion", one, other


def _told(event: Line) -> Said:
    match event["kind"]:
        case "motion":
            return "motion", event["dx"], event["dy"]
        case "wheel":
            return "wheel", event["steps"]
    return event["kind"], event["code"], event["is_down"]


def in_a_wrong_tick(take: TakeRead) -> int:
    """How many events the file puts into another tick than their device time says."""
    right = np.searchsorted(take.ends, [event["at"] for event in take.events], side="right")
    begins, wrong = take.begins, 0
    for event, tick, own in zip(take.events, take.ticks, right, strict=True):
        wrong += own != tick or event["at"] < begins[tick]
    return wrong


def wrong_lines(take: TakeRead, buttons: Mapping[str, str], window: tuple[int, int]) -> int:
    """How many lines say something else than the events of their time do.

    Args:
        take: Lines and events.
        buttons: What codes are called in actions, of the game's profile.
        window: Width and height of the game's window.
    """
    by_tick: list[list[Line]] = [[] for _ in take.lines]
    for event in sorted(take.events, key=lambda event: int(event["at"])):
        own = int(np.searchsorted(take.ends, event["at"], side="right"))
        if own < len(by_tick) and event["at"] >= take.begins[own]:
            by_tick[own].append(event)
    wrong, down = 0, set[str]()
    for tick, (line, events) in enumerate(zip(take.lines, by_tick, strict=True)):
        down = set(take.held.get(tick, down))
        wrong += _said_in(line) != _meant(events, down, buttons, window, is_open=line["isGuiOpen"])
    return wrong


def _said_in(line: Line) -> Said:
    mouse = line["mouse"]
    held = {*line["keyboard"]["keys"], *(str(number) for number in mouse["buttons"])}
    turned = (round(mouse["dx"], 6), round(mouse["dy"], 6))
    return held, line.get("pressed", []), line.get("released", []), line.get("wheel", 0), turned


def _meant(
    events: list[Line], down: set[str], buttons: Mapping[str, str], window: tuple[int, int], *, is_open: bool
) -> Said:
    """What a tick's line ought to say; `down` is brought up to its end."""
    pressed, released, wheel, turned = list[str](), list[str](), 0, [0.0, 0.0]
    for event in events:
        match event["kind"]:
            case "motion":
                turned = [turned[0] + event["dx"], turned[1] + event["dy"]]
            case "wheel":
                wheel += event["steps"]
            case _ if event["is_down"] != (event["code"] in down):
                (pressed if event["is_down"] else released).append(event["code"])
                down ^= {event["code"]}
    if is_open:
        turned = [value * unit / size for value, unit, size in zip(turned, _UNITS, window, strict=True)]
    names = [[buttons[code] for code in codes] for codes in (pressed, released)]
    return down | set(pressed), *names, wheel, (round(turned[0], 6), round(turned[1], 6))


@dataclass(frozen=True)
class Seen:
    """Whether pictures are those of their time.

    Attributes:
        frames: How many there are.
        again: How many show the same as the one before.
        beside_ms: How far outside of the time when it was on the screen the worst of them claims to be from.
    """

    frames: int
    again: int
    beside_ms: float


def pictures_seen(video: Path, take: TakeRead, drawn: Path, width: int) -> Seen:
    """Read the numbers in the pictures, and compare with when the game drew them.

    Args:
        video: Of the take.
        take: Its lines.
        drawn: The game's own list.
        width: Of the game's window.
    """
    shown = np.fromfile(drawn, np.int64).reshape(-1, 2)
    with av.open(str(video)) as container:
        numbers = [number_in(_luma(frame.planes[0]), width) for frame in container.decode(video=0)]
    beside = 0.0
    for number, at in zip_longest(numbers, take.begins.tolist()):
        if number is None or at is None or number + 1 >= len(shown):
            raise SystemExit(f"{video}: {len(numbers)} pictures, {len(take.lines)} lines, picture {number}")
        begin, end = shown[number][0], shown[number + 1][1]
        beside = max(beside, begin - at, at - end)
    again = sum(one == other for one, other in pairwise(numbers))
    return Seen(len(numbers), again, beside / 1e6)


def _luma(plane: Any) -> npt.NDArray[np.uint8]:
    """The first plane of a picture of PyAV's, without what pads its rows."""
    rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
