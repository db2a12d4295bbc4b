"""How a capture goes, in figures: over what was done since it was last told."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np

from recorder.capture.tick_binning import BinnedTick


class CaptureMeter:
    """Counts ticks and grabs from one telling to the next."""

    def __init__(self, buttons: Mapping[str, str]) -> None:
        """Begin to count; `buttons` are what keys and mouse buttons are called in actions, by their codes."""
        self._buttons = buttons
        self._ticks: list[BinnedTick] = []
        self._grabs: list[int] = []
        self._all_grabs = array("q")

    def grabbed(self, took: int) -> None:
        """A picture was taken, or tried to be, in so many nanoseconds."""
        self._grabs.append(took)
        self._all_grabs.append(took)

    def given(self, tick: BinnedTick) -> None:
        """A tick goes to the disk."""
        self._ticks.append(tick)

    def told(self) -> dict[str, Any]:
        """The figures, and the count begins again.

        Returns:
            ``hertz``: frames a second; ``held``: buttons that were down; ``moved``: counts of the mouse, to
            the right and downwards; ``wheel``: notches; ``grab_ms``: of the middle and of the slowest grab.
        """
        ticks, grabs = self._ticks, sorted(self._grabs)
        self._ticks, self._grabs = [], []
        return {
            "hertz": round(len(ticks) * 1e9 / (ticks[-1].end - ticks[0].begin), 2) if ticks else 0.0,
            "held": sorted({self._buttons[code] for tick in ticks for code in tick.held}),
            "moved": [sum(tick.raw[axis] for tick in ticks) for axis in (0, 1)],
            "wheel": sum(tick.wheel for tick in ticks),
            "grab_ms": [round(grabs[len(grabs) // 2] / 1e6, 2), round(grabs[-1] / 1e6, 2)] if grabs else [],
        }

    def summary(self) -> dict[str, Any]:
        """Figures of all that was counted, told or not: ``grab_ms``, see :func:`middle_and_slowest`."""
        return {"grab_ms": middle_and_slowest(self._all_grabs)}


def middle_and_slowest(nanoseconds: array[int]) -> dict[str, float]:
    """Milliseconds that half (`p50`) and 99 of 100 (`p99`) of these stay below; empty without any."""
    if not nanoseconds:
        return {}
    times = np.asarray(nanoseconds, float) / 1e6
    return {f"p{share}": round(float(np.percentile(times, share)), 3) for share in (50, 99)}
