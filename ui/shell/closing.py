"""What becomes of running work when the window is closed: asked once, inside the window."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from training import launcher
from training.runs import RunSummary
from ui.background import Background, Task
from ui.widgets.buttons import button
from ui.widgets.cards import row
from ui.widgets.labels import words
from vpt_studio.errors import StudioError


class ClosingQuestion(QFrame):
    """Keep running, stop and save, or stay.

    Signals:
        decided: The window may close now.
    """

    decided = Signal()

    def __init__(self, runs: Sequence[RunSummary], tasks: Sequence[Task], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(480)
        self._runs, self._tasks = runs, tasks
        # Its own: the window's lanes may be busy, and drop what has not begun when the window closes.
        self._background = Background(lambda _error: None, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(words("Work is still running", "title", weight=600))
        for run in runs:
            layout.addWidget(words(f"{run.name or run.id} learns. It goes on without the window.", wrap=True))
        for task in tasks:
            layout.addWidget(
                words(f"{task.title}. It ends with the window; what is done is kept.", wrap=True)
            )
        parts: list[QWidget | int] = [1, button("Stay", self.close, kind="quiet")]
        if runs:
            parts.append(button("Stop and save", self._stop))
        self.leave = button("Keep running and close" if runs else "Close", self._leave, kind="primary")
        parts.append(self.leave)
        layout.addLayout(row(*parts))
        self.setAccessibleName("Work is still running")

    def show_over(self, window: QWidget) -> None:
        """Show the question in the middle of `window`."""
        self.adjustSize()
        middle = window.mapToGlobal(window.rect().center())
        self.move(middle.x() - self.width() // 2, middle.y() - self.height() // 2)
        self.show()
        self.leave.setFocus()

    def _stop(self) -> None:
        self.hide()
        paths = [run.path for run in self._runs]
        self._background.run(lambda _task: _ask_to_stop(paths), ended=self._leave)

    def _leave(self) -> None:
        self._background.close()
        self.close()
        self.decided.emit()


def _ask_to_stop(paths: Sequence[Path]) -> None:
    for path in paths:
        with contextlib.suppress(StudioError):  # it ended by itself meanwhile
            launcher.request_stop(path)
