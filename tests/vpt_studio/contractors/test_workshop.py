"""Making things through the screens."""

from __future__ import annotations

import pytest
from contractor_worlds import FLOOR, Puppet, tiny_state

from vpt_studio.contractors.digging import dig
from vpt_studio.contractors.gathering import gather_logs
from vpt_studio.contractors.screens import throw_away
from vpt_studio.contractors.workshop import make_at_table, make_by_hand, make_sticks, smelt_iron
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.recipes import LOGS


@pytest.mark.parametrize("seed", range(4))
def test_sticks_are_made_of_logs_in_spite_of_slips(seed):
    puppet = Puppet(tiny_state(), "twitchy", seed)
    puppet.give((Item.OAK_LOG, 2))
    assert puppet.do(make_sticks(puppet.player, 4))
    assert puppet.state.inventory.count(Item.STICK) >= 4


@pytest.mark.parametrize("style", ["steady", "careful"])
def test_a_table_is_put_down_and_a_pickaxe_made_at_it(style):
    puppet = Puppet(tiny_state(), style)
    puppet.give((Item.BIRCH_LOG, 4))
    assert puppet.do(make_at_table(puppet.player, [Item.WOODEN_PICKAXE]))
    assert puppet.state.inventory.count(Item.WOODEN_PICKAXE) == 1
    assert (puppet.state.world.blocks == Block.CRAFTING_TABLE).sum() == 1
    assert puppet.state.screen is None


def test_iron_is_smelted_and_nothing_stays_in_the_furnace():
    puppet = Puppet(tiny_state())
    puppet.give((Item.IRON_ORE, 3), (Item.COAL, 4), (Item.FURNACE, 1))
    assert puppet.do(smelt_iron(puppet.player, 3))
    assert puppet.state.inventory.count(Item.IRON_INGOT) == 3
    assert puppet.state.inventory.count(Item.COAL) == 3


def test_iron_is_smelted_over_planks_where_there_are_only_logs():
    puppet = Puppet(tiny_state())
    puppet.give((Item.IRON_ORE, 3), (Item.SPRUCE_LOG, 4), (Item.FURNACE, 1))
    assert puppet.do(smelt_iron(puppet.player, 3))
    assert puppet.state.inventory.count(Item.IRON_INGOT) == 3
    assert puppet.state.inventory.count(Item.SPRUCE_LOG) < 4


def test_what_cannot_be_made_is_not_made():
    puppet = Puppet(tiny_state())
    puppet.give((Item.STICK, 1))
    assert not puppet.do(make_by_hand(puppet.player, Item.CRAFTING_TABLE))


def test_junk_is_thrown_away():
    puppet = Puppet(tiny_state())
    puppet.give((Item.DIRT, 40), (Item.COBBLESTONE, 5), (Item.DIRT, 3))
    puppet.do(throw_away(puppet.player, frozenset({Item.DIRT})))
    assert puppet.state.inventory.count(Item.DIRT) == 0
    assert puppet.state.inventory.count(Item.COBBLESTONE) == 5


def test_trees_are_chopped_and_the_logs_picked_up():
    def build(blocks):
        blocks[:, :, FLOOR - 1] = Block.GRASS_BLOCK
        blocks[26, 31, FLOOR : FLOOR + 5] = Block.OAK_LOG
        blocks[24:29, 29:34, FLOOR + 3 : FLOOR + 5] = Block.OAK_LEAVES
        blocks[26, 31, FLOOR : FLOOR + 5] = Block.OAK_LOG

    puppet = Puppet(tiny_state(build))
    puppet.do(gather_logs(puppet.player, 3), most=3000)
    assert puppet.player.count(LOGS) >= 3


def test_nobody_digs_the_ground_from_under_the_feet_into_the_unknown():
    puppet = Puppet(tiny_state())
    assert not puppet.do(dig(puppet.player, (24, FLOOR - 1, 24)))
    assert puppet.state.world.block_at(24, FLOOR - 1, 24) is Block.STONE
