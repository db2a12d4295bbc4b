"""What is true of a made web video: which spans are clean, what was drawn elsewhere, which play is shown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson

from vpt_studio.atomic_files import created
from vpt_studio.errors import StudioError

#: Play frames, and borders of spans, per second.
TICKS_PER_SECOND = 20
_SCHEMA = 2
# Times read from files are binary fractions of what was meant; a frame that is off a border is so by 33 us.
_TOLERANCE_SECONDS = 1e-5
# What recordings allow a frame to come late for its tick.
_READERS_TOLERANCE = Fraction(1, 1_000_000)


class Label(StrEnum):
    """What a frame shows, by the ids that votes are stored with."""

    CLEAN = "clean"
    ARTIFACT = "artifact"
    NONE = "none"


@dataclass(frozen=True)
class Span:
    """A stretch of a video that was made in one way.

    Attributes:
        start, stop: Its borders in twentieths of a second from the video's first frame; `stop` is the next
            span's start.
        label: What its frames show.
        looks: Names of what was done to the play, or shown instead of it; empty where it is clean.
        first_play_tick: The play's tick shown at `start`; None where no play is shown.
        play_rate: Ticks of play per twentieth of a second: 1, more where it is sped up, 0 where it is frozen.
    """

    start: int
    stop: int
    label: Label
    looks: tuple[str, ...]
    first_play_tick: int | None
    play_rate: int

    def as_json(self) -> dict[str, Any]:
        """The span as it stands in the truth file, times in seconds."""
        return {
            "start_s": self.start / TICKS_PER_SECOND,
            "end_s": self.stop / TICKS_PER_SECOND,
            "label": self.label.value,
            "looks": list(self.looks),
            "first_play_tick": self.first_play_tick,
            "play_rate": self.play_rate,
        }


@dataclass(frozen=True)
class Truth:
    """The truth about one made video.

    Times count from the video's first frame, whatever the container's clock says. The frame shown at time t
    belongs to the span with start <= 20 t < stop, and where that span shows play, it is tick
    ``first_play_tick + play_rate * (floor(20 t) - start)`` of it. That holds for the times of frames. At tick
    k of a recording, k / 20 s, the last frame until then is shown, which may belong to the twentieth before:
    `shown` tells.

    Attributes:
        spans: One after another, without gaps, from 0 to the end.
        frames: Number of pictures in the file.
        width, height: Of the file's pictures.
        rate: Frames per second; of the grid that frames were left out of where the rate varies.
        held_back: Whether the video is for testing only, as nothing like its looks may be trained on.
        seed: Of the sequence of spans.
        design: The channel and the file's format, as JSON.
        shown: For each twentieth of a second of the video, the one whose picture is shown when it begins.
        origin: What the play came of, as JSON; empty where nobody said.
    """

    spans: tuple[Span, ...]
    frames: int
    width: int
    height: int
    rate: Fraction
    held_back: bool
    seed: int
    design: dict[str, Any]
    shown: tuple[int, ...]
    origin: dict[str, Any] = field(default_factory=dict)

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the end of the last span."""
        return self.spans[-1].stop / TICKS_PER_SECOND

    def span_of_frame_at(self, seconds: float) -> Span:
        """The span that the frame whose time is `seconds` belongs to.

        Raises:
            ValueError: The video is shorter, or the time negative.
        """
        tick = _tick_of(seconds)
        if not 0 <= tick < self.spans[-1].stop:
            raise ValueError(f"{seconds} s lie outside of a video of {self.duration} s")
        return self._span_of(tick)

    def label_of_frame_at(self, seconds: float) -> Label:
        """What the frame whose time is `seconds` shows."""
        return self.span_of_frame_at(seconds).label

    def play_tick_of_frame_at(self, seconds: float) -> int | None:
        """The tick of the play in the frame whose time is `seconds`; None where none is."""
        self.span_of_frame_at(seconds)
        return self._play_tick_of(_tick_of(seconds))

    def label_at_tick(self, tick: int) -> Label:
        """What the project shows at tick `tick` of the video, ``tick / 20`` seconds from its beginning."""
        return self._span_of(self.shown[tick]).label

    def play_tick_at_tick(self, tick: int) -> int | None:
        """The tick of the play that the project shows at tick `tick` of the video; None where it is none."""
        return self._play_tick_of(self.shown[tick])

    def _span_of(self, tick: int) -> Span:
        return self.spans[bisect_right([span.start for span in self.spans], tick) - 1]

    def _play_tick_of(self, tick: int) -> int | None:
        span = self._span_of(tick)
        if span.first_play_tick is None:
            return None
        return span.first_play_tick + span.play_rate * (tick - span.start)

    def intervals(self) -> list[tuple[float, float, Label]]:
        """Start and end in seconds and the label of each longest stretch of one label."""
        merged: list[tuple[float, float, Label]] = []
        for span in self.spans:
            start, end = span.start / TICKS_PER_SECOND, span.stop / TICKS_PER_SECOND
            if merged and merged[-1][2] is span.label:
                start = merged.pop()[0]
            merged.append((start, end, span.label))
        return merged

    def as_json(self) -> dict[str, Any]:
        """The content of the truth file."""
        return {
            "schema": _SCHEMA,
            "duration_s": self.duration,
            "frames": self.frames,
            "width": self.width,
            "height": self.height,
            "fps": str(self.rate),
            "held_back": self.held_back,
            "seed": self.seed,
            "intervals": [[start, end, label.value] for start, end, label in self.intervals()],
            "spans": [span.as_json() for span in self.spans],
            "ticks": {
                "shown": self.shown,
                "labels": [self._span_of(tick).label.value for tick in self.shown],
                "play_ticks": [self._play_tick_of(tick) for tick in self.shown],
            },
            "design": self.design,
            "origin": self.origin,
        }


def twentieths_shown(times: Iterable[Fraction], ticks: int) -> tuple[int, ...]:
    """The twentieth of a second whose picture is shown when each of `ticks` twentieths begins.

    Args:
        times: When each frame is shown, in seconds from the first, in order.
        ticks: How many.
    """
    shown = []
    coming = iter(times)
    now, after = next(coming), next(coming, None)
    for tick in range(ticks):
        while after is not None and after <= Fraction(tick, TICKS_PER_SECOND) + _READERS_TOLERANCE:
            now, after = after, next(coming, None)
        shown.append(int(now * TICKS_PER_SECOND))
    return tuple(shown)


def truth_path(video: Path) -> Path:
    """Where the truth about `video` stands."""
    return video.with_name(f"{video.stem}.truth.json")


def write_truth(path: Path, truth: Truth) -> None:
    """Write `truth`; a file that is there is never overwritten.

    Raises:
        StudioError: The file is there, or the disk refuses it.
    """
    with created(path) as temporary:
        temporary.write_bytes(orjson.dumps(truth.as_json(), option=orjson.OPT_INDENT_2))


def read_truth(path: Path) -> Truth:
    """The truth that :func:`write_truth` wrote.

    Raises:
        StudioError: The file cannot be read, or is no truth file of this version.
    """
    try:
        stored = orjson.loads(path.read_bytes())
        if stored["schema"] != _SCHEMA:
            raise ValueError(f"its schema is {stored['schema']}")
        return Truth(
            spans=_spans(stored["spans"]),
            frames=int(stored["frames"]),
            width=int(stored["width"]),
            height=int(stored["height"]),
            rate=Fraction(stored["fps"]),
            held_back=bool(stored["held_back"]),
            seed=int(stored["seed"]),
            design=stored["design"],
            shown=tuple(int(tick) for tick in stored["ticks"]["shown"]),
            origin=stored["origin"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudioError(
            f"the truth about the video cannot be read ({error})", where=path, mend="Make the video again"
        ) from error


def _spans(stored: Sequence[dict[str, Any]]) -> tuple[Span, ...]:
    return tuple(
        Span(
            round(span["start_s"] * TICKS_PER_SECOND),
            round(span["end_s"] * TICKS_PER_SECOND),
            Label(span["label"]),
            tuple(span["looks"]),
            span["first_play_tick"],
            int(span["play_rate"]),
        )
        for span in stored
    )


def _tick_of(seconds: float) -> int:
    return int((seconds + _TOLERANCE_SECONDS) * TICKS_PER_SECOND // 1)
