"""Figures of few episodes, with 95 % intervals that say how few they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: With fewer episodes than this, an interval says little, and is told so.
FEW = 10

_Z = 1.959963984540054  # of 95 %
_TAIL = 0.025
_RESAMPLES = 2000

Interval = tuple[float, float]


@dataclass(frozen=True)
class Figure:
    """A figure of several episodes.

    Attributes:
        value: The figure; None where there is nothing to take it of.
        interval: Its 95 % interval; None where there are too few for one.
        count: How many it is taken of.
    """

    value: float | None
    interval: Interval | None
    count: int


def rate(successes: int, trials: int) -> Figure:
    """A share with Wilson's interval, which stays within 0 and 1 and is honest at both ends (1927)."""
    if not trials:
        return Figure(None, None, 0)
    share = successes / trials
    middle = share + _Z * _Z / (2 * trials)
    spread = _Z * math.sqrt(share * (1 - share) / trials + _Z * _Z / (4 * trials * trials))
    scale = 1 + _Z * _Z / trials
    # Its ends at 0 and 1 are exact; rounding would put them beside.
    low = (middle - spread) / scale if successes else 0.0
    high = (middle + spread) / scale if successes < trials else 1.0
    return Figure(share, (low, high), trials)


def median(values: Sequence[float]) -> Figure:
    """The middle value with the interval between two of the values that needs no shape of their spread.

    How many of the values lie below the true median is a matter of tossed coins. Of five values or fewer no
    two are far enough apart to be 95 % sure.
    """
    ordered, count = sorted(values), len(values)
    if not count:
        return Figure(None, None, 0)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    outside, below = 0, 0.0  # how many values at either end can be left out
    while (below := below + math.comb(count, outside) / 2**count) <= _TAIL:
        outside += 1
    interval = None if not outside else (ordered[outside - 1], ordered[count - outside])
    return Figure(middle, interval, count)


def mean(values: Sequence[float]) -> Figure:
    """The mean with its bootstrap interval (percentiles of 2000 resamples, drawn the same every time)."""
    count = len(values)
    if not count:
        return Figure(None, None, 0)
    sample = np.asarray(values, np.float64)
    value = float(sample.mean())
    if count == 1:
        return Figure(value, None, 1)
    chosen = np.random.default_rng(0).integers(count, size=(_RESAMPLES, count))
    low, high = np.percentile(sample[chosen].mean(axis=1), [100 * _TAIL, 100 * (1 - _TAIL)])
    return Figure(value, (float(low), float(high)), count)
