"""Fields: search with its key, select with its caret, check box with its tick, and one that takes a key."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QStyle,
    QStyleOptionButton,
)

from ui.icons import paint_icon
from ui.look import give_text, look


class SearchField(QLineEdit):
    """A field with a magnifier, and its key at the right while it is empty."""

    def __init__(self, hint: str, name: str, *, key: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        self.setTextMargins(24, 0, 0, 0)
        self._key = key

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the field, the magnifier and the key."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, QRectF(10, self.height() / 2 - 8, 16, 16), "magnifying-glass", "text_hint")
        if self._key and not self.text():
            cap = QRectF(self.width() - 28, self.height() / 2 - 10, 20, 20)
            painter.setPen(QPen(look().colour("line_strong"), 1))
            painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(look().colour("text_secondary"))
            painter.setFont(look().font("small", 600))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.end()


class KeyField(QKeySequenceEdit):
    """Takes one key, then lets go; Esc leaves the key as it was, Backspace takes it away."""

    def __init__(self, keys: QKeySequence) -> None:
        super().__init__(keys)
        self._before = keys
        self.setMaximumSequenceLength(1)
        self.editingFinished.connect(self.clearFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Remember what Esc brings back."""
        self._before = self.keySequence()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Take the key, unless it is one of the field's own."""
        if event.modifiers() != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.setKeySequence(self._before)
            self.clearFocus()
        elif event.key() == Qt.Key.Key_Backspace:
            self.clear()
            self.editingFinished.emit()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
        else:
            super().keyPressEvent(event)


class Select(QComboBox):
    """A choice out of a list."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        give_text(self, "body", 500)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the select with our caret."""
        super().paintEvent(event)
        painter = QPainter(self)
        token = "text_secondary" if self.isEnabled() else "text_disabled"
        paint_icon(painter, QRectF(self.width() - 22, self.height() / 2 - 6, 12, 12), "caret-down", token)
        painter.end()


class CheckBox(QCheckBox):
    """A check box with our tick."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        give_text(self, "body")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the box, and the tick in it."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        paint_icon(painter, QRectF(box).adjusted(2, 2, -2, -2), "check-bold", "on_accent")
        painter.end()
