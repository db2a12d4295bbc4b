"""The items of the built-in world: how they stack, what they dig, what they burn.

Names, stack sizes, tool speeds, durabilities and fuel times are Minecraft 1.16's. Ids are stored in
snapshots: append, never renumber.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Tool(IntEnum):
    """Classes of tools."""

    NONE = 0
    PICKAXE = 1
    AXE = 2
    SHOVEL = 3
    HOE = 4
    SWORD = 5


class Item(IntEnum):
    """The id of every item; its name in lower case is the one MineRL uses."""

    OAK_LOG = 1
    BIRCH_LOG = 2
    SPRUCE_LOG = 3
    OAK_PLANKS = 4
    BIRCH_PLANKS = 5
    SPRUCE_PLANKS = 6
    STICK = 7
    CRAFTING_TABLE = 8
    DIRT = 9
    SAND = 10
    GRAVEL = 11
    FLINT = 12
    STONE = 13
    COBBLESTONE = 14
    SANDSTONE = 15
    STONE_BRICKS = 16
    GRANITE = 17
    DIORITE = 18
    ANDESITE = 19
    OBSIDIAN = 20
    GLASS = 21
    FURNACE = 22
    TORCH = 23
    COAL = 24
    CHARCOAL = 25
    IRON_ORE = 26
    GOLD_ORE = 27
    REDSTONE = 28
    DIAMOND = 29
    IRON_INGOT = 30
    GOLD_INGOT = 31
    COAL_BLOCK = 32
    IRON_BLOCK = 33
    GOLD_BLOCK = 34
    DIAMOND_BLOCK = 35
    DANDELION = 36
    POPPY = 37
    WOODEN_PICKAXE = 38
    WOODEN_AXE = 39
    WOODEN_SHOVEL = 40
    WOODEN_HOE = 41
    WOODEN_SWORD = 42
    STONE_PICKAXE = 43
    STONE_AXE = 44
    STONE_SHOVEL = 45
    STONE_HOE = 46
    STONE_SWORD = 47
    IRON_PICKAXE = 48
    IRON_AXE = 49
    IRON_SHOVEL = 50
    IRON_HOE = 51
    IRON_SWORD = 52
    GOLDEN_PICKAXE = 53
    GOLDEN_AXE = 54
    GOLDEN_SHOVEL = 55
    GOLDEN_HOE = 56
    GOLDEN_SWORD = 57
    DIAMOND_PICKAXE = 58
    DIAMOND_AXE = 59
    DIAMOND_SHOVEL = 60
    DIAMOND_HOE = 61
    DIAMOND_SWORD = 62

    @property
    def label(self) -> str:
        """Its name as MineRL spells it: ``oak_log``."""
        return self.name.lower()


@dataclass(frozen=True)
class ItemKind:
    """What is true of every item of one kind.

    Attributes:
        stack_size: How many lie in one slot.
        tool: What it digs; NONE for everything that is no tool.
        tier: 0 wood and gold, 1 stone, 2 iron, 3 diamond.
        speed: How much faster than the hand it digs what it is made for.
        durability: Uses before it breaks; 0 where it does not wear.
        fuel_ticks: Ticks that one of it keeps a furnace burning; 0 where it does not burn.
    """

    stack_size: int = 64
    tool: Tool = Tool.NONE
    tier: int = 0
    speed: float = 1.0
    durability: int = 0
    fuel_ticks: int = 0


@dataclass(frozen=True)
class _Material:
    tier: int
    speed: float
    durability: int
    fuel_ticks: int = 0


_MATERIALS = {
    "WOODEN": _Material(0, 2.0, 59, 200),
    "STONE": _Material(1, 4.0, 131),
    "IRON": _Material(2, 6.0, 250),
    "GOLDEN": _Material(0, 12.0, 32),
    "DIAMOND": _Material(3, 8.0, 1561),
}

_FUELS = {
    Item.COAL: 1600,
    Item.CHARCOAL: 1600,
    Item.COAL_BLOCK: 16000,
    Item.OAK_LOG: 300,
    Item.BIRCH_LOG: 300,
    Item.SPRUCE_LOG: 300,
    Item.OAK_PLANKS: 300,
    Item.BIRCH_PLANKS: 300,
    Item.SPRUCE_PLANKS: 300,
    Item.CRAFTING_TABLE: 300,
    Item.STICK: 100,
}


def _kind(item: Item) -> ItemKind:
    material, _, tool = item.name.rpartition("_")
    if material in _MATERIALS and tool in Tool.__members__:
        made_of = _MATERIALS[material]
        return ItemKind(1, Tool[tool], made_of.tier, made_of.speed, made_of.durability, made_of.fuel_ticks)
    return ItemKind(fuel_ticks=_FUELS.get(item, 0))


#: Every kind, by id.
ITEMS: dict[Item, ItemKind] = {item: _kind(item) for item in Item}


@dataclass(frozen=True, slots=True)
class Stack:
    """Items of one kind in one slot, or lying on the ground.

    Attributes:
        item: What it is.
        count: How many, at least 1.
        wear: Uses a tool has behind it; 0 for everything else.
    """

    item: Item
    count: int = 1
    wear: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.count <= ITEMS[self.item].stack_size:
            raise ValueError(f"{self.count} {self.item.label} are no stack")

    def of(self, count: int) -> Stack | None:
        """As many of the same, or None for none."""
        return Stack(self.item, count, self.wear) if count else None

    def stacks_with(self, other: Stack | None) -> bool:
        """Whether both may lie in one slot."""
        return other is not None and other.item == self.item and other.wear == self.wear

    @property
    def room(self) -> int:
        """How many more fit in the slot."""
        return ITEMS[self.item].stack_size - self.count
