"""Rows of what and how much."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.cards import empty, row
from ui.widgets.labels import words


class FactRows(QWidget):
    """Pairs of words, one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(6)

    def show_rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """Show other pairs."""
        empty(self._rows)
        for what, much in rows:
            label = words(much, weight=500, wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line = row(words(what, colour="text_secondary"), label)
            line.setStretch(1, 1)
            self._rows.addLayout(line)
