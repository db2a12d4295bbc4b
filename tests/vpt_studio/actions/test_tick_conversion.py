"""From raw ticks to actions: the exact rules, and the published loader's with their defects."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vpt_studio.actions import ENVIRONMENT_BUTTONS, RawTicks, convert_ticks
from vpt_studio.actions.buttons import BUTTON_INDEX
from vpt_studio.actions.tick_conversion import EXACT, PUBLISHED


def raw_ticks(count, **columns):
    """`count` ticks without input, then `columns` set: whole columns, or held buttons by name."""
    raw = RawTicks.empty(count)
    for name, values in columns.items():
        if name == "held":
            for tick, buttons in enumerate(values):
                raw.held[tick, [BUTTON_INDEX[button] for button in buttons]] = 1
        else:
            getattr(raw, name)[:] = values
    return raw


def pressed(converted):
    return [set(action.pressed) for action in converted.actions]


def test_mouse_motion_down_and_right_turns_the_camera_down_and_right():
    raw = raw_ticks(1, motion=[[20, 40]])  # dx, dy
    action = convert_ticks(raw).actions[0]
    assert (action.pitch, action.yaw) == (pytest.approx(6.0), pytest.approx(3.0))


def test_small_motion_survives_unless_the_published_truncation_is_asked_for():
    raw = raw_ticks(4, motion=[[6, 0], [-6, 0], [7, -7], [2000, 0]])
    exact, published = convert_ticks(raw), convert_ticks(raw, PUBLISHED)
    assert exact.actions.camera[:, 1] == pytest.approx([0.9, -0.9, 1.05, 300.0])
    assert published.actions.camera.tolist() == [[0, 0], [0, 0], [-1, 1], [0, 300]]


def test_a_tick_that_truncation_stills_is_still_not_null_for_the_published_loader():
    raw = raw_ticks(2, motion=[[1, 0], [0, 0]])
    assert convert_ticks(raw, PUBLISHED).null.tolist() == [False, True]
    # A count turns 0.15 degrees, which falls into the bin of no motion.
    assert convert_ticks(raw).null.tolist() == [True, True]


def test_a_slot_chosen_by_wheel_is_a_key_press_that_exact_keeps_and_published_drops():
    raw = raw_ticks(4, hotbar=[0, 3, 3, 2])
    exact, published = convert_ticks(raw), convert_ticks(raw, PUBLISHED)
    assert pressed(exact) == [set(), {"hotbar.4"}, set(), {"hotbar.3"}]
    assert exact.null.tolist() == [True, False, True, False]
    assert pressed(published) == pressed(exact)
    assert published.null.tolist() == [True, True, True, True]


def test_a_recording_that_starts_on_another_slot_starts_without_a_key_press():
    raw = raw_ticks(3, hotbar=[4, 4, 0])
    assert pressed(convert_ticks(raw)) == [set(), set(), {"hotbar.1"}]
    assert pressed(convert_ticks(raw, PUBLISHED)) == [{"hotbar.5"}, set(), {"hotbar.1"}]


def test_ticks_that_do_not_say_the_slot_change_nothing():
    raw = raw_ticks(5, hotbar=[2, -1, 2, -1, 5])
    assert pressed(convert_ticks(raw)) == [set(), set(), set(), set(), {"hotbar.6"}]
    assert pressed(convert_ticks(raw_ticks(2, hotbar=-1), PUBLISHED)) == [set(), set()]


@pytest.mark.parametrize(
    ("version", "factor"),
    [(None, 1), ((5, 7), 0.5), ((5, 8), 0.5), ((6, 7), 2), ((6, 9), 2), ((6, 10), 1), ((7, 6), 1)],
)
def test_gui_motion_is_scaled_by_the_recorders_version(version, factor):
    raw = raw_ticks(2, motion=[[10, 20], [10, 20]], gui_open=[True, False])
    camera = convert_ticks(raw, recorder_version=version).actions.camera
    assert camera[0].tolist() == pytest.approx([3.0 * factor, 1.5 * factor])
    assert camera[1].tolist() == pytest.approx([3.0, 1.5])
    published = convert_ticks(raw, PUBLISHED, recorder_version=version).actions.camera
    assert published.tolist() == [[3, 1], [3, 1]]


def test_escape_in_a_screen_is_the_inventory_key_and_elsewhere_escape():
    raw = raw_ticks(3, held=[["ESC"], ["ESC", "jump"], ["inventory"]], gui_open=[True, False, True])
    assert pressed(convert_ticks(raw)) == [{"inventory"}, {"ESC", "jump"}, {"inventory"}]
    assert pressed(convert_ticks(raw, PUBLISHED)) == [{"ESC"}, {"ESC", "jump"}, {"inventory"}]


@pytest.mark.parametrize("conversion", [EXACT, PUBLISHED])
def test_attack_left_down_before_the_recording_ends_with_the_first_real_press(conversion):
    raw = raw_ticks(
        5,
        held=[["attack"], ["attack", "jump"], ["attack"], ["attack"], []],
        attack_pressed=[True, False, False, True, False],
        only_attack_pressed=[True, False, False, False, False],
    )
    converted = convert_ticks(raw, conversion)
    assert pressed(converted) == [set(), {"jump"}, set(), {"attack"}, set()]
    assert converted.null.tolist() == [True, False, True, False, True]


@pytest.mark.parametrize("conversion", [EXACT, PUBLISHED])
def test_attack_pressed_together_with_another_button_is_not_stuck(conversion):
    raw = raw_ticks(
        2, held=[["attack", "use"], ["attack"]], attack_pressed=[True, False], only_attack_pressed=False
    )
    assert pressed(convert_ticks(raw, conversion)) == [{"attack", "use"}, {"attack"}]


def test_stuck_attack_without_a_press_is_gone_to_the_end():
    raw = raw_ticks(
        3,
        held=[["attack"]] * 3,
        attack_pressed=[True, False, False],
        only_attack_pressed=[True, False, False],
    )
    assert pressed(convert_ticks(raw)) == [set()] * 3


@pytest.mark.parametrize("conversion", [EXACT, PUBLISHED])
def test_opposite_keys_held_together_are_not_null(conversion):
    raw = raw_ticks(1, held=[["forward", "back"]])
    assert convert_ticks(raw, conversion).null.tolist() == [False]


def test_buttons_that_only_the_environment_knows_are_null_to_the_policy():
    raw = raw_ticks(3, held=[["ESC"], ["pickItem"], ["swapHands"]])
    assert convert_ticks(raw).null.all()
    assert not convert_ticks(raw, PUBLISHED).null.any()


def test_no_ticks_become_no_actions():
    assert len(convert_ticks(RawTicks.empty(0))) == 0


@settings(max_examples=30)
@given(st.data())
def test_conversion_changes_nothing_of_what_it_is_given(data):
    count = data.draw(st.integers(1, 6))
    raw = raw_ticks(
        count,
        held=[data.draw(st.sets(st.sampled_from(ENVIRONMENT_BUTTONS))) for _ in range(count)],
        hotbar=[data.draw(st.integers(-1, 8)) for _ in range(count)],
        gui_open=[data.draw(st.booleans()) for _ in range(count)],
    )
    before = raw.held.copy(), raw.motion.copy(), raw.hotbar.copy()
    for conversion in (EXACT, PUBLISHED):
        convert_ticks(raw, conversion, recorder_version=(6, 9))
    for column, copy in zip((raw.held, raw.motion, raw.hotbar), before, strict=True):
        np.testing.assert_array_equal(column, copy)


def test_columns_of_different_lengths_are_refused():
    raw = RawTicks.empty(3)
    with pytest.raises(ValueError, match="same number of ticks"):
        RawTicks(
            raw.held,
            raw.attack_pressed,
            raw.only_attack_pressed,
            raw.motion[:2],
            raw.pointer,
            raw.gui_open,
            raw.hotbar,
        )
