"""How somebody plays, whatever comes of it: how far they walk, how much they turn, what they press."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from vpt_studio.actions import BUTTONS, DEFAULT_CAMERA
from vpt_studio.actions.camera import DEGREES_PER_PIXEL
from vpt_studio.playing.players import Move

_TICKS_PER_MINUTE = 20 * 60
_PRESSED = ("forward", "jump", "sprint", "sneak", "attack", "use")

#: The figures by name, with their units. A share is of all ticks.
BEHAVIOUR: dict[str, str] = {
    "walked": "m/min",
    "farthest": "m",
    "turned": "degrees/min",
    "idle": "share",
    **dict.fromkeys(_PRESSED, "share"),
    "screen_open": "share",
}

Place = tuple[float, float, float]


class BehaviourNotes:
    """Takes note of an episode tick by tick."""

    def __init__(self, begin: Place) -> None:
        """Begin.

        Args:
            begin: Where the player begins: feet, in metres.
        """
        self._begin = begin
        self._walked = self._farthest = 0.0
        self._pressed: Counter[str] = Counter()
        self._turns: list[tuple[float, float]] = []
        self._still: list[bool] = []  # no button of the policy's is held
        self._screen: list[bool] = []

    def note(self, move: Move, *, screen_open: bool, before: Place, after: Place) -> None:
        """Take note of a tick.

        Args:
            move: What was done.
            screen_open: Whether the mouse moved the pointer instead of the view.
            before: Where the player was, in metres.
            after: Where the tick has led; of a death, where it happened.
        """
        self._walked += math.hypot(after[0] - before[0], after[2] - before[2])
        self._farthest = max(self._farthest, math.hypot(after[0] - self._begin[0], after[2] - self._begin[2]))
        self._pressed.update(move.held)
        self._turns.append((move.dy, move.dx))
        self._still.append(move.held.isdisjoint(BUTTONS))
        self._screen.append(screen_open)

    def figures(self) -> dict[str, float]:
        """The figures of :data:`BEHAVIOUR`, rounded to four digits."""
        ticks = len(self._turns)
        turns = np.array(self._turns).reshape(ticks, 2) * DEGREES_PER_PIXEL
        screen = np.array(self._screen, bool)
        unmoved = (DEFAULT_CAMERA.encode(turns) == DEFAULT_CAMERA.null_bin).all(axis=1)
        per_minute, per_tick = _TICKS_PER_MINUTE / max(ticks, 1), 1 / max(ticks, 1)
        figures = {
            "walked": self._walked * per_minute,
            "farthest": self._farthest,
            "turned": float(np.hypot(turns[~screen, 0], turns[~screen, 1]).sum()) * per_minute,
            "idle": int((unmoved & np.array(self._still, bool)).sum()) * per_tick,
            **{name: self._pressed[name] * per_tick for name in _PRESSED},
            "screen_open": int(screen.sum()) * per_tick,
        }
        return {name: round(figure, 4) for name, figure in figures.items()}
