"""Turns the mouse's wheel on the X server itself (XTEST), as a hand does. `scrolling` starts it.

Arguments: the place on the screen, x and y, and for how many seconds.
"""

from __future__ import annotations

import sys
import time

from Xlib import X, display
from Xlib.ext import xtest

TURNS_A_SECOND = 60
_DOWN, _UP = 5, 4  # the buttons that a wheel is to X
_SECONDS_ONE_WAY = 7  # of ten


def turn(x: int, y: int, seconds: float) -> None:
    """Put the pointer at `x`, `y` and turn the wheel, down for most of the time, then up."""
    screen = display.Display()
    xtest.fake_input(screen, X.MotionNotify, x=x, y=y)
    screen.sync()
    begin = time.monotonic()
    for number in range(round(seconds * TURNS_A_SECOND)):
        due = begin + number / TURNS_A_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        button = _DOWN if number < seconds * TURNS_A_SECOND * _SECONDS_ONE_WAY / 10 else _UP
        xtest.fake_input(screen, X.ButtonPress, button)
        xtest.fake_input(screen, X.ButtonRelease, button)
        screen.sync()
    screen.close()


if __name__ == "__main__":
    turn(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
