"""Input is sorted into ticks by its moment, and nothing of it is lost."""

from __future__ import annotations

import numpy as np
import pytest

from recorder.play.input import MOST_COUNTS, InputBuffer


def held(buffer: InputBuffer, ticks: int, first: float = 1.0) -> list[set[str]]:
    return [set(buffer.take(first + tick).held) for tick in range(ticks)]


def test_a_button_is_held_from_the_tick_of_its_press_to_that_of_its_release():
    buffer = InputBuffer()
    buffer.press(1.5, "forward", True)
    buffer.press(3.5, "forward", False)
    assert held(buffer, 4) == [set(), {"forward"}, {"forward"}, set()]


def test_a_press_and_release_within_one_tick_is_held_in_that_tick_once():
    buffer = InputBuffer()
    buffer.press(0.4, "attack", True)
    buffer.press(0.5, "attack", False)
    assert held(buffer, 3) == [{"attack"}, set(), set()]


def test_a_button_let_go_and_pressed_again_within_one_tick_is_up_for_a_tick():
    buffer = InputBuffer()
    buffer.press(0.5, "attack", True)
    buffer.press(1.4, "attack", False)
    buffer.press(1.5, "attack", True)
    assert held(buffer, 3) == [{"attack"}, set(), {"attack"}]


def test_the_moment_of_the_deadline_belongs_to_the_tick_that_ends_then():
    buffer = InputBuffer()
    buffer.move(1.0, 3, -2)
    buffer.move(1.0001, 5, 0)
    first, second = buffer.take(1.0), buffer.take(2.0)
    assert (first.dx, first.dy, second.dx) == (3, -2, 5)


def test_mouse_counts_add_up_whatever_the_ticks_are():
    random = np.random.default_rng(0)
    counts = random.integers(-700, 700, (500, 2))
    buffer = InputBuffer()
    for number, (dx, dy) in enumerate(counts):
        buffer.move(number / 7, int(dx), int(dy))
    taken = [buffer.take(float(tick)) for tick in range(120)]
    assert max(max(abs(tick.dx), abs(tick.dy)) for tick in taken) <= MOST_COUNTS
    assert [sum(tick.dx for tick in taken), sum(tick.dy for tick in taken)] == counts.sum(axis=0).tolist()


def test_losing_the_focus_lets_go_of_everything():
    buffer = InputBuffer()
    for button in ("forward", "attack", "sneak"):
        buffer.press(0.5, button, True)
    buffer.release_all(1.5)
    assert held(buffer, 3) == [{"forward", "attack", "sneak"}, set(), set()]
    buffer.press(3.5, "forward", False)  # the key comes up later, which is no news
    assert held(buffer, 2, first=4.0) == [set(), set()]


def test_who_clicks_faster_than_ticks_go_does_not_click_on_for_ever():
    buffer = InputBuffer()
    for click in range(100):
        buffer.press(0.001 * click, "attack", click % 2 == 0)
    presses = held(buffer, 60)
    assert 1 <= sum(map(bool, presses)) <= 4
    assert not any(presses[10:])


def test_a_button_the_game_does_not_have_is_refused():
    with pytest.raises(ValueError, match="fly"):
        InputBuffer().press(0.0, "fly", True)
