"""The rail at the left: one button per page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from ui.icons import paint_icon
from ui.look import look
from ui.pages import PageEntry

WIDTH = 76
_BUTTON = 52
#: What a dot says, by its colour.
_DOTS = {"": "", "sky": "Work runs here", "warn": "Needs you", "vermillion": "A take is being recorded"}


class Mark(QWidget):
    """The mark of the studio."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(34, 34)
        self.setAccessibleName("VPT Studio")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """A play triangle whose right half has come apart into ticks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("accent"))
        painter.drawRoundedRect(QRectF(0, 0, 34, 34), 8, 8)
        paint_icon(painter, QRectF(6, 8, 18, 18), "play-fill", "on_accent")
        painter.setBrush(look().colour("on_accent"))
        for row, opacity in enumerate((1.0, 0.75, 0.5)):
            painter.setOpacity(opacity)
            painter.drawRoundedRect(QRectF(24, 9 + 6 * row, 4, 4), 1, 1)
        painter.end()


class RailButton(QToolButton):
    """A page on the rail: icon over a word, a bar while it is shown, a dot while work runs there."""

    def __init__(self, entry: PageEntry) -> None:
        super().__init__()
        self._entry = entry
        self._dot = ""
        self.setCheckable(True)
        self.setText(entry.title)
        self.setAccessibleName(f"{entry.title} page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_dot(self, token: str) -> None:
        """A dot in the colour of `token`, in words, too; none for an empty one."""
        self._dot = token
        self.setToolTip(_DOTS[token])
        self.setAccessibleDescription(_DOTS[token])
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as the rail."""
        return QSize(WIDTH, look().pixels(_BUTTON))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint ground, bar, icon, word and dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = look().tokens
        active = self.isChecked()
        ground = QRectF(self.rect()).adjusted(6, 0, -6, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        if active or self.underMouse():
            painter.setBrush(QColor(tokens.selected if active else tokens.hover))
            painter.drawRoundedRect(ground, 8, 8)
        if active:
            painter.setBrush(QColor(tokens.accent_text))
            painter.drawRoundedRect(QRectF(0, self.height() / 2 - 10, 3, 20), 1.5, 1.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent_text), 2))
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 8, 8)
        token = "accent_text" if active else "text_secondary"
        word_height = look().pixels(18)
        top = (self.height() - 22 - word_height) / 2
        paint_icon(painter, QRectF(self.width() / 2 - 11, top, 22, 22), self._entry.icon, token)
        painter.setFont(look().font("small", 600 if active else 500))
        painter.setPen(QColor(tokens[token]))
        painter.drawText(
            QRectF(0, top + 22, self.width(), word_height), Qt.AlignmentFlag.AlignCenter, self._entry.title
        )
        if self._dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens[self._dot]))
            painter.drawEllipse(QRectF(self.width() / 2 + 9, top - 2, 8, 8))
        painter.end()


class Rail(QWidget):
    """All pages a role has; Settings stands at the bottom.

    Signals:
        chosen: The page with this id was chosen.
    """

    chosen = Signal(str)

    def __init__(self, entries: Sequence[PageEntry]) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.setProperty("ground", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Pages")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 13, 0, 8)
        layout.setSpacing(6)
        layout.addWidget(Mark(), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(11)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        for entry in entries:
            made = RailButton(entry)
            made.clicked.connect(lambda _checked=False, entry=entry: self.chosen.emit(entry.id))
            self._group.addButton(made)
            self._buttons[entry.id] = made
            if entry.id == "settings":
                layout.addStretch(1)
            layout.addWidget(made)
        self._entries = tuple(entries)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A hairline at the right edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), look().colour("line"))
        painter.end()

    def show_page(self, page: str) -> None:
        """Light the button of a page."""
        if page in self._buttons:
            self._buttons[page].setChecked(True)

    def show_role(self, role: str) -> None:
        """Hide pages that this role does not have."""
        for entry in self._entries:
            has = not entry.roles or role in entry.roles or role == "unset"
            self._buttons[entry.id].setVisible(has)

    def show_dot(self, page: str, token: str) -> None:
        """A dot at a page in the colour of `token`, one of ``_DOTS``; none for an empty one."""
        if page in self._buttons:
            self._buttons[page].show_dot(token)
