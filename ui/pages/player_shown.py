"""The recording in the Player as far as it has been read: what was done in it, and what a person marked."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ui.lanes import (
    BUTTON_WORDS,
    FilmLane,
    Lane,
    SpansLane,
    TickColumns,
    held_buttons,
    recording_lanes,
    spans_of,
)
from ui.predictions import Comparison, PredictedColumns, compare
from ui.widgets.overlay_keyboard import TickShown
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.source import Source


@dataclass
class ShownRecording:
    """One recording.

    Attributes:
        row: What the project knows of it.
        ticks: How many can be shown.
        columns: What was done; None while it is being read.
        predicted: What an IDM thinks was done; None while none was asked.
        comparison: Where the two differ.
        trim: First tick that is kept and one past the last.
        bookmarks: Ticks a person wants to find again, rising.
    """

    row: RecordingRow
    ticks: int
    columns: TickColumns | None = None
    predicted: PredictedColumns | None = None
    comparison: Comparison | None = None
    trim: tuple[int, int] = (0, 0)
    bookmarks: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.trim = (0, self.ticks)

    def use_length(self, ticks: int) -> None:
        """There are so many ticks; the import knew another number if the file was cut since."""
        start, stop = self.trim
        self.trim = (min(start, ticks), min(stop, ticks)) if self.is_trimmed else (0, ticks)
        self.ticks = ticks

    def use_opinion(self, predicted: PredictedColumns) -> None:
        """Keep what an IDM thinks, and compare it with what another source recorded."""
        self.predicted = predicted
        if self.columns is not None and self.row.actions is not None and self.row.source is not Source.IDM:
            self.comparison = compare(self.columns, predicted)

    @property
    def is_trimmed(self) -> bool:
        """Whether only a part is kept."""
        return self.trim != (0, self.ticks)

    def trim_at(self, tick: int, side: int) -> bool:
        """Keep what follows `tick` (side 0), or what leads to it (1); False where nothing would be left."""
        start, stop = (tick, self.trim[1]) if side == 0 else (self.trim[0], tick + 1)
        if start >= stop:
            return False
        self.trim = (start, stop)
        return True

    def bookmark(self, tick: int) -> bool:
        """Bookmark `tick`, or no longer; whether it is bookmarked now."""
        if tick in self.bookmarks:
            self.bookmarks.remove(tick)
            return False
        self.bookmarks = sorted([*self.bookmarks, tick])
        return True

    def key_titles(self) -> list[str]:
        """The keys that were held in it, as far as it has been read; those held most come first."""
        if self.columns is None or self.row.actions is None:
            return []
        return [BUTTON_WORDS[name][0] for name in held_buttons(self.columns)]

    def lanes(self, keys: int) -> list[Lane]:
        """What the timeline shows, with as many `keys` of those that were held most."""
        lanes: list[Lane] = [FilmLane()]
        if self.columns is None:
            return lanes
        if self.row.actions is not None:
            lanes += recording_lanes(self.columns, held_buttons(self.columns)[:keys])
        if self.comparison is not None:
            lanes.append(self.comparison.lane())
        if self.is_trimmed:
            outside = np.ones(self.ticks, bool)
            outside[self.trim[0] : self.trim[1]] = False
            lanes.append(SpansLane("Trimmed away", spans_of(outside), "text_hint", hatched=True))
        return lanes

    def actions_at(self, tick: int) -> tuple[TickShown, int] | None:
        """What the overlays show at `tick`, and the hot-bar's slot, -1 for unknown; None for nothing yet."""
        columns, predicted = self.columns, self.predicted
        if columns is None or tick >= len(columns):
            return None
        known = bool(columns.known[tick]) and self.row.actions is not None
        has = predicted is not None and tick < len(predicted)
        shown = TickShown(
            pressed=columns.buttons[tick] if known else None,
            turn=columns.camera[tick] if known else None,
            predicted=predicted.held[tick] > 0.5 if predicted is not None and has else None,
            predicted_turn=predicted.camera[tick] if predicted is not None and has else None,
            screen_open=bool(columns.screen_open[tick]),
        )
        return shown, int(columns.hotbar[tick]) if known and len(columns.hotbar) else -1
