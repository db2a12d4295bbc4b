"""At the right of a run: its figures, what was set differently before, and where it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from training.runs import LIVING, RunState, RunSummary
from ui.run_model import RunLook
from ui.shell.job_list import time_in_words
from ui.widgets.cards import Card, empty
from ui.widgets.labels import eliding, words
from ui.widgets.run_words import best_of, moment_in_words

_CHANGES_SHOWN = 14
_SPEED = "perf/frames_per_second"


class RunInspector(QScrollArea):
    """Cards with facts."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("About the run")
        inside = QWidget()
        inside.setProperty("ground", "clear")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(10)
        self._facts, self._changes = Card("This run"), Card("Changed since")
        self._places = Card("Where")
        self._grids = {card: QGridLayout() for card in (self._facts, self._changes, self._places)}
        self._forebear = eliding("", "small", colour="text_secondary")
        self._changes.heading_row.addWidget(self._forebear, 20)
        self._forebear.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for card, grid in self._grids.items():
            grid.setHorizontalSpacing(10)
            grid.setVerticalSpacing(5)
            grid.setColumnStretch(1, 1)
            card.content.addLayout(grid)
            layout.addWidget(card)
        layout.addStretch(1)
        self.setWidget(inside)
        self._shown: dict[Card, Sequence[tuple[str, ...]]] = {}
        self.clear()

    def clear(self) -> None:
        """Nothing is known yet."""
        self._changes.setVisible(False)
        for card in (self._facts, self._places):
            self._show(card, [])

    def show_look(self, found: RunLook) -> None:
        """Show what was found."""
        run = found.summary
        self._show(self._facts, [(title, text) for title, text in facts_of(found) if text])
        changes = [(key.rpartition(".")[2], _said(old), _said(new)) for key, old, new in found.changes]
        more = len(changes) - _CHANGES_SHOWN
        if more > 0:
            changes = [*changes[:_CHANGES_SHOWN], (f"and {more} more", "", "")]
        self._changes.setVisible(bool(found.forebear))
        self._forebear.setText(found.forebear)
        self._show(self._changes, changes or [("nothing", "", "")])
        self._show(self._places, _places(run, found))

    def _show(self, card: Card, rows: Sequence[tuple[str, ...]]) -> None:
        if self._shown.get(card) == rows:
            return
        self._shown[card] = rows
        grid = self._grids[card]
        empty(grid)
        for place, parts in enumerate(rows):
            title = words(parts[0], "small", colour="text_secondary")
            grid.addWidget(title, place, 0)
            if len(parts) == 2:
                value = eliding(parts[1], weight=500, mode=Qt.TextElideMode.ElideMiddle)
                value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(value, place, 1)
            elif parts[1] or parts[2]:
                change = eliding(f"{parts[1]}  →  {parts[2]}", weight=500)
                change.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(change, place, 1)


def facts_of(found: RunLook) -> list[tuple[str, str]]:
    """The run's figures as pairs of title and words."""
    run, config = found.summary, found.config
    value, what = best_of(run)
    step = f"{run.step:,} of {run.total_steps:,}" if run.total_steps else f"{run.step:,}"
    speed = found.series.get(_SPEED)
    taught, held = config.get("data.recordings") or [], config.get("data.held_out") or []
    threads = config.get("training.threads")
    return [
        ("Step", step),
        ("Trained", time_in_words(run.training_seconds) if run.training_seconds else ""),
        ("Speed", "" if speed is None or not speed.values.size else f"{speed.values[-1]:,.0f} frames/s"),
        ("Best", f"{value} {what}" if run.best else ""),
        ("at step", f"{run.best.step:,}" if run.best else ""),
        ("Network", str(config.get("model.preset", ""))),
        ("Learns from", f"{len(taught)} recordings" if taught else ""),
        ("Left out", "; ".join(map(str, run.left_out))),
        ("Held out", ", ".join(map(str, held)) if len(held) < 3 else f"{len(held)} recordings"),
        ("Device", "CPU" + (f", {threads} threads" if threads else "")),
        ("Seed", str(config.get("training.seed", ""))),
    ]


def _places(run: RunSummary, found: RunLook) -> list[tuple[str, ...]]:
    ended = "Ended" if run.state not in LIVING and run.state is not RunState.QUEUED else ""
    rows = [
        ("Made", moment_in_words(run.created)),
        (ended, moment_in_words(run.ended) if ended else ""),
        ("Saved", f"{sum(saved.size for saved in found.saved) / 2**20:,.1f} MB"),
        ("Folder", run.path.name),
    ]
    return [pair for pair in rows if pair[0] and pair[1]]


def _said(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
