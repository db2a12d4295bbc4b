"""One measured distance from the reference, beside what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Deviation:
    """How far one quantity lies from the reference.

    Attributes:
        quantity: What was compared, in words.
        largest: The largest deviation found; a count for quantities that must be equal.
        tolerance: The largest that is allowed; 0 means exact.
    """

    quantity: str
    largest: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the deviation is allowed; not-a-number never is."""
        return self.largest <= self.tolerance


def absolute(quantity: str, ours: Any, reference: npt.ArrayLike, tolerance: float) -> Deviation:
    """The largest absolute difference of two arrays; another shape counts as infinitely far."""
    left, right = np.asarray(ours, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if left.shape != right.shape:
        return Deviation(f"{quantity} (shape {left.shape} instead of {right.shape})", np.inf, tolerance)
    return Deviation(quantity, float(np.abs(left - right).max(initial=0.0)), tolerance)


def exact(quantity: str, ours: Any, reference: npt.ArrayLike) -> Deviation:
    """How many entries of two arrays differ; another shape counts as infinitely many."""
    left, right = np.asarray(ours), np.asarray(reference)
    if left.shape != right.shape:
        return Deviation(f"{quantity} (shape {left.shape} instead of {right.shape})", np.inf, 0)
    return Deviation(quantity, float(np.count_nonzero(left != right)), 0)


def choices(
    quantity: str,
    log_probabilities: Any,
    reference: npt.ArrayLike,
    reference_choice: npt.ArrayLike,
    tolerance: float,
) -> Deviation:
    """How many arg-max choices differ where the reference's top two are over twice the tolerance apart."""
    scores = np.sort(np.asarray(reference, dtype=np.float64), axis=-1)
    decided = scores[..., -1] - scores[..., -2] > 2 * tolerance
    wrong = np.asarray(log_probabilities).argmax(-1) != np.asarray(reference_choice)
    return Deviation(quantity, float(np.count_nonzero(wrong & decided)), 0)


def largest_of_each(found: Iterable[Deviation]) -> list[Deviation]:
    """The largest deviation of every quantity, in the order in which they first came."""
    largest: dict[str, Deviation] = {}
    for deviation in found:
        known = largest.get(deviation.quantity)
        # Written so that not-a-number, which is larger than nothing, wins.
        if known is None or not deviation.largest <= known.largest:
            largest[deviation.quantity] = deviation
    return list(largest.values())
