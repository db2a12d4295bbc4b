"""The list of what runs in the background, each with its progress and a way to cancel it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ui.background import Background, Task
from ui.widgets.buttons import button
from ui.widgets.cards import empty, row
from ui.widgets.labels import eliding, words

WIDTH = 420


def time_in_words(seconds: float) -> str:
    """A length of time: ``40 s``, ``12 min``, ``1 h 12 min``."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes % 60 else f"{minutes // 60} h"


def time_left_in_words(seconds: float) -> str:
    """What is left and when it ends: ``1 h 12 min left, about 22:10``."""
    words_left = f"{time_in_words(seconds)} left"
    if seconds < 120:
        return words_left
    end = datetime.now().astimezone() + timedelta(seconds=seconds)
    return f"{words_left}, about {end:%H:%M}"


def progress_in_words(task: Task) -> str:
    """How far a task is, and in which stage where it has several."""
    if task.total:
        share = f"{100 * task.done / task.total:.0f} %"
        if task.tells_note:
            share = f"{task.note} · {share}"
        left = task.seconds_left
        return share if left is None else f"{share} · {time_left_in_words(left)}"
    return f"{task.done:,} done" if task.done else task.note or "working"


class JobList(QFrame):
    """A popup above the status bar."""

    def __init__(self, background: Background, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAccessibleName("Background jobs")
        self.setFixedWidth(WIDTH)
        self._background = background
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(14, 12, 14, 12)
        background.listed.connect(lambda _task, over: self._fill() if over and self.isVisible() else None)

    def open_above(self, place: QPoint) -> None:
        """Show the list with its left lower corner at `place` (on the screen)."""
        self._fill()
        self.adjustSize()
        self.move(place.x(), place.y() - self.height() - 6)
        self.show()

    def _fill(self) -> None:
        empty(self._layout)
        self._layout.addWidget(words("In the background", "heading", weight=600))
        if not self._background.tasks:
            self._layout.addWidget(words("Nothing is running.", colour="text_secondary"))
        for task in self._background.tasks:
            bar = QProgressBar()
            bar.setTextVisible(False)
            bar.setRange(0, task.total or 0)
            bar.setValue(task.done)
            cancel = button("Cancel", small=True)
            cancel.setToolTip("What is done so far is kept")
            cancel.clicked.connect(partial(self._cancel, task, cancel))
            self._show_cancelled(task, cancel)
            self._layout.addLayout(row(eliding(task.title, weight=500), cancel))
            self._layout.addWidget(bar)
            self._layout.addWidget(words(progress_in_words(task), "small", colour="text_hint"))

    def _cancel(self, task: Task, pressed: QPushButton, _checked: bool = False) -> None:
        task.cancel()
        self._show_cancelled(task, pressed)

    @staticmethod
    def _show_cancelled(task: Task, cancel: QPushButton) -> None:
        if task.is_cancelled:
            cancel.setText("Cancelling")
            cancel.setEnabled(False)
