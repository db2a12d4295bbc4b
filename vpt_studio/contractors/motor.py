"""A hand on the mouse and one on the keys: what is wanted becomes what the devices say, tick by tick."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from vpt_studio.contractors.strokes import plan_stroke
from vpt_studio.contractors.styles import Style

#: Degrees of view for one mouse count; on screens a count is a pixel.
DEGREES_PER_COUNT = 0.15

#: Keys that fingers rest on: those are pressed and let go with some sloth.
_WALKING_KEYS = frozenset({"forward", "back", "left", "right", "sprint", "attack"})

_REACH = 600.0  # counts a hand moves before it lifts the mouse
_CORRECTION_DELAY = (1, 3)  # ticks before a stroke that missed is corrected


@dataclass(frozen=True, slots=True)
class Input:
    """What the devices say in one tick.

    Attributes:
        held: Names of the buttons held.
        dx: Mouse counts to the right.
        dy: Mouse counts downwards.
    """

    held: frozenset[str] = frozenset()
    dx: int = 0
    dy: int = 0


def turn_between(from_degrees: float, to_degrees: float) -> float:
    """The shorter turn from one yaw to another, -180 to 180 degrees."""
    return (to_degrees - from_degrees + 180.0) % 360.0 - 180.0


class Mouse:
    """Moves towards a mark in strokes, and rests when it is near enough.

    Marks are in mouse counts from where the view, or the pointer, is now.
    """

    def __init__(self, style: Style, random: np.random.Generator) -> None:
        self._style = style
        self._random = random
        self._counts: deque[tuple[int, int]] = deque()
        self._wait = 0

    @property
    def moving(self) -> bool:
        """A stroke is under way."""
        return bool(self._counts)

    def rest(self) -> None:
        """Break off the stroke."""
        self._counts.clear()
        self._wait = 0

    def step(self, way: tuple[float, float], tolerance: float) -> tuple[int, int]:
        """The counts of this tick.

        Args:
            way: Counts to the right and downwards to the mark.
            tolerance: Counts off the mark that are good enough.
        """
        if not self._counts:
            distance = math.hypot(*way)
            if distance <= max(tolerance, 0.75):
                self._wait = 0
                return 0, 0
            if self._wait > 0:
                self._wait -= 1
                return 0, 0
            share = min(1.0, _REACH / distance)
            stroke = plan_stroke((way[0] * share, way[1] * share), 2 * tolerance, self._style, self._random)
            self._counts.extend((int(dx), int(dy)) for dx, dy in stroke)
            self._wait = int(self._random.integers(*_CORRECTION_DELAY, endpoint=True))
        return self._counts.popleft()


class Keys:
    """Presses what is wanted, and lets go of it, with the sloth of fingers."""

    def __init__(self, style: Style, random: np.random.Generator) -> None:
        self._lag = style.key_lag
        self._random = random
        self._down: set[str] = set()
        self._change: dict[str, int] = {}

    def step(self, wanted: frozenset[str], *, exact: bool) -> frozenset[str]:
        """The keys that are down in this tick.

        Args:
            wanted: Those that should be.
            exact: Without sloth, as where a click or a cliff asks for care.
        """
        for key in sorted(wanted ^ self._down):
            left = self._change.get(key)
            if left is None:
                lazy = key in _WALKING_KEYS and not exact
                most = self._lag if key not in wanted else self._lag // 2
                left = int(self._random.integers(0, most, endpoint=True)) if lazy else 0
            if left == 0 or exact:
                self._down ^= {key}
                self._change.pop(key, None)
            else:
                self._change[key] = left - 1
        for key in list(self._change):
            if (key in wanted) == (key in self._down):
                del self._change[key]
        return frozenset(self._down)
