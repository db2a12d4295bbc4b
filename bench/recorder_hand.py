"""A made hand that plays any game without a break, and keeps a list of all that it did.

Run by `bench.recorder`: 125 motions a second, in every eighth second 1000 of them, in another one flicks that
screen edges stop; keys, buttons and the wheel at random; now and then it puts the pointer somewhere. `--log`
gets a row of five int64 for each thing done: its kind, two figures (see `Kind`), and the nanoseconds of
``time.monotonic_ns()`` before it was asked for and after the server had done it.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from array import array
from enum import IntEnum
from pathlib import Path

from bench.x_screen import XHand

#: What X calls the keys, and what a recording calls them; none opens a chat or a screen.
KEYS = {
    **{name: f"key.keyboard.{name}" for name in ("w", "a", "s", "d", "space", "q", "f", "1", "2", "9")},
    "Shift_L": "key.keyboard.left.shift",
    "Control_L": "key.keyboard.left.control",
}
#: What X calls the buttons, and what a recording calls them.
BUTTONS = {1: "0", 2: "2", 3: "1"}
_NAMES = tuple(KEYS)
_ALL: tuple[str | int, ...] = (*_NAMES, *BUTTONS)
_USUAL, _FAST, _FLICKS = 125.0, 1000.0, 20.0  # motions a second
_ROUND = 8  # seconds, of which one is fast and one has flicks
_CHANGES = 12.0  # keys and buttons that change in a second; the wheel turns a third as often


class Kind(IntEnum):
    """What was done, and what the row's two figures are."""

    MOTION = 0  # counts to the right, counts downwards
    KEY = 1  # place in `KEYS`, 1 is down
    BUTTON = 2  # X's number, 1 is down
    WHEEL = 3  # notches, + is up; 0


class Player:
    """Plays on the X server of ``DISPLAY``."""

    def __init__(self, screen: str, seed: int) -> None:
        """Connect; what is played depends on `seed` and on how fast the machine is."""
        self._hand, self._chance = XHand(screen), random.Random(seed)
        self._down = set[str | int]()
        self._moves = 0
        self.log = array("q")

    def play(self, seconds: float) -> None:
        """Play for so long, then let go of everything."""
        begin = due = time.monotonic()
        while due < begin + seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            rate = self._move(int(due - begin) % _ROUND)
            if self._chance.random() < _CHANGES / rate:
                self._change(self._chance.choice(_ALL))
            if self._chance.random() < _CHANGES / 3 / rate:
                self._turn_wheel(self._chance.choice((-1, 1)))
            if self._chance.random() < 0.5 / rate:
                self._hand.place(self._chance.randrange(600), self._chance.randrange(300))
            # Who was held up goes on from here: there is no burst to make up for it.
            due = max(due + 1 / rate, time.monotonic() - 1 / rate)
        for name in tuple(self._down):
            self._change(name)
        self._hand.close()

    def _move(self, second: int) -> float:
        """One motion; how many a second there are now."""
        self._moves += 1
        if second == 1:
            step, rate = (self._chance.randint(1, 6), self._chance.randint(-6, 6)), _FAST
        elif second == 4:
            step, rate = (self._chance.choice((-2500, -1000, 1000, 2500)), 900), _FLICKS
        else:
            angle = self._moves / 90
            step, rate = (round(6 * math.sin(angle)) or 1, round(2 * math.cos(3 * angle))), _USUAL
        before = time.monotonic_ns()
        self._hand.move(*step)
        self._note(Kind.MOTION, *step, before)
        return rate

    def _change(self, name: str | int) -> None:
        self._down ^= {name}
        is_down = name in self._down
        before = time.monotonic_ns()
        if isinstance(name, int):
            self._hand.button(name, is_down)
            self._note(Kind.BUTTON, name, is_down, before)
        else:
            self._hand.key(name, is_down)
            self._note(Kind.KEY, _NAMES.index(name), is_down, before)

    def _turn_wheel(self, steps: int) -> None:
        before = time.monotonic_ns()
        for is_down in (True, False):
            self._hand.button(4 if steps > 0 else 5, is_down)
        self._note(Kind.WHEEL, steps, 0, before)

    def _note(self, kind: Kind, one: int, other: int, before: int) -> None:
        self.log.extend((kind, one, other, before, time.monotonic_ns()))


def main() -> None:
    """Play."""
    options = argparse.ArgumentParser(prog="python -m bench.recorder_hand", description=__doc__)
    options.add_argument("screen", help="the X server, such as :100")
    options.add_argument("seconds", type=float)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--log", type=Path)
    chosen = options.parse_args()
    player = Player(chosen.screen, chosen.seed)
    player.play(chosen.seconds)
    if chosen.log is not None:
        chosen.log.write_bytes(player.log.tobytes())


if __name__ == "__main__":
    main()
