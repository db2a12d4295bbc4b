"""Words in the sizes, weights and colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from superqt import QElidingLabel

from ui.look import TextSize, give_text

#: Where names have their dots: those of one day differ only in the time at their end.
NAME_DOTS = Qt.TextElideMode.ElideMiddle


def words(
    text: str = "",
    size: TextSize = "body",
    *,
    weight: int = 400,
    colour: str = "text",
    wrap: bool = False,
) -> QLabel:
    """A label; it takes part in line breaking when `wrap` is set."""
    label = QLabel(text)
    give_text(label, size, weight, colour)
    label.setWordWrap(wrap)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def breakable(text: str) -> str:
    """`text` such that lines may end within the names of files in it, too."""
    for sign in "/\\-_":
        text = text.replace(sign, f"{sign}\u200b")
    return text


def eliding(
    text: str = "",
    size: TextSize = "body",
    *,
    weight: int = 400,
    colour: str = "text",
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> QElidingLabel:
    """A label of one line that ends in dots where there is no room, with the whole text as its tooltip."""
    label = _Eliding(text)
    label.setElideMode(mode)
    label.setToolTip(text)
    give_text(label, size, weight, colour)
    return label


class _Eliding(QElidingLabel):
    """Has its whole text as its tooltip."""

    def setText(self, text: str) -> None:  # noqa: N802
        super().setText(text)
        self.setToolTip(text)
