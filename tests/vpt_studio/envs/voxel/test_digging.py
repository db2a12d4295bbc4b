"""Times in which blocks break, against facts/voxel.md section 4 and Minecraft's own tables."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from vpt_studio.envs.voxel.blocks import BLOCKS, Block
from vpt_studio.envs.voxel.digging import BROKEN, break_delta, break_ticks, drops_anything
from vpt_studio.envs.voxel.items import ITEMS, Item, Tool


@pytest.mark.parametrize(
    ("block", "item", "ticks", "drops"),
    [
        (Block.OAK_LOG, None, 60, True),
        (Block.OAK_LOG, Item.WOODEN_AXE, 30, True),
        (Block.OAK_PLANKS, None, 60, True),
        (Block.CRAFTING_TABLE, None, 75, True),
        (Block.DIRT, None, 15, True),
        (Block.GRASS_BLOCK, None, 18, True),
        (Block.OAK_LEAVES, None, 6, True),
        (Block.STONE, None, 150, False),
        (Block.STONE, Item.WOODEN_PICKAXE, 23, True),
        (Block.STONE, Item.STONE_PICKAXE, 12, True),
        (Block.STONE, Item.IRON_PICKAXE, 8, True),
        (Block.STONE, Item.DIAMOND_PICKAXE, 6, True),
        (Block.COBBLESTONE, Item.WOODEN_PICKAXE, 30, True),
        (Block.COAL_ORE, Item.WOODEN_PICKAXE, 45, True),
        (Block.COAL_ORE, Item.STONE_PICKAXE, 23, True),
        (Block.IRON_ORE, Item.STONE_PICKAXE, 23, True),
        (Block.IRON_ORE, Item.WOODEN_PICKAXE, 150, False),
        (Block.DIAMOND_ORE, Item.IRON_PICKAXE, 15, True),
        (Block.DIAMOND_ORE, Item.STONE_PICKAXE, 75, False),
        (Block.FURNACE_NORTH, Item.WOODEN_PICKAXE, 53, True),
        (Block.OBSIDIAN, Item.DIAMOND_PICKAXE, 188, True),
    ],
)
def test_break_times_are_those_of_the_facts(block, item, ticks, drops):
    assert break_ticks(block, item) == ticks
    assert drops_anything(block, item) == drops


@pytest.mark.parametrize(
    ("block", "item", "ticks"),
    [
        (Block.OAK_LEAVES, Item.IRON_SWORD, 4),
        (Block.OAK_LEAVES, Item.STONE_HOE, 2),
        (Block.OAK_LOG, Item.STONE_PICKAXE, 60),
        (Block.OAK_LOG, Item.STICK, 60),
        (Block.GLASS, Item.IRON_SWORD, 9),
        (Block.STONE, Item.GOLDEN_PICKAXE, 4),
        (Block.IRON_ORE, Item.GOLDEN_PICKAXE, 25),
        (Block.TORCH, None, 1),
        (Block.POPPY, Item.DIAMOND_SWORD, 1),
    ],
)
def test_a_tool_is_fast_only_on_what_it_is_made_for(block, item, ticks):
    assert break_ticks(block, item) == ticks


def test_a_golden_pickaxe_gets_no_iron_ore():
    assert not drops_anything(Block.IRON_ORE, Item.GOLDEN_PICKAXE)


@pytest.mark.parametrize("block", [Block.AIR, Block.BEDROCK, Block.WATER, Block.LAVA])
def test_nothing_breaks_bedrock_air_and_fluids(block):
    assert break_ticks(block, Item.DIAMOND_PICKAXE) is None
    assert break_delta(block, Item.DIAMOND_PICKAXE, on_ground=True, eyes_in_water=False) == 0


def test_digging_is_slower_in_the_air_and_under_water():
    assert break_ticks(Block.DIRT, None, on_ground=False) == 75
    assert break_ticks(Block.DIRT, None, eyes_in_water=True) == 75
    assert break_ticks(Block.DIRT, None, on_ground=False, eyes_in_water=True) == 375


def test_a_faster_world_digs_faster():
    assert break_ticks(Block.OAK_LOG, None, digging_speed=3.0) == 20
    assert break_ticks(Block.STONE, Item.WOODEN_PICKAXE, digging_speed=3.0) == 8


@pytest.mark.parametrize("on_ground", [True, False])
def test_deltas_added_up_break_a_block_in_the_very_tick_foretold(on_ground):
    for block in BLOCKS:
        for item in (None, *Item):
            ticks = break_ticks(block, item, on_ground=on_ground)
            if ticks is None or ticks > 2000:
                continue
            delta = break_delta(block, item, on_ground=on_ground, eyes_in_water=False)
            progress, taken = 0.0, 0
            while progress < BROKEN:
                progress += delta
                taken += 1
            assert taken == ticks, (block, item)


def test_hardness_and_tools_are_minecrafts(shared_data: Path):
    folder = shared_data / "minecraft_1.16.2"
    theirs = {entry["name"]: entry for entry in json.loads((folder / "blocks.json").read_text())}
    tools = {entry["id"]: entry["name"] for entry in json.loads((folder / "items.json").read_text())}
    for block, kind in BLOCKS.items():
        entry = theirs[_name(block)]
        if not entry["diggable"] or block is Block.AIR:
            assert math.isinf(kind.hardness), block
            continue
        assert kind.hardness == pytest.approx(entry["hardness"]), block
        harvest = entry.get("harvestTools")
        needed = None if harvest is None else {tools[int(tool)] for tool in harvest}
        for item in Item:
            expected = needed is None or item.label in needed
            assert drops_anything(block, item) == expected, (block, item)
        assert drops_anything(block, None) == (needed is None), block


def test_the_better_material_is_never_slower():
    for block in BLOCKS:
        for tool in ("PICKAXE", "AXE", "SHOVEL", "HOE"):
            times = [
                break_ticks(block, Item[f"{material}_{tool}"])
                for material in ("WOODEN", "STONE", "IRON", "DIAMOND")
            ]
            if None not in times:
                assert times == sorted(times, reverse=True), (block, tool)
    assert ITEMS[Item.WOODEN_HOE].tool is Tool.HOE


def _name(block: Block) -> str:
    name = block.name.lower()
    if "furnace" in name:
        return "furnace"
    if name.startswith("wall_torch"):
        return "wall_torch"
    return name
