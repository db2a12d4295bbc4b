"""The picture of the game, whole and 16:9, with layers over it that can be switched."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.look import look
from ui.theme import DARK
from ui.widgets.overlay_keyboard import (
    TickShown,
    companded,
    keyboard_size,
    paint_arrow,
    paint_keyboard,
    plate_colour,
)
from vpt_studio.actions import DEFAULT_CAMERA

#: Layers by id, in the order in which they are painted, with their titles.
LAYERS = {
    "keyboard": "Keys and mouse",
    "vector": "Mouse direction with its bins",
    "hotbar": "Hot-bar slot",
    "screen": "Open screens",
    "legend": "Legend and tick",
}
_SLOTS = 9
_MARGIN = 12


class GameView(QWidget):
    """Shows the newest picture it was given.

    Signals:
        pressed: The picture was clicked.
        painted: A picture was painted; carries the tick whose picture it is. For measuring.
    """

    pressed = Signal()
    painted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(480, 270)
        self.setAccessibleName("Picture of the game")
        self._image: QImage | None = None
        self._tick, self._ticks, self._image_tick = 0, 0, 0
        self._shown = TickShown()
        self._slot = -1
        self._message = ""
        self.layers = set(LAYERS)
        self._caps: Mapping[str, str] | None = None
        self.opacity = 1.0

    def show_picture(self, tick: int, ticks: int, image: QImage | None, message: str = "") -> None:
        """Show a picture; without one the last stays, under `message`."""
        if image is not None:
            self._image, self._image_tick = image, tick
        if message != self._message:
            self.setAccessibleDescription(message)
        self._tick, self._ticks, self._message = tick, ticks, message
        self.update()

    def show_actions(self, shown: TickShown, slot: int = -1) -> None:
        """Show what was done in the tick; `slot` is the hot-bar's, 0..8, or -1."""
        self._shown, self._slot = shown, slot
        self.update()

    def label(self, caps: Mapping[str, str] | None) -> None:
        """What stands on the caps of the keyboard, by button; None as Minecraft has them."""
        self._caps = caps
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._image = None
        self._shown, self._slot, self._message = TickShown(), -1, ""
        self.update()

    def set_layer(self, layer: str, on: bool) -> None:
        """Switch a layer."""
        self.layers = self.layers | {layer} if on else self.layers - {layer}
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """What is there at 1280 x 800."""
        return QSize(842, 438)

    def picture_area(self) -> QRectF:
        """Where the picture is: whole, in whole multiples of 640 x 360 where there is room for two."""
        width, height = float(self.width()), float(self.height())
        ratio = 16 / 9
        if self._image is not None and self._image.height():
            ratio = self._image.width() / self._image.height()
        fitted_width = min(width, height * ratio)
        base = 640.0
        if fitted_width >= 2 * base:
            fitted_width = int(fitted_width / base) * base
        area = QRectF(0, 0, fitted_width, fitted_width / ratio)
        area.moveCenter(QPointF(width / 2, height / 2))
        return QRectF(area.toRect())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint picture and layers."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("page"))
        area = self.picture_area()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(area, 8, 8)
        painter.setClipPath(path)
        painter.fillRect(area, QColor(DARK.rail))
        if self._image is not None:
            larger = area.width() >= self._image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not larger)
            painter.drawImage(area, self._image)
            painter.setOpacity(self.opacity)
            self._paint_layers(painter, area)
            painter.setOpacity(1)
        if self._message:
            self._paint_plate(
                painter, self._message, QPointF(area.center().x(), area.center().y() - 14), "centre"
            )
        painter.end()
        if self._image is not None:
            self.painted.emit(self._image_tick)

    def _paint_layers(self, painter: QPainter, area: QRectF) -> None:
        shown = self._shown
        scale = max(0.8, min(2.0, area.width() / 842))
        if "vector" in self.layers and not shown.screen_open:
            self._paint_vector(painter, area, scale)
        if "keyboard" in self.layers and (shown.pressed is not None or shown.predicted is not None):
            _, height = keyboard_size(scale)
            place = QPointF(area.left() + _MARGIN, area.bottom() - height - _MARGIN)
            paint_keyboard(painter, place, shown, scale, self._caps)
        if "hotbar" in self.layers and self._slot >= 0:
            self._paint_hotbar(painter, area)
        if "screen" in self.layers and shown.screen_open:
            place = QPointF(area.center().x(), area.top() + _MARGIN)
            self._paint_plate(
                painter, "Screen open", place, "centre", icon="squares-four", token="vermillion"
            )
        if "legend" in self.layers:
            self._paint_legend(painter, area)

    def _paint_vector(self, painter: QPainter, area: QRectF, scale: float) -> None:
        if self._shown.turn is None and self._shown.predicted_turn is None:
            return
        middle, full = area.center(), area.height() * 0.2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 110), 1, Qt.PenStyle.DashLine))
        for edge in DEFAULT_CAMERA.edges:
            if edge > 0:
                radius = companded(_turn_right(float(edge)))[0] * full
                painter.drawEllipse(middle, radius, radius)
        if self._shown.predicted_turn is not None:
            colour = QColor(DARK[self._shown.ring])
            paint_arrow(painter, middle, self._shown.predicted_turn, full, colour, 3 * scale)
        if self._shown.turn is not None:
            paint_arrow(painter, middle, self._shown.turn, full, QColor(DARK.yellow), 3 * scale)

    def _paint_hotbar(self, painter: QPainter, area: QRectF) -> None:
        side = 20.0
        width = _SLOTS * (side + 3) + 9
        plate = QRectF(area.right() - width - _MARGIN, area.bottom() - side - 12 - _MARGIN, width, side + 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate_colour())
        painter.drawRoundedRect(plate, 6, 6)
        painter.setFont(_overlay_font(600))
        for slot in range(_SLOTS):
            cap = QRectF(plate.left() + 6 + slot * (side + 3), plate.top() + 6, side, side)
            chosen = slot == self._slot
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#FFFFFF") if chosen else QColor(DARK.control))
            painter.drawRoundedRect(cap, 3, 3)
            painter.setPen(QColor(DARK.page if chosen else DARK.text_hint))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, str(slot + 1))

    def _paint_legend(self, painter: QPainter, area: QRectF) -> None:
        text = f"tick {self._tick:,} of {self._ticks:,}"
        self._paint_plate(painter, text, QPointF(area.right() - _MARGIN, area.top() + _MARGIN), "right")
        if self._shown.pressed is None and self._shown.predicted is None:
            return
        painter.setFont(_overlay_font(600))
        parts = [("Pressed", False)] if self._shown.pressed is not None else []
        if self._shown.predicted is not None:
            who = "IDM" if self._shown.ring == "purple" else "Agent"
            parts.append((f"{who} says pressed", True))
        metrics = painter.fontMetrics()
        width = sum(metrics.horizontalAdvance(words) + 32 for words, _ in parts) + 8
        plate = QRectF(area.left() + _MARGIN, area.top() + _MARGIN, width, 28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate_colour())
        painter.drawRoundedRect(plate, 14, 14)
        x = plate.left() + 12
        for words, ringed in parts:
            box = QRectF(x, plate.center().y() - 7, 14, 14)
            painter.setPen(QPen(QColor(DARK[self._shown.ring]), 2) if ringed else Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.NoBrush if ringed else QColor("#FFFFFF"))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(QColor(DARK.text))
            room = metrics.horizontalAdvance(words)
            painter.drawText(QRectF(x + 20, plate.top(), room + 4, 28), Qt.AlignmentFlag.AlignVCenter, words)
            x += room + 32

    def _paint_plate(
        self, painter: QPainter, text: str, place: QPointF, side: str, *, icon: str = "", token: str = "text"
    ) -> None:
        painter.setFont(_overlay_font(600))
        room = painter.fontMetrics().horizontalAdvance(text) + 24 + (20 if icon else 0)
        left = place.x() - {"left": 0, "right": room}.get(side, room / 2)
        plate = QRectF(left, place.y(), room, 28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate_colour())
        painter.drawRoundedRect(plate, 14, 14)
        if icon:
            paint_icon(
                painter, QRectF(plate.left() + 10, plate.center().y() - 8, 16, 16), icon, token, tokens=DARK
            )
        painter.setPen(QColor(DARK.text))
        painter.drawText(plate.adjusted(20 if icon else 0, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click on the picture."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()


def _turn_right(degrees: float) -> npt.NDArray[np.float64]:
    return np.array([0.0, degrees])


def _overlay_font(weight: int) -> QFont:
    font = look().font("small", weight)
    font.setPixelSize(12)
    return font
