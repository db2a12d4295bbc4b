"""What can be crafted and smelted, as data: Minecraft 1.16's recipes for the items there are here.

Recipes that need an item of another world (quartz, nuggets, bamboo, blackstone) are left out, and so is
mending two worn tools into one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vpt_studio.envs.voxel.items import Item

#: One place of a recipe: any of these items will do.
Choice = tuple[Item, ...]

LOGS: Choice = (Item.OAK_LOG, Item.BIRCH_LOG, Item.SPRUCE_LOG)
PLANKS: Choice = (Item.OAK_PLANKS, Item.BIRCH_PLANKS, Item.SPRUCE_PLANKS)
COALS: Choice = (Item.COAL, Item.CHARCOAL)

#: What the tools of each material are made of, by the first word of their names.
TOOL_MATERIALS: dict[str, Choice] = {
    "WOODEN": PLANKS,
    "STONE": (Item.COBBLESTONE,),
    "IRON": (Item.IRON_INGOT,),
    "GOLDEN": (Item.GOLD_INGOT,),
    "DIAMOND": (Item.DIAMOND,),
}

#: How each tool is laid out, from material (M) and sticks (S).
TOOL_PATTERNS: dict[str, tuple[str, ...]] = {
    "PICKAXE": ("MMM", " S ", " S "),
    "AXE": ("MM", "MS", " S"),
    "SHOVEL": ("M", "S", "S"),
    "HOE": ("MM", " S", " S"),
    "SWORD": ("M", "M", "S"),
}


@dataclass(frozen=True)
class Shaped:
    """A recipe whose ingredients lie in a pattern, anywhere in the grid, also mirrored left to right.

    Attributes:
        result: What comes out.
        count: How many of it.
        pattern: Rows of letters from top to bottom, all of one length; a space is an empty place.
        legend: What each letter stands for; places of the same letter may hold different choices.
    """

    result: Item
    count: int
    pattern: tuple[str, ...]
    legend: Mapping[str, Choice]


@dataclass(frozen=True)
class Shapeless:
    """A recipe whose ingredients may lie anywhere in the grid, one to a place."""

    result: Item
    count: int
    ingredients: tuple[Choice, ...]


Recipe = Shaped | Shapeless


def _tools() -> Iterator[Recipe]:
    for material, choice in TOOL_MATERIALS.items():
        for tool, pattern in TOOL_PATTERNS.items():
            yield Shaped(Item[f"{material}_{tool}"], 1, pattern, {"M": choice, "S": (Item.STICK,)})


def _storage(block: Item, piece: Item) -> Iterator[Recipe]:
    yield Shaped(block, 1, ("###", "###", "###"), {"#": (piece,)})
    yield Shapeless(piece, 9, ((block,),))


def _square(result: Item, count: int, choice: Choice) -> Recipe:
    return Shaped(result, count, ("##", "##"), {"#": choice})


#: Every crafting recipe.
RECIPES: tuple[Recipe, ...] = (
    *(Shapeless(planks, 4, ((log,),)) for log, planks in zip(LOGS, PLANKS, strict=True)),
    Shaped(Item.STICK, 4, ("#", "#"), {"#": PLANKS}),
    _square(Item.CRAFTING_TABLE, 1, PLANKS),
    Shaped(Item.TORCH, 4, ("C", "S"), {"C": COALS, "S": (Item.STICK,)}),
    Shaped(Item.FURNACE, 1, ("###", "# #", "###"), {"#": (Item.COBBLESTONE,)}),
    *_tools(),
    _square(Item.SANDSTONE, 1, (Item.SAND,)),
    _square(Item.STONE_BRICKS, 4, (Item.STONE,)),
    Shapeless(Item.ANDESITE, 2, ((Item.DIORITE,), (Item.COBBLESTONE,))),
    *_storage(Item.COAL_BLOCK, Item.COAL),
    *_storage(Item.IRON_BLOCK, Item.IRON_INGOT),
    *_storage(Item.GOLD_BLOCK, Item.GOLD_INGOT),
    *_storage(Item.DIAMOND_BLOCK, Item.DIAMOND),
)

#: What a furnace makes of what lies in it, one of one.
SMELTING: dict[Item, Item] = {
    Item.IRON_ORE: Item.IRON_INGOT,
    Item.GOLD_ORE: Item.GOLD_INGOT,
    Item.SAND: Item.GLASS,
    Item.COBBLESTONE: Item.STONE,
    **dict.fromkeys(LOGS, Item.CHARCOAL),
}
