"""Ticks are due 50 ms apart, whatever some of them take; time is made up here, nobody sleeps."""

from __future__ import annotations

import time

import pytest

from recorder.play.schedule import MOST_BEHIND, TICK_SECONDS, TickSchedule


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

    monkeypatch.setattr(time, "monotonic", lambda: Clock.now)
    return Clock


def test_a_late_tick_does_not_move_those_that_follow(clock):
    schedule = TickSchedule()
    schedule.begin()
    dues = []
    for late in (0.0, 0.01, 0.049, 0.0):
        clock.now = schedule.deadline + late
        due, measured = schedule.tick()
        assert measured == pytest.approx(late)
        dues.append(due)
    assert dues == pytest.approx([100.05, 100.10, 100.15, 100.20])
    assert schedule.slipped == 0
    assert schedule.quantile(0.99) == pytest.approx(0.049)


def test_a_tick_that_begins_a_whole_tick_late_slipped_and_the_next_come_sooner(clock):
    schedule = TickSchedule()
    schedule.begin()
    clock.now = schedule.deadline + 1.5 * TICK_SECONDS
    schedule.tick()
    assert schedule.slipped == 1
    due, late = schedule.tick()
    assert (due, late) == pytest.approx((100.10, 0.5 * TICK_SECONDS))
    assert schedule.slipped == 1


def test_after_a_long_halt_it_goes_on_from_now_on_the_same_grid(clock):
    schedule = TickSchedule()
    schedule.begin()
    clock.now = 160.02
    schedule.tick()
    assert clock.now - schedule.deadline < (MOST_BEHIND + 1) * TICK_SECONDS
    assert (schedule.deadline - 100.0) / TICK_SECONDS == pytest.approx(
        round((schedule.deadline - 100.0) / TICK_SECONDS)
    )
    assert schedule.slipped == pytest.approx(60 / TICK_SECONDS, abs=2)
    schedule.begin_count()
    assert (schedule.slipped, schedule.lateness) == (0, [])
