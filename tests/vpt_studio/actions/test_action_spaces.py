"""Actions as values and as arrays, camera bins, and the joint space: what holds for every action."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vpt_studio.actions import (
    BUTTONS,
    DEFAULT_CAMERA,
    ENVIRONMENT_BUTTONS,
    ENVIRONMENT_KEYS,
    Action,
    Actions,
    CameraQuantiser,
    null_in_policy_space,
    to_factored,
    to_joint,
)

angles = st.floats(-400, 400, allow_nan=False)
actions = st.builds(Action, st.frozensets(st.sampled_from(ENVIRONMENT_BUTTONS)), angles, angles)
button_rows = hnp.arrays(np.uint8, st.tuples(st.integers(1, 5), st.just(20)), elements=st.integers(0, 1))
quantisers = st.builds(
    CameraQuantiser,
    limit=st.sampled_from([5.0, 10.0, 20.0]),
    bin_size=st.sampled_from([0.5, 1.0, 2.0]),
    mu=st.floats(0.5, 50),
    scheme=st.sampled_from(["mu_law", "linear"]),
)
PAIRS = ({"forward", "back"}, {"left", "right"})


@given(actions)
def test_an_action_survives_the_environments_dictionary(action):
    dictionary = action.to_environment()
    assert tuple(sorted(dictionary)) == ENVIRONMENT_KEYS
    again = Action.from_environment(dictionary)
    assert again.pressed == action.pressed
    assert (again.pitch, again.yaw) == (np.float32(action.pitch), np.float32(action.yaw))


@given(st.lists(actions, max_size=6))
def test_stacked_actions_are_the_same_actions(single):
    stacked = Actions.stack(single)
    assert list(stacked) == single
    assert list(stacked[1:3]) == single[1:3]
    assert list(stacked.span(0, 2)) == single[:2]
    for button in ("attack", "ESC"):
        assert stacked.column(button).tolist() == [int(button in action.pressed) for action in single]


def test_keys_left_out_of_an_environment_action_are_not_pressed():
    assert Action.from_environment({}) == Action()
    assert Action.from_environment({"jump": 1, "use": 0, "camera": [3, -4]}) == Action(
        frozenset({"jump"}), 3.0, -4.0
    )


@pytest.mark.parametrize("value", [1, True, np.int64(1), np.array(1), np.array([1])])
def test_whatever_a_pressed_key_is_given_as_it_counts(value):
    assert Action.from_environment({"attack": value}).pressed == {"attack"}


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"fly": 1}, "no such key: fly"),
        ({"fly": 0}, "no such key: fly"),
        ({"camera": [1.0]}, "two finite angles"),
        ({"camera": [1.0, 2.0, 3.0]}, "two finite angles"),
        ({"camera": [float("nan"), 0.0]}, "two finite angles"),
        ({"camera": [0.0, float("inf")]}, "two finite angles"),
    ],
)
def test_an_environment_action_that_makes_no_sense_is_refused(action, words):
    with pytest.raises(ValueError, match=words):
        Action.from_environment(action)


def test_a_button_nobody_has_is_refused():
    with pytest.raises(ValueError, match=r"no such button: hotbar\.10"):
        Action(frozenset({"hotbar.10"}))


def test_arrays_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="must be"):
        Actions(np.zeros((3, 20), np.uint8), np.zeros((3, 2)))


@given(quantisers, st.data())
def test_every_bin_centre_comes_back_as_its_bin(quantiser, data):
    bins = data.draw(hnp.arrays(np.int64, 7, elements=st.integers(0, quantiser.bins - 1)))
    np.testing.assert_array_equal(quantiser.encode(quantiser.decode(bins)), bins)


@given(quantisers, hnp.arrays(np.float64, 20, elements=st.floats(allow_nan=False)))
def test_bins_grow_with_the_angle_and_stay_in_range(quantiser, degrees):
    bins = quantiser.encode(np.sort(degrees))
    assert (np.diff(bins) >= 0).all()
    assert bins.min() >= 0
    assert bins.max() < quantiser.bins


@given(quantisers)
def test_edges_part_the_bins(quantiser):
    below, above = np.nextafter(quantiser.edges, -np.inf) - 1e-9, quantiser.edges + 1e-9
    np.testing.assert_array_equal(quantiser.encode(below), np.arange(quantiser.bins - 1))
    np.testing.assert_array_equal(quantiser.encode(above), np.arange(1, quantiser.bins))


def test_what_is_no_angle_or_no_bin_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        DEFAULT_CAMERA.encode([0.0, float("nan")])
    for bin_number in (-1, 11):
        with pytest.raises(ValueError, match=r"0 \.\. 10"):
            DEFAULT_CAMERA.decode([bin_number])
    with pytest.raises(ValueError, match="positive"):
        CameraQuantiser(mu=0)


@given(st.integers(0, 8640), st.integers(0, 120))
def test_a_policys_choice_comes_back_unless_its_camera_was_off(button_index, camera_index):
    buttons, bins = to_factored(button_index, camera_index)
    joint = to_joint(buttons, bins)
    held = {name for name, pressed in zip(BUTTONS, buttons, strict=True) if pressed}
    if "inventory" in held:
        assert (joint.buttons, joint.camera) == (8640, 60)
    elif button_index % 2 == 0:  # the meta button is off
        assert (joint.buttons, joint.camera) == (button_index, 60)
    elif camera_index == 60:  # on, but nothing moved
        assert (joint.buttons, joint.camera) == (button_index - 1, 60)
    else:
        assert (joint.buttons, joint.camera) == (button_index, camera_index)


@given(button_rows, st.data())
def test_the_joint_space_keeps_what_it_can_hold(buttons, data):
    bins = data.draw(hnp.arrays(np.int64, (len(buttons), 2), elements=st.integers(0, 10)))
    kept, kept_bins = to_factored(*to_joint(buttons, bins))
    for row in range(len(buttons)):
        asked = {name for name, pressed in zip(BUTTONS, buttons[row], strict=True) if pressed}
        got = {name for name, pressed in zip(BUTTONS, kept[row], strict=True) if pressed}
        if "inventory" in asked:
            assert got == {"inventory"}
            assert kept_bins[row].tolist() == [5, 5]
            continue
        for pair in PAIRS:
            asked -= pair if pair <= asked else set()
        asked -= {"sprint"} if "sneak" in asked else set()
        slots = sorted(name for name in asked if name.startswith("hotbar"))
        asked -= set(slots[:-1])
        assert got == asked
        assert kept_bins[row].tolist() == bins[row].tolist()


@given(button_rows, st.data())
def test_null_is_no_button_held_and_no_motion_beyond_the_null_bin(buttons, data):
    bins = data.draw(hnp.arrays(np.int64, (len(buttons), 2), elements=st.integers(4, 6)))
    expected = [not held.any() and pair.tolist() == [5, 5] for held, pair in zip(buttons, bins, strict=True)]
    assert null_in_policy_space(buttons, bins).tolist() == expected
    # What is null is the joint space's null too; the reverse fails where directions cancel.
    assert (to_joint(buttons, bins).buttons[expected] == 0).all()


def test_one_action_goes_through_the_joint_space_without_a_batch():
    buttons, bins = to_factored(288, 60)
    assert buttons.shape == (20,)
    assert to_joint(buttons, bins).buttons == 288


@pytest.mark.parametrize(("buttons", "camera"), [(8641, 0), (-1, 0), (0, 121), (0, -1)])
def test_indices_outside_the_joint_space_are_refused(buttons, camera):
    with pytest.raises(ValueError, match="must lie in"):
        to_factored(buttons, camera)
