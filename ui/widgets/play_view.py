"""The game while it is played in the window: its picture, and the person's keys and mouse."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QWheelEvent,
)

from ui.look import look
from ui.play_keys import KEYS_IN_WORDS, MOUSE_BUTTONS, button_of
from ui.theme import DARK, PLATE
from ui.widgets.game_view import GameView
from ui.widgets.mouse_capture import MouseCapture
from ui.widgets.overlay_keyboard import plate_colour

_MARGIN = 12
_WHEEL_STEP = 120
#: How long after a release its repeated press may come in: Qt pairs only those that it reads together.
_REPEAT_MS = 8
_HELP_KEYS = (Qt.Key.Key_H, Qt.Key.Key_F1)
#: What the help says of the keys that are the window's.
_STUDIO_KEYS = (
    ("P", "plays: captures keys and mouse"),
    ("Esc", "frees them"),
    ("F9", "starts and stops the recording"),
)


class PlayView(GameView):
    """A game view that can be played in.

    A click, Enter or Space captures keys and mouse; Esc or another focus frees them. While they are captured
    every key is the game's, except those that :meth:`use_commands` names.

    Signals:
        button: A button of the game was pressed or let go, and when (``time.monotonic()``).
        turned: The mouse moved by so many counts to the right and downwards.
        wheeled: The wheel was turned by so many steps away from the person.
        captured: Keys and mouse were captured, or are free again.
        commanded: One of the other keys was pressed; carries its command.
    """

    button = Signal(str, bool, float)
    turned = Signal(int, int)
    wheeled = Signal(int)
    captured = Signal(bool)
    commanded = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.layers = set()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("The game. Press Enter to play, Esc to stop.")
        self._mouse = MouseCapture(self)
        self._mouse.moved.connect(self.turned)
        self._commands: Mapping[int, str] = {}
        self._held: dict[int, str] = {}  # by the key's place, for a key may come up under another letter
        self._coming_up: dict[int, float] = {}  # by place: our time of it
        self._last_up: tuple[int, int] | None = None  # the key that came up last, and the system's time of it
        self._settle = QTimer(self, singleShot=True, interval=_REPEAT_MS)
        self._settle.timeout.connect(self._let_go)
        self._clicked: dict[Qt.MouseButton, str] = {}
        self._wheel = 0
        self._invitation = ""
        self._recording = ""
        self._corner = ""
        self.shows_help = False

    @property
    def is_captured(self) -> bool:
        """Whether keys and mouse are the game's."""
        return self._mouse.is_on

    def use_commands(self, commands: Mapping[int, str]) -> None:
        """Keys (Qt's numbers) that are commands while the game has the others."""
        self._commands = commands

    def invite(self, words: str) -> None:
        """Say what a click does; with no words, a click does nothing."""
        self._invitation = words
        self.update()

    def show_recording(self, words: str) -> None:
        """Say that this is recorded; no words where it is not."""
        if bool(words) != bool(self._recording):
            self.setAccessibleDescription("Recording" if words else "Not recording")
        self._recording = words
        self.update()

    def show_corner(self, words: str) -> None:
        """What stands in the upper right corner."""
        self._corner = words
        self.update()

    def show_help(self, shown: bool) -> None:
        """Show what the keys do, or no longer."""
        self.shows_help = shown
        self.update()

    def capture(self) -> None:
        """Make keys and mouse the game's."""
        if self.is_captured or not self._invitation:
            return
        why_not = MouseCapture.why_not()
        if why_not:
            self.invite(why_not)
            return
        self.setFocus()
        self._mouse.begin()
        self.captured.emit(True)
        self.update()

    def free(self) -> None:
        """Give keys and mouse back."""
        if not self.is_captured:
            return
        self._mouse.end()
        self._settle.stop()
        self._coming_up.clear()
        self._held.clear()
        self._clicked.clear()
        self.captured.emit(False)
        self.update()

    def event(self, event: QEvent) -> bool:
        """While captured no key is a shortcut: Ctrl is for sprinting, and Ctrl+Q throws things away."""
        if event.type() == QEvent.Type.ShortcutOverride and self.is_captured:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Tab goes nowhere while the game has the keys."""
        return False if self.is_captured else super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """A key of the game, a command, or Esc."""
        if not self.is_captured:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
                self.capture()
            else:
                super().keyPressEvent(event)
            return
        event.accept()
        if self._is_repeat(event):
            self._coming_up.pop(_place(event), None)  # it is still down
        elif event.key() == Qt.Key.Key_Escape:
            self.free()
        elif event.key() in self._commands:
            self.commanded.emit(self._commands[event.key()])
        elif event.key() in _HELP_KEYS:
            self.show_help(not self.shows_help)
        else:
            self._press(event)

    def _is_repeat(self, event: QKeyEvent) -> bool:
        """Whether a key that is held comes in once more.

        X repeats a held key as a release and a press of the same moment. Qt marks such presses, but not those
        of which it reads the halves apart; and a key that came up while another window had the focus has its
        next press marked, too, which is none.
        """
        if QGuiApplication.platformName() != "xcb":
            return event.isAutoRepeat()
        return self._last_up == (_place(event), event.timestamp())

    def _press(self, event: QKeyEvent) -> None:
        self._let_go()
        button = button_of(event)
        if button is not None:
            self._held[_place(event)] = button
            self.button.emit(button, True, time.monotonic())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """A key of the game came up, unless it comes down again at the same moment."""
        self._last_up = _place(event), event.timestamp()
        if not self.is_captured:
            super().keyReleaseEvent(event)
            return
        event.accept()
        if not event.isAutoRepeat() and _place(event) in self._held:
            self._coming_up[_place(event)] = time.monotonic()
            self._settle.start()

    def _let_go(self) -> None:
        """Keys that came up, and stayed up."""
        for place, at in self._coming_up.items():
            button = self._held.pop(place, None)
            if button is not None:
                self.button.emit(button, False, at)
        self._coming_up.clear()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A button of the game; the first click only captures."""
        if not self.is_captured:
            self.capture()
            return
        button = MOUSE_BUTTONS.get(event.button())
        if button is not None:
            self._clicked[event.button()] = button
            self.button.emit(button, True, time.monotonic())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A mouse button came up."""
        button = self._clicked.pop(event.button(), None)
        if button is not None:
            self.button.emit(button, False, time.monotonic())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The game counts its clicks itself."""
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The mouse moved."""
        self._mouse.place(event.globalPosition())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """The wheel chooses from the hot-bar."""
        if not self.is_captured:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / _WHEEL_STEP)
        self._wheel -= steps * _WHEEL_STEP
        if steps:
            self.wheeled.emit(steps)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Who looks elsewhere plays no more."""
        self.free()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Likewise when another page is shown."""
        self.free()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture, and what is told on it."""
        super().paintEvent(event)
        area = self.picture_area()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.is_captured and self._image is not None:
            self._paint_invitation(painter, area)
        if self._recording:
            place = QPointF(area.left() + _MARGIN, area.top() + _MARGIN)
            _paint_note(painter, place, self._recording, icon="record-fill", token="vermillion")
        if self._corner:
            width = _note_width(painter, self._corner)
            place = QPointF(area.right() - width - _MARGIN, area.top() + _MARGIN)
            _paint_note(painter, place, self._corner)
        if self.shows_help:
            _paint_help(painter, area)
        token = "vermillion" if self._recording else "ok" if self.is_captured else "line"
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look().colour(token), 2))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)
        if self.hasFocus() and not self.is_captured:
            painter.setPen(QPen(look().colour("accent_text"), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _paint_invitation(self, painter: QPainter, area: QRectF) -> None:
        shade = QColor(PLATE)
        shade.setAlphaF(0.45)
        path = QPainterPath()
        path.addRoundedRect(area, 8, 8)
        painter.fillPath(path, shade)
        if not self._invitation or self.shows_help:
            return
        painter.setFont(_font(14, 600))
        first, _, second = self._invitation.partition("\n")
        room = painter.fontMetrics().horizontalAdvance(first) + 60
        painter.setFont(_font(12, 400))
        room = max(room, painter.fontMetrics().horizontalAdvance(second) + 40)
        height = 66 if second else 44
        plate = QRectF(area.center().x() - room / 2, area.center().y() - height / 2, room, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate_colour())
        painter.drawRoundedRect(plate, 10, 10)
        painter.setPen(QColor(DARK.text))
        painter.setFont(_font(14, 600))
        line = QRectF(plate.left(), plate.top() + 10, plate.width(), 24)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, first)
        painter.setPen(QColor(DARK.text_secondary))
        painter.setFont(_font(12, 400))
        painter.drawText(line.translated(0, 24), Qt.AlignmentFlag.AlignCenter, second)


def _place(event: QKeyEvent) -> int:
    """What stays the same between the press and the release of a key."""
    return event.nativeScanCode() or event.key()


def _font(pixels: int, weight: int) -> QFont:
    """Over the picture text has one size: the picture does not grow with the text."""
    font = look().font("small", weight)
    font.setPixelSize(pixels)
    return font


def _note_width(painter: QPainter, text: str, icon: str = "") -> float:
    painter.setFont(_font(12, 600))
    return painter.fontMetrics().horizontalAdvance(text) + 24 + (20 if icon else 0)


def _paint_note(painter: QPainter, place: QPointF, text: str, *, icon: str = "", token: str = "") -> None:
    plate = QRectF(place.x(), place.y(), _note_width(painter, text, icon), 28)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate_colour())
    painter.drawRoundedRect(plate, 14, 14)
    if icon:
        sign = QRectF(plate.left() + 10, plate.center().y() - 8, 16, 16)
        painter.setBrush(QColor(DARK[token]))
        painter.drawEllipse(sign.adjusted(2, 2, -2, -2))
    painter.setPen(QColor(DARK.text))
    painter.drawText(plate.adjusted(20 if icon else 0, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, text)


def _paint_help(painter: QPainter, area: QRectF) -> None:
    lines = (*KEYS_IN_WORDS, *_STUDIO_KEYS)
    painter.setFont(_font(12, 600))
    metrics = painter.fontMetrics()
    first = max(metrics.horizontalAdvance(keys) for keys, _ in lines)
    second = max(metrics.horizontalAdvance(words) for _, words in lines)
    width, height = first + second + 56, 22 * len(lines) + 28
    plate = QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate_colour())
    painter.drawRoundedRect(plate, 10, 10)
    for number, (keys, words) in enumerate(lines):
        top = plate.top() + 14 + 22 * number
        painter.setFont(_font(12, 600))
        painter.setPen(QColor(DARK.text))
        painter.drawText(QRectF(plate.left() + 20, top, first, 22), Qt.AlignmentFlag.AlignVCenter, keys)
        painter.setFont(_font(12, 400))
        painter.setPen(QColor(DARK.text_secondary))
        painter.drawText(
            QRectF(plate.left() + 36 + first, top, second, 22), Qt.AlignmentFlag.AlignVCenter, words
        )
