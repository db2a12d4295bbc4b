"""The steps of a page in its header: those that are done, the one shown, those to come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ui.icons import paint_icon
from ui.look import look

_SIGN, _GAP, _LINE = 22, 8, 16


class Steps(QWidget):
    """Steps side by side, with a line between two; those that can be gone to are buttons.

    Signals:
        chosen: A person went to the step with this key.
    """

    chosen = Signal(str)

    def __init__(self, steps: Sequence[tuple[str, str]]) -> None:
        """`steps` are pairs of key and word."""
        super().__init__()
        self.setAccessibleName("Steps")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        layout.setSpacing(0)
        self._steps: dict[str, _Step] = {}
        for number, (key, word) in enumerate(steps, start=1):
            step = _Step(number, word, is_last=number == len(steps))
            step.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._steps[key] = step
            layout.addWidget(step)

    def come_after(self, widget: QWidget) -> None:
        """Let Tab reach the steps after `widget`."""
        for step in self._steps.values():
            QWidget.setTabOrder(widget, step)
            widget = step

    def fit(self, room: int) -> None:
        """Show all words where they fit into so many pixels, else only that of the present step."""
        is_short = sum(step.width_with(short=False) for step in self._steps.values()) + 4 > room
        for step in self._steps.values():
            step.shorten(is_short)

    def show_step(self, current: str, done: Sequence[str], can_go: Sequence[str]) -> None:
        """Say where the page is, what is done, and where one can go."""
        for key, step in self._steps.items():
            step.show_state(key == current, key in done, key in can_go)


class _Step(QToolButton):
    def __init__(self, number: int, word: str, *, is_last: bool) -> None:
        super().__init__()
        self._number, self._word, self._is_last = number, word, is_last
        self._is_current = self._is_done = self._is_short = False
        self.setText(word)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, current: bool, done: bool, can_go: bool) -> None:
        """Show this state."""
        self._is_current, self._is_done = current, done
        state = "this step" if current else "done" if done else "to come"
        self.setAccessibleName(f"Step {self._number}, {self._word}, {state}")
        self.setToolTip(f"{self._word}: {state}")
        self.setEnabled(can_go or current)
        self.setCursor(Qt.CursorShape.PointingHandCursor if can_go else Qt.CursorShape.ArrowCursor)
        self.updateGeometry()
        self.update()

    def shorten(self, is_short: bool) -> None:
        """Leave the word out, unless this is the present step."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.updateGeometry()
            self.update()

    def width_with(self, *, short: bool) -> int:
        """Its width in pixels."""
        advance = self._advance() + _GAP if not short or self._is_current else 0
        line = 0 if self._is_last else _LINE + _GAP
        return _SIGN + advance + _GAP + line + 8

    def sizeHint(self) -> QSize:  # noqa: N802
        """The sign, the word and the line to the next one."""
        return QSize(self.width_with(short=self._is_short), 36)

    def _advance(self) -> int:
        return QFontMetrics(look().font("body", 600)).horizontalAdvance(self._word)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint sign, word and line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = look().tokens
        sign = QRectF(4, self.height() / 2 - _SIGN / 2, _SIGN, _SIGN)
        self._paint_sign(painter, sign)
        token = "text" if self._is_current else "text_secondary" if self.isEnabled() else "text_hint"
        painter.setFont(look().font("body", 600 if self._is_current else 500))
        painter.setPen(QColor(tokens[token]))
        has_word = self._is_current or not self._is_short
        words = QRectF(sign.right() + _GAP, 0, self._advance() + 2 if has_word else -_GAP, self.height())
        if has_word:
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._word)
        if not self._is_last:
            painter.setPen(QPen(QColor(tokens.line_strong), 2))
            middle = self.height() / 2
            painter.drawLine(round(words.right() + _GAP), round(middle), self.width() - 2, round(middle))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent_text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)  # the sign has left its own
            painter.drawRoundedRect(QRectF(1, 2, words.right() + 3, self.height() - 4), 6, 6)
        painter.end()

    def _paint_sign(self, painter: QPainter, sign: QRectF) -> None:
        tokens = look().tokens
        painter.setFont(look().font("small", 600))
        if self._is_current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(sign)
            painter.setPen(QColor(tokens.on_accent))
        elif self._is_done:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.chip_ground("ok")))
            painter.drawEllipse(sign)
            paint_icon(painter, sign.adjusted(4, 4, -4, -4), "check-bold", "ok")
            return
        else:
            painter.setPen(QPen(QColor(tokens.line_strong), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(sign.adjusted(1, 1, -1, -1))
            painter.setPen(QColor(tokens.text_secondary))
        painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, str(self._number))
