"""Curves over steps or time: a title, a legend with the latest values, and the plot.

The plot is pyqtgraph's; the module is imported off the GUI thread before the first chart is made, because
importing it takes most of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import look
from ui.widgets.cards import Card
from ui.widgets.labels import words

_STROKE, _GAP, _BETWEEN = 14, 6, 16


@dataclass(frozen=True)
class Line:
    """One curve of a chart.

    Attributes:
        name: In the legend.
        token: Its data colour.
        x: float64 [n].
        y: float64 [n], smoothed as wanted.
        raw: float64 [n], drawn faintly behind; None where `y` is not smoothed.
        dashed: Drawn dashed, as earlier runs and second lines are.
    """

    name: str
    token: str
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    raw: npt.NDArray[np.float64] | None = None
    dashed: bool = False

    @property
    def latest(self) -> float | None:
        """Its last finite value."""
        finite = self.y[np.isfinite(self.y)]
        return float(finite[-1]) if finite.size else None


class _Legend(QWidget):
    """Strokes, names and latest values in a row."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[tuple[Line, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: list[tuple[Line, str]]) -> None:
        self._entries = entries
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        metrics = QFontMetrics(look().font("small", 500))
        width = sum(_STROKE + _GAP + metrics.horizontalAdvance(text) + _BETWEEN for _, text in self._entries)
        return QSize(max(0, width - _BETWEEN + 2), look().pixels(18))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look().font("small", 500))
        x = float(self.width() - self.sizeHint().width())
        for line, text in self._entries:
            painter.setPen(_pen(line, 3))
            painter.drawLine(round(x), self.height() // 2, round(x + _STROKE), self.height() // 2)
            x += _STROKE + _GAP
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.setPen(look().colour("text_secondary"))
            area = QRectF(x, 0, width + 2, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            x += width + _BETWEEN
        painter.end()


class Chart(Card):
    """One chart. Wheel and drag zoom and move it; a double click shows everything again."""

    def __init__(self, title: str, in_words: Callable[[float], str]) -> None:
        """`in_words` writes a value for the legend and the axis."""
        super().__init__(title, padding=12, spacing=4)
        self._in_words = in_words
        self._lines: Sequence[Line] = ()
        self._legend = _Legend()
        self.heading_row.addWidget(self._legend)
        self._plot = pg.PlotWidget(
            axisItems={"left": _Axis("left", in_words), "bottom": _Axis("bottom", short)}
        )
        self._plot.setMenuEnabled(False)
        self._plot.setAccessibleName(title)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.hideButtons()
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setMinimumHeight(90)
        self._plot.scene().sigMouseClicked.connect(self._on_click)
        self._plot.getViewBox().sigRangeChangedManually.connect(self._on_moved)
        self._is_moved = False
        self._empty = words("", "small", colour="text_hint")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.content.addWidget(self._empty, 1)
        self.content.addWidget(self._plot, 1)
        self._items: list[Any] = []
        self._across, self._is_logarithmic = 0.0, False
        look().changed.connect(self._dress)
        self._dress()

    def show_lines(
        self, lines: Sequence[Line], *, across: float = 0.0, logarithmic: bool = False, empty: str = ""
    ) -> None:
        """Show these curves instead, from 0 to `across`; without any, say in a few words what is awaited."""
        self._lines, self._across = lines, across
        self._empty.setText(empty)
        self._empty.setVisible(not lines)
        self._plot.setVisible(bool(lines))
        self._is_logarithmic = logarithmic
        self._plot.setLogMode(False, logarithmic)
        for item in self._items:
            self._plot.removeItem(item)
        self._items = []
        for line in lines:
            if line.raw is not None and line.raw.size > 1:
                faint = QColor(look().colour(line.token, 0.28))
                self._add(line.x, line.raw, pg.mkPen(faint, width=1))
            self._add(line.x, line.y, _pen(line, 2), dot=line.y.size == 1)
        if across > 0 and not self._is_moved:
            self._plot.setXRange(0, across, padding=0.02)
        told = [(line, f"{line.name} {self._worded(line.latest)}") for line in lines]
        self._legend.show_entries(told)
        self.setAccessibleDescription(", ".join(text for _, text in told))

    def _worded(self, value: float | None) -> str:
        return "" if value is None else self._in_words(value)

    def _add(
        self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], pen: Any, dot: bool = False
    ) -> None:
        item = pg.PlotDataItem(
            x, y, pen=pen, antialias=True, connect="finite", symbol="o" if dot else None, symbolSize=6
        )
        if dot:
            item.setSymbolBrush(pen.color())
            item.setSymbolPen(None)
        self._plot.addItem(item)
        item.setDownsampling(auto=True, method="peak")
        item.setClipToView(True)  # only now: it asks the plot it stands in
        self._items.append(item)

    def _on_click(self, event: Any) -> None:
        if event.double():
            self._is_moved = False
            self._plot.enableAutoRange("y")
            self.show_lines(self._lines, across=self._across, logarithmic=self._is_logarithmic)

    def _on_moved(self, *_changed: object) -> None:
        self._is_moved = True

    def _dress(self) -> None:
        self._plot.setBackground(None)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(pg.mkPen(look().colour("line")))
            axis.setTextPen(pg.mkPen(look().colour("text_secondary")))
            axis.setTickFont(look().font("small", 500))
        self._plot.showGrid(x=False, y=True, alpha=0.25)
        if self._lines:
            self.show_lines(self._lines, across=self._across, logarithmic=self._is_logarithmic)


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis whose values are written as its quantity is."""

    def __init__(self, side: str, in_words: Callable[[float], str]) -> None:
        super().__init__(side)
        self._in_words = in_words
        # Number of labels, and the share of the axis that so many may fill: few, to be calm.
        self.setStyle(tickLength=0, autoExpandTextSpace=True, textFillLimits=[(0, 0.3), (3, 0.2), (6, 0.1)])
        self.enableAutoSIPrefix(False)
        if side == "bottom":
            self.setStyle(showValues=True, hideOverlappingLabels=True)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:  # noqa: N802, ARG002
        """The words at the ticks."""
        if self.logMode:
            return [self._in_words(10**value) for value in values]
        return [self._in_words(value) for value in values]


def _pen(line: Line, width: int) -> QPen:
    style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
    pen = QPen(look().colour(line.token), width, style)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if not line.dashed else Qt.PenCapStyle.FlatCap)
    return pen


def short(value: float) -> str:
    """A number of few letters: ``15k``, ``1.2k``, ``0.5``."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:.3g}M"
    if abs(value) >= 1e4:
        return f"{value / 1e3:.3g}k"
    return f"{value:,.4g}"
