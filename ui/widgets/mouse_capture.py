"""The mouse as a device of motion: its pointer hidden and held in the middle of a widget."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

_REACH = (
    0.35  # of the widget's shorter side: how far from the middle the pointer may go before it is put back
)


class MouseCapture(QObject):
    """Tells how the mouse moves, in whole pixels of the screen.

    The pointer is put back into the middle whenever it is far from there. What had happened before the
    system did so comes in with places of before, and counts from the last one; the first place near the
    middle counts from the middle. Nothing of the motion is lost, and none is made up.

    Signals:
        moved: The mouse moved by so many pixels to the right and downwards.
    """

    moved = Signal(int, int)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self.is_on = False
        self._last = QPointF()
        self._middle = QPointF()
        self._is_returning = False
        self._is_beginning = False
        self._rest = QPointF()  # less than a pixel, on screens with fractional scaling

    @staticmethod
    def why_not() -> str:
        """Why the mouse cannot be captured here; empty where it can."""
        if QGuiApplication.platformName().startswith("wayland"):
            return "Wayland lets no window hold the mouse. Start with QT_QPA_PLATFORM=xcb to play."
        return ""

    def begin(self) -> None:
        """Hide the pointer and hold it."""
        self.is_on = True
        # Else X's places before and after the pointer was put back are merged into one that means nothing.
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
        self._widget.grabMouse(Qt.CursorShape.BlankCursor)
        self._rest = QPointF()
        before = QCursor.pos()
        self._put_back()
        # Where the pointer is in the middle already, nothing will tell that it came there.
        self._is_beginning = self._is_returning = QPointF(before) != self._middle
        self._last = self._middle

    def end(self) -> None:
        """Show the pointer again, and let it go where it will."""
        if self.is_on:
            self.is_on = False
            self._widget.releaseMouse()
            QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, True)

    def place(self, at: QPointF) -> None:
        """The pointer is at this place of the screen now."""
        if not self.is_on:
            return
        reach = self._reach()
        if self._is_returning and _distance(at, self._middle) <= reach / 2:
            self._is_returning = self._is_beginning = False
            self._last = self._middle
        if self._is_beginning:
            return
        self._tell(at - self._last)
        self._last = at
        if not self._is_returning and _distance(at, self._middle) > reach:
            self._put_back()
            self._is_returning = True

    def _tell(self, way: QPointF) -> None:
        ratio = self._widget.devicePixelRatioF()
        way = way * ratio + self._rest
        dx, dy = round(way.x()), round(way.y())
        self._rest = way - QPointF(dx, dy)
        if dx or dy:
            self.moved.emit(dx, dy)

    def _put_back(self) -> None:
        middle: QPoint = self._widget.mapToGlobal(self._widget.rect().center())
        self._middle = QPointF(middle)
        QCursor.setPos(middle)

    def _reach(self) -> float:
        return _REACH * min(self._widget.width(), self._widget.height())


def _distance(one: QPointF, other: QPointF) -> float:
    return math.hypot(one.x() - other.x(), one.y() - other.y())
