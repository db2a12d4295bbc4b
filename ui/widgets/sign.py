"""An icon in a layout, in the theme's colours as they are now."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.icons import paint_icon


class Sign(QWidget):
    """One icon; what it means stands beside it in words."""

    def __init__(self, name: str = "", token: str = "text_hint", side: int = 16) -> None:
        super().__init__()
        self._name, self._token = name, token
        self.setFixedSize(side + 2, side + 4)

    def show_sign(self, name: str, token: str) -> None:
        """Show another icon, or the same in another colour."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint the icon."""
        if self._name:
            painter = QPainter(self)
            paint_icon(painter, QRectF(self.rect()).adjusted(1, 2, -1, -2), self._name, self._token)
            painter.end()
