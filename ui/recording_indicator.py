"""The small window that tells how a recording goes while a game is in front, and never lies over the game."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPaintEvent, QPen, QScreen
from PySide6.QtWidgets import QWidget

from ui.icons import paint_icon
from ui.look import look
from ui.theme import DARK, PLATE

_MARGIN = 16
_PAD, _SIGN = 12, 14
_SMALLEST = 190


@dataclass(frozen=True)
class Indicated:
    """What the indicator shows.

    Attributes:
        first: The clock, or what goes on.
        second: Rate and disk, or what to do.
        sign: Phosphor name beside the first line.
        token: Its colour token.
    """

    first: str
    second: str
    sign: str = "record-fill"
    token: str = "vermillion"


def free_corner(screens: Sequence[QRect], game: QRect, size: QSize) -> QPoint | None:
    """Where a window of `size` touches no pixel of the game: a corner of the game's screen, else of another.

    Args:
        screens: What can be used of each screen, all in pixels of the whole desktop.
        game: Where the game's window is.
        size: Of the window that is to be placed.

    Returns:
        Its left upper corner; None where there is none.
    """
    near = sorted(screens, key=lambda screen: not screen.contains(game.center()))
    for screen in near:
        left, right = screen.left() + _MARGIN, screen.right() + 1 - size.width() - _MARGIN
        top, bottom = screen.top() + _MARGIN, screen.bottom() + 1 - size.height() - _MARGIN
        for place in (QPoint(right, top), QPoint(left, top), QPoint(right, bottom), QPoint(left, bottom)):
            wanted = QRect(place, size)
            if screen.contains(wanted) and not wanted.intersects(game):
                return place
    return None


class RecordingIndicator(QWidget):
    """Frameless, on top, without focus and without clicks."""

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
            | Qt.WindowType.WindowTransparentForInput,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowTitle("VPT Studio recording")
        self._shown = Indicated("", "")
        self._game: QRect | None = None

    def has_room(self, place: Sequence[int]) -> bool:
        """Whether there is a corner beside a game at `place` (left, top, width, height, in real pixels)."""
        return self._corner(QRect(*place)) is not None

    def show_state(self, shown: Indicated, place: Sequence[int]) -> None:
        """Show this, clear of a game at `place`; hidden where there is no corner for it."""
        if shown != self._shown:
            self._shown = shown
            self.setAccessibleName(f"{shown.first}. {shown.second}")
            self.update()
        self._game = QRect(*place)
        self._stand_clear()

    def _stand_clear(self) -> None:
        assert self._game is not None
        found = self._corner(self._game)
        if found is None:
            self.hide()
            return
        screen, corner = found
        size = self._size()
        if self.size() != size:
            self.setFixedSize(size)
        # The system's pixels begin where the screen does, and are as many to ours as it says.
        origin = screen.geometry().topLeft()
        place = origin + (corner - origin) / screen.devicePixelRatio()
        if not self.isVisible() or self.pos() != place:
            self.move(place)
        if not self.isVisible():
            self.show()

    def _corner(self, game: QRect) -> tuple[QScreen, QPoint] | None:
        screens = QGuiApplication.screens()
        areas = [_real_pixels(screen) for screen in screens]
        ratio = max(screen.devicePixelRatio() for screen in screens)
        place = free_corner(areas, game, (self._size() * ratio).expandedTo(QSize(_SMALLEST, 1)))
        if place is None:
            return None
        for screen, area in zip(screens, areas, strict=True):
            if area.contains(place):
                return screen, place
        return None

    def _size(self) -> QSize:
        strong = QFontMetrics(look().font("heading", 600)).horizontalAdvance(self._shown.first)
        plain = QFontMetrics(look().font("small", 500)).horizontalAdvance(self._shown.second)
        width = max(strong + _SIGN + 8, plain, _SMALLEST - 2 * _PAD) + 2 * _PAD
        # In steps, or a clock would make it larger and smaller.
        return QSize(-(-width // 20) * 20, look().pixels(54))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint the plate, in both themes as marks over pictures are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(DARK.line_strong), 1))
        painter.setBrush(QColor(PLATE))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        half = self.height() / 2
        sign = QRectF(_PAD, half - 4 - 16, _SIGN, _SIGN + 2)
        paint_icon(painter, sign, self._shown.sign, self._shown.token, tokens=DARK)
        painter.setFont(look().font("heading", 600))
        painter.setPen(QColor(DARK.text))
        first = QRectF(_PAD + _SIGN + 8, 4, self.width() - _PAD - _SIGN - 8, half - 2)
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, self._shown.first)
        painter.setFont(look().font("small", 500))
        painter.setPen(QColor(DARK.text_secondary))
        second = QRectF(_PAD, half, self.width() - 2 * _PAD, half - 4)
        painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, self._shown.second)
        painter.end()


def _real_pixels(screen: QScreen) -> QRect:
    """What can be used of a screen, in the system's pixels, as places of windows are told."""
    origin, ratio = screen.geometry().topLeft(), screen.devicePixelRatio()
    area = screen.availableGeometry()
    corner = origin + (area.topLeft() - origin) * ratio
    return QRect(corner, area.size() * ratio)
