"""A made hand on the X server's keyboard and mouse: it plays without a break, in a process of its own.

Run by `bench.play`. It presses number keys in between and prints, a line each, when it pressed which.
"""

from __future__ import annotations

import math
import random
import sys
import time

from Xlib import XK, X, display
from Xlib.ext import xtest

_MOVES_PER_SECOND = 125
_KEYS = ("w", "a", "d", "space", "Control_L", "Shift_L")
_PROBE_SECONDS = 0.7


def play(seconds: float) -> None:
    """Move the mouse 125 times a second and hold keys at random, for `seconds`."""
    screen = display.Display()
    chance, held, slot = random.Random(0), set[str](), 0
    begin = time.monotonic()
    next_probe, moves = begin + 1.0, 0

    def key(name: str, down: bool) -> None:
        code = screen.keysym_to_keycode(XK.string_to_keysym(name))
        xtest.fake_input(screen, X.KeyPress if down else X.KeyRelease, code)

    while (now := time.monotonic()) < begin + seconds:
        angle = moves / 90
        xtest.fake_input(
            screen, X.MotionNotify, detail=1, x=round(6 * math.sin(angle)), y=round(2 * math.cos(3 * angle))
        )
        if chance.random() < 0.03:
            name = chance.choice(_KEYS)
            key(name, name not in held)
            held ^= {name}
        if now >= next_probe:
            slot = slot % 9 + 1
            pressed = time.monotonic()
            key(str(slot), True)
            screen.sync()
            print(f"{pressed} hotbar.{slot}", flush=True)
            next_probe = now + _PROBE_SECONDS * (1 + chance.random())
        elif slot and now > next_probe - _PROBE_SECONDS * 0.6:
            key(str(slot), False)
        screen.sync()
        moves += 1
        time.sleep(max(0.0, begin + moves / _MOVES_PER_SECOND - time.monotonic()))
    for name in (*held, *([str(slot)] if slot else [])):
        key(name, False)
    screen.sync()


if __name__ == "__main__":
    play(float(sys.argv[1]))
