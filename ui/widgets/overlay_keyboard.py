"""The keyboard over the picture: the game's 20 buttons and the mouse, as done and as predicted."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from ui.look import look
from ui.theme import DARK, PLATE, PLATE_OPACITY
from vpt_studio.actions import BUTTONS, DEFAULT_CAMERA

UNIT, GAP, PADDING = 25.0, 4.0, 10.0
COLUMNS, ROWS = 9, 4
_BUTTONS_SHARE = 0.42  # of the mouse's height
_FULL_ARROW = 26.0  # pixels of the mouse's arrow at the camera's limit
_KEPT = 64  # painted keyboards: what is held changes a few times a second, pictures come twenty times
_kept: OrderedDict[object, QPixmap] = OrderedDict()


@dataclass(frozen=True)
class _Key:
    button: str
    label: str
    x: float
    y: int
    width: float = 1.0


KEYS = (
    *(_Key(f"hotbar.{slot}", str(slot), slot - 1, 0) for slot in range(1, 10)),
    _Key("drop", "Q", 0, 1),
    _Key("forward", "W", 1, 1),
    _Key("inventory", "E", 2, 1),
    _Key("left", "A", 0, 2),
    _Key("back", "S", 1, 2),
    _Key("right", "D", 2, 2),
    _Key("sneak", "Shift", 0, 3, 1.5),
    _Key("sprint", "Ctrl", 1.5, 3, 1.5),
    _Key("jump", "Space", 3, 3, 2.6),
)


#: Where letters are on a keyboard, as far as there is room for them: beside them is the mouse.
_LETTERS = {
    letter: (float(x), y) for y, letters in ((1, "QWERTY"), (2, "ASDFGH")) for x, letter in enumerate(letters)
}
#: Where other letters stand, one after the other: at the right end, which is the side they are on.
_OTHERS = ((5.0, 1), (5.0, 2), (4.0, 1), (4.0, 2), (3.0, 1), (3.0, 2))


def keys_called(labels: Mapping[str, str] | None) -> tuple[_Key, ...]:
    """The keys as they stand where a game calls them so, by button; those it does not have are left out.

    A letter stands where it is on a keyboard, whatever it does in the game; ``None`` is Minecraft's.
    """
    if labels is None:
        return KEYS
    called = [replace(key, label=labels[key.button]) for key in KEYS if key.button in labels]
    letters = [key for key in called if len(key.label) == 1 and key.label.isalpha()]
    taken = {_LETTERS[key.label.upper()] for key in letters if key.label.upper() in _LETTERS}
    free = [place for place in _OTHERS if place not in taken]
    made = []
    for key in called:
        if key in letters:
            place = _LETTERS.get(key.label.upper()) or (free.pop(0) if free else (key.x, key.y))
            made.append(replace(key, x=place[0], y=place[1], width=1.0))
        else:
            made.append(key)
    return tuple(made)


@dataclass(frozen=True, eq=False)
class TickShown:
    """What the overlay shows of one tick.

    Attributes:
        pressed: bool [20]; None where the action is not known.
        turn: float [2], degrees down and right; None where not known.
        predicted: bool [20] of a model; None without one.
        predicted_turn: float [2] of a model.
        ring: Colour token of the model: ``purple`` for an IDM, ``sky`` for an agent.
        screen_open: Whether a screen is open, so that the mouse moves the pointer.
    """

    pressed: npt.NDArray[np.bool_] | None = None
    turn: npt.NDArray[np.float64] | None = None
    predicted: npt.NDArray[np.bool_] | None = None
    predicted_turn: npt.NDArray[np.float64] | None = None
    ring: str = "purple"
    screen_open: bool = False


def keyboard_size(scale: float) -> tuple[float, float]:
    """Width and height of the plate with keyboard and mouse."""
    width = COLUMNS * UNIT + (COLUMNS - 1) * GAP + 2 * PADDING
    height = ROWS * UNIT + (ROWS - 1) * GAP + 2 * PADDING
    return width * scale, height * scale


def plate_colour() -> QColor:
    """The ground behind marks over a picture."""
    colour = QColor(PLATE)
    colour.setAlphaF(PLATE_OPACITY)
    return colour


def paint_keyboard(
    painter: QPainter,
    place: QPointF,
    shown: TickShown,
    scale: float = 1.0,
    labels: Mapping[str, str] | None = None,
) -> None:
    """Paint the keyboard with its left upper corner at `place`.

    Pressed keys are white caps with bold dark letters; predicted ones carry a ring; both can be. `labels` are
    what stands on the caps, by button, where a game has other keys than Minecraft: see :func:`keys_called`.
    """
    ratio = painter.device().devicePixelRatioF()
    place = QPointF(round(place.x()), round(place.y()))
    painter.drawPixmap(place, _keys(shown, scale, ratio, labels))
    painter.save()
    painter.translate(place)
    painter.scale(scale, scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_turns(painter, _mouse_area(), shown)
    painter.restore()


def _keys(shown: TickShown, scale: float, ratio: float, labels: Mapping[str, str] | None) -> QPixmap:
    """Keyboard and mouse without arrows, painted once for each set of keys that are held."""
    held = [None if keys is None else keys.tobytes() for keys in (shown.pressed, shown.predicted)]
    known = (*held, shown.ring, scale, ratio, None if labels is None else tuple(labels.items()))
    picture = _kept.get(known)
    if picture is None:
        width, height = keyboard_size(scale)
        picture = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.scale(scale, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_keys(painter, shown, labels)
        painter.end()
        _kept[known] = picture
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(known)
    return picture


def _paint_keys(painter: QPainter, shown: TickShown, labels: Mapping[str, str] | None) -> None:
    width, height = keyboard_size(1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate_colour())
    painter.drawRoundedRect(QRectF(0, 0, width, height), 8, 8)
    for key in keys_called(labels):
        x = PADDING + key.x * (UNIT + GAP)
        area = QRectF(x, PADDING + key.y * (UNIT + GAP), key.width * (UNIT + GAP) - GAP, UNIT)
        _paint_cap(painter, area, key.label, *_states(shown, key.button), shown.ring)
    _paint_mouse(painter, _mouse_area(), shown)


def _mouse_area() -> QRectF:
    return QRectF(keyboard_size(1.0)[0] - PADDING - 66, PADDING + UNIT + GAP + 3, 62, 78)


def _states(shown: TickShown, button: str) -> tuple[bool, bool]:
    index = BUTTONS.index(button)
    pressed = shown.pressed is not None and bool(shown.pressed[index])
    predicted = shown.predicted is not None and bool(shown.predicted[index])
    return pressed, predicted


def _paint_cap(
    painter: QPainter, area: QRectF, label: str, pressed: bool, predicted: bool, ring: str
) -> None:
    painter.setPen(Qt.PenStyle.NoPen if pressed else QPen(QColor(DARK.field), 1))
    painter.setBrush(QColor("#FFFFFF") if pressed else QColor(DARK.control))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    font = look().font("small", 600 if pressed else 500)
    font.setPixelSize(12)
    painter.setFont(font)
    painter.setPen(QColor(DARK.page if pressed else DARK.text_secondary))
    fitting = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, fitting)
    if predicted:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(DARK[ring]), 2))
        painter.drawRoundedRect(area.adjusted(-1.5, -1.5, 1.5, 1.5), 5, 5)


def _paint_mouse(painter: QPainter, area: QRectF, shown: TickShown) -> None:
    painter.setBrush(QColor(DARK.control))
    painter.setPen(QPen(QColor(DARK.field), 1))
    painter.drawRoundedRect(area, 24, 24)
    top = area.height() * _BUTTONS_SHARE
    for button, label, left in (("attack", "L", area.left()), ("use", "R", area.center().x())):
        pressed, predicted = _states(shown, button)
        cap = QRectF(left + 2, area.top() + 2, area.width() / 2 - 4, top - 3)
        if pressed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#FFFFFF"))
            painter.drawRoundedRect(cap, 12, 12)
        if predicted:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(DARK[shown.ring]), 2))
            painter.drawRoundedRect(cap.adjusted(-1, -1, 1, 1), 12, 12)
        font = look().font("small", 600 if pressed else 500)
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(DARK.page if pressed else DARK.text_secondary))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, label)
    painter.setPen(QPen(QColor(DARK.field), 1))
    split = area.top() + top
    painter.drawLine(QPointF(area.left() + 1, split), QPointF(area.right() - 1, split))


def _paint_turns(painter: QPainter, area: QRectF, shown: TickShown) -> None:
    split = area.top() + area.height() * _BUTTONS_SHARE
    middle = QPointF(area.center().x(), split + (area.bottom() - split) * 0.5)
    if shown.predicted_turn is not None:
        paint_arrow(painter, middle, shown.predicted_turn, _FULL_ARROW, QColor(DARK[shown.ring]), 2)
    if shown.turn is not None:
        paint_arrow(painter, middle, shown.turn, _FULL_ARROW, QColor("#FFFFFF"), 2)


def companded(turn: npt.NDArray[np.float64]) -> tuple[float, float]:
    """A turn on the models' mu-law scale, -1..1: (right, down)."""
    limit, strength = DEFAULT_CAMERA.limit, DEFAULT_CAMERA.mu
    share = np.clip(np.asarray(turn) / limit, -1, 1)
    scaled = np.sign(share) * np.log1p(strength * np.abs(share)) / np.log1p(strength)
    return float(scaled[1]), float(scaled[0])


def paint_arrow(
    painter: QPainter,
    start: QPointF,
    turn: npt.NDArray[np.float64],
    full: float,
    colour: QColor,
    thickness: float,
) -> None:
    """An arrow for a turn, `full` pixels long at the camera's limit, on the mu-law scale."""
    right, down = companded(turn)
    if abs(right) < 0.02 and abs(down) < 0.02:
        return
    end = start + QPointF(right, down) * full
    painter.setPen(QPen(colour, thickness, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(start, end)
    length = float(np.hypot(right, down)) * full
    along = QPointF(right, down) * (full / length)
    across = QPointF(-along.y(), along.x())
    head = min(thickness * 3.2, length * 0.6)
    painter.setBrush(colour)
    painter.setPen(Qt.PenStyle.NoPen)
    tip = end + along * thickness
    painter.drawPolygon(
        [tip, end - along * head + across * head * 0.6, end - along * head - across * head * 0.6]
    )
