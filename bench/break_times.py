"""How long blocks take to break beside Minecraft's times, with the button really held."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from bench.rule import Rule
from bench.small_worlds import FLOOR, Player
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.presets import BRISK, SURVIVAL, Preset
from vpt_studio.envs.voxel.smelting import Furnace

_BRISK_FACTOR = 3


class _Break(NamedTuple):
    """A block and a tool in Minecraft 1.16.

    Attributes:
        ticks: From the press of the button until the block is gone.
        hardness: The block's.
        speed: The tool's on it.
        leaves: How many items it leaves; None where chance decides.
    """

    block: Block
    tool: Item | None
    ticks: int
    hardness: float
    speed: int
    leaves: int | None


_BREAKS = (
    _Break(Block.OAK_LOG, None, 60, 2, 1, 1),
    _Break(Block.OAK_LOG, Item.WOODEN_AXE, 30, 2, 2, 1),
    _Break(Block.OAK_PLANKS, None, 60, 2, 1, 1),
    _Break(Block.CRAFTING_TABLE, None, 75, 2.5, 1, 1),
    _Break(Block.DIRT, None, 15, 0.5, 1, 1),
    _Break(Block.GRASS_BLOCK, None, 18, 0.6, 1, 1),
    _Break(Block.OAK_LEAVES, None, 6, 0.2, 1, None),
    _Break(Block.STONE, None, 150, 1.5, 1, 0),
    _Break(Block.STONE, Item.WOODEN_PICKAXE, 23, 1.5, 2, 1),
    _Break(Block.STONE, Item.STONE_PICKAXE, 12, 1.5, 4, 1),
    _Break(Block.STONE, Item.IRON_PICKAXE, 8, 1.5, 6, 1),
    _Break(Block.STONE, Item.DIAMOND_PICKAXE, 6, 1.5, 8, 1),
    _Break(Block.COBBLESTONE, Item.WOODEN_PICKAXE, 30, 2, 2, 1),
    _Break(Block.COAL_ORE, Item.WOODEN_PICKAXE, 45, 3, 2, 1),
    _Break(Block.COAL_ORE, Item.STONE_PICKAXE, 23, 3, 4, 1),
    _Break(Block.IRON_ORE, Item.STONE_PICKAXE, 23, 3, 4, 1),
    _Break(Block.IRON_ORE, Item.WOODEN_PICKAXE, 150, 3, 2, 0),
    _Break(Block.DIAMOND_ORE, Item.IRON_PICKAXE, 15, 3, 6, 1),
    _Break(Block.DIAMOND_ORE, Item.STONE_PICKAXE, 75, 3, 4, 0),
    _Break(Block.FURNACE_NORTH, Item.WOODEN_PICKAXE, 53, 3.5, 2, 1),
    _Break(Block.OBSIDIAN, Item.DIAMOND_PICKAXE, 188, 50, 8, 1),
)


def break_rules() -> Iterator[Rule]:
    """Every time, what is left, and what comes between two blocks."""
    for row in _BREAKS:
        tool = "hand" if row.tool is None else row.tool.label
        what = f"{row.block.name.lower()} by {tool}"
        ticks, left = _broken(SURVIVAL, row)
        yield Rule(what, ticks, row.ticks, "ticks", "PB")
        if row.leaves is not None:
            yield Rule(f"{what}, leaves", left, row.leaves, "pieces", "PB")
        divisor = 100 if row.leaves == 0 else 30
        expected = math.ceil(row.hardness * divisor / (row.speed * _BRISK_FACTOR) - 1e-9)
        yield Rule(f"{what}, brisk", _broken(BRISK, row)[0], expected, "ticks", "brisk")
    under_water = Player(above=Block.WATER)
    dirt = under_water.put(Block.DIRT, 2)
    ticks = under_water.ticks_until(lambda: under_water.block(dirt) is not Block.DIRT, "attack")
    yield Rule("dirt by hand, under water", ticks, 75, "ticks", "PB")
    yield _in_the_air()
    player = Player()
    first, second = player.put(Block.DIRT, 2), player.put(Block.DIRT, 3)
    player.ticks_until(lambda: player.block(first) is Block.AIR, "attack")
    ticks = player.ticks_until(lambda: player.block(second) is Block.AIR, "attack")
    yield Rule("between two blocks, the button held", ticks - 15, 5 + 1, "ticks", "K, W")


def _in_the_air() -> Rule:
    """Dirt dug in the air: lifted anew in every tick, for no fall past the block lasts so long."""
    player = Player()
    cell = player.put(Block.DIRT, 2)
    keys: tuple[str, ...] = ()
    begin = player.state.tick + 1
    while player.block(cell) is Block.DIRT:
        player.state.body.state[1], player.state.body.state[3:6] = FLOOR + 0.3, 0.0
        player.act(*keys)
        keys = ("attack",)
    return Rule("dirt by hand, in the air", player.state.tick - begin, 75, "ticks", "PB")


def _broken(preset: Preset, row: _Break) -> tuple[int, int]:
    """Ticks from the press until the block is gone, and how many items came of it."""
    player = Player(preset)
    cell = player.put(row.block, 2)
    if row.block is Block.FURNACE_NORTH:
        player.state.furnaces[cell] = Furnace(preset.smelting_ticks)
    player.hold(row.tool)
    ticks = player.ticks_until(lambda: player.block(cell) is Block.AIR, "attack")
    return ticks, int(player.state.ledger.counts[Cause.MINED].sum())
