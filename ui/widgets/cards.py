"""Cards: framed groups with a heading; and the thin lines between things."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.widgets.labels import words

PADDING = 14


class Card(QFrame):
    """A framed group; `content` takes its widgets, `heading_row` what stands beside the heading."""

    def __init__(self, heading: str = "", *, padding: int = PADDING, spacing: int = 8) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(padding, padding - 2, padding, padding)
        self.content.setSpacing(spacing)
        self.heading_row = QHBoxLayout()
        self.heading = words(heading, "heading", weight=600)
        if heading:
            self.setAccessibleName(heading)
            self.heading_row.addWidget(self.heading)
            self.heading_row.addStretch(1)
            self.content.addLayout(self.heading_row)


def line() -> QFrame:
    """A hairline across."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


def row(*parts: QWidget | int, spacing: int = 8) -> QHBoxLayout:
    """Widgets side by side; a number is a stretch of that weight."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    _fill(made, parts)
    return made


def column(*parts: QWidget | int, spacing: int = 8) -> QVBoxLayout:
    """Widgets one above the other; a number is a stretch of that weight."""
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    _fill(made, parts)
    return made


def _fill(layout: QHBoxLayout | QVBoxLayout, parts: tuple[QWidget | int, ...]) -> None:
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        else:
            layout.addWidget(part)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout, for good."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()  # Qt may have promised to show it, and would show it as a window of its own
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            empty(inner)
