"""What a run has saved: models to predict with, and checkpoints to resume from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from training.runs import RunSummary
from ui.run_model import SavedModel
from ui.studio import Studio
from ui.widgets.buttons import button
from ui.widgets.cards import Card, empty, row
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.labels import eliding, words
from ui.widgets.run_words import moment_in_words

_KINDS = {
    "model": Chip("Model", "cube", "info"),
    "checkpoint": Chip("Checkpoint", "floppy-disk", "text_secondary"),
}


class SavedModels(Card):
    """The list."""

    def __init__(self, studio: Studio) -> None:
        super().__init__("Saved by this run")
        self._studio = studio
        self._shown: list[SavedModel] | None = None
        self.content.addWidget(
            words(
                "A model predicts: choose it in the Player with Ask an IDM, or name the run in"
                " “vpt-studio idm predict”. A checkpoint is where the run is taken up again.",
                colour="text_secondary",
                wrap=True,
            )
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        inside = QWidget()
        inside.setProperty("ground", "clear")
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(0, 6, 8, 0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        outer.addLayout(self._grid)
        outer.addStretch(1)
        scroll.setWidget(inside)
        self.content.addWidget(scroll, 1)

    def show_saved(self, saved: Sequence[SavedModel], run: RunSummary) -> None:
        """Show what was saved; the step of the best value is marked."""
        if list(saved) == self._shown:
            return
        self._shown = list(saved)
        empty(self._grid)
        if not saved:
            self._grid.addWidget(words("Nothing yet: the first checkpoint comes within minutes."), 0, 0, 1, 5)
        for place, found in enumerate(saved):
            self._grid.addWidget(ChipLabel(_KINDS[found.kind]), place, 0)
            step = "" if found.step is None else f"step {found.step:,}"
            best = "  ·  best so far" if run.best is not None and found.step == run.best.step else ""
            self._grid.addWidget(eliding(f"{step}{best}" or found.path.name, weight=500), place, 1)
            self._grid.addWidget(words(f"{found.size / 2**20:,.1f} MB", colour="text_secondary"), place, 2)
            self._grid.addWidget(words(moment_in_words(found.saved), colour="text_secondary"), place, 3)
            copy = button("Copy path", partial(self._copy, found), kind="link")
            copy.setAccessibleName(f"Copy path of {found.path.name}")
            self._grid.addLayout(row(copy), place, 4)

    def _copy(self, found: SavedModel) -> None:
        QGuiApplication.clipboard().setText(str(found.path))
        self._studio.session.notices.tell("The path is on the clipboard.")
