"""The blocks of the built-in world: what each is made of, what breaks it and what it leaves behind.

Hardness, tools, tiers and light are Minecraft 1.16's (its public data tables; leaves and water let one
level of light less through, which those tables do not say). Ids are stored in snapshots: append, never
renumber.

Compiled kernels get the tables below as arguments and take only ids as constants: numba would copy a
table that is none into the machine code of each of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from vpt_studio.envs.voxel.items import Item, Tool


class Block(IntEnum):
    """The id of every block, as stored in the world's array."""

    AIR = 0
    STONE = 1
    GRASS_BLOCK = 2
    DIRT = 3
    COBBLESTONE = 4
    BEDROCK = 5
    SAND = 6
    GRAVEL = 7
    SANDSTONE = 8
    WATER = 9
    LAVA = 10
    OAK_LOG = 11
    BIRCH_LOG = 12
    SPRUCE_LOG = 13
    OAK_LEAVES = 14
    BIRCH_LEAVES = 15
    SPRUCE_LEAVES = 16
    OAK_PLANKS = 17
    BIRCH_PLANKS = 18
    SPRUCE_PLANKS = 19
    COAL_ORE = 20
    IRON_ORE = 21
    GOLD_ORE = 22
    REDSTONE_ORE = 23
    DIAMOND_ORE = 24
    OBSIDIAN = 25
    CRAFTING_TABLE = 26
    FURNACE_NORTH = 27  # the direction is the one its front looks to
    FURNACE_SOUTH = 28
    FURNACE_WEST = 29
    FURNACE_EAST = 30
    LIT_FURNACE_NORTH = 31
    LIT_FURNACE_SOUTH = 32
    LIT_FURNACE_WEST = 33
    LIT_FURNACE_EAST = 34
    TORCH = 35
    WALL_TORCH_NORTH = 36  # the direction is the one it leans to, away from its wall
    WALL_TORCH_SOUTH = 37
    WALL_TORCH_WEST = 38
    WALL_TORCH_EAST = 39
    GRASS = 40
    DANDELION = 41
    POPPY = 42
    GLASS = 43
    STONE_BRICKS = 44
    GRANITE = 45
    DIORITE = 46
    ANDESITE = 47
    COAL_BLOCK = 48
    IRON_BLOCK = 49
    GOLD_BLOCK = 50
    DIAMOND_BLOCK = 51


class Shape(IntEnum):
    """How a block fills its cell."""

    EMPTY = 0
    CUBE = 1
    LEAVES = 2  # a cube with holes
    FLUID = 3
    CROSS = 4  # two upright pictures, crossed: plants
    TORCH = 5


class Face(IntEnum):
    """The six faces of a cell, in the order of every table with six columns."""

    WEST = 0  # -x
    EAST = 1  # +x
    BOTTOM = 2  # -y
    TOP = 3  # +y
    NORTH = 4  # -z
    SOUTH = 5  # +z


#: What to add to a cell's (x, y, z) to get the cell on the other side of a face.
FACE_STEPS: tuple[tuple[int, int, int], ...] = (
    (-1, 0, 0),
    (1, 0, 0),
    (0, -1, 0),
    (0, 1, 0),
    (0, 0, -1),
    (0, 0, 1),
)


@dataclass(frozen=True)
class BlockKind:
    """What is true of every block of one kind.

    Attributes:
        hardness: Minecraft's; infinite where nothing breaks it.
        tool: The tool that is fast on it.
        needs_tier: Lowest tier of that tool that makes it drop anything; None where the hand does.
        drop: What is left when it is broken.
        shape: How it fills its cell.
        emission: Block light it gives, 0 to 15.
        filter: Levels of light it takes from what passes through; 15 lets none through.
        replaceable: A block may be placed into its cell.
        falls: It falls when nothing is below it.
        needs_support: It breaks when the block that holds it is gone.
    """

    hardness: float
    tool: Tool = Tool.NONE
    needs_tier: int | None = None
    drop: Item | None = None
    shape: Shape = Shape.CUBE
    emission: int = 0
    filter: int = 15
    replaceable: bool = False
    falls: bool = False
    needs_support: bool = False

    @property
    def solid(self) -> bool:
        """Bodies collide with it."""
        return self.shape in (Shape.CUBE, Shape.LEAVES)


_PICKAXE, _AXE, _SHOVEL, _HOE = Tool.PICKAXE, Tool.AXE, Tool.SHOVEL, Tool.HOE
_WOOD, _STONE, _IRON, _DIAMOND = 0, 1, 2, 3  # tiers


def _furnace(emission: int) -> BlockKind:
    return BlockKind(3.5, _PICKAXE, _WOOD, Item.FURNACE, emission=emission)


def _plant(drop: Item | None) -> BlockKind:
    return BlockKind(
        0.0, drop=drop, shape=Shape.CROSS, filter=0, needs_support=True, replaceable=drop is None
    )


_TORCH = BlockKind(0.0, drop=Item.TORCH, shape=Shape.TORCH, emission=14, filter=0, needs_support=True)

#: Every kind, by id.
BLOCKS: dict[Block, BlockKind] = {
    Block.AIR: BlockKind(math.inf, shape=Shape.EMPTY, filter=0, replaceable=True),
    Block.STONE: BlockKind(1.5, _PICKAXE, _WOOD, Item.COBBLESTONE),
    Block.GRASS_BLOCK: BlockKind(0.6, _SHOVEL, drop=Item.DIRT),
    Block.DIRT: BlockKind(0.5, _SHOVEL, drop=Item.DIRT),
    Block.COBBLESTONE: BlockKind(2.0, _PICKAXE, _WOOD, Item.COBBLESTONE),
    Block.BEDROCK: BlockKind(math.inf),
    Block.SAND: BlockKind(0.5, _SHOVEL, drop=Item.SAND, falls=True),
    Block.GRAVEL: BlockKind(0.6, _SHOVEL, drop=Item.GRAVEL, falls=True),
    Block.SANDSTONE: BlockKind(0.8, _PICKAXE, _WOOD, Item.SANDSTONE),
    Block.WATER: BlockKind(math.inf, shape=Shape.FLUID, filter=1, replaceable=True),
    Block.LAVA: BlockKind(math.inf, shape=Shape.FLUID, emission=15, filter=1, replaceable=True),
    Block.OAK_LOG: BlockKind(2.0, _AXE, drop=Item.OAK_LOG),
    Block.BIRCH_LOG: BlockKind(2.0, _AXE, drop=Item.BIRCH_LOG),
    Block.SPRUCE_LOG: BlockKind(2.0, _AXE, drop=Item.SPRUCE_LOG),
    Block.OAK_LEAVES: BlockKind(0.2, _HOE, shape=Shape.LEAVES, filter=1),
    Block.BIRCH_LEAVES: BlockKind(0.2, _HOE, shape=Shape.LEAVES, filter=1),
    Block.SPRUCE_LEAVES: BlockKind(0.2, _HOE, shape=Shape.LEAVES, filter=1),
    Block.OAK_PLANKS: BlockKind(2.0, _AXE, drop=Item.OAK_PLANKS),
    Block.BIRCH_PLANKS: BlockKind(2.0, _AXE, drop=Item.BIRCH_PLANKS),
    Block.SPRUCE_PLANKS: BlockKind(2.0, _AXE, drop=Item.SPRUCE_PLANKS),
    Block.COAL_ORE: BlockKind(3.0, _PICKAXE, _WOOD, Item.COAL),
    Block.IRON_ORE: BlockKind(3.0, _PICKAXE, _STONE, Item.IRON_ORE),
    Block.GOLD_ORE: BlockKind(3.0, _PICKAXE, _IRON, Item.GOLD_ORE),
    Block.REDSTONE_ORE: BlockKind(3.0, _PICKAXE, _IRON, Item.REDSTONE),
    Block.DIAMOND_ORE: BlockKind(3.0, _PICKAXE, _IRON, Item.DIAMOND),
    Block.OBSIDIAN: BlockKind(50.0, _PICKAXE, _DIAMOND, Item.OBSIDIAN),
    Block.CRAFTING_TABLE: BlockKind(2.5, _AXE, drop=Item.CRAFTING_TABLE),
    Block.FURNACE_NORTH: _furnace(0),
    Block.FURNACE_SOUTH: _furnace(0),
    Block.FURNACE_WEST: _furnace(0),
    Block.FURNACE_EAST: _furnace(0),
    Block.LIT_FURNACE_NORTH: _furnace(13),
    Block.LIT_FURNACE_SOUTH: _furnace(13),
    Block.LIT_FURNACE_WEST: _furnace(13),
    Block.LIT_FURNACE_EAST: _furnace(13),
    Block.TORCH: _TORCH,
    Block.WALL_TORCH_NORTH: _TORCH,
    Block.WALL_TORCH_SOUTH: _TORCH,
    Block.WALL_TORCH_WEST: _TORCH,
    Block.WALL_TORCH_EAST: _TORCH,
    Block.GRASS: _plant(None),
    Block.DANDELION: _plant(Item.DANDELION),
    Block.POPPY: _plant(Item.POPPY),
    Block.GLASS: BlockKind(0.3, shape=Shape.LEAVES, filter=0),
    Block.STONE_BRICKS: BlockKind(1.5, _PICKAXE, _WOOD, Item.STONE_BRICKS),
    Block.GRANITE: BlockKind(1.5, _PICKAXE, _WOOD, Item.GRANITE),
    Block.DIORITE: BlockKind(1.5, _PICKAXE, _WOOD, Item.DIORITE),
    Block.ANDESITE: BlockKind(1.5, _PICKAXE, _WOOD, Item.ANDESITE),
    Block.COAL_BLOCK: BlockKind(5.0, _PICKAXE, _WOOD, Item.COAL_BLOCK),
    Block.IRON_BLOCK: BlockKind(5.0, _PICKAXE, _STONE, Item.IRON_BLOCK),
    Block.GOLD_BLOCK: BlockKind(3.0, _PICKAXE, _IRON, Item.GOLD_BLOCK),
    Block.DIAMOND_BLOCK: BlockKind(5.0, _PICKAXE, _IRON, Item.DIAMOND_BLOCK),
}

#: What each item becomes where it is placed; torches and furnaces are turned by whoever places them.
PLACES: dict[Item, Block] = {
    Item[block.name]: block for block in BLOCKS if block.name in Item.__members__
} | {Item.FURNACE: Block.FURNACE_NORTH}

#: The four directions a furnace's front can look to, with the unlit and the lit block.
FURNACES: dict[Face, tuple[Block, Block]] = {
    face: (Block[f"FURNACE_{face.name}"], Block[f"LIT_FURNACE_{face.name}"])
    for face in (Face.NORTH, Face.SOUTH, Face.WEST, Face.EAST)
}

_TABLE_SIZE = 256


def _table(values: dict[Block, int], dtype: type[np.generic]) -> np.ndarray:
    table = np.zeros(_TABLE_SIZE, dtype)
    for block, value in values.items():
        table[block] = value
    table.flags.writeable = True  # a read-only array would be another type to a compiled kernel
    return table


#: uint8 [256] by block id: 1 where bodies collide.
SOLID = _table({block: kind.solid for block, kind in BLOCKS.items()}, np.uint8)
#: uint8 [256]: :class:`Shape`.
SHAPES = _table({block: kind.shape for block, kind in BLOCKS.items()}, np.uint8)
#: uint8 [256]: levels of light taken from what passes through.
FILTERS = _table({block: kind.filter for block, kind in BLOCKS.items()}, np.uint8)
#: uint8 [256]: block light given.
EMISSIONS = _table({block: kind.emission for block, kind in BLOCKS.items()}, np.uint8)
