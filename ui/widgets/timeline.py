"""The timeline: lanes over the ticks of a recording, with a playhead, zoom and a loop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.lanes import CurveLane, FilmLane, Lane, MarksLane, SpansLane
from ui.look import look
from ui.playback import TICK_RATE

_RULER, _SPAN, _CURVE, _FILM, _MARKS = 22, 16, 26, 36, 16
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)  # seconds between two marks of the ruler
_SMALLEST_VIEW = 40  # ticks
_FILM_KEPT = 400  # pictures of the filmstrip, some 15 MB: several zooms of the widest window
_INSET = 6  # labels keep clear of the focus frame


class Timeline(QWidget):
    """Paints lanes; the part that does not move is kept as a picture, so that playing repaints little.

    Drag seeks, the wheel zooms about the pointer, Shift and drag set a loop, arrow keys step.

    Signals:
        sought: The person wants to be at this tick.
        loop_set: The person wants this loop (first tick, one past the last); (0, 0) for none.
        film_wanted: The filmstrip needs the pictures of these ticks.
    """

    sought = Signal(int)
    loop_set = Signal(int, int)
    film_wanted = Signal(object)

    def __init__(self, *, ruler: bool = True, labels: int = 112, interactive: bool = True) -> None:
        super().__init__()
        self._label_width = labels
        self._has_ruler = ruler
        self._interactive = interactive
        self._lanes: Sequence[Lane] = ()
        self._ticks = 0
        self._tick = 0
        self._view = (0.0, 1.0)
        self._loop = (0, 0)
        self._loop_from: int | None = None
        self._still: QPixmap | None = None
        self._film: dict[int, QPixmap] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if interactive:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Timeline")
        look().changed.connect(self.updateGeometry)
        look().changed.connect(self._forget_still)

    def show_lanes(self, lanes: Sequence[Lane], ticks: int) -> None:
        """Show other lanes over `ticks` ticks; zoom and playhead stay where the length is the same."""
        if ticks != self._ticks:
            self._view = (0.0, float(max(ticks, 1)))
            self._loop, self._film = (0, 0), {}
            self._tick = min(self._tick, max(0, ticks - 1))
        self._lanes, self._ticks = lanes, ticks
        self.setAccessibleDescription(". ".join(lane.summary for lane in lanes))
        self.updateGeometry()
        self._forget_still()
        self._ask_for_film()

    def show_tick(self, tick: int) -> None:
        """Move the playhead; the view follows when it would leave it."""
        before, self._tick = self._tick, tick
        start, stop = self._view
        if not start <= tick < stop and self._ticks:
            width = stop - start
            start = min(max(0.0, tick - 0.1 * width), max(0.0, self._ticks - width))
            self._set_view(start, start + width)
            return
        for place in (before, tick):
            line = QRectF(self._x(place) - 2, 0, 4, self.height())
            self.update(line.united(self._plate(place)).toAlignedRect().adjusted(-1, 0, 1, 0))

    def show_loop(self, start: int, stop: int) -> None:
        """Show a loop; (0, 0) for none."""
        self._loop = (start, stop)
        self.update()

    def show_film(self, tick: int, picture: QPixmap) -> None:
        """A picture of the filmstrip has come."""
        self._film[tick] = picture
        if len(self._film) > _FILM_KEPT:
            shown = set(self.film_ticks())
            oldest = next((kept for kept in self._film if kept not in shown and kept != tick), None)
            if oldest is not None:
                del self._film[oldest]
        self._forget_still()

    @property
    def tick(self) -> int:
        """Where the playhead is."""
        return self._tick

    @property
    def film_kept(self) -> int:
        """How many pictures of the filmstrip are at hand."""
        return len(self._film)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as its lanes."""
        return QSize(600, self._height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Lanes are not squeezed."""
        return QSize(200, self._height())

    @property
    def _ruler(self) -> int:
        return look().pixels(_RULER)

    @property
    def _labels(self) -> int:
        return look().pixels(self._label_width)

    def _height(self) -> int:
        return (self._ruler if self._has_ruler else 0) + sum(map(_lane_height, self._shown_lanes())) + 4

    def _shown_lanes(self) -> list[Lane]:
        return [lane for lane in self._lanes if not (isinstance(lane, SpansLane) and lane.hatched)]

    def _x(self, tick: float) -> float:
        start, stop = self._view
        return self._labels + (tick - start) / (stop - start) * self._room()

    def _room(self) -> float:
        return max(1.0, self.width() - self._labels - 2)

    def _tick_at(self, x: float) -> int:
        start, stop = self._view
        tick = start + (x - self._labels) / self._room() * (stop - start)
        return int(min(max(0, tick), max(0, self._ticks - 1)))

    def _set_view(self, start: float, stop: float) -> None:
        self._view = (start, stop)
        self._forget_still()
        self._ask_for_film()

    def _forget_still(self) -> None:
        self._still = None
        self.update()

    def film_ticks(self) -> list[int]:
        """The ticks whose pictures the filmstrip shows, from left to right."""
        if not self._ticks or not any(isinstance(lane, FilmLane) for lane in self._lanes):
            return []
        start, stop = self._view
        count = max(1, round(self._room() / (_FILM * 16 / 9)))
        step = (stop - start) / count
        return [min(self._ticks - 1, int(start + (index + 0.5) * step)) for index in range(count)]

    def _ask_for_film(self) -> None:
        wanted = [tick for tick in self.film_ticks() if tick not in self._film]
        if wanted:
            self.film_wanted.emit(wanted)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the still part from its picture, then loop, playhead and focus."""
        if self._still is None:
            ratio = self.devicePixelRatioF()
            self._still = QPixmap(self.size() * ratio)
            self._still.setDevicePixelRatio(ratio)
            self._still.fill(Qt.GlobalColor.transparent)
            self._paint_still(self._still)
        painter = QPainter(self)
        ratio = self._still.devicePixelRatio()
        area = event.rect()
        source = QRectF(area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio)
        painter.drawPixmap(QRectF(area), self._still, source)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._loop[1] > self._loop[0]:
            left, right = self._x(self._loop[0]), self._x(self._loop[1])
            painter.fillRect(QRectF(left, 0, right - left, self.height()), look().colour("accent", 0.18))
        if self._interactive and self._ticks:
            self._paint_playhead(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look().colour("accent_text"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _paint_playhead(self, painter: QPainter) -> None:
        x = self._x(self._tick)
        colour = look().colour("text")
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(QPointF(x, self._ruler - 4), QPointF(x, self.height()))
        if self._has_ruler:
            plate = self._plate(self._tick)
            painter.setFont(look().font("small", 600))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(plate, 3, 3)
            painter.setPen(look().colour("page"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, _clock(self._tick))

    def _plate(self, tick: int) -> QRectF:
        """Where the time stands on the ruler while the playhead is at `tick`."""
        width = QFontMetrics(look().font("small", 600)).horizontalAdvance(_clock(tick)) + 8
        return QRectF(
            min(max(self._x(tick) - width / 2, self._labels), self.width() - width),
            1,
            width,
            look().pixels(16),
        )

    def _paint_still(self, canvas: QPixmap) -> None:
        painter = QPainter(canvas)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y, inset = 0.0, _INSET if self._interactive else 0
        if self._has_ruler:
            self._paint_ruler(painter)
            y = self._ruler
        for lane in self._shown_lanes():
            height = _lane_height(lane)
            self._paint_label(painter, lane, QRectF(inset, y, self._labels - 8 - inset, height))
            area = QRectF(self._labels, y, self._room(), height)
            painter.save()
            painter.setClipRect(area.adjusted(-1, 0, 1, 0))
            match lane:
                case SpansLane():
                    self._paint_spans(painter, lane, area)
                case CurveLane():
                    self._paint_curve(painter, lane, area)
                case MarksLane():
                    self._paint_marks(painter, lane, area)
                case FilmLane():
                    self._paint_film(painter, area)
            painter.restore()
            y += height
        for lane in self._lanes:
            if isinstance(lane, SpansLane) and lane.hatched:
                self._paint_hatched(painter, lane)
        painter.end()

    def _paint_label(self, painter: QPainter, lane: Lane, area: QRectF) -> None:
        painter.setFont(look().font("small", 500))
        painter.setPen(look().colour(lane.token if isinstance(lane, MarksLane) else "text_secondary"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        text = painter.fontMetrics().elidedText(lane.title, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, flags, text)
        key = lane.key if isinstance(lane, SpansLane) else ""
        used = painter.fontMetrics().horizontalAdvance(lane.title) + 8
        if key and used + painter.fontMetrics().horizontalAdvance(key) <= area.width():
            painter.setPen(look().colour("text_hint"))
            painter.drawText(area.adjusted(used, 0, 0, 0), flags, key)

    def _paint_ruler(self, painter: QPainter) -> None:
        start, stop = self._view
        seconds = (stop - start) / TICK_RATE
        fits = self._room() / 72
        step = next((step for step in _STEPS if seconds / step <= fits), _STEPS[-1])
        painter.setFont(look().font("small"))
        second = int(start / TICK_RATE / step) * step
        while second * TICK_RATE <= stop:
            x = self._x(second * TICK_RATE)
            if x >= self._labels - 1:
                painter.setPen(look().colour("line"))
                painter.drawLine(QPointF(x, self._ruler), QPointF(x, self.height()))
                text = (
                    f"{second // 60}:{second % 60:02d}"
                    if second < 3600
                    else (f"{second // 3600}:{second // 60 % 60:02d}:{second % 60:02d}")
                )
                painter.setPen(look().colour("text_hint"))
                width = painter.fontMetrics().horizontalAdvance(text)
                if x + width + 4 < self.width():
                    painter.drawText(QPointF(x + 3, self._ruler - 8), text)
            second += step

    def _paint_spans(self, painter: QPainter, lane: SpansLane, area: QRectF) -> None:
        middle = area.center().y()
        painter.setPen(QPen(look().colour("line"), 1))
        painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour(lane.token))
        start, stop = self._view
        seen = lane.spans[(lane.spans[:, 1] > start) & (lane.spans[:, 0] < stop)]
        for first, last in _merged(seen, (stop - start) / self._room()):
            left = self._x(first)
            width = max(2.0, self._x(last) - left - 0.5)
            painter.drawRoundedRect(QRectF(left, area.top() + 3, width, area.height() - 6), 2, 2)

    def _paint_curve(self, painter: QPainter, lane: CurveLane, area: QRectF) -> None:
        start, stop = int(self._view[0]), int(np.ceil(self._view[1]))
        values = lane.values[start:stop]
        if not len(values):
            return
        columns = min(len(values), int(self._room()))
        edges = np.linspace(0, len(values), columns + 1).astype(int)
        tops = np.maximum.reduceat(values, edges[:-1])
        base = area.bottom() - 3
        points = [
            QPointF(self._x(start + (edge + after) / 2), base - float(top) * (area.height() - 6))
            for edge, after, top in zip(edges[:-1], edges[1:], tops, strict=True)
        ]
        outline = QPolygonF([QPointF(points[0].x(), base), *points, QPointF(points[-1].x(), base)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour(lane.token, 0.25))
        painter.drawPolygon(outline)
        painter.setPen(QPen(look().colour(lane.token), 1))
        painter.drawPolyline(QPolygonF(points))

    def _paint_marks(self, painter: QPainter, lane: MarksLane, area: QRectF) -> None:
        painter.setPen(QPen(look().colour("line"), 1))
        painter.drawLine(QPointF(area.left(), area.center().y()), QPointF(area.right(), area.center().y()))
        start, stop = self._view
        seen = lane.ticks[(lane.ticks >= start) & (lane.ticks < stop)]
        colour = look().colour(lane.token)
        for x in np.unique(np.round(self._labels + (seen - start) / (stop - start) * self._room())):
            painter.fillRect(QRectF(float(x) - 1, area.top() + 3, 2.5, area.height() - 6), colour)

    def _paint_film(self, painter: QPainter, area: QRectF) -> None:
        ticks = self.film_ticks()
        width = area.width() / max(1, len(ticks))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for index, tick in enumerate(ticks):
            frame = QRectF(area.left() + index * width, area.top() + 1, width - 1.5, area.height() - 4)
            picture = self._film.get(tick)
            if picture is None:
                painter.fillRect(frame, look().colour("control"))
                continue
            wanted = picture.width() / max(1, picture.height())
            cut = QRectF(picture.rect())
            if frame.width() / frame.height() < wanted:
                inner = cut.height() * frame.width() / frame.height()
                cut = QRectF((cut.width() - inner) / 2, 0, inner, cut.height())
            painter.drawPixmap(frame, picture, cut)

    def _paint_hatched(self, painter: QPainter, lane: SpansLane) -> None:
        brush = QBrush(look().colour(lane.token, 0.75), Qt.BrushStyle.BDiagPattern)
        top = self._ruler if self._has_ruler else 0
        painter.setClipRect(QRectF(self._labels, 0, self._room(), self.height()))
        for first, last in lane.spans:
            left = self._x(int(first))
            width = max(2.0, self._x(int(last)) - left)
            painter.fillRect(QRectF(left, top, width, self.height() - top), brush)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Seek, or begin a loop."""
        if not self._interactive or event.button() != Qt.MouseButton.LeftButton or not self._ticks:
            return
        tick = self._tick_at(event.position().x())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._loop_from = tick
        else:
            self.sought.emit(tick)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Seek on, or widen the loop."""
        if not self._interactive or not event.buttons() & Qt.MouseButton.LeftButton or not self._ticks:
            return
        tick = self._tick_at(event.position().x())
        if self._loop_from is not None:
            self.loop_set.emit(min(tick, self._loop_from), max(tick, self._loop_from) + 1)
        else:
            self.sought.emit(tick)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End a loop; without a drag there is none."""
        if self._loop_from is not None:
            if self._tick_at(event.position().x()) == self._loop_from:
                self.loop_set.emit(0, 0)
            self._loop_from = None

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom about the pointer; with Shift, or sideways, move along."""
        if not self._interactive or not self._ticks:
            event.ignore()
            return
        start, stop = self._view
        turn = event.angleDelta()
        width = stop - start
        if turn.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            moved = start - (turn.x() or turn.y()) / 1200 * width
        else:
            wider = min(float(self._ticks), max(float(_SMALLEST_VIEW), width * 0.85 ** (turn.y() / 120)))
            share = (event.position().x() - self._labels) / self._room()
            moved, width = start + share * (width - wider), wider
        moved = min(max(0.0, moved), self._ticks - width)
        self._set_view(moved, moved + width)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Step with the arrow keys while focused."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if self._interactive and event.key() in steps and self._ticks:
            size = TICK_RATE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.sought.emit(min(max(0, self._tick + steps[Qt.Key(event.key())] * size), self._ticks - 1))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The still part is another one."""
        super().resizeEvent(event)
        self._forget_still()
        self._ask_for_film()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()


def _clock(tick: int) -> str:
    seconds, rest = divmod(tick, TICK_RATE)
    return f"{seconds // 60}:{seconds % 60:02d}.{100 * rest // TICK_RATE:02d}"


def _lane_height(lane: Lane) -> int:
    match lane:
        case CurveLane():
            return look().pixels(_CURVE)
        case FilmLane():
            return _FILM
        case MarksLane():
            return look().pixels(_MARKS)
    return look().pixels(_SPAN)


def _merged(spans: np.ndarray, ticks_per_pixel: float) -> list[tuple[int, int]]:
    """Spans whose gaps are smaller than a pixel drawn as one, so that long recordings stay quick."""
    merged: list[tuple[int, int]] = []
    for first, last in spans.tolist():
        if merged and first - merged[-1][1] < ticks_per_pixel:
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return merged
