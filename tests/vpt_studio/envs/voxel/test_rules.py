"""What digging, gravity and hurts do to a world and to whoever plays in it, tick by tick."""

from __future__ import annotations

import pytest
from someone import Someone, tools
from tiny_worlds import FLOOR, empty_world, flat_world

from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import ITEMS, Item, Stack
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.smelting import FUEL, INPUT, OUTPUT, Furnace

AHEAD = (8, FLOOR + 1, 10)  # a cell at the height of the eyes, within reach
UNDER_AHEAD = (8, FLOOR, 10)


def flooded(block, depth=20):
    world = flat_world()
    world.blocks[:, :, FLOOR : FLOOR + depth] = block
    return world


# Digging


@pytest.mark.parametrize("how", ["let go", "look away", "another tool"])
def test_digging_that_is_interrupted_starts_anew(how):
    player = Someone(None, *tools(Item.STICK))
    player.put(Block.OAK_LOG, AHEAD)
    player.act("attack", ticks=59)
    assert player.state.digging.progress > 0.9
    if how == "let go":
        player.act()
    elif how == "look away":
        player.act("attack", yaw=90)
        player.act("attack", yaw=-90)
    else:
        player.act("attack", "hotbar.2")
    assert player.state.digging.progress < 0.1
    assert player.until(lambda: player.block(*AHEAD) is Block.AIR, "attack") >= 59


def test_cracks_grow_from_none_to_the_tenth_picture():
    player = Someone()
    player.put(Block.OAK_LOG, AHEAD)
    stages = []
    while player.block(*AHEAD) is not Block.AIR:
        stages.append(player.state.digging.stage)
        player.act("attack")
    assert stages == sorted(stages)
    assert set(stages) >= {-1, 0, 4, 8}
    assert player.state.digging.stage == -1


def test_the_next_block_waits_five_ticks_and_begins_in_the_sixth():
    player = Someone()
    behind = (8, FLOOR + 1, 11)
    player.put(Block.DIRT, AHEAD, behind)
    assert player.dig(*AHEAD) == 15
    assert player.until(lambda: player.block(*behind) is Block.AIR, "attack") == 6 + 15


def test_a_new_press_does_not_shorten_the_pause():
    player = Someone()
    behind = (8, FLOOR + 1, 11)
    player.put(Block.DIRT, AHEAD, behind)
    player.dig(*AHEAD)
    player.act()
    assert player.until(lambda: player.block(*behind) is Block.AIR, "attack") == 5 + 15


def test_nothing_is_dug_out_of_reach_and_bedrock_never():
    player = Someone(*tools(Item.DIAMOND_PICKAXE))
    far = (8, FLOOR + 1, 14)
    player.put(Block.DIRT, far)
    player.act("attack", ticks=40)
    assert player.block(*far) is Block.DIRT
    player.put(Block.BEDROCK, AHEAD)
    player.act("attack", ticks=400)
    assert player.block(*AHEAD) is Block.BEDROCK


@pytest.mark.parametrize(
    ("block", "tool", "left"),
    [
        (Block.STONE, None, {}),
        (Block.STONE, Item.WOODEN_PICKAXE, {Item.COBBLESTONE: 1}),
        (Block.IRON_ORE, Item.WOODEN_PICKAXE, {}),
        (Block.IRON_ORE, Item.STONE_PICKAXE, {Item.IRON_ORE: 1}),
        (Block.DIAMOND_ORE, Item.STONE_PICKAXE, {}),
        (Block.DIAMOND_ORE, Item.IRON_PICKAXE, {Item.DIAMOND: 1}),
        (Block.GRASS_BLOCK, None, {Item.DIRT: 1}),
        (Block.COAL_ORE, Item.WOODEN_AXE, {}),
        (Block.GLASS, None, {}),
    ],
)
def test_only_the_right_tool_leaves_anything(block, tool, left):
    player = Someone(Stack(tool) if tool else None)
    player.put(block, AHEAD)
    player.dig(*AHEAD)
    assert player.lying() == left


def test_a_tool_wears_with_each_block_and_breaks_with_its_last():
    item = Item.WOODEN_PICKAXE
    player = Someone(Stack(item, 1, wear=ITEMS[item].durability - 2))
    for wear in (ITEMS[item].durability - 1, None):
        player.put(Block.STONE, AHEAD)
        player.dig(*AHEAD)
        held = player.state.inventory.held
        assert (held.wear if held else None) == wear
        player.act(ticks=2)
    assert player.state.ledger.counts[Cause.WORN_OUT, item] == 1


def test_a_sword_wears_twice_and_what_breaks_at_once_costs_nothing():
    player = Someone(*tools(Item.IRON_SWORD))
    player.put(Block.DIRT, AHEAD)
    player.dig(*AHEAD)
    assert player.state.inventory.held == Stack(Item.IRON_SWORD, 1, wear=2)
    player.put(Block.TORCH, UNDER_AHEAD)
    player.act()
    player.look(8.5, FLOOR + 0.3, 10.5, "attack")
    assert player.block(*UNDER_AHEAD) is Block.AIR
    assert player.state.inventory.held == Stack(Item.IRON_SWORD, 1, wear=2)


def test_gravel_sometimes_leaves_flint_instead():
    player = Someone(*tools(Item.DIAMOND_SHOVEL))
    player.put(Block.STONE, UNDER_AHEAD)
    for _ in range(200):
        player.put(Block.GRAVEL, AHEAD)
        player.until(lambda: player.block(*AHEAD) is Block.AIR, "attack")
    mined = player.state.ledger.counts[Cause.MINED]
    assert mined[Item.GRAVEL] + mined[Item.FLINT] == 200
    assert 8 <= mined[Item.FLINT] <= 36  # 20 expected, about 4 standard deviations


def test_a_broken_furnace_gives_back_what_is_in_it():
    for tool, extra in ((Item.WOODEN_PICKAXE, {Item.FURNACE: 1}), (None, {})):
        player = Someone(Stack(tool) if tool else None)
        player.put(Block.FURNACE_NORTH, AHEAD)
        furnace = player.state.furnaces[AHEAD] = Furnace()
        furnace[INPUT], furnace[FUEL] = Stack(Item.SAND, 9), Stack(Item.DIRT, 3)
        furnace[OUTPUT] = Stack(Item.GLASS, 2)
        player.dig(*AHEAD)
        assert player.lying() == {Item.SAND: 9, Item.DIRT: 3, Item.GLASS: 2} | extra
        assert not player.state.furnaces


def test_a_furnace_glows_while_it_burns():
    player = Someone()
    player.put(Block.FURNACE_EAST, AHEAD)
    furnace = player.state.furnaces[AHEAD] = Furnace()
    furnace[INPUT], furnace[FUEL] = Stack(Item.SAND), Stack(Item.STICK)
    player.act()
    assert player.block(*AHEAD) is Block.LIT_FURNACE_EAST
    assert player.state.world.light[8, 9, FLOOR + 1] & 15 == 12
    player.act(ticks=100)
    assert player.block(*AHEAD) is Block.FURNACE_EAST
    assert furnace[OUTPUT] is None  # a stick smelts half of it


# What needs a hold, and what falls


def test_plants_and_torches_drop_when_what_holds_them_is_dug():
    x, y, z = AHEAD
    for plant, left in ((Block.POPPY, {Item.POPPY: 1}), (Block.GRASS, {}), (Block.TORCH, {Item.TORCH: 1})):
        player = Someone(*tools(Item.DIAMOND_SHOVEL))
        player.put(Block.DIRT, AHEAD)
        player.put(plant, (x, y + 1, z))
        player.dig(*AHEAD)
        assert player.block(x, y + 1, z) is Block.AIR
        assert player.lying() == {Item.DIRT: 1} | left


@pytest.mark.parametrize(
    ("torch", "x", "z"),
    [
        (Block.WALL_TORCH_WEST, 7, 10),
        (Block.WALL_TORCH_EAST, 9, 10),
        (Block.WALL_TORCH_NORTH, 8, 9),
        (Block.WALL_TORCH_SOUTH, 8, 11),
    ],
)
def test_a_torch_on_a_wall_falls_with_its_wall(torch, x, z):
    player = Someone(*tools(Item.DIAMOND_PICKAXE))
    player.put(Block.STONE, AHEAD)
    player.put(torch, (x, FLOOR + 1, z))
    player.stand(8.5, FLOOR + 1.4, 8.5)  # the torch to the north would be in the way of a level look
    while player.block(*AHEAD) is Block.STONE:
        player.stand(8.5, FLOOR + 1.4, 8.5)
        player.look(8.5, FLOOR + 1.95, 10.5, "attack")
    assert player.block(x, FLOOR + 1, z) is Block.AIR
    assert player.lying() == {Item.COBBLESTONE: 1, Item.TORCH: 1}


def test_sand_falls_as_a_pile_when_its_ground_is_dug():
    player = Someone()
    x, y, z = AHEAD
    player.put(Block.DIRT, AHEAD)
    player.put(Block.SAND, *[(x, y + up, z) for up in (1, 2, 3)])
    player.act(ticks=10)
    assert player.block(x, y + 3, z) is Block.SAND  # as long as something holds it
    player.dig(*AHEAD)
    assert player.block(x, y + 1, z) is Block.SAND  # it notices two ticks later
    player.act(ticks=3)
    assert player.block(x, y + 1, z) is Block.AIR
    assert player.state.falling
    player.act(ticks=30)
    assert not player.state.falling
    assert [player.block(x, FLOOR + up, z) for up in range(4)] == [Block.SAND] * 3 + [Block.AIR]
    assert player.lying() == {Item.DIRT: 1}


def test_sand_falls_through_a_torch_and_breaks_on_the_ground_beside_it():
    player = Someone()
    x, y, z = AHEAD
    player.put(Block.TORCH, UNDER_AHEAD)
    player.put(Block.DIRT, (x, y + 1, z))
    player.put(Block.SAND, (x, y + 2, z))
    player.dig(x, y + 1, z)
    player.act(ticks=30)
    assert player.block(*UNDER_AHEAD) is Block.TORCH
    assert player.block(x, y, z) is Block.AIR
    assert player.lying() == {Item.DIRT: 1, Item.SAND: 1}


def test_gravel_sinks_in_water_and_takes_the_place_of_grass():
    for below in (Block.WATER, Block.GRASS):
        player = Someone()
        x, y, z = AHEAD
        player.put(below, UNDER_AHEAD)
        player.put(Block.DIRT, (x, y + 1, z))
        player.put(Block.GRAVEL, (x, y + 2, z))
        player.dig(x, y + 1, z)
        player.act(ticks=30)
        assert player.block(*UNDER_AHEAD) is Block.GRAVEL


# What hurts


def test_under_water_air_runs_out_and_comes_back_above_it():
    player = Someone(world=flooded(Block.WATER))
    player.act(ticks=100)
    assert player.state.vitals.air == 300 - player.state.tick
    player.act(ticks=319 - player.state.tick)
    assert player.health == 20
    player.act()
    assert player.health == 18
    player.act(ticks=20)
    assert player.health == 16
    player.stand(8.5, FLOOR + 19.5, 8.5)
    player.act("jump", ticks=30)
    assert player.state.vitals.air > 60


def test_who_stays_under_water_drowns_and_wakes_up_at_the_spawn():
    player = Someone(Stack(Item.DIRT, 5), world=flooded(Block.WATER))
    ticks = player.until(lambda: player.state.deaths, "sneak")
    assert ticks + 1 == 320 + 10 * 20  # the heart that comes back meanwhile lasts for an eleventh blow
    player.act()
    assert player.state.vitals.health == 20
    assert player.state.inventory.held is None
    assert player.lying() == {Item.DIRT: 5}


def test_lava_burns_every_ten_ticks_and_goes_on_burning_until_there_is_water():
    player = Someone()
    player.put(Block.LAVA, (8, FLOOR, 8))
    player.act()
    assert player.health == 16
    player.act(ticks=9)
    assert player.health == 16
    player.act()
    assert player.health == 12
    player.put(Block.AIR, (8, FLOOR, 8))
    player.act(ticks=21)
    assert player.health == 11
    assert player.state.vitals.fire > 0
    player.put(Block.WATER, (8, FLOOR, 8))
    player.act()
    assert player.state.vitals.fire == 0
    player.act(ticks=40)
    assert player.health == 11


def test_lava_takes_the_things_of_who_dies_in_it():
    player = Someone(Stack(Item.DIRT, 5), world=flooded(Block.LAVA))
    player.state.spawn = (3.5, 40.0, 3.5)
    player.until(lambda: player.state.deaths)
    player.act(ticks=20)
    assert player.lying() == {}
    assert player.state.ledger.counts[Cause.LOST, Item.DIRT] == 5


def test_sand_over_the_head_suffocates():
    world = flat_world()
    world.blocks[:, :, FLOOR : FLOOR + 2] = Block.STONE
    world.blocks[8, 8, FLOOR : FLOOR + 2] = Block.AIR
    player = Someone(world=world)
    player.put(Block.SAND, (8, FLOOR + 4, 8), (8, FLOOR + 5, 8))
    player.until(lambda: player.block(8, FLOOR + 1, 8) is Block.SAND)
    assert player.health == 19
    player.act(ticks=10)
    assert player.health == 18


def test_half_a_heart_comes_back_every_four_seconds():
    player = Someone()
    player.state.vitals.health = 17
    player.act(ticks=79)
    assert player.health == 17
    player.act()
    assert player.health == 18
    player.act(ticks=160)
    assert player.health == 20
    player.act(ticks=200)
    assert player.health == 20


@pytest.mark.parametrize(("height", "health"), [(3, 20), (4, 19), (10, 13), (23, 1)])
def test_a_fall_hurts_by_its_depth(height, health):
    player = Someone()
    player.stand(8.5, FLOOR + height, 8.5)
    player.act(ticks=50)
    assert player.health == health


def test_a_fall_into_water_hurts_nobody_and_a_deep_one_onto_stone_kills():
    player = Someone(world=flooded(Block.WATER, 2))
    player.stand(8.5, FLOOR + 40, 8.5)
    player.act(ticks=100)
    assert player.health == 20
    player = Someone()
    player.stand(8.5, FLOOR + 24, 8.5)
    assert player.act(ticks=60) == 1
    assert player.health == 20
    assert player.state.body.position == player.state.spawn


def test_a_second_blow_counts_only_as_far_as_it_is_harder():
    vitals = Someone().state.vitals
    vitals.strike(4)
    vitals.strike(3)
    assert vitals.health == 16
    vitals.strike(6)
    assert vitals.health == 14
    vitals.strike(6)
    assert vitals.health == 14


def test_days_go_by():
    player = Someone(world=empty_world())
    begin = player.state.daytime
    player.act(ticks=50)
    assert player.state.daytime == begin + 50
    player.state.tick += 23990 - player.state.daytime
    player.act(ticks=20)
    assert player.state.daytime == 10
