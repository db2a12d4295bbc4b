"""What a player died of, in real worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from vpt_studio.actions import Action
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.presets import BRISK
from vpt_studio.envs.voxel.simulation import advance
from vpt_studio.envs.voxel.state import State
from vpt_studio.playing.deaths import CAUSES, cause_of_death


def fall(state: State) -> None:
    state.body.state[1] += 30


def lava(state: State) -> None:
    surround(state, Block.LAVA, 3)


def drowning(state: State) -> None:
    surround(state, Block.WATER, 6)


def suffocation(state: State) -> None:
    surround(state, Block.STONE, 3)


def fire(state: State) -> None:
    state.vitals.health, state.vitals.fire = 2, 300


def surround(state: State, block: Block, height: int) -> None:
    x, y, z = (int(place) for place in state.body.position)
    state.world.blocks[x - 2 : x + 3, z - 2 : z + 3, y : y + height] = block


def cause_after(*misfortunes: Callable[[State], None]) -> str:
    state = State.begin(replace(BRISK, size=64), 3)
    for befall in misfortunes:
        befall(state)
    for _ in range(1000):
        before = replace(state.vitals)
        if advance(state, Action(frozenset({"sneak"}))):
            return cause_of_death(before, state)
    raise AssertionError("nobody died")


@pytest.mark.parametrize("misfortune", [fall, lava, drowning, suffocation, fire])
def test_each_cause_is_known(misfortune: Callable[[State], None]) -> None:
    assert misfortune.__name__ in CAUSES
    assert cause_after(misfortune) == misfortune.__name__


def test_who_had_lived_without_the_fall_died_of_it() -> None:
    assert cause_after(fall, lambda state: setattr(state.vitals, "fire", 300)) == "fall"
