"""Buttons: plain ones, ones that show their key, and ones without words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QToolButton

from ui.icons import icon
from ui.look import give_text, look

Kind = Literal["", "primary", "record", "quiet", "link"]
_ICON = QSize(16, 16)
#: What is written on buttons that are filled with a colour.
_ON_FILL: dict[Kind, str] = {"primary": "on_accent", "record": "on_record"}


def button(
    text: str,
    pressed: Callable[[], object] | None = None,
    *,
    icon_name: str = "",
    kind: Kind = "",
    small: bool = False,
) -> QPushButton:
    """A button with words."""
    made = QPushButton(text)
    give_text(made, "body", 500)
    made.setProperty("kind", kind)
    if small:
        made.setProperty("size", "small")
    if icon_name:
        made.setIcon(icon(icon_name, "on_accent" if kind == "primary" else "text"))
        made.setIconSize(_ICON)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if pressed is not None:
        made.clicked.connect(lambda _checked=False: pressed())
    return made


def icon_button(
    icon_name: str, name: str, pressed: Callable[[], object] | None = None, *, small: bool = False
) -> QToolButton:
    """A button without words; `name` is its tooltip and what a screen reader says."""
    made = QToolButton()
    made.setProperty("kind", "quiet")
    if small:
        made.setProperty("size", "small")
    made.setIcon(icon(icon_name, "text_secondary"))
    made.setIconSize(QSize(18, 18))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if pressed is not None:
        made.clicked.connect(lambda _checked=False: pressed())
    return made


class KeyButton(QPushButton):
    """A button that shows the key of its action at its right edge.

    It is made with the action's own key; the shell shows another one where a person chose it.
    """

    def __init__(self, text: str, key: str, *, icon_name: str = "", kind: Kind = "") -> None:
        super().__init__(text)
        give_text(self, "body", 500)
        self._key = key
        self.setProperty("kind", kind)
        if icon_name:
            self.setIcon(icon(icon_name, _ON_FILL.get(kind, "text")))
            self.setIconSize(_ICON)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._make_room()

    @property
    def key(self) -> str:
        """The key that is shown."""
        return self._key

    def show_key(self, key: str) -> None:
        """Show another key, or none."""
        if key == self._key:
            return
        self._key = key
        self._make_room()
        self.updateGeometry()
        self.update()

    def _make_room(self) -> None:
        self.setStyleSheet(f"padding-right: {self._cap_width() + 18}px" if self._key else "")

    def _cap_width(self) -> int:
        if not self._key:
            return 0
        return QFontMetrics(look().font("small", 600)).horizontalAdvance(self._key) + 12

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the button with its words moved left, and the key's cap."""
        super().paintEvent(event)
        if not self._key:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self._cap_width()
        area = QRectF(self.width() - width - 9, (self.height() - 18) / 2, width, 18)
        on_fill = _ON_FILL.get(self.property("kind"))
        colour = look().colour(on_fill or "text_secondary", 1.0 if on_fill else 0.9)
        edge = look().colour(on_fill or "line_strong", 0.55 if on_fill else 1.0)
        if not self.isEnabled():
            colour, edge = look().colour("text_disabled"), look().colour("line_strong")
        painter.setPen(QPen(edge, 1))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(colour)
        painter.setFont(look().font("small", 600))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.end()
