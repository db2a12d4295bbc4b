"""How the mouse is moved."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from vpt_studio.contractors.motor import Keys, Mouse
from vpt_studio.contractors.strokes import LONGEST, SHORTEST, minimum_jerk, plan_stroke, stroke_ticks
from vpt_studio.contractors.styles import HELD_OUT_STYLES, STYLES

STEADY = STYLES["steady"]
EXACT = dataclasses.replace(STEADY, endpoint_noise=0.0, overshoot=0.0, tremor=0.0, bend=0.0)


def test_motion_is_the_solution_of_least_jerk():
    t = np.linspace(0, 1, 201)
    place = minimum_jerk(t)
    assert place[0] == 0
    assert place[-1] == pytest.approx(1)
    assert place[100] == pytest.approx(0.5)
    velocity, sixth = np.gradient(place, t), np.gradient(np.gradient(np.gradient(place, t), t), t)
    assert velocity.max() == pytest.approx(1.875, rel=1e-3)  # the closed form's peak, at half the time
    jerk = 60 - 360 * t + 360 * t * t
    assert np.allclose(sixth[5:-5], jerk[5:-5], atol=1.5)


def test_strokes_without_noise_follow_the_closed_form_to_half_a_count():
    counts = plan_stroke((200, -90), 20.0, EXACT, np.random.default_rng(0))
    places = np.vstack([[0, 0], counts.cumsum(axis=0)])
    wanted = minimum_jerk(np.arange(len(places)) / (len(places) - 1))[:, None] * (200, -90)
    assert np.abs(places - wanted).max() <= 0.5
    assert (places[-1] == (200, -90)).all()


def test_strokes_are_whole_counts_of_four_to_twelve_ticks():
    random = np.random.default_rng(1)
    for distance in (3, 30, 300, 600):
        counts = plan_stroke((distance, distance / 2), 10.0, STEADY, random)
        assert counts.dtype == np.int64
        assert SHORTEST <= len(counts) <= LONGEST


def test_farther_and_smaller_marks_take_longer():
    assert stroke_ticks(400, 10, STEADY) > stroke_ticks(60, 10, STEADY)
    assert stroke_ticks(200, 5, STEADY) > stroke_ticks(200, 80, STEADY)


def test_strokes_end_near_the_mark_and_sometimes_beyond_it():
    random = np.random.default_rng(2)
    ends = np.array([plan_stroke((200, 0), 20.0, STEADY, random).sum(axis=0) for _ in range(600)])
    off = ends[:, 0] - 200
    assert abs(np.median(off)) < 12
    assert 0.04 * 200 < off.std() < 0.13 * 200
    assert 0.1 < np.mean(off > 0.07 * 200) < 0.45
    assert ends[:, 1].std() < off.std()


@pytest.mark.parametrize("style", [*STYLES.values(), *HELD_OUT_STYLES.values()], ids=lambda style: style.name)
def test_every_hand_comes_to_rest_within_its_tolerance(style):
    random = np.random.default_rng(3)
    for _ in range(20):
        mouse, mark, place = Mouse(style, random), random.uniform(-500, 500, 2), np.zeros(2)
        for _ in range(120):
            way = mark - place
            place += mouse.step((way[0], way[1]), 8.0)
        assert np.hypot(*(mark - place)) <= 8.0
        assert not mouse.moving


def test_the_same_seed_gives_the_same_stroke():
    strokes = [plan_stroke((150, 40), 10.0, STEADY, np.random.default_rng(7)) for _ in range(2)]
    assert (strokes[0] == strokes[1]).all()


def test_fingers_are_late_on_walking_keys_but_never_on_clicks():
    keys = Keys(dataclasses.replace(STEADY, key_lag=3), np.random.default_rng(5))
    held = 0
    for _ in range(60):
        for _ in range(6):
            keys.step(frozenset({"forward", "use"}), exact=False)
        over = [keys.step(frozenset(), exact=False) for _ in range(5)]
        assert all("use" not in down for down in over)
        assert not over[-1]
        held += sum("forward" in down for down in over)
    assert 60 * 0.8 < held < 60 * 3
