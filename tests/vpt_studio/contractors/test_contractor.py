"""Whole plays."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from contractor_worlds import pass_tick

from vpt_studio.contractors import GOALS, HELD_OUT_STYLES, STYLES, Contractor, style_named
from vpt_studio.contractors.goal_texts import GOAL_TEXTS
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.presets import BRISK
from vpt_studio.envs.voxel.state import State


def play(style, seed, ticks, goal="diamond_pickaxe", world=3, done=lambda state: False):
    state = State.begin(BRISK, world)
    contractor = Contractor(style_named(style), seed, goal)
    inputs = []
    while state.tick < ticks and not done(state):
        given = contractor.act(state)
        inputs.append(given)
        pass_tick(state, given)
    return state, contractor, inputs


def test_a_contractor_makes_a_stone_pickaxe_through_the_screens_alone():
    state, contractor, _ = play(
        "hasty", 0, 6000, done=lambda state: bool(state.inventory.count(Item.STONE_PICKAXE))
    )
    assert state.inventory.count(Item.STONE_PICKAXE)
    assert {"gather_wood", "craft_wooden_pickaxe", "mine_stone", "craft_stone_pickaxe"} <= {
        span.goal for span in contractor.spans
    }


def test_the_same_seed_gives_the_same_play_and_another_another():
    plays = [play("twitchy", seed, 500)[2] for seed in (4, 4, 5)]
    assert plays[0] == plays[1]
    assert plays[0] != plays[2]


@pytest.mark.parametrize("goal", sorted(GOALS))
def test_spans_cover_the_play_without_a_gap(goal):
    _, contractor, inputs = play("wanderer", 2, 900, goal)
    spans = contractor.spans
    assert spans[0].start == 0
    assert spans[-1].stop == len(inputs)
    assert all(before.stop == after.start for before, after in pairwise(spans))
    assert all(len(span.texts) >= 4 for span in spans)
    assert all(given.dx == int(given.dx) and given.dy == int(given.dy) for given in inputs)


def test_every_goal_has_four_wordings_that_differ():
    assert all(len(set(texts)) >= 4 for texts in GOAL_TEXTS.values())


def test_styles_differ_in_what_they_do():
    def habits(style):
        inputs = [given for seed in range(4) for given in play(style, seed, 1200)[2]]
        turns = np.array([np.hypot(given.dx, given.dy) for given in inputs])
        null = np.mean([not given.held and not given.dx and not given.dy for given in inputs])
        return turns.max(), null

    (fast, busy), (slow, calm) = habits("twitchy"), habits("relaxed")
    assert fast > slow
    assert busy < calm


def test_styles_are_six_and_some_are_held_out():
    assert len(STYLES) >= 6
    assert len(set(STYLES.values())) == len(STYLES)
    assert all(style.held_out for style in HELD_OUT_STYLES.values())
    assert not any(style.held_out for style in STYLES.values())
    assert not STYLES.keys() & HELD_OUT_STYLES.keys()
