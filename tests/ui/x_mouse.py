"""A mouse on the X server itself (XTEST), as a person's is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from Xlib import X, display
from Xlib.ext import xtest


class XMouse:
    """Moves and clicks."""

    def __init__(self) -> None:
        self._display = display.Display()

    def move(self, dx: int, dy: int) -> None:
        """Move from wherever it is."""
        xtest.fake_input(self._display, X.MotionNotify, detail=1, x=dx, y=dy)
        self._display.sync()

    def go_to(self, widget: QWidget) -> None:
        """Move to the middle of `widget`, short of it by a few pixels."""
        place = widget.mapToGlobal(widget.rect().center())
        xtest.fake_input(self._display, X.MotionNotify, x=place.x() - 5, y=place.y() - 3)
        self._display.sync()

    def press(self, number: int, down: bool) -> None:
        """Press or release button `number`, 1 to 5."""
        xtest.fake_input(self._display, X.ButtonPress if down else X.ButtonRelease, number)
        self._display.sync()

    def click(self, widget: QWidget) -> None:
        """Click on the middle of `widget`."""
        self.go_to(widget)
        self.press(1, True)
        self.press(1, False)

    def close(self) -> None:
        """Let go of the X server."""
        self._display.close()
