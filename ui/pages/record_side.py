"""The right side of Record: the task with its clock, what is kept, and the keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from recorder.tasks import PlayTask
from ui.pages.record_checks import ReadyCard
from ui.play_words import time_left
from ui.widgets.buttons import button
from ui.widgets.cards import Card, empty, row
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.key_hints import KeyHints
from ui.widgets.labels import words
from ui.widgets.sign import Sign

_WORLD_KEYS = (
    ("F9", "start, stop recording"),
    ("Esc", "free the mouse, pause"),
    ("H", "keys of the game"),
)
_HOTKEYS = {"stop": "start, stop", "mark": "mark", "cut": "delete last 2 min"}
_ANY_KEYS = _WORLD_KEYS[:1]
_KEPT = "The game's picture, keys and mouse"


class RecordSide(QWidget):
    """Task, whether it can begin, what is kept, keys.

    Attributes:
        ready: The checks of a window of the desktop; hidden for the built-in world.
    """

    def __init__(self, open_settings: Callable[[str], object], read_consent: Callable[[], object]) -> None:
        """`open_settings` shows a section of the settings, `read_consent` what is agreed to."""
        super().__init__()
        inside = QWidget()
        inside.setProperty("ground", "clear")
        layout = self._layout = QVBoxLayout(inside)
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
        self._hints.setSpacing(5)
        self._task.content.addLayout(self._hints)
        self.ready = ReadyCard()
        layout.addWidget(self.ready)
        layout.addWidget(self._task)
        self._kept_card = Card("What is kept", spacing=5)
        self._kept = QVBoxLayout()
        self._kept.setSpacing(5)
        self._kept_card.content.addLayout(self._kept)
        self._alias = _told()
        change = button("Change", lambda: open_settings("recording"), kind="link", small=True)
        change.setAccessibleName("Change the alias")
        self._consent = button("", read_consent, kind="link", small=True)
        self._consent.setToolTip("Read what is recorded, and what never is")
        self._kept_card.content.addLayout(row(Sign("file-text", "text_hint"), self._consent, 1, spacing=3))
        self._kept_card.content.addLayout(row(Sign("user"), self._alias, 1, change))
        layout.addWidget(self._kept_card)
        self._keys_card = Card(padding=12)
        self._keys = KeyHints()
        self._keys_card.content.addWidget(self._keys)
        self._keys_told = words("", "small", colour="warn", wrap=True)
        self._keys_card.content.addWidget(self._keys_told)
        layout.addWidget(self._keys_card)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.show_world(is_chosen=False)

    def show_task(self, task: PlayTask) -> None:
        """Show what is to be done."""
        self._title.setText(task.title)
        self._prompt.setText(task.prompt)
        empty(self._hints)
        for sign, token, hints in (("lightbulb", "text_hint", task.do), ("prohibit", "danger", task.dont)):
            for hint in hints:
                label = _told(hint)
                label.setAccessibleName(f"Do: {hint}" if sign == "lightbulb" else f"Do not: {hint}")
                self._hints.addLayout(_line(sign, token, label))
        self.show_time(0, task)

    def show_time(self, ticks: int, task: PlayTask) -> None:
        """Show how long the take may go on."""
        told, is_up = time_left(ticks, task)
        self.clock.show_chip(Chip(told, "clock", "warn" if is_up else "info"))

    def show_person(self, alias: str, consent: str) -> None:
        """Say under which name takes are kept, and what was agreed to."""
        self._alias.setText(f"Your alias: {alias}" if alias else "No name: your alias is empty")
        self._consent.setText(consent)

    def show_world(self, *, is_chosen: bool) -> None:
        """Say what is kept, and the keys of the built-in world where that one is chosen."""
        self._kept_keys = _KEPT
        self._keys.show_hints(_WORLD_KEYS if is_chosen else _ANY_KEYS)
        self.hide_ready()
        self.tell_of_keys("")
        self._show_kept()

    def show_game(self, keys: str, hotkeys: Mapping[str, str]) -> None:
        """Say what is kept of a game on the desktop (`keys` in words), and its hotkeys by what they do."""
        self._kept_keys = keys
        self._keys.show_hints([(hotkeys[what], told) for what, told in _HOTKEYS.items() if what in hotkeys])
        self._show_kept()

    def tell_of_keys(self, said: str) -> None:
        """What is to be known before one goes away from this window; "" for nothing."""
        self._keys_told.setText(said)
        self._keys_told.setVisible(bool(said))

    def hide_ready(self) -> None:
        """The recording has begun: what is to be done comes first again."""
        self.ready.setVisible(False)
        self._layout.insertWidget(0, self._task)

    def show_ready(
        self, look: Mapping[str, Any] | None, *, is_syncing: bool, ignores_cover: bool = False
    ) -> None:
        """Show the checks of a window; they are hidden until this is called."""
        if (
            self.ready.isHidden()
        ):  # what keeps a recording from beginning comes first, what is to be done last
            self.ready.setVisible(True)
            self._layout.removeWidget(self._task)
            self._layout.insertWidget(self._layout.count() - 1, self._task)
        self.ready.show_look(look, is_syncing=is_syncing, ignores_cover=ignores_cover)

    def _show_kept(self) -> None:
        empty(self._kept)
        lines = [
            ("shield-check", self._kept_keys),
            ("eye-slash", "Nothing while you are elsewhere"),
            ("microphone-slash", "No sound, no typed text"),
        ]
        for sign, text in lines:
            self._kept.addLayout(_line(sign, "text_hint", _told(text)))


def _line(sign: str, token: str, label: QLabel, *more: QWidget) -> QHBoxLayout:
    picture = Sign(sign, token)
    made = row(picture, label, *more)
    made.setStretch(1, 1)
    made.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
    return made


def _told(text: str = "") -> QLabel:
    return words(text, colour="text_secondary", wrap=True)
