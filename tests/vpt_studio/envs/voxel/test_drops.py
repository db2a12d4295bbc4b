"""Items on the ground: how they move, merge, vanish and are picked up."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_worlds import FLOOR, cluttered_world, empty_world, flat_world, solid_cells_in

from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.drops import Drops
from vpt_studio.envs.voxel.items import ITEMS, Item, Stack
from vpt_studio.envs.voxel.physics import Body

REST = (0.0, 0.0, 0.0)


def counts(stacks):
    total = Counter()
    for stack in stacks:
        total[stack.item, stack.wear] += stack.count
    return total


def take_all(_stack):
    return None


def test_an_item_falls_by_its_recursion_and_comes_to_rest():
    world = flat_world()
    drops = Drops()
    drops.add(Stack(Item.DIRT), (8.5, FLOOR + 5.0, 8.5), (0.1, 0.2, 0.0))
    x, y, across, up = 8.5, FLOOR + 5.0, 0.1, 0.2
    for _ in range(10):
        drops.tick(world)
        up -= 0.04
        x, y = x + across, y + up
        across, up = across * 0.98, up * 0.98
        assert drops.positions[0] == pytest.approx([x, y, 8.5], abs=1e-12)
    for _ in range(60):
        drops.tick(world)
    assert drops.positions[0, 1] == FLOOR
    motion, _ = drops.to_arrays()
    assert motion[0, 4] == 0
    assert np.abs(motion[0, 3:]).max() < 0.01


def test_items_rise_slowly_in_water():
    world = flat_world()
    world.blocks[:, :, FLOOR : FLOOR + 5] = Block.WATER
    drops = Drops()
    drops.add(Stack(Item.OAK_LOG), (8.5, FLOOR, 8.5), REST)
    for _ in range(400):
        drops.tick(world)
    surface = FLOOR + 4 + 8 / 9
    assert surface - 0.3 < drops.positions[0, 1] < surface


def test_lava_burns_items_and_time_takes_them():
    world = flat_world()
    world.blocks[8, 8, FLOOR] = Block.LAVA
    drops = Drops()
    drops.add(Stack(Item.DIRT, 3), (8.5, FLOOR + 2.0, 8.5), REST)
    drops.add(Stack(Item.SAND, 4), (3.5, FLOOR, 3.5), REST)
    lost = []
    for _ in range(5999):
        lost += drops.tick(world)
    assert lost == [Stack(Item.DIRT, 3)]
    assert drops.stacks() == [Stack(Item.SAND, 4)]
    assert drops.tick(world) == [Stack(Item.SAND, 4)]
    assert len(drops) == 0


def test_an_item_in_a_block_gets_out_of_it():
    world = flat_world()
    world.blocks[8, 8, FLOOR : FLOOR + 3] = Block.STONE
    drops = Drops()
    drops.add(Stack(Item.DIRT), (8.8, FLOOR + 0.5, 8.5), REST)  # in the stone's midst
    drops.add(Stack(Item.SAND), (8.95, FLOOR + 0.5, 11.5), REST)
    world.blocks[9, 11, FLOOR] = Block.STONE  # the second one's rim is in it
    for _ in range(20):
        drops.tick(world)
    for x, y, z in drops.positions:
        assert solid_cells_in(world, (x - 0.125, y, z - 0.125), (x + 0.125, y + 0.25, z + 0.125)) == []
    assert drops.positions[0, 0] > 9


def test_items_never_enter_solids():
    rng = np.random.default_rng(21)
    for _ in range(4):
        world = cluttered_world(rng)
        drops = Drops()
        for _ in range(25):
            velocity = rng.uniform(-1, 1, 3) * 10 ** rng.uniform(-2, 1)
            item = Item(int(rng.integers(1, len(Item) + 1)))
            drops.add(Stack(item), (*rng.uniform(1, 11, 1), 12.0, *rng.uniform(1, 11, 1)), tuple(velocity))
        for _ in range(150):
            drops.tick(world)
            for x, y, z in drops.positions:
                box = (x - 0.125, y, z - 0.125), (x + 0.125, y + 0.25, z + 0.125)
                assert solid_cells_in(world, *box) == []


def test_equal_items_nearby_become_one_stack():
    world = flat_world()
    drops = Drops()
    drops.add(Stack(Item.DIRT, 10), (8.5, FLOOR, 8.5), REST)
    drops.add(Stack(Item.DIRT, 20), (9.0, FLOOR, 8.5), REST, pickup_delay=30)
    drops.add(Stack(Item.DIRT, 60), (8.5, FLOOR, 9.0), REST)  # together more than a stack
    drops.add(Stack(Item.SAND, 1), (8.5, FLOOR, 8.5), REST)
    drops.add(Stack(Item.DIRT, 1), (12.5, FLOOR, 8.5), REST)  # too far away
    drops.add(Stack(Item.DIRT, 2), (8.5, FLOOR, 8.5), REST, thrown=True)
    drops.add(Stack(Item.STONE_AXE), (3.5, FLOOR, 3.5), REST)
    drops.add(Stack(Item.STONE_AXE), (3.5, FLOOR, 3.5), REST)
    for _ in range(41):
        drops.tick(world)
    assert sorted((stack.item, stack.count) for stack in drops.stacks()) == [
        (Item.DIRT, 1),
        (Item.DIRT, 2),
        (Item.DIRT, 30),
        (Item.DIRT, 60),
        (Item.SAND, 1),
        (Item.STONE_AXE, 1),
        (Item.STONE_AXE, 1),
    ]
    merged = drops.stacks().index(Stack(Item.DIRT, 30))
    assert drops.positions[merged].tolist() == [9.0, FLOOR, 8.5]  # the larger one stays


def test_a_player_picks_up_what_is_near_after_its_delay():
    world = flat_world()
    drops = Drops()
    body = Body(8.5, FLOOR, 8.5)
    drops.add(Stack(Item.DIRT, 2), (9.9, FLOOR, 8.5), REST)
    drops.add(Stack(Item.SAND, 3), (9.95, FLOOR, 9.95), REST)  # 1.425 m beside the middle is too far
    drops.add(Stack(Item.STICK, 4), (8.5, FLOOR, 8.5), REST, pickup_delay=40, thrown=True)
    for _ in range(9):
        drops.tick(world)
        assert drops.collect(body, take_all) == []
    drops.tick(world)
    assert drops.collect(body, take_all) == [(Stack(Item.DIRT, 2), False)]
    for _ in range(30):
        drops.tick(world)
    assert drops.collect(body, take_all) == [(Stack(Item.STICK, 4), True)]
    assert drops.stacks() == [Stack(Item.SAND, 3)]


@pytest.mark.parametrize(("above", "reached"), [(2.29, True), (2.31, False), (-0.74, True), (-0.76, False)])
def test_pick_up_reaches_half_a_metre_above_and_below(above, reached):
    drops = Drops()
    drops.add(Stack(Item.DIRT), (8.5, 20.0 + above, 8.5), REST, pickup_delay=0)
    assert bool(drops.collect(Body(8.5, 20.0, 8.5), take_all)) == reached


def test_what_has_no_room_stays_on_the_ground():
    drops = Drops()
    drops.add(Stack(Item.DIRT, 9), (8.5, FLOOR, 8.5), REST, pickup_delay=0)
    body = Body(8.5, FLOOR, 8.5)
    assert drops.collect(body, lambda stack: stack) == []
    assert drops.collect(body, lambda stack: stack.of(5)) == [(Stack(Item.DIRT, 4), False)]
    assert drops.stacks() == [Stack(Item.DIRT, 5)]


def stacks_of_all_kinds():
    def stack(item):
        kind = ITEMS[item]
        return st.builds(
            Stack,
            st.just(item),
            st.integers(1, kind.stack_size),
            st.integers(0, max(0, kind.durability - 1)),
        )

    few = [Item.DIRT, Item.DIRT, Item.COAL, Item.STONE_PICKAXE]  # so that many meet their like
    return st.sampled_from(few).flatmap(stack)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(stacks_of_all_kinds(), st.booleans()), max_size=40), st.integers(0, 2**31))
def test_items_are_neither_made_nor_lost(stacks, seed):
    rng = np.random.default_rng(seed)
    world = flat_world()
    world.blocks[2, 2, FLOOR] = Block.LAVA
    body = Body(8.5, FLOOR, 8.5)
    drops = Drops()
    for stack, thrown in stacks:
        place = (float(rng.uniform(1, 15)), FLOOR + 1.0, float(rng.uniform(1, 15)))
        drops.add(stack, place, tuple(rng.uniform(-0.2, 0.2, 3).tolist()), thrown=thrown)
    out = []
    for _ in range(60):
        out += drops.tick(world)
        out += [
            stack
            for stack, _ in drops.collect(body, lambda stack: stack.of(int(rng.integers(0, stack.count + 1))))
        ]
    assert counts(drops.stacks() + out) == counts(stack for stack, _ in stacks)


def test_any_number_of_items_fits_and_a_snapshot_goes_on_alike():
    rng = np.random.default_rng(22)
    world = cluttered_world(rng)
    drops = Drops()
    for _ in range(100):
        place = (float(rng.uniform(1, 11)), 12.0, float(rng.uniform(1, 11)))
        item = (Item.DIRT, Item.COAL, Item.TORCH)[int(rng.integers(3))]
        drops.add(Stack(item, 2), place, tuple(rng.uniform(-0.3, 0.3, 3).tolist()))
    assert len(drops) == 100
    assert len(drops.items) == len(drops.ages) == len(drops.positions) == 100
    for _ in range(20):
        drops.tick(world)
    other = Drops.from_arrays(*drops.to_arrays())
    assert other.stacks() == drops.stacks()
    for _ in range(50):
        assert other.tick(world) == drops.tick(world)
    other.add(Stack(Item.DIRT), (6.0, 12.0, 6.0), REST)
    drops.add(Stack(Item.DIRT), (6.0, 12.0, 6.0), REST)
    for mine, theirs in zip(drops.to_arrays(), other.to_arrays(), strict=True):
        assert mine.dtype == theirs.dtype
        assert np.array_equal(mine, theirs)


def test_without_items_nothing_happens():
    drops = Drops()
    assert drops.tick(empty_world()) == []
    assert drops.collect(Body(8.5, 0, 8.5), take_all) == []
    motion, numbers = drops.to_arrays()
    assert motion.shape == numbers.shape == (0, 6)
    assert len(Drops.from_arrays(motion, numbers)) == 0
    assert drops.positions.shape == (0, 3)
