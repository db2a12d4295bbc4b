"""What a page shows where there is nothing yet: what it is, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.icons import paint_icon
from ui.widgets.buttons import Kind, button
from ui.widgets.cards import row
from ui.widgets.labels import words


class _BigIcon(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(48, 48)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        paint_icon(painter, QRectF(self.rect()), self._name, "text_hint")
        painter.end()


class EmptyState(QWidget):
    """An icon, a sentence, and what to do: the first is the thing to do, the last of several a link."""

    def __init__(
        self,
        icon_name: str,
        sentence: str,
        *actions: tuple[str, Callable[[], object]],
        hint: str = "",
    ) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(_BigIcon(icon_name), 0, Qt.AlignmentFlag.AlignHCenter)
        self.sentence = words(sentence, "heading", weight=500, wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(_in_the_middle(self.sentence))
        if hint:
            more = words(hint, colour="text_secondary", wrap=True)
            more.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addLayout(_in_the_middle(more))
        buttons = [
            button(text, run, kind=_kind(place, len(actions))) for place, (text, run) in enumerate(actions)
        ]
        if buttons:
            layout.addLayout(row(1, *buttons, 1))
        layout.addStretch(3)


def _kind(place: int, count: int) -> Kind:
    if place == 0:
        return "primary"
    return "link" if place == count - 1 else ""


def _in_the_middle(label: QLabel) -> QHBoxLayout:
    """The label in the middle three fifths, so that its height follows from the width it gets."""
    made = row(label)
    made.insertStretch(0, 1)
    made.addStretch(1)
    made.setStretch(1, 3)
    return made
