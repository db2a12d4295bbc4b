"""What a take is like, in figures: how long, how much was done in it, how evenly it was recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vpt_studio.actions import BUTTONS
from vpt_studio.recordings.recording import Recording


@dataclass(frozen=True)
class TakeFacts:
    """Figures of one whole take.

    Attributes:
        ticks: Its length.
        active: Share of the ticks in which a button was held or the mouse moved, 0 to 1.
        screens: How often a screen was opened.
        screen_share: Share of the ticks with a screen open.
        held: Share of the ticks in which each button was held that was held at all, most held first.
        slipped: Ticks of a world of ours that began a whole tick or more late; None where nobody counted.
        missed: Pictures of a game on the desktop that were due and never taken; None where nobody counted.
        pauses: How often it was paused; None where nobody counted.
        task: The task's title; empty for free play.
        gaps: The gaps' lengths in seconds; None where none are noted, as in a world of ours.
        marks: Ticks that the person who played marked, rising.
        profile: The game profile by which keys were recorded; empty for a world of ours.
    """

    ticks: int
    active: float
    screens: int
    screen_share: float
    held: dict[str, float] = field(default_factory=dict)
    slipped: int | None = None
    missed: int | None = None
    pauses: int | None = None
    task: str = ""
    gaps: tuple[float, ...] | None = None
    marks: tuple[int, ...] = ()
    profile: str = ""


def take_facts(video: Path) -> TakeFacts:
    """The figures of the take with this video.

    Raises:
        StudioError: It cannot be read.
    """
    with Recording.open(video) as recording:
        notes = recording.sidecar.notes
        table = recording.ticks
        if table is None or not len(recording):
            return TakeFacts(0, 0.0, 0, 0.0)
        raw, ticks = table.raw, len(recording)
        held, moved = raw.held[:ticks], raw.motion[:ticks].any(axis=1)
        opened = np.diff(raw.gui_open[:ticks].astype(np.int8), prepend=0) > 0
        shares = {name: float(held[:, column].mean()) for column, name in enumerate(BUTTONS)}
        return TakeFacts(
            ticks,
            float((held.any(axis=1) | moved).mean()),
            int(opened.sum()),
            float(raw.gui_open[:ticks].mean()),
            dict(sorted(((n, s) for n, s in shares.items() if s), key=lambda pair: -pair[1])),
            _number(notes.get("slipped")),
            _frames(notes.get("missed")),
            _count(notes.get("pauses")),
            _title(notes.get("task")),
            _seconds(notes.get("gaps")),
            _marks(notes.get("marks"), ticks),
            profile if isinstance(profile := notes.get("profile"), str) else "",
        )


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _frames(missed: Any) -> int | None:
    if not isinstance(missed, list):
        return None
    frames = (entry.get("frames") for entry in missed if isinstance(entry, dict))
    return sum(count for count in frames if isinstance(count, int))


def _count(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


def _seconds(gaps: Any) -> tuple[float, ...] | None:
    if not isinstance(gaps, list):
        return None
    lengths = [gap.get("seconds", 0) if isinstance(gap, dict) else 0 for gap in gaps]
    return tuple(float(length) if isinstance(length, int | float) else 0.0 for length in lengths)


def _marks(marks: Any, ticks: int) -> tuple[int, ...]:
    if not isinstance(marks, list):
        return ()
    return tuple(sorted({mark for mark in marks if isinstance(mark, int) and 0 <= mark < ticks}))


def _title(task: Any) -> str:
    return str(task.get("title", "")) if isinstance(task, dict) else ""
