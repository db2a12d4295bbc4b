"""From bare hands to a diamond pickaxe, by keys and mouse alone."""

from __future__ import annotations

import pytest
from hands import Hands

from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.screen_layout import Role

FLOOR = 50
_MATERIALS = (
    [Block.OAK_LOG] * 2
    + [Block.BIRCH_LOG]
    + [Block.STONE] * 11
    + [Block.COAL_ORE]
    + [Block.IRON_ORE] * 3
    + [Block.DIAMOND_ORE] * 3
)


def room_of_materials(environment: VoxelEnvironment) -> dict[Block, list[tuple[int, int, int]]]:
    """Wall the player in, high above the island, with all that the way to the diamond pickaxe takes."""
    world, body = environment.state.world, environment.state.body
    middle = world.preset.size // 2
    ring = [
        (middle + x, middle + z)
        for x in range(-2, 3)
        for z in range(-2, 3)
        if max(abs(x), abs(z)) == 2 and abs(x) != abs(z)
    ]
    for x in range(-3, 4):
        for z in range(-3, 4):
            wall = max(abs(x), abs(z)) == 3
            for y in range(FLOOR, FLOOR + 4):
                solid = y == FLOOR or wall
                world.set_block(middle + x, y, middle + z, Block.BEDROCK if solid else Block.AIR)
    cells = [(x, y, z) for y in (FLOOR + 2, FLOOR + 1) for x, z in ring]
    placed: dict[Block, list[tuple[int, int, int]]] = {}
    for block, cell in zip(_MATERIALS, cells, strict=False):
        world.set_block(*cell, block)
        placed.setdefault(block, []).append(cell)
    body.state[:3] = middle + 0.5, FLOOR + 1, middle + 0.5
    return placed


def climb(hands: Hands, materials: dict[Block, list[tuple[int, int, int]]]) -> None:
    """Everything from the first log to the diamond pickaxe."""
    middle = hands.state.world.preset.size // 2 + 0.5
    table, oven = materials[Block.OAK_LOG]

    def gather(*blocks: Block) -> None:
        for block in blocks:
            for cell in materials[block]:
                hands.dig(cell)
        hands.fetch()
        hands.go(middle, middle)

    def work_at(cell: tuple[int, int, int]) -> None:
        hands.use_on(*(place + 0.5 for place in cell))

    def put(item: Item, cell: tuple[int, int, int]) -> tuple[int, int, int]:
        hands.hold(item)
        x, y, z = cell
        while hands.state.world.block_at(x, y - 1, z) is Block.AIR:
            y -= 1
        hands.use_on(x + 0.5, y, z + 0.5)
        return x, y, z

    gather(Block.OAK_LOG, Block.BIRCH_LOG)
    hands.act("inventory")
    for log in (Item.OAK_LOG, Item.OAK_LOG, Item.BIRCH_LOG):
        hands.craft({0: log})
    hands.craft({0: Item.OAK_PLANKS, 2: Item.OAK_PLANKS})
    hands.craft({0: Item.OAK_PLANKS, 2: Item.OAK_PLANKS})
    hands.craft(dict.fromkeys(range(4), Item.BIRCH_PLANKS))
    hands.act("inventory")
    table = put(Item.CRAFTING_TABLE, table)

    def tool_of(material: Item, pickaxe: Item) -> None:
        work_at(table)
        hands.craft({0: material, 1: material, 2: material, 4: Item.STICK, 7: Item.STICK})
        if pickaxe is Item.STONE_PICKAXE:
            hands.craft(dict.fromkeys((0, 1, 2, 3, 5, 6, 7, 8), Item.COBBLESTONE))
        hands.act("ESC")
        hands.hold(pickaxe)

    tool_of(Item.OAK_PLANKS, Item.WOODEN_PICKAXE)
    gather(Block.STONE, Block.COAL_ORE)
    tool_of(Item.COBBLESTONE, Item.STONE_PICKAXE)
    oven = put(Item.FURNACE, oven)
    hands.hold(Item.STONE_PICKAXE)
    gather(Block.IRON_ORE)
    work_at(oven)
    for item, role in ((Item.IRON_ORE, Role.INPUT), (Item.COAL, Role.FUEL)):
        hands.take(item)
        hands.click(role, 0, "attack")
    furnace = hands.state.furnaces[oven]
    hands.until(lambda: [stack.count for stack in furnace.stacks() if stack.item is Item.IRON_INGOT] == [3])
    hands.click(Role.OUTPUT, 0, "attack", "sneak")
    hands.act("inventory")
    tool_of(Item.IRON_INGOT, Item.IRON_PICKAXE)
    gather(Block.DIAMOND_ORE)
    tool_of(Item.DIAMOND, Item.DIAMOND_PICKAXE)


@pytest.mark.parametrize("preset", [pytest.param("survival", marks=pytest.mark.slow), "brisk"])
def test_the_whole_tech_tree_by_keys_and_mouse(preset: str) -> None:
    environment = VoxelEnvironment(preset, "64x64")
    environment.reset(seed=5)
    materials = room_of_materials(environment)
    begin = environment.snapshot()
    hands = Hands(environment)
    climb(hands, materials)
    assert environment.state.inventory.count(Item.DIAMOND_PICKAXE) == 1
    first = environment.state.progress.first_ticks
    order = [
        Item.OAK_LOG,
        Item.OAK_PLANKS,
        Item.STICK,
        Item.CRAFTING_TABLE,
        Item.WOODEN_PICKAXE,
        Item.COBBLESTONE,
        Item.STONE_PICKAXE,
        Item.FURNACE,
        Item.IRON_ORE,
        Item.IRON_INGOT,
        Item.IRON_PICKAXE,
        Item.DIAMOND,
        Item.DIAMOND_PICKAXE,
    ]
    ticks = [int(first[item]) for item in order]
    assert ticks == sorted(ticks)
    assert ticks[0] > 0

    again = VoxelEnvironment(preset, "64x64")
    again.restore(begin)
    for action in hands.actions:
        again.step(action)
    assert again.state_hash() == environment.state_hash()
