"""What the Player jumps to: changes of a key, screens, unknown actions, an IDM's doubts, bookmarks."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.lanes import BUTTON_WORDS, spans_of
from ui.pages.player_shown import ShownRecording
from ui.widgets.buttons import icon_button
from ui.widgets.cards import row
from ui.widgets.fields import Select
from ui.widgets.labels import words
from vpt_studio.actions import BUTTONS

DIFFERS = "differs"
_KINDS = {DIFFERS: "IDM differs", "screen": "Screen opens or closes", "unknown": "Not known"}


def marks_of(shown: ShownRecording, kind: str) -> list[int]:
    """The ticks of one kind: ``differs``, ``screen``, ``unknown`` or a button; rising."""
    columns = shown.columns
    if columns is None:
        return []
    if kind == DIFFERS:
        return [] if shown.comparison is None else shown.comparison.ticks.tolist()
    if kind == "screen":
        spans = spans_of(columns.screen_open)
    elif kind == "unknown":
        spans = spans_of(~columns.known)
    else:
        spans = spans_of(columns.buttons[:, BUTTONS.index(kind)])
    return sorted({int(edge) for edge in spans.flatten() if edge < len(columns)})


class PlayerMarks(QWidget):
    """The choice of what to jump to, and the buttons that jump.

    Signals:
        jump_wanted: The mark after this tick (1) or before it (-1) is wanted.
    """

    jump_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._kind = Select("What to jump to")
        self._kind.setMinimumWidth(150)
        for kind, title in _KINDS.items():
            self._kind.addItem(title, kind)
        for button, (title, key) in BUTTON_WORDS.items():
            self._kind.addItem(f"{title}  {key}", button)
        self.choose("forward")
        previous = icon_button("skip-back", "Previous (P)", lambda: self.jump_wanted.emit(-1))
        following = icon_button("skip-forward", "Next (N)", lambda: self.jump_wanted.emit(1))
        self.setLayout(row(words("Jump to", colour="text_hint"), self._kind, previous, following))

    @property
    def kind(self) -> str:
        """What is jumped to, beside bookmarks."""
        return str(self._kind.currentData())

    @property
    def title(self) -> str:
        """What is jumped to, in words."""
        return self._kind.currentText()

    def choose(self, kind: str) -> None:
        """Jump to this kind from now on."""
        self._kind.setCurrentIndex(self._kind.findData(kind))

    def offer(self) -> None:
        """Let the person choose."""
        self._kind.setFocus()
        self._kind.showPopup()

    def nearest(self, shown: ShownRecording, tick: int, direction: int) -> int | None:
        """The first mark or bookmark after `tick` (1), or the last before it (-1)."""
        marks = {*marks_of(shown, self.kind), *shown.bookmarks}
        if direction > 0:
            return min((mark for mark in marks if mark > tick), default=None)
        return max((mark for mark in marks if mark < tick), default=None)
