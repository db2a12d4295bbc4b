"""Finding ways, and walking them."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from contractor_worlds import FLOOR, Puppet, knowing_all, tiny_state

from vpt_studio.contractors.digging import digging_costs
from vpt_studio.contractors.memory import Memory
from vpt_studio.contractors.mining import climb_out, tunnel
from vpt_studio.contractors.pathfinding import NOT_DUG, Costs, Goal, find_way
from vpt_studio.contractors.walking import go
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import Item

START = (24, FLOOR, 24)
ON_FOOT = Costs(np.full(256, NOT_DUG, np.float32))


def way_through(build, to, costs=None, start=START):
    state = tiny_state(build, at=start)
    return find_way(knowing_all(state), start, Goal(to), costs or ON_FOOT)


def test_the_way_over_a_plain_is_straight():
    way = way_through(lambda blocks: None, (30, FLOOR, 24))
    assert way.complete
    assert way.cells == tuple((x, FLOOR, 24) for x in range(24, 31))


def test_a_wall_is_walked_round_and_a_step_is_jumped():
    def wall(blocks):
        blocks[27, 20:29, FLOOR : FLOOR + 3] = Block.STONE

    def step(blocks):
        blocks[27:, :, FLOOR] = Block.STONE

    round_it = way_through(wall, (30, FLOOR, 24))
    assert round_it.complete
    assert all(not (x == 27 and 20 <= z < 29) for x, _, z in round_it.cells)
    up = way_through(step, (30, FLOOR + 1, 24))
    assert up.complete
    assert up.cells[-1] == (30, FLOOR + 1, 24)


def test_two_blocks_are_too_high_and_a_drop_of_four_is_too_deep():
    def high(blocks):
        blocks[27:, :, FLOOR : FLOOR + 2] = Block.STONE

    def deep(depth):
        def build(blocks):
            blocks[27:, :, FLOOR - depth : FLOOR] = Block.AIR

        return build

    assert not way_through(high, (30, FLOOR + 2, 24)).complete
    assert way_through(deep(3), (30, FLOOR - 3, 24)).complete
    assert not way_through(deep(4), (30, FLOOR - 4, 24)).complete


def test_lava_is_never_entered_and_is_given_a_wide_berth():
    def build(blocks):
        blocks[27, :30, FLOOR - 1] = Block.LAVA

    way = way_through(build, (31, FLOOR, 24))
    assert way.complete
    assert all(not (x == 27 and z < 30) for x, _, z in way.cells)


def test_water_is_swum():
    def build(blocks):
        blocks[26:30, :, FLOOR - 3 : FLOOR] = Block.WATER

    way = way_through(build, (33, FLOOR, 24))
    assert way.complete
    assert any(y == FLOOR - 1 for _, y, _ in way.cells)


def test_ways_lead_only_where_something_was_seen():
    way = find_way(Memory(48), START, Goal((30, FLOOR, 24)), ON_FOOT)
    assert not way.complete
    assert len(way.cells) == 1


def test_digging_makes_stairs_down_and_not_shafts():
    digging = np.full(256, 25, np.float32)
    digging[[int(Block.BEDROCK), int(Block.LAVA)]] = 1e9
    way = way_through(lambda blocks: None, (28, FLOOR - 4, 24), Costs(digging, 20.0))
    assert way.complete
    for (x, y, z), (to_x, to_y, to_z) in pairwise(way.cells):
        assert abs(to_x - x) + abs(to_z - z) >= 1
        assert to_y >= y - 1


def test_one_arrives_where_one_goes():
    def build(blocks):
        blocks[27, 20:29, FLOOR : FLOOR + 3] = Block.STONE
        blocks[30:, :, FLOOR] = Block.STONE

    for style in ("steady", "twitchy", "relaxed"):
        puppet = Puppet(tiny_state(build), style, knows_all=True)
        assert puppet.do(go(puppet.player, Goal((33, FLOOR + 1, 24)), lambda: ON_FOOT))
        x, y, z = puppet.state.body.position
        assert (int(x), round(y), int(z)) == (33, FLOOR + 1, 24)


def test_one_digs_through_where_there_is_no_other_way():
    def build(blocks):
        blocks[20:29, 20:29, FLOOR : FLOOR + 6] = Block.STONE
        blocks[23:26, 23:26, FLOOR : FLOOR + 2] = Block.AIR

    puppet = Puppet(tiny_state(build))
    puppet.give((Item.STONE_PICKAXE, 1))
    costs = digging_costs(puppet.player, unknown=True)
    assert puppet.do(go(puppet.player, Goal((31, FLOOR, 24)), lambda: costs), most=3000)
    assert puppet.state.inventory.count(Item.COBBLESTONE) >= 3


def test_nobody_walks_off_a_cliff():
    def build(blocks):
        blocks[26:, :, 2:FLOOR] = Block.AIR

    puppet = Puppet(tiny_state(build))

    def march():
        for _ in range(100):
            puppet.player.turn(-90.0, 20.0)
            puppet.player.hold("forward", "sprint", "jump")
            yield

    puppet.do(march())
    assert puppet.state.body.position[1] == FLOOR


def test_who_is_in_a_cave_digs_up_to_the_sky():
    def build(blocks):
        blocks[:, :, FLOOR : FLOOR + 14] = Block.STONE
        blocks[22:27, 22:27, FLOOR : FLOOR + 3] = Block.AIR

    puppet = Puppet(tiny_state(build))
    puppet.give((Item.STONE_PICKAXE, 1))
    assert not puppet.player.under_sky
    assert puppet.do(climb_out(puppet.player), most=6000)
    assert puppet.player.under_sky
    assert puppet.state.body.position[1] > FLOOR + 8


@pytest.mark.parametrize("seed", range(5))
def test_who_tunnels_under_the_sea_turns_back_to_land(seed):
    def build(blocks):
        blocks[:, :, FLOOR : FLOOR + 12] = Block.STONE
        blocks[100:104, 60:64, FLOOR : FLOOR + 2] = Block.AIR

    puppet = Puppet(tiny_state(build, size=112, at=(102, FLOOR, 62)), seed=seed)
    puppet.give((Item.IRON_PICKAXE, 1))
    puppet.do(tunnel(puppet.player, FLOOR, frozenset))
    assert puppet.state.body.position[0] < 96


@pytest.mark.parametrize(("strafe", "sideways"), [(1.0, True), (0.0, False)])
def test_some_go_sideways_before_they_have_turned(strafe, sideways):
    puppet = Puppet(tiny_state(), knows_all=True)
    puppet.player.style = dataclasses.replace(puppet.player.style, strafe=strafe, wrong_turn=0.0)
    puppet.do(go(puppet.player, Goal((34, FLOOR, 24)), lambda: ON_FOOT))
    assert any(given.held & {"left", "right"} for given in puppet.inputs) is sideways
    assert puppet.player.feet == (34, FLOOR, 24)
