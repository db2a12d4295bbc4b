"""A run's log: newest line last, kept in sight while one looks at the end; warnings stand out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Literal

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QGuiApplication, QShowEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from ui.look import look
from ui.run_model import LOG_LINES, LogLine

Level = Literal["", "WARNING", "ERROR"]
_RANKS = {"DEBUG": 0, "INFO": 1, "": 1, "WARNING": 2, "ERROR": 3, "CRITICAL": 3}
_COLOURS = {"WARNING": "warn", "ERROR": "danger", "CRITICAL": "danger"}
_PORTION = 100  # lines laid out in one turn of the event loop: a few milliseconds


class LogView(QPlainTextEdit):
    """Lines of a log, read only.

    Laying out a long log takes seconds, so that it is written in portions, one in each turn of the event
    loop, and only while it is seen.
    """

    def __init__(self, name: str, *, wrap: bool = False, most: int = LOG_LINES) -> None:
        """`most` is how many lines are kept, the newest."""
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(name)
        self.setProperty("role", "log")
        modes = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(modes.WidgetWidth if wrap else modes.NoWrap)
        self.setMaximumBlockCount(most)
        self._lines: deque[LogLine] = deque(maxlen=most)
        self._waiting: deque[tuple[str, LogLine]] = deque(maxlen=most)  # each with the level it belongs to
        self._level: Level = ""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._write_portion)
        look().changed.connect(self._again)
        self._dress()

    def add_lines(self, lines: Sequence[LogLine], *, anew: bool = False) -> None:
        """Lines have come; `anew` forgets those before."""
        if anew:
            self._lines.clear()
            self._waiting.clear()
            self.clear()
        before = next((line.level for line in reversed(self._lines) if line.level), "")
        self._lines.extend(lines)
        self._waiting.extend(self._fitting(lines, before))
        self._go_on()

    def show_level(self, level: Level) -> None:
        """Show only lines of this level and above; all for an empty one."""
        self._level = level
        self._again()

    @property
    def text(self) -> str:
        """All lines that are shown, or will be in a moment."""
        return "\n".join(_start(line) + line.text for _, line in self._fitting(self._lines))

    @property
    def is_complete(self) -> bool:
        """Whether all lines have been written."""
        return not self._waiting

    def copy_all(self) -> None:
        """Put all that is shown on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Write what has come while nobody saw it."""
        super().showEvent(event)
        self._go_on()

    def _again(self) -> None:
        self._dress()
        self.clear()
        self._waiting.clear()
        self._waiting.extend(self._fitting(self._lines))
        self._go_on()

    def _dress(self) -> None:
        font: QFont = look().font("small", mono=True)
        self.setFont(font)

    def _fitting(self, lines: Sequence[LogLine], before: str = "") -> Iterator[tuple[str, LogLine]]:
        """Lines of the level that is shown; one without a level belongs to the line before it."""
        level = before
        for line in lines:
            level = line.level or level
            if not self._level or _RANKS.get(level, 1) >= _RANKS[self._level]:
                yield level, line

    def _go_on(self) -> None:
        if self._waiting and self.isVisible():
            self._timer.start(0)

    def _write_portion(self) -> None:
        if not self.isVisible():
            return
        bar = self.verticalScrollBar()
        at_the_end = bar.value() >= bar.maximum() - 2
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        hint = _format("text_hint")
        formats = {token: _format(token) for token in ("text_secondary", *_COLOURS.values())}
        is_empty = self.document().isEmpty()
        cursor.beginEditBlock()
        for _ in range(min(_PORTION, len(self._waiting))):
            level, line = self._waiting.popleft()
            if not is_empty:
                cursor.insertBlock()
            is_empty = False
            cursor.insertText(_start(line), hint)
            cursor.insertText(line.text, formats[_COLOURS.get(level, "text_secondary")])
        cursor.endEditBlock()
        if at_the_end:
            bar.setValue(bar.maximum())
        self._go_on()


def _start(line: LogLine) -> str:
    return f"{line.at:8}  "


def _format(token: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(look().colour(token))
    return made
