"""The tick lines of a recording (`<stem>.jsonl`): one JSON object per tick, in the contractor format.

All versions of OpenAI's contractor data are read, BASALT's reduced lines too: only ``mouse``,
``keyboard``, ``isGuiOpen`` and ``hotbar`` are looked at, and the first two may be null. Lines of ours say
where the slot is not known.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from vpt_studio.actions import RawTicks
from vpt_studio.actions.buttons import BUTTON_INDEX, KEY_TO_BUTTON, MOUSE_TO_BUTTON
from vpt_studio.errors import StudioError
from vpt_studio.recordings.problems import Problem, Severity, problem, shortened
from vpt_studio.recordings.source import Source

#: A five-minute segment has about 5 MB of lines; beyond this a file is something else.
LARGEST_FILE = 1 << 30
#: A week of play; more lines than this are not ticks, and their columns would fill the memory.
MOST_LINES = 7 * 24 * 3600 * 20
#: No mouse moves further than this in 50 ms.
LARGEST_MOTION = 1e6
#: The field that says of a line that its slot is none: `false` where nobody knew it.
HOTBAR_KNOWN = "hotbar_known"
#: Problems of single lines that are listed one by one before the rest is only counted.
_LISTED_LINES = 10

_SOURCES = tuple(Source)
_KEY_COLUMN = {key: BUTTON_INDEX[button] for key, button in KEY_TO_BUTTON.items()}
_MOUSE_COLUMN = {number: BUTTON_INDEX[button] for number, button in MOUSE_TO_BUTTON.items()}


@dataclass(frozen=True, eq=False)
class TickTable:
    """The lines of one file as columns.

    Attributes:
        raw: The raw input.
        known: bool [N]; false where the line is damaged and its input therefore unknown.
        source: int8 [N], index into ``tuple(Source)``; -1 where the line does not say.
        confidence: float32 [N]: how sure the IDM or agent was; nan where the line does not say.
        after_gap: bool [N]; true where nothing was recorded between this tick and the one before.
        lines: The lines as they stand in the file.
        problems: What is wrong with the file.
    """

    raw: RawTicks
    known: npt.NDArray[np.bool_]
    source: npt.NDArray[np.int8]
    confidence: npt.NDArray[np.float32]
    after_gap: npt.NDArray[np.bool_]
    lines: list[bytes]
    problems: list[Problem]

    def __len__(self) -> int:
        return len(self.known)

    def sources(self, default: Source) -> list[Source]:
        """Who acted in each tick; `default` for lines that do not say."""
        return [default if code < 0 else _SOURCES[code] for code in self.source]


def read_tick_lines(path: Path) -> TickTable:
    """Read the tick lines in `path`; damaged lines become unknown ticks, so that no tick moves.

    Raises:
        StudioError: The file cannot be read, or holds no tick lines at all.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise StudioError("the file is too large to hold the ticks of one recording", where=path)
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StudioError(f"the tick lines cannot be read ({reason})", where=path) from error
    if content.count(b"\n") > MOST_LINES:
        raise StudioError("the file has too many lines to hold the ticks of one recording", where=path)
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    complete = not lines[-1].strip()
    while lines and not lines[-1].strip():
        lines.pop()
    return _Reading(path, lines, complete).table()


class _Reading:
    """Fills a table line by line; holds what the lines have in common."""

    def __init__(self, path: Path, lines: list[bytes], complete: bool) -> None:
        self.path = path
        self.lines = lines
        self.complete = complete
        self.problems: list[Problem] = []
        self.damaged: list[tuple[int, str]] = []
        self.silent: dict[str, list[int]] = {"mouse": [], "keyboard": []}

    def table(self) -> TickTable:
        count = len(self.lines)
        raw = RawTicks.empty(count)
        raw.pointer[:] = np.nan
        raw.hotbar[:] = -1
        known = np.ones(count, bool)
        source = np.full(count, -1, np.int8)
        confidence = np.full(count, np.nan, np.float32)
        after_gap = np.zeros(count, bool)
        for index, line in enumerate(self.lines):
            try:
                tick = orjson.loads(line)
                _fill(raw, index, tick)
                _fill_origin(source, confidence, index, tick)
                after_gap[index] = tick.get("gap") is not None
                for device, indices in self.silent.items():
                    if tick.get(device) is None:
                        indices.append(index)
            except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
                known[index] = False
                _clear(raw, index)
                source[index], confidence[index], after_gap[index] = -1, np.nan, False
                self.damaged.append((index, _sentence(error, line)))
        if self.damaged and not self.complete and self.damaged[-1][0] == count - 1:
            return self._without_last(raw, known, source, confidence, after_gap)
        self._report(known)
        return TickTable(raw, known, source, confidence, after_gap, self.lines, self.problems)

    def _without_last(self, raw: RawTicks, *columns: npt.NDArray[Any]) -> TickTable:
        last = len(self.lines) - 1
        if last == 0:  # then there is nothing to leave it out of
            self._report(columns[0])
        self.damaged.pop()
        self.problems.append(
            problem(
                Severity.NOTE,
                self.path,
                f"line {last + 1}",
                "the last line is cut off",
                "Nothing needs doing: the tick is left out",
                "Cut short",
            )
        )
        known, source, confidence, after_gap = (column[:last] for column in columns)
        self._report(known)
        return TickTable(
            raw.span(0, last), known, source, confidence, after_gap, self.lines[:last], self.problems
        )

    def _report(self, known: npt.NDArray[np.bool_]) -> None:
        if not known.any():
            reason = self.damaged[0][1] if self.damaged else "the file is empty"
            raise StudioError(
                f"the file holds no tick lines ({reason})",
                where=self.path,
                mend="Copy it again from its source, or import the video without actions",
            )
        for index, reason in self.damaged[:_LISTED_LINES]:
            self.problems.append(
                problem(
                    Severity.WARNING,
                    self.path,
                    f"line {index + 1}",
                    reason,
                    "The tick counts as unknown and trains nothing",
                    "Lines damaged",
                )
            )
        self._report_silent()
        more = len(self.damaged) - _LISTED_LINES
        if more > 0:
            self.problems.append(
                problem(
                    Severity.WARNING,
                    self.path,
                    f"line {self.damaged[_LISTED_LINES][0] + 1} and on",
                    f"{more} more damaged lines",
                    "Their ticks count as unknown; copy the file again from its source if you can",
                    "Lines damaged",
                )
            )

    def _report_silent(self) -> None:
        """Lines without a device's record: the published loader fails on them, we read them as no input."""
        for device, indices in self.silent.items():
            if not indices:
                continue
            more = f" and {len(indices) - 1} more" if len(indices) > 1 else ""
            self.problems.append(
                problem(
                    Severity.WARNING,
                    self.path,
                    f"line {indices[0] + 1}{more}",
                    f"nothing was recorded of the {device}",
                    f"These ticks count as without {device} input; leave them out if the player did use it",
                    f"No {device}",
                )
            )


def _fill(raw: RawTicks, index: int, tick: dict[str, Any]) -> None:
    mouse = tick.get("mouse")
    if mouse is not None:
        _fill_mouse(raw, index, mouse)
    keyboard = tick.get("keyboard")
    if keyboard is not None:
        held = raw.held[index]
        for key in keyboard.get("keys") or ():
            column = _KEY_COLUMN.get(key)
            if column is not None:
                held[column] = 1
    if tick.get("isGuiOpen"):
        raw.gui_open[index] = True
    slot = tick.get("hotbar")
    if slot is not None:
        if type(slot) is not int or not 0 <= slot <= 8:
            raise ValueError(f"hotbar is {slot!r:.50}, not a slot from 0 to 8")
        if tick.get(HOTBAR_KNOWN) is not False:
            raw.hotbar[index] = slot


def _fill_mouse(raw: RawTicks, index: int, mouse: dict[str, Any]) -> None:
    dx, dy = mouse.get("dx") or 0.0, mouse.get("dy") or 0.0
    if dx or dy:
        if not (abs(dx) <= LARGEST_MOTION and abs(dy) <= LARGEST_MOTION):
            raise ValueError(f"mouse motion {dx}, {dy} is not plausible")
        raw.motion[index] = dx, dy
    x, y = mouse.get("x"), mouse.get("y")
    if x is not None and y is not None:
        raw.pointer[index] = x, y
    for number in mouse.get("buttons") or ():
        column = _MOUSE_COLUMN.get(number)
        if column is not None:
            raw.held[index, column] = 1
    pressed = mouse.get("newButtons")
    if pressed:
        raw.attack_pressed[index] = 0 in pressed
        raw.only_attack_pressed[index] = pressed == [0]


def _fill_origin(
    source: npt.NDArray[np.int8], confidence: npt.NDArray[np.float32], index: int, tick: dict[str, Any]
) -> None:
    named = tick.get("source")
    if named is not None:
        source[index] = _SOURCES.index(Source(named))
    sure = tick.get("confidence")
    if sure is not None:
        confidence[index] = sure


def _clear(raw: RawTicks, index: int) -> None:
    empty = RawTicks.empty(1)
    for column in fields(RawTicks):
        getattr(raw, column.name)[index] = getattr(empty, column.name)[0]
    raw.pointer[index] = np.nan
    raw.hotbar[index] = -1


def _sentence(error: Exception, line: bytes) -> str:
    if isinstance(error, orjson.JSONDecodeError):
        return "the line is not valid JSON" if line.strip() else "the line is empty"
    if isinstance(error, AttributeError):
        return "the line is not a tick record"
    return f"the line holds a wrong value ({shortened(str(error))})"
