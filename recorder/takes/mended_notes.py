"""Where the ticks of a take come to lie when parts of it go, and what its notes say then."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from recorder.game.privacy_gate import PAUSED
from vpt_studio.recordings.recording import TICK_RATE, Recording

#: Half-open, in ticks.
Span = tuple[int, int]

#: Why there is a gap where a part was cut out.
CUT_OUT = "a part was cut out"


class TickMap:
    """The ticks of a take of which only `spans` stay.

    Attributes:
        spans: What stays, in order.
        after: int64 [N]: each tick's number then; -1 where it goes.
        begins: Ticks at which a span begins.
        gaps: By old number, ticks before which something is missing then, and what their lines say of it:
            `why`, and how many `seconds`.
    """

    def __init__(self, spans: Sequence[Span], recording: Recording) -> None:
        """Sort the ticks of `recording`."""
        self.spans = list(spans)
        count = len(recording)
        self.after: npt.NDArray[np.int64] = np.full(count, -1, np.int64)
        made = 0
        for start, stop in spans:
            self.after[start:stop] = np.arange(made, made + stop - start)
            made += stop - start
        self.begins = {start for start, _ in spans}
        self.lines = said_by_lines(recording)
        self.gaps: dict[int, dict[str, Any]] = {}
        for tick, line in enumerate(self.lines):
            if isinstance(line.get("gap"), dict) and self.after[tick] > 0 and tick not in self.begins:
                self.gaps[tick] = line["gap"]
        for (_, before), (after, _) in pairwise(self.spans):
            self.gaps[after] = {"why": CUT_OUT, "seconds": round(self._seconds(before, after), 3)}

    def moved(self, tick: Any) -> int | None:
        """A tick's number then; None where it goes, or is none."""
        if not isinstance(tick, int) or not 0 <= tick < len(self.after) or self.after[tick] < 0:
            return None
        return int(self.after[tick])

    def kept_lines(self) -> list[tuple[int, dict[str, Any]]]:
        """What the lines of the ticks that stay say beside the format, with the ticks' new numbers."""
        return [
            (int(self.after[tick]), line) for tick, line in enumerate(self.lines) if self.after[tick] >= 0
        ]

    def _seconds(self, start: int, stop: int) -> float:
        """How long it was from the begin of tick `start` to that of tick `stop`, with the gaps between."""
        first, last = (self.lines[tick].get("grabbed_ns") for tick in (start - 1, stop))
        lasted = self.lines[start - 1].get("lasts_ns")
        if isinstance(first, int) and isinstance(last, int) and isinstance(lasted, int):
            return (last - first - lasted) / 1e9
        between = [self.lines[tick].get("gap") for tick in range(start, stop + 1)]
        paused = sum(float(gap.get("seconds", 0)) for gap in between if isinstance(gap, dict))
        return (stop - start) / TICK_RATE + paused


_OURS = (b'"gap"', b'"missed"', b'"late_ms"', b'"grabbed_ns"')


def said_by_lines(recording: Recording) -> list[dict[str, Any]]:
    """Of each tick of a take, what its line says beside the format; nothing where it is damaged."""
    table = recording.ticks
    if table is None:
        return [{} for _ in range(len(recording))]
    said = []
    for line, known in zip(table.lines[: len(recording)], table.known, strict=False):
        has_any = known and any(name in line for name in _OURS)
        said.append(orjson.loads(line) if has_any else {})
    return said


def mended_notes(notes: dict[str, Any], ticks: TickMap, note: dict[str, Any]) -> dict[str, Any]:
    """The notes of a take when only the spans of `ticks` stay, and `note` is to be told of it.

    Ticks that are named move along. What was counted over the whole, and cannot be counted over a part,
    goes.
    """
    kept = dict(notes)
    kept["mended"] = [*(notes.get("mended") or []), note]
    for figure in ("late_ms", "encode_ms", "grab_ms"):  # of all ticks; their lines do not tell them
        kept.pop(figure, None)
    if isinstance(notes.get("world_tick"), int):
        kept["world_tick"] = notes["world_tick"] + ticks.spans[0][0]
    if ticks.gaps or "gaps" in notes:
        kept["gaps"] = [{"tick": int(ticks.after[tick]), **gap} for tick, gap in sorted(ticks.gaps.items())]
    if isinstance(notes.get("marks"), list):
        kept["marks"] = [at for tick in notes["marks"] if (at := ticks.moved(tick)) is not None]
    if "missed" in notes:
        lines = ticks.kept_lines()
        kept["missed"] = [{"tick": at, "frames": line["missed"]} for at, line in lines if line.get("missed")]
        kept["late"] = sum(1 for _, line in lines if line.get("late_ms"))
        kept["pauses"] = [gap["tick"] for gap in kept.get("gaps", ()) if gap["why"] == PAUSED]
    else:
        if notes.get("slipped"):
            del kept["slipped"]
        if isinstance(notes.get("pauses"), list):
            kept["pauses"] = [at for tick in notes["pauses"] if (at := ticks.moved(tick)) is not None]
    return kept
