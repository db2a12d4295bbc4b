"""The same seed and the same actions give the same world: in another process, and in any company."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from test_fuzz import Anything

from vpt_studio.actions import Action
from vpt_studio.envs.vector import ThreadedVectorEnv
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.presets import PRESETS
from vpt_studio.envs.voxel.simulation import advance, respawn
from vpt_studio.envs.voxel.snapshot import to_bytes
from vpt_studio.envs.voxel.state import State

SEED = 7
_SUPPLIES = (
    Stack(Item.IRON_PICKAXE),
    Stack(Item.COBBLESTONE, 64),
    Stack(Item.SAND, 64),
    Stack(Item.TORCH, 64),
    Stack(Item.CRAFTING_TABLE),
    Stack(Item.FURNACE, 2),
    Stack(Item.OAK_LOG, 32),
    Stack(Item.COAL, 16),
    Stack(Item.IRON_ORE, 16),
)


class Glancing(VoxelEnvironment):
    """Looks up in every sixteenth tick only, for half a million pictures would take a quarter of an hour."""

    seen = None

    def _observation(self):
        if self.seen is None or self.state.tick % 16 == 0:
            self.seen = super()._observation()
        return self.seen


def supply(state):
    """Give what makes a random player do more than walk, time and again: who dies loses it."""
    if state.tick % 2500 == 0:
        for stack in _SUPPLIES:
            left = state.inventory.add(stack)
            state.ledger.book(Cause.GIVEN, stack.item, stack.count - (left.count if left else 0))


def rounded(action):
    """`action` with the camera as an environment takes it: of 32 bits."""
    return Action.from_environment(action.to_environment())


def hash_of(state):
    return hashlib.sha256(to_bytes(state)).hexdigest()


def play_alone(preset, seed, ticks, every):
    """The state's hash at the beginning and after every `every` ticks."""
    state, player = State.begin(PRESETS[preset], seed), Anything(seed)
    hashes = [hash_of(state)]
    for tick in range(1, ticks + 1):
        supply(state)
        if advance(state, rounded(player.act(state))):
            respawn(state)  # as an environment does within the same step
        if tick % every == 0:
            hashes.append(hash_of(state))
    return hashes


def play_together(preset, seeds, threads, ticks, every, kind=VoxelEnvironment):
    """The same for environments that are stepped, and drawn, in company: a list of hashes for each."""
    makers = [partial(kind, preset, "64x64") for _ in seeds]
    environments = ThreadedVectorEnv(makers, threads=threads, copy=False)
    environments.reset(seed=list(seeds))
    states = [environment.unwrapped.state for environment in environments.envs]
    players = [Anything(seed) for seed in seeds]
    hashes = [[hash_of(state)] for state in states]
    for tick in range(1, ticks + 1):
        for state in states:
            supply(state)
        acts = [player.act(state) for player, state in zip(players, states, strict=True)]
        actions = [act.to_environment() for act in acts]
        environments.step({key: np.stack([action[key] for action in actions]) for key in actions[0]})
        if tick % every == 0:
            for own, state in zip(hashes, states, strict=True):
                own.append(hash_of(state))
    environments.close()
    return hashes


def play_elsewhere(preset, seed, ticks, every, **settings):
    """The same as `play_alone` in a process of its own, begun with some environment variables."""
    call = f"play_alone({preset!r}, {seed}, {ticks}, {every})"
    code = f"import json, test_determinism; print(json.dumps(test_determinism.{call}))"
    here = Path(__file__).parent
    paths = os.pathsep.join([str(here), str(here.parents[3])])
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": paths} | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


def test_another_process_comes_to_the_same():
    here = play_alone("brisk", SEED, 400, 100)
    assert len(set(here)) == 5
    assert play_alone("brisk", SEED, 400, 100) == here
    assert play_elsewhere("brisk", SEED, 400, 100, PYTHONHASHSEED="5", NUMBA_NUM_THREADS="1") == here
    assert play_alone("brisk", SEED + 1, 100, 100)[0] != here[0]


@pytest.mark.parametrize(("count", "threads"), [(1, 1), (3, 2)])
def test_company_changes_nothing(count, threads):
    seeds = range(SEED, SEED + count)
    alone = [play_alone("brisk", seed, 200, 50) for seed in seeds]
    assert play_together("brisk", seeds, threads, 200, 50) == alone


TICKS, EVERY = 20_000, 1_000


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("preset", ["survival", "brisk"])
def test_twenty_thousand_ticks_are_the_same_in_every_process(preset):
    here = play_alone(preset, SEED, TICKS, EVERY)
    assert len(set(here)) == TICKS // EVERY + 1
    assert play_alone(preset, SEED, TICKS, EVERY) == here
    for settings in ({}, {"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "4711", "NUMBA_NUM_THREADS": "1"}):
        assert play_elsewhere(preset, SEED, TICKS, EVERY, **settings) == here, settings


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("count", "threads"), [(1, 1), (8, 2), (16, 3)])
def test_twenty_thousand_ticks_are_the_same_in_every_company(count, threads):
    seeds = range(SEED, SEED + count)
    together = play_together("brisk", seeds, threads, TICKS, EVERY, Glancing)
    for seed, hashes in zip(seeds, together, strict=True):
        alone = play_alone("brisk", seed, TICKS, EVERY)
        different = [
            tick * EVERY for tick, pair in enumerate(zip(hashes, alone, strict=True)) if len(set(pair)) > 1
        ]
        assert not different, f"seed {seed} differs from tick {different[0]} on"
