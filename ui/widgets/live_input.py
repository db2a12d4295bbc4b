"""What the devices say just now: the keyboard, a line of words, and the last five seconds as strips."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.look import give_text, look
from ui.play_words import input_in_words
from ui.widgets.cards import Card, column
from ui.widgets.labels import eliding, words
from ui.widgets.overlay_keyboard import TickShown, keyboard_size, paint_keyboard
from vpt_studio.actions import BUTTONS
from vpt_studio.actions.camera import DEGREES_PER_PIXEL

_SECONDS = 5
_FULL_LATE = 0.05
_FULL_MOTION = 60.0
_STOOD_STILL = 0.5  # seconds without a tick
_STEADY_HZ, _BEARABLE_HZ = 19.5, 18.0


class LiveInput(Card):
    """A card with all of it."""

    def __init__(self, *, per_second: int = 20, third: str = "Ticks", hint: str = "") -> None:
        """It is told ticks so often; `third` names their strip, and `hint` stands under the words."""
        super().__init__("Live input", spacing=4)
        self._ticks: deque[dict[str, Any]] = deque(maxlen=_SECONDS * per_second)
        self._keys: Mapping[str, str] = {}
        self._rate = words("", weight=600, colour="ok")
        self.heading_row.addWidget(self._rate)
        self.heading_row.addWidget(words("last 5 seconds", "small", colour="text_hint"))
        self._keyboard = _Keyboard()
        self._words = eliding("", "heading", weight=600)
        self._strips = _Strips(self._ticks, third)
        side = QWidget()
        across = QHBoxLayout()
        across.setSpacing(20)
        told = [self._words, *([eliding(hint, "small", colour="text_hint")] if hint else [])]
        side.setLayout(column(*told, self._strips, spacing=6))
        across.addWidget(self._keyboard)
        across.addWidget(side, 1)
        self.content.addLayout(across)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clear()

    def name_keys(self, keys: Mapping[str, str], caps: Mapping[str, str] | None) -> None:
        """Call the game's buttons so, in words and on the caps; ``None`` as Minecraft has them."""
        self._keys = keys
        self._keyboard.label(caps)

    def show_ticks(self, ticks: Sequence[dict[str, Any]], hertz: float | None = None) -> None:
        """Show ticks that were just played, oldest first; `hertz` where somebody measured their rate."""
        self._ticks.extend(ticks)
        newest = ticks[-1]
        held = frozenset(newest["held"])
        said = input_in_words(held, newest["dx"], newest["dy"], self._keys)
        if said != self._words.text():
            self._words.setText(said)
        self._keyboard.show_tick(held, newest["dx"], newest["dy"])
        self._strips.update()
        said, token = rate_in_words(self._measured_rate() if hertz is None else hertz or None)
        if said != self._rate.text():
            self._rate.setText(said)
            give_text(self._rate, weight=600, colour=token)

    def _measured_rate(self) -> float | None:
        """Ticks per second since the world last stood still; None within its first second."""
        shown = [tick["shown"] for tick in self._ticks]
        first = len(shown) - 1
        while first > 0 and shown[first] - shown[first - 1] < _STOOD_STILL:
            first -= 1
        seconds = shown[-1] - shown[first]
        return (len(shown) - 1 - first) / seconds if seconds > 1 else None

    def rest(self) -> None:
        """The game has no keys now."""
        self._words.setText("Nothing yet" if not self._ticks else "Paused")
        self._rate.setText("")
        self._keyboard.show_tick(frozenset(), 0, 0)

    def clear(self) -> None:
        """Nothing was played yet."""
        self._ticks.clear()
        self.rest()
        self._strips.update()


def rate_in_words(rate: float | None) -> tuple[str, str]:
    """How many ticks a second the world makes, and the colour token of that."""
    if rate is None:
        return "", "ok"
    if rate >= _STEADY_HZ:
        return f"{rate:.1f} Hz", "ok"
    return (
        (f"{rate:.1f} Hz, slow", "warn") if rate >= _BEARABLE_HZ else (f"{rate:.1f} Hz, too slow", "danger")
    )


class _Keyboard(QWidget):
    def __init__(self) -> None:
        super().__init__()
        width, height = keyboard_size(1.0)
        self.setFixedSize(round(width), round(height))
        self.setAccessibleName("Keys and mouse that are held")
        self._shown = TickShown()
        self._caps: Mapping[str, str] | None = None

    def label(self, caps: Mapping[str, str] | None) -> None:
        """What stands on the caps, by button."""
        self._caps = caps
        self.update()

    def show_tick(self, held: frozenset[str], dx: int, dy: int) -> None:
        """Show what is held, and how the mouse moves."""
        turn = np.array([dy, dx]) * DEGREES_PER_PIXEL if dx or dy else None
        self._shown = TickShown(pressed=np.array([name in held for name in BUTTONS]), turn=turn)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        paint_keyboard(painter, QPointF(0, 0), self._shown, labels=self._caps)
        painter.end()


class _Strips(QWidget):
    def __init__(self, ticks: deque[dict[str, Any]], third: str) -> None:
        super().__init__()
        self._ticks = ticks
        self._names = ("Keys", "Mouse", third)
        self.setAccessibleName(f"Keys, mouse and {third.lower()} of the last five seconds")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(240, 90)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look().font("small"))
        room = max(painter.fontMetrics().horizontalAdvance(word) for word in self._names) + 14
        height = self.height() / 3
        for number, word in enumerate(self._names):
            painter.setPen(look().colour("text_secondary"))
            label = QRectF(0, number * height, room, height)
            painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, word)
        most = self._ticks.maxlen or 1
        step = (self.width() - room) / most
        if step > 0 and self._ticks:
            first = room + (most - len(self._ticks)) * step
            self._paint_keys(painter, first, step, QRectF(room, 0, 0, height))
            self._paint_mouse(painter, first, step, QRectF(room, height, 0, height))
            self._paint_ticks(painter, first, step, QRectF(room, 2 * height, 0, height))
        painter.end()

    def _paint_keys(self, painter: QPainter, first: float, step: float, lane: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        place = 0
        for count, run in itertools.groupby(len(tick["held"]) for tick in self._ticks):
            length = len(list(run))
            for row in range(min(count, 3)):
                painter.setBrush(look().colour("text_hint", 1.0 - 0.25 * row))
                top = lane.center().y() - 6 + 5 * row
                painter.drawRoundedRect(QRectF(first + place * step, top, max(length * step - 1, 1), 4), 2, 2)
            place += length

    def _paint_mouse(self, painter: QPainter, first: float, step: float, lane: QRectF) -> None:
        line = QPolygonF()
        for number, tick in enumerate(self._ticks):
            share = min(1.0, (abs(tick["dx"]) + abs(tick["dy"])) / _FULL_MOTION) ** 0.5
            line.append(
                QPointF(first + (number + 0.5) * step, lane.bottom() - 5 - share * (lane.height() - 9))
            )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look().colour("yellow"), 1.5))
        painter.drawPolyline(line)

    def _paint_ticks(self, painter: QPainter, first: float, step: float, lane: QRectF) -> None:
        for number, tick in enumerate(self._ticks):
            late = min(1.0, max(0.0, tick["late"]) / _FULL_LATE)
            painter.setPen(QPen(look().colour("warn" if late >= 1 else "green"), 1.5))
            x, height = first + (number + 0.5) * step, 5 + 9 * late
            middle = lane.center().y()
            painter.drawLine(QPointF(x, middle - height / 2), QPointF(x, middle + height / 2))
