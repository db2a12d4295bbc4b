"""Why a run went wrong, and one thing to do about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from training.runs import RunState, RunSummary
from ui.widgets.buttons import button
from ui.widgets.cards import row
from ui.widgets.chips import ChipLabel
from ui.widgets.labels import eliding
from ui.widgets.run_words import state_chip


class FailureStrip(QFrame):
    """Under the header of a run that went wrong; not there for others.

    Signals:
        resume_wanted: The run is to be taken up again.
        copy_wanted: A report of it is wanted on the clipboard.
    """

    resume_wanted = Signal()
    copy_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self.setVisible(False)
        self._chip = ChipLabel()
        self._sentence = eliding("")
        layout = row(
            self._chip,
            self._sentence,
            button("Copy report", self.copy_wanted.emit, kind="link"),
            button("Resume", self.resume_wanted.emit, icon_name="play-circle", small=True),
            spacing=10,
        )
        layout.setStretch(1, 1)
        layout.setContentsMargins(14, 8, 10, 8)
        self.setLayout(layout)

    def show_run(self, run: RunSummary) -> None:
        """Show why the run went wrong; nothing when it did not."""
        bad = run.state in (RunState.FAILED, RunState.LOST)
        self.setVisible(bad)
        if bad:
            self._chip.show_chip(state_chip(run))
            self._sentence.setText(run.cause.sentence if run.cause else "No cause is known.")
            self.setAccessibleName(self._sentence.text())
