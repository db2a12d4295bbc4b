"""Intervals hold what they promise, and say nothing where there is nothing to say."""

from __future__ import annotations

import numpy as np
import pytest

from vpt_studio.playing.intervals import mean, median, rate


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    for reached, trials, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
    ):
        assert rate(reached, trials).interval == pytest.approx((low, high), abs=5e-5)
    assert rate(1, 29).interval == pytest.approx((0.0061, 0.1718), abs=5e-5)
    assert rate(29, 29).interval == pytest.approx((0.8830, 1.0), abs=5e-5)
    assert rate(0, 0).value is rate(0, 0).interval is None


def test_the_medians_interval_lies_between_the_right_values() -> None:
    assert median([]).value is None
    assert median([3, 1]).value == 2
    assert median([5, 1, 2, 3, 4]).interval is None  # 1 - 2/32 is less than 95 %
    assert median([6, 5, 1, 2, 3, 4]).interval == (1, 6)
    twenty = median(range(1, 21))  # the 6th and the 15th, as in every table of this interval
    assert (twenty.value, twenty.interval, twenty.count) == (10.5, (6, 15), 20)


@pytest.mark.parametrize("figure", [mean, median], ids=["mean", "median"])
def test_nineteen_of_twenty_intervals_hold_the_truth(figure) -> None:
    chance = np.random.default_rng(0)
    held = 0
    for _ in range(300):
        low, high = figure(chance.normal(7, 3, 30).tolist()).interval
        held += low <= 7 <= high
    assert 0.90 < held / 300 <= 0.99


def test_the_mean_of_one_has_no_interval_and_the_same_values_give_the_same() -> None:
    assert mean([4]).interval is None
    assert mean([1, 5, 2]) == mean([1, 5, 2])
    assert mean([2, 2, 2]).interval == (2, 2)
