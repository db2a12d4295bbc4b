"""A hand that plays Luanti: walks, looks about, digs, builds, jumps, opens and closes what there is."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.x_screen import XHand

_RATE = 125  # motions a second, as of a usual mouse
_STEEPEST = 300  # counts that the view goes down to dig: 45 degrees
_DIG, _PLACE, _WHEEL_UP, _WHEEL_DOWN = 1, 3, 4, 5
#: Around a chat the hand rests, so that nothing it does may count or not count.
_REST_SECONDS = 1.0


@dataclass(frozen=True)
class Span:
    """Something that was open: `what`, and from when to when, nanoseconds of ``time.monotonic_ns()``."""

    what: str
    begin: int
    end: int


@dataclass
class Played:
    """What was done.

    Attributes:
        motions: When the mouse was moved, and by how many counts to the right and downwards.
        presses: Of keys and buttons, without those of chats.
        spans: Inventories, menus and chats.
    """

    motions: list[tuple[int, int, int]] = field(default_factory=list)
    presses: int = 0
    spans: list[Span] = field(default_factory=list)


class LuantiPlay:
    """Plays with real device events (XTEST), by chance with a seed."""

    def __init__(self, hand: XHand, seed: int) -> None:
        self.played = Played()
        self._hand, self._chance = hand, random.Random(seed)
        self._down = 0  # counts that the view is below the horizon
        self._ways: list[tuple[int, Callable[[], None]]] = [
            (8, self._walk),
            (5, self._look_about),
            (4, self._dig),
            (2, self._build),
            (2, self._choose),
            (3, self._inventory),
            (1, self._flick),
            (1, self._menu),
        ]

    def play(self, seconds: float) -> Played:
        """Play for so long; then a chat, after which nothing is kept for a while."""
        end = time.monotonic() + seconds
        for _, way in self._ways:  # each once, so that the shortest play has all
            way()
        ways = [way for often, way in self._ways for _ in range(often)]
        while time.monotonic() < end:
            self._chance.choice(ways)()
            time.sleep(self._chance.uniform(0.0, 0.3))
        self._chat()
        return self.played

    def _walk(self) -> None:
        keys = self._chance.choice(
            (["w"], ["w"], ["w", "e"], ["w", "a"], ["w", "d"], ["s"], ["w", "Shift_L"])
        )
        for key in keys:
            self._key(key, True)
        for _ in range(self._chance.randint(1, 3)):
            self._glide(self._chance.uniform(0.4, 1.2), self._chance.randint(-260, 320), self._tilt(60))
            if self._chance.random() < 0.5:
                self._tap("space")
        for key in keys:
            self._key(key, False)

    def _look_about(self) -> None:
        right = self._chance.choice((-1, 1, 1)) * self._chance.randint(100, 900)
        self._glide(self._chance.uniform(0.3, 1.5), right, self._tilt(150))

    def _flick(self) -> None:
        self._glide(0.1, self._chance.choice((-300, 300)), 0)

    def _dig(self) -> None:
        self._glide(0.4, 0, _STEEPEST - self._down)
        self._button(_DIG, True)
        for _ in range(3):
            self._glide(0.8, self._chance.randint(-6, 6), self._chance.randint(-4, 0))
        self._button(_DIG, False)
        self._glide(0.4, self._chance.randint(-50, 50), -self._down)

    def _build(self) -> None:
        self._glide(0.3, 0, _STEEPEST - self._down)
        self._button(_PLACE, True)
        time.sleep(0.15)
        self._button(_PLACE, False)
        self._glide(0.3, 0, -self._down)

    def _choose(self) -> None:
        self._tap(str(self._chance.randint(1, 8)))
        for _ in range(self._chance.randint(0, 3)):
            wheel = self._chance.choice((_WHEEL_UP, _WHEEL_DOWN))
            self._hand.button(wheel, True)
            self._hand.button(wheel, False)
            time.sleep(0.15)

    def _inventory(self) -> None:
        self._screen("inventory", "i", self._chance.choice(("i", "Escape")))

    def _menu(self) -> None:
        self._screen("menu", "Escape", "Escape")

    def _screen(self, what: str, opens: str, closes: str) -> None:
        """Open it, move the pointer in it, there and back again, and close it."""
        begin = time.monotonic_ns()
        self._tap(opens)
        time.sleep(0.4)
        right, down = self._chance.randint(60, 150), self._chance.randint(-60, 60)
        for way in (1, -1) * self._chance.randint(1, 2):
            self._move_pointer(self._chance.uniform(0.3, 0.8), way * right, way * down)
            time.sleep(0.2)
        end = time.monotonic_ns()
        self._tap(closes)
        self.played.spans.append(Span(what, begin, end))
        time.sleep(0.4)

    def _chat(self) -> None:
        time.sleep(_REST_SECONDS)
        begin, presses = time.monotonic_ns(), self.played.presses
        self._tap("t")
        time.sleep(0.4)
        for letter in self._chance.choice(("hello", "wisdom", "dawn")):
            self._tap(letter)
        self._tap("Return")
        self.played.spans.append(Span("chat", begin, time.monotonic_ns()))
        self.played.presses = presses
        time.sleep(_REST_SECONDS)

    def _tilt(self, reach: int) -> int:
        """Counts up or down, never far from level."""
        return self._chance.randint(-reach, reach) - self._down // 2

    def _glide(self, seconds: float, right: int, down: int) -> None:
        """Turn the view, slower at both ends as a hand does."""
        self._move_pointer(seconds, right, down)
        self._down += down

    def _move_pointer(self, seconds: float, right: int, down: int) -> None:
        begin, count = time.monotonic(), max(round(seconds * _RATE), 1)
        gone = (0, 0)
        for number in range(1, count + 1):
            share = (1 - math.cos(math.pi * number / count)) / 2
            wanted = (round(right * share), round(down * share))
            step = (wanted[0] - gone[0], wanted[1] - gone[1])
            if step != (0, 0):
                self._hand.move(*step, sync=False)
                self.played.motions.append((time.monotonic_ns(), *step))
            gone = wanted
            time.sleep(max(begin + number / _RATE - time.monotonic(), 0.0))

    def _tap(self, key: str) -> None:
        self._key(key, True)
        time.sleep(self._chance.uniform(0.07, 0.15))
        self._key(key, False)
        time.sleep(0.05)

    def _key(self, name: str, down: bool) -> None:
        self.played.presses += down
        self._hand.key(name, down)

    def _button(self, number: int, down: bool) -> None:
        self.played.presses += down
        self._hand.button(number, down)
