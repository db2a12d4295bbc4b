"""State chips: an icon and a word on a tinted ground, painted alike in tables and in layouts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.look import look

HEIGHT = 22
_ICON, _GAP, _PAD = 14, 5, 8


@dataclass(frozen=True)
class Chip:
    """A state.

    Attributes:
        word: The state in a word or two.
        icon: Phosphor name.
        token: Its colour: a state (``ok``, ``warn``, ``danger``, ``info``) or ``text_secondary``.
        plain: Without a tinted ground, as sources have it in tables.
        mark: The icon's own colour token where it differs (data colours are for marks, not words).
    """

    word: str
    icon: str = ""
    token: str = "text_secondary"
    plain: bool = False
    mark: str = ""


def chip_width(chip: Chip) -> int:
    """Its width in pixels."""
    advance = QFontMetrics(look().font("small", 500)).horizontalAdvance(chip.word)
    icon = _ICON + _GAP if chip.icon else 0
    return advance + icon + (2 if chip.plain else 2 * _PAD) + 1


def paint_chip(painter: QPainter, place: QPointF, chip: Chip) -> None:
    """Paint a chip with its left upper corner at `place`."""
    tokens = look().tokens
    area = QRectF(place.x(), place.y(), chip_width(chip), HEIGHT)
    x = area.left()
    if not chip.plain:
        ground = tokens.control if chip.token not in ("ok", "warn", "danger", "info") else ""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground or tokens.chip_ground(chip.token)))
        painter.drawRoundedRect(area, HEIGHT / 2, HEIGHT / 2)
        x += _PAD
    if chip.icon:
        paint_icon(
            painter,
            QRectF(x, area.center().y() - _ICON / 2, _ICON, _ICON),
            chip.icon,
            chip.mark or chip.token,
        )
        x += _ICON + _GAP
    painter.setPen(QColor(tokens[chip.token]))
    painter.setFont(look().font("small", 500))
    words = QRectF(x, area.top(), area.right() - x + 1, HEIGHT)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, chip.word)


class ChipLabel(QWidget):
    """A chip in a layout."""

    def __init__(self, chip: Chip | None = None) -> None:
        super().__init__()
        self._chip = chip or Chip("")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_chip(self._chip)

    def show_chip(self, chip: Chip, *, reason: str = "") -> None:
        """Show another state, with a sentence for its tooltip."""
        self._chip = chip
        self.setAccessibleName(chip.word)
        self.setToolTip(reason)
        self.setVisible(bool(chip.word))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Just the chip."""
        return QSize(chip_width(self._chip), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint the chip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_chip(painter, QPointF(0, 0), self._chip)
        painter.end()
