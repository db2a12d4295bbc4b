"""Events in ticks: every one in the tick of its own time, whenever it came."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest

from recorder.capture.tick_binning import SETTLE_NS, TickBinner
from recorder.devices.events import InputEvent

MS = 1_000_000
TICK = 50 * MS
BEGIN = 1000 * TICK
W, ATTACK = "key.keyboard.w", "0"


def key(at: int, is_down: bool, code: str = W) -> InputEvent:
    return InputEvent("key" if code.startswith("key") else "button", at, at, code=code, is_down=is_down)


def motion(at: int, dx: float, dy: float = 0.0, accelerated=None) -> InputEvent:
    return InputEvent("motion", at, at, dx=dx, dy=dy, accelerated=accelerated)


@pytest.fixture
def binner() -> TickBinner:
    made = TickBinner()
    made.begin(BEGIN, frozenset())
    return made


def binned(binner: TickBinner, events: list[InputEvent], ticks: int = 3):
    for event in events:
        binner.hear(event)
    for number in range(ticks + 1):
        binner.frame(BEGIN + number * TICK)
    return binner.ready(BEGIN + ticks * TICK + SETTLE_NS)


def test_an_event_belongs_to_the_tick_that_its_time_is_in(binner):
    edge = BEGIN + TICK
    ticks = binned(binner, [motion(edge - 1, 1), motion(edge, 2), motion(edge + TICK - 1, 4)])
    assert [tick.raw[0] for tick in ticks] == [1, 6, 0]


def test_a_click_within_a_tick_is_held_in_it_and_only_there(binner):
    at = BEGIN + TICK
    ticks = binned(binner, [key(at + 1, True, ATTACK), key(at + 2, False, ATTACK)])
    assert [tick.held for tick in ticks] == [frozenset(), {ATTACK}, frozenset()]
    assert (ticks[1].pressed, ticks[1].released) == ((ATTACK,), (ATTACK,))


def test_a_key_let_go_and_pressed_again_is_new_in_that_tick(binner):
    events = [key(BEGIN + 1, True), key(BEGIN + TICK + 1, False), key(BEGIN + TICK + 2, True)]
    ticks = binned(binner, events)
    assert [tick.held for tick in ticks] == [{W}] * 3
    assert [tick.pressed for tick in ticks] == [(W,), (W,), ()]


def test_what_is_held_at_the_start_is_held_and_not_new(binner):
    binner.begin(BEGIN - MS, frozenset({W, ATTACK}))
    ticks = binned(binner, [key(BEGIN + 1, False)])
    assert ticks[0].held_before == {W, ATTACK}
    assert [tick.held for tick in ticks] == [{ATTACK}] * 3
    assert [tick.pressed for tick in ticks] == [()] * 3


def test_what_happens_before_the_first_frame_moves_nothing_but_is_held(binner):
    binner.begin(BEGIN - TICK, frozenset())
    ticks = binned(binner, [key(BEGIN - 10 * MS, True), motion(BEGIN - 5 * MS, 9)])
    assert ticks[0].held == {W}
    assert ticks[0].held_before == {W}
    assert ticks[0].raw == (0, 0)


def test_both_values_of_a_motion_are_summed(binner):
    ticks = binned(binner, [motion(BEGIN + 1, 1, -2, (3.5, -4.0)), motion(BEGIN + 2, 1, 1)])
    assert ticks[0].raw == (2, -1)
    assert ticks[0].accelerated == (4.5, -3.0)


def test_a_tick_waits_for_what_is_on_its_way(binner):
    for number in range(2):
        binner.frame(BEGIN + number * TICK)
    assert binner.ready(BEGIN + TICK + SETTLE_NS - 1) == []
    assert binner.waiting()
    binner.hear(motion(BEGIN + 3, 7))
    (tick,) = binner.ready(BEGIN + TICK + SETTLE_NS)
    assert (tick.raw[0], tick.late) == (7, 0)


def test_what_comes_too_late_counts_and_is_told(binner):
    (first,) = binned(binner, [], ticks=1)
    binner.hear(motion(BEGIN + 3, 7))
    binner.hear(key(BEGIN + 4, True))
    binner.frame(BEGIN + 2 * TICK)
    (second,) = binner.ready(BEGIN + 2 * TICK + SETTLE_NS)
    assert first.raw == (0, 0)
    assert (second.raw[0], second.late, second.held) == (7, 2, {W})


def test_a_new_span_knows_nothing_of_the_time_between(binner):
    binned(binner, [key(BEGIN + 1, True)])
    again = BEGIN + 100 * TICK
    binner.hear(motion(again - TICK, 5))
    binner.begin(again, frozenset())
    binner.frame(again)
    binner.frame(again + TICK)
    (tick,) = binner.ready(again + TICK + SETTLE_NS)
    assert (tick.begin, tick.held, tick.raw) == (again, frozenset(), (0, 0))


def test_ten_thousand_events_are_all_in_their_ticks_and_none_twice():
    chance = random.Random(6)
    binner = TickBinner()
    binner.begin(BEGIN, frozenset())
    frames = [BEGIN]
    while len(frames) < 601:
        frames.append(frames[-1] + chance.randrange(30 * MS, 110 * MS))
    events = [
        motion(at, chance.randrange(-9, 9), chance.randrange(-9, 9))
        for at in sorted(chance.randrange(BEGIN, frames[-1]) for _ in range(10_000))
    ]
    arrivals = sorted((event.at + chance.randrange(SETTLE_NS - TICK), 0, n) for n, event in enumerate(events))
    shown = [(at, 1, at) for at in frames]
    given = []
    for now, what, value in sorted([*arrivals, *shown]):
        if what:
            binner.frame(value)
        else:
            binner.hear(events[value])
        given += binner.ready(now)
    given += binner.ready(frames[-1] + SETTLE_NS)
    assert [(tick.begin, tick.end) for tick in given] == list(itertools.pairwise(frames))
    assert all(tick.begin <= event.at < tick.end for tick in given for event in tick.events)
    assert Counter(id(event) for tick in given for event in tick.events) == Counter(map(id, events))
    assert sum(tick.raw[0] for tick in given) == sum(event.dx for event in events)
    assert not any(tick.late for tick in given)
