"""How long a step takes, from the recent ones, and so how long the rest will take."""

from __future__ import annotations

import math

MEMORY_SECONDS = 30.0  # time constant: what is this old counts little


class Pace:
    """Seconds per step, followed while a run trains."""

    def __init__(self) -> None:
        self._seconds_per_step: float | None = None
        self._is_first = True
        self._waiting = 0.0  # seconds of training since a step was counted

    def spend(self, seconds: float) -> None:
        """So much was trained; which steps it was is told by :meth:`count`."""
        self._waiting += seconds

    def count(self, steps: int) -> None:
        """So many steps were done in what was spent since the last ones."""
        if steps <= 0:
            return
        pace, spent, self._waiting = self._waiting / steps, self._waiting, 0.0
        if self._seconds_per_step is None:
            self._seconds_per_step = pace
        elif self._is_first:
            # The first step warms everything up and may take as long as fifty others: it is no measure.
            self._seconds_per_step, self._is_first = pace, False
        else:
            memory = math.exp(-spent / MEMORY_SECONDS)
            self._seconds_per_step = memory * self._seconds_per_step + (1 - memory) * pace

    def seconds_for(self, steps: int) -> float | None:
        """An estimate for so many steps; None before the first one was counted."""
        return None if self._seconds_per_step is None else max(0, steps) * self._seconds_per_step
