"""What can be crafted, against Minecraft's own table where that is at hand."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from vpt_studio.envs.voxel.crafting import match
from vpt_studio.envs.voxel.items import Item, Stack, Tool
from vpt_studio.envs.voxel.recipes import LOGS, PLANKS, RECIPES, SMELTING, Shaped


def lay(*rows, **legend):
    """A grid of `rows` of letters, each standing for an item."""
    return [None if letter == " " else Stack(legend[letter], 5) for row in rows for letter in row]


def trimmed(rows):
    rows = [list(row) for row in rows]
    while not any(rows[0]):
        rows.pop(0)
    while not any(rows[-1]):
        rows.pop()
    while not any(row[0] for row in rows):
        rows = [row[1:] for row in rows]
    while not any(row[-1] for row in rows):
        rows = [row[:-1] for row in rows]
    return tuple(tuple(row) for row in rows)


def every_recipe_of_ours():
    """All of them with one item for each letter, as the table has them."""
    for recipe in RECIPES:
        if isinstance(recipe, Shaped):
            for items in product(*recipe.legend.values()):
                legend = dict(zip(recipe.legend, items, strict=True)) | {" ": None}
                rows = ((legend[letter] for letter in row) for row in recipe.pattern)
                yield "shaped", trimmed(rows), recipe.result, recipe.count
        else:
            for items in product(*recipe.ingredients):
                yield "shapeless", tuple(sorted(items)), recipe.result, recipe.count


def every_recipe_of_the_table(folder):
    """All whose result and ingredients are items of ours."""
    names = {entry["id"]: entry["name"].upper() for entry in json.loads((folder / "items.json").read_text())}
    ours = {number: Item[name] for number, name in names.items() if name in Item.__members__}
    for recipes in json.loads((folder / "recipes.json").read_text()).values():
        for recipe in recipes:
            rows = recipe.get("inShape", [recipe.get("ingredients")])
            numbers = {number for row in rows for number in row if number is not None}
            if numbers | {recipe["result"]["id"]} <= ours.keys():
                result = ours[recipe["result"]["id"]], recipe["result"]["count"]
                if "inShape" in recipe:
                    items = ((None if number is None else ours[number] for number in row) for row in rows)
                    yield "shaped", trimmed(items), *result
                else:
                    yield "shapeless", tuple(sorted(ours[number] for number in rows[0])), *result


def test_the_recipes_are_minecrafts_for_the_items_there_are(shared_data: Path):
    assert set(every_recipe_of_ours()) == set(every_recipe_of_the_table(shared_data / "minecraft_1.16.2"))


def test_no_two_recipes_lie_the_same_way():
    recipes = [(kind, places) for kind, places, _, _ in every_recipe_of_ours()]
    assert len(set(recipes)) == len(recipes)


def test_every_recipe_is_found_wherever_it_fits_and_mirrored():
    for kind, places, result, count in every_recipe_of_ours():
        rows = places if kind == "shaped" else (places,)
        for width in (2, 3):
            for layout in (rows, tuple(row[::-1] for row in rows)):
                for top, left in product(range(width - len(rows) + 1), range(width - len(rows[0]) + 1)):
                    grid = [None] * (width * width)
                    for (r, row), c in product(enumerate(layout), range(len(rows[0]))):
                        grid[(top + r) * width + left + c] = Stack(row[c]) if row[c] else None
                    assert match(grid) == Stack(result, count)


def test_kinds_of_planks_may_be_mixed():
    grid = lay("ABA", " S ", " S ", A=PLANKS[0], B=PLANKS[2], S=Item.STICK)
    assert match(grid) == Stack(Item.WOODEN_PICKAXE)
    assert match(lay("AB", "BA", A=PLANKS[1], B=PLANKS[2])) == Stack(Item.CRAFTING_TABLE)


def test_every_log_gives_its_own_planks_from_any_place():
    for log, planks in zip(LOGS, PLANKS, strict=True):
        for place in range(4):
            grid = [None] * 4
            grid[place] = Stack(log, 64)
            assert match(grid) == Stack(planks, 4)


@pytest.mark.parametrize(
    "grid",
    [
        [None] * 4,
        [None] * 9,
        lay("AA", "  ", A=Item.OAK_PLANKS),  # sticks need one above the other
        lay("S ", "C ", S=Item.STICK, C=Item.COAL),  # upside down
        lay("C ", " S", S=Item.STICK, C=Item.COAL),
        lay("AA ", "AA ", "  A", A=Item.OAK_PLANKS),  # one too many
        lay("###", "###", "###", **{"#": Item.COBBLESTONE}),
        lay("CCC", "CCC", "CCC", C=Item.CHARCOAL),  # no block of charcoal
        lay("LL", "  ", L=Item.OAK_LOG),
        lay("MMM", " L ", " L ", M=Item.OAK_PLANKS, L=Item.OAK_LOG),
    ],
)
def test_nothing_comes_of_what_is_no_recipe(grid):
    assert match(grid) is None


def test_every_tool_can_be_made():
    made = {recipe.result for recipe in RECIPES}
    tools = [item for item in Item if item.name.rpartition("_")[2] in Tool.__members__]
    assert len(tools) == 25
    assert set(tools) <= made


def test_planks_and_charcoal_do_not_smelt():
    assert not {*PLANKS, Item.CHARCOAL, Item.COAL} & SMELTING.keys()
    assert all(SMELTING[log] is Item.CHARCOAL for log in LOGS)
