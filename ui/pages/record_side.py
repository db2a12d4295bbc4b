"""The right side of Record: the task with its clock, what is kept, and the keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from recorder.tasks import PlayTask
from ui.icons import icon
from ui.play_words import time_left
from ui.widgets.buttons import button
from ui.widgets.cards import Card, empty, row
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.labels import words


class RecordSide(QWidget):
    """Task, what is kept, keys."""

    def __init__(self, open_settings: Callable[[], object]) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self._task = Card()
        self._title = words("", "heading", weight=600, wrap=True)
        self.clock = ChipLabel()
        title = row(self._title, self.clock)
        title.setStretch(0, 1)
        self._task.content.addLayout(title)
        self._prompt = words("", colour="text_secondary", wrap=True)
        self._task.content.addWidget(self._prompt)
        self._hints = QVBoxLayout()
        self._hints.setSpacing(6)
        self._task.content.addLayout(self._hints)
        layout.addWidget(self._task)
        kept = Card("What is kept", spacing=6)
        for sign, text in (
            ("shield-check", "The game's picture, keys and mouse"),
            ("eye-slash", "Nothing while the mouse is free"),
            ("microphone-slash", "No sound, no typed text"),
        ):
            kept.content.addLayout(_line(sign, "text_hint", _told(text)))
        self._alias = _told()
        kept.content.addLayout(_line("user", "text_hint", self._alias))
        kept.content.addLayout(row(button("Change the alias", open_settings, kind="link"), 1))
        layout.addWidget(kept)
        keys = Card("Keys", spacing=6)
        for key, text in (
            ("F9", "start and stop recording"),
            ("Esc", "free the mouse, pause the world"),
            ("H", "keys of the game"),
        ):
            cap = words(key, "small", weight=600, colour="text_secondary")
            cap.setMinimumWidth(28)
            keys.content.addLayout(row(cap, words(text, colour="text_secondary"), 1))
        layout.addWidget(keys)
        layout.addStretch(1)

    def show_task(self, task: PlayTask) -> None:
        """Show what is to be done."""
        self._title.setText(task.title)
        self._prompt.setText(task.prompt)
        empty(self._hints)
        for hint in task.hints:
            self._hints.addLayout(_line("check", "ok", _told(hint)))
        self.show_time(0, task)

    def show_time(self, ticks: int, task: PlayTask) -> None:
        """Show how long the take may go on."""
        told, is_up = time_left(ticks, task)
        self.clock.show_chip(Chip(told, "clock", "warn" if is_up else "info"))

    def show_alias(self, person: str) -> None:
        """Say under which name takes are kept."""
        self._alias.setText(f"Your alias: {person}" if person else "No name: your alias is empty")


def _line(sign: str, token: str, label: QLabel) -> QHBoxLayout:
    picture = words("")
    picture.setPixmap(icon(sign, token).pixmap(16, 16))
    picture.setFixedWidth(18)
    made = row(picture, label)
    made.setStretch(1, 1)
    return made


def _told(text: str = "") -> QLabel:
    return words(text, colour="text_secondary", wrap=True)
