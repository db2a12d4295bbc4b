"""A run's log: newest line last, kept in sight while one looks at the end; warnings stand out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtGui import QFont, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from ui.look import look
from ui.run_model import LOG_LINES, LogLine

Level = Literal["", "WARNING", "ERROR"]
_RANKS = {"DEBUG": 0, "INFO": 1, "": 1, "WARNING": 2, "ERROR": 3, "CRITICAL": 3}
_COLOURS = {"WARNING": "warn", "ERROR": "danger", "CRITICAL": "danger"}


class LogView(QPlainTextEdit):
    """Lines of a log, read only."""

    def __init__(self, name: str, *, wrap: bool = False) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setProperty("role", "log")
        modes = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(modes.WidgetWidth if wrap else modes.NoWrap)
        self.setMaximumBlockCount(LOG_LINES)
        self._lines: list[LogLine] = []
        self._level: Level = ""
        look().changed.connect(self._again)
        self._dress()

    def add_lines(self, lines: Sequence[LogLine], *, anew: bool = False) -> None:
        """Lines have come; `anew` forgets those before."""
        if anew:
            self._lines = []
            self.clear()
        self._lines = [*self._lines, *lines][-LOG_LINES:]
        self._write(lines)

    def show_level(self, level: Level) -> None:
        """Show only lines of this level and above; all for an empty one."""
        self._level = level
        self._again()

    def copy_all(self) -> None:
        """Put all that is shown on the clipboard."""
        QGuiApplication.clipboard().setText(self.toPlainText())

    def _again(self) -> None:
        self._dress()
        self.clear()
        self._write(self._lines)

    def _dress(self) -> None:
        font: QFont = look().font("small", mono=True)
        self.setFont(font)

    def _write(self, lines: Sequence[LogLine]) -> None:
        bar = self.verticalScrollBar()
        at_the_end = bar.value() >= bar.maximum() - 2
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        level = ""
        for line in lines:
            level = line.level or level
            if self._level and _RANKS.get(level, 1) < _RANKS[self._level]:
                continue
            if not self.document().isEmpty():
                cursor.insertBlock()
            cursor.insertText(f"{line.at or '':8}  ", _format("text_hint"))
            cursor.insertText(line.text, _format(_COLOURS.get(level, "text_secondary")))
        if at_the_end:
            bar.setValue(bar.maximum())


def _format(token: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(look().colour(token))
    return made
