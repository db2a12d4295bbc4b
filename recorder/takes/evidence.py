"""What a verdict on a take is made of, gathered once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from recorder.takes.lag import Lag, measure_lag
from recorder.takes.mended_notes import Span, said_by_lines
from recorder.takes.mending import kept_without
from recorder.takes.picture_scan import PictureScan
from recorder.takes.reason import Mend
from recorder.takes.spans import joins
from vpt_studio.recordings.damage import find_damage
from vpt_studio.recordings.problems import Severity
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.validation import Verdict

#: A part that a mend leaves must last so long: VPT's own clean segments do (5 s, its appendix A).
SHORTEST_PART = 5 * TICK_RATE


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of a take of N ticks with actions.

    Attributes:
        recording: The take.
        files: What validation says of its files.
        doubtful: bool [N]; the picture cannot be decoded, or was only guessed by the decoder.
        scan: What its pictures are like.
        lag: How far the picture is behind the mouse.
        said: What each tick's line says beside the format.
        notes: What its sidecar says beside the format.
        buttons: uint8 [N, buttons], what was held.
        motion: float64 [N, 2], mouse counts to the right and downwards.
        screen: bool [N], a screen was open.
        active: bool [N], anything was held, or the mouse moved.
    """

    recording: Recording
    files: Verdict
    doubtful: npt.NDArray[np.bool_]
    scan: PictureScan
    lag: Lag
    said: list[dict[str, Any]]
    notes: dict[str, Any]
    buttons: npt.NDArray[np.uint8]
    motion: npt.NDArray[np.float64]
    screen: npt.NDArray[np.bool_]
    active: npt.NDArray[np.bool_]

    @property
    def ticks(self) -> int:
        """Its length."""
        return len(self.active)

    def without(self, spans: Iterable[Span]) -> Mend | None:
        """The mend that takes `spans` out; None where too little would be left, or nothing is to go.

        Cut out where what is left can be one take; else each part becomes one.
        """
        taken = sorted(spans)
        parts = [part for part in kept_without(self.ticks, taken) if part[1] - part[0] >= SHORTEST_PART]
        leaves = sum(stop - start for start, stop in parts)
        if not parts or leaves == self.ticks:
            return None
        if len(parts) == 1:
            return Mend("trim", tuple(parts), leaves)
        if all(joins(self.recording, before - 1, after) for (_, before), (after, _) in pairwise(parts)):
            return Mend("cut", tuple(kept_without(self.ticks, parts)), leaves)
        return Mend("split", tuple(parts), leaves)

    def apart_at(self, ticks: Sequence[int]) -> Mend | None:
        """The mend that makes a take of each part between `ticks`; None where only one would be left."""
        edges = [0, *sorted(ticks), self.ticks]
        parts = [(start, stop) for start, stop in pairwise(edges) if stop - start >= SHORTEST_PART]
        if not parts or (len(parts) == 1 and parts[0] == (0, self.ticks)):
            return None
        leaves = sum(stop - start for start, stop in parts)
        return Mend("trim" if len(parts) == 1 else "split", tuple(parts), leaves)


def gather(recording: Recording, files: Verdict, scan: PictureScan) -> Evidence:
    """The evidence on a recording with actions.

    Raises:
        StudioError: Its lines cannot be read.
    """
    assert recording.ticks is not None, "a take has lines"
    ticks = len(recording)
    motion = recording.ticks.raw.motion[:ticks]
    buttons = recording.converted().actions.buttons
    return Evidence(
        recording,
        files,
        _doubtful(recording, files),
        scan,
        measure_lag(motion, scan, recording.known & ~recording.screen_open),
        said_by_lines(recording),
        recording.sidecar.notes,
        buttons,
        motion,
        recording.screen_open,
        np.asarray(buttons.any(axis=1) | motion.any(axis=1), bool),
    )


def _doubtful(recording: Recording, files: Verdict) -> npt.NDArray[np.bool_]:
    if all(problem.severity is Severity.NOTE for problem in files.problems):
        return np.zeros(len(recording), bool)
    video = recording.video
    damaged = find_damage(video, 0, len(video)).doubtful(video)
    return np.asarray(damaged[recording.frame_of_tick], bool)


def runs_of(mask: npt.NDArray[np.bool_], shortest: int = 1) -> list[Span]:
    """The stretches of at least `shortest` ticks in which `mask` holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2) if stop - start >= shortest]


def in_seconds(spans: Iterable[Span]) -> float:
    """How long `spans` are together."""
    return sum(stop - start for start, stop in spans) / TICK_RATE
