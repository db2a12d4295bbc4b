"""A player who does anything at all: nothing breaks, nothing is made of nothing, nobody leaves the world."""

from __future__ import annotations

import numpy as np
import pytest

from vpt_studio.actions import ENVIRONMENT_BUTTONS, Action
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.handling import DEGREES_PER_PIXEL
from vpt_studio.envs.voxel.items import ITEMS, Item, Stack
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.presets import BRISK
from vpt_studio.envs.voxel.screen_layout import Role
from vpt_studio.envs.voxel.simulation import advance
from vpt_studio.envs.voxel.state import State

_GIFTS = {
    Item.OAK_LOG: 40,
    Item.COBBLESTONE: 64,
    Item.SAND: 64,
    Item.GRAVEL: 30,
    Item.IRON_ORE: 20,
    Item.COAL: 30,
    Item.DIAMOND: 20,
    Item.TORCH: 40,
    Item.CRAFTING_TABLE: 2,
    Item.FURNACE: 2,
    Item.IRON_PICKAXE: 1,
    Item.GOLDEN_SHOVEL: 1,
    Item.WOODEN_AXE: 1,
    Item.STONE_HOE: 1,
    Item.POPPY: 5,
}


class Anything:
    """Random keys that are held for a while, big and small turns, much clicking on screens."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._held: frozenset[str] = frozenset()

    def act(self, state: State) -> Action:
        if state.screen is not None:
            return self._on_screen(state)
        random = self._random
        if random.random() < 0.12:
            likely = {"attack": 0.5, "use": 0.3, "forward": 0.6, "jump": 0.3, "sneak": 0.15}
            self._held = frozenset(
                name for name in ENVIRONMENT_BUTTONS if random.random() < likely.get(name, 0.03)
            )
        size = float(random.choice([0.5, 5.0, 60.0], p=[0.5, 0.45, 0.05]))
        pitch, yaw = random.normal(0, size, 2).clip(-180, 180)
        return Action(self._held, float(pitch), float(yaw))

    def _on_screen(self, state: State) -> Action:
        random = self._random
        likely = {"attack": 0.5, "use": 0.35, "sneak": 0.2, "inventory": 0.01}
        self._held = frozenset(
            name for name in ENVIRONMENT_BUTTONS if random.random() < likely.get(name, 0.02)
        )
        assert state.screen is not None
        x, y = random.uniform(0, 600, 2)
        if random.random() < 0.9:
            wanted = list(state.screen.slots)
            if state.screen.result is not None and random.random() < 0.5:
                wanted = [slot for slot in wanted if slot.role is Role.RESULT]
            elif random.random() < 0.6:  # what is carried to the upper part, and full hands from full slots
                carries = state.screen.carried is not None
                upper = (Role.GRID, Role.INPUT, Role.FUEL)
                wanted = [slot for slot in wanted if (slot.role in upper) == carries] or wanted
            slot = wanted[int(random.integers(len(wanted)))]
            x, y = slot.x + 8, slot.y + 8
        yaw, pitch = (np.array([x, y]) - state.pointer) * DEGREES_PER_PIXEL
        return Action(self._held, float(pitch), float(yaw))


def items_there_are(state: State) -> np.ndarray:
    """How many of each item lie in inventory, screen, furnaces and on the ground."""
    counts = state.inventory.counts()
    stacks = [*state.drops.stacks()]
    for furnace in state.furnaces.values():
        stacks += furnace.stacks()
    if state.screen is not None:
        stacks += state.screen.own_stacks()
    for stack in stacks:
        counts[stack.item] += stack.count
    return counts


def check(state: State) -> None:
    balance = state.ledger.created - state.ledger.destroyed
    np.testing.assert_array_equal(items_there_are(state), balance)
    size = state.world.preset.size
    (left, bottom, near), (right, _, far) = state.body.box
    assert left >= 0
    assert near >= 0
    assert right <= size
    assert far <= size
    assert bottom >= 1  # above the bedrock
    assert np.isfinite(state.body.state).all()
    positions = state.drops.positions
    assert ((positions[:, [0, 2]] >= 0) & (positions[:, [0, 2]] <= size)).all()
    assert (positions[:, 1] >= 0).all()
    assert 0 <= state.vitals.health <= 20
    assert all(stack is None or stack.count >= 1 for stack in state.inventory.slots)


def fuzz(seed: int, ticks: int, every: int) -> State:
    state = State.begin(BRISK, seed)
    anything = Anything(seed)
    for tick in range(ticks):
        if tick % 2500 == 0:
            for item, count in _GIFTS.items():
                wear = max(0, ITEMS[item].durability - 1)  # tools that break at the next use
                left = state.inventory.add(Stack(item, count, wear))
                state.ledger.book(Cause.GIVEN, item, count - (left.count if left else 0))
        advance(state, anything.act(state))
        if tick % every == 0:
            check(state)
    check(state)
    return state


def test_a_few_thousand_random_actions() -> None:
    states = [fuzz(seed, 15_000, 50) for seed in range(2)]
    done = sum(state.ledger.counts.sum(axis=1) for state in states)
    for cause in (Cause.MINED, Cause.CRAFTED, Cause.PLACED, Cause.PICKED_UP, Cause.THROWN, Cause.LOST):
        assert done[cause] > 0, f"{cause.name} never happened: the fuzz is too tame"
    for state in states:
        np.testing.assert_array_equal(state.world.blocks[:, :, 0], Block.BEDROCK)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_million_random_actions() -> None:
    done = sum(fuzz(seed, 250_000, 500).ledger.counts.sum(axis=1) for seed in range(4))
    assert (done > 0).all(), f"{done}: the fuzz is too tame"


def test_light_is_right_after_all_that() -> None:
    from vpt_studio.envs.voxel.lighting import light_world

    state = fuzz(1, 3_000, 500)
    light, top = np.zeros_like(state.world.light), np.zeros_like(state.world.top)
    light_world(state.world.blocks, light, top)
    np.testing.assert_array_equal(state.world.light, light)
    np.testing.assert_array_equal(state.world.top, top)
