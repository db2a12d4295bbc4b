"""What to do next on the way to the diamond pickaxe, from what one carries and has seen."""

from __future__ import annotations

from vpt_studio.contractors.gathering import explore, gather_logs, ways_above
from vpt_studio.contractors.mining import (
    best_tier,
    climb_out,
    explore_cave,
    face_along_view,
    go_down,
    light_up,
    mine_ores,
    mine_stone,
    tunnel,
)
from vpt_studio.contractors.pathfinding import Goal
from vpt_studio.contractors.player import Play, Player
from vpt_studio.contractors.screens import close_screen, throw_away
from vpt_studio.contractors.walking import go
from vpt_studio.contractors.workshop import make_at_table, make_by_hand, make_sticks, planks_worth, smelt_iron
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.presets import Preset
from vpt_studio.envs.voxel.recipes import COALS, LOGS, PLANKS

_STONE_TIER, _IRON_TIER = 1, 2
_WORN = 25  # uses of stone pickaxes below which others are made
_JUNK = frozenset(
    {Item.DIRT, Item.GRAVEL, Item.GRANITE, Item.DIORITE, Item.ANDESITE, Item.SAND, Item.FLINT, Item.SANDSTONE}
)
_FULL = 3  # empty slots at which things are thrown away
_IRON_WANTED = 3
_COAL_FOR_TORCHES, _COAL_TO_SMELT = 8, 2
_DARK_BELOW = 5  # cells under the sea's surface from which on it is dark
_PIECE = 6.0  # metres of tunnel dug at a time, about
_PLANKS_TO_SPARE = 10  # with which sticks for torches are made
_DIAMONDS_UP = 6  # cells above the best level where caves still show some


def diamond_level(preset: Preset) -> int:
    """The height of the feet at which tunnels show the most diamonds and few lakes of lava."""
    ore = next((ore for ore in preset.ores if ore.block is Block.DIAMOND_ORE), None)
    lava = preset.sea_level // 6
    return max(lava + 4, 7 if ore is None else (ore.lowest + ore.highest) // 2)


def make_diamond_pickaxe(player: Player) -> Play[None]:
    """Go up the whole tech tree; begin again with what is missing whenever something was lost."""
    face_along_view(player)
    while not player.count({Item.DIAMOND_PICKAXE}):
        yield from close_screen(player)
        yield from _next_deed(player)
        yield


def _next_deed(player: Player) -> Play[None]:
    if player.count({Item.DIAMOND}) >= 3 and (player.count({Item.STICK}) >= 2 or planks_worth(player) >= 2):
        player.begin("craft_diamond_pickaxe")
        yield from player.think()
        yield from make_at_table(player, [Item.DIAMOND_PICKAXE])
    elif best_tier(player) < 0:
        yield from _first_pickaxe(player)
    elif _lacks_wood(player):
        yield from _fetch_wood(player)
    elif player.uses_left(_STONE_TIER) < _WORN and not _iron_will_do(player):
        yield from _stone_pickaxes(player)
    elif _slots_free(player) < _FULL:
        yield from _throw_junk(player)
    elif best_tier(player) < _IRON_TIER:
        yield from _iron_pickaxe(player)
    else:
        yield from _find_diamonds(player)


def _first_pickaxe(player: Player) -> Play[None]:
    if planks_worth(player) < 4 * player.style.logs and not _has_enough_wood(player):
        player.begin("gather_wood")
        yield from player.think()
        yield from gather_logs(player, max(1, player.style.logs - player.count(PLANKS) // 4))
        return
    player.begin("craft_wooden_pickaxe")
    yield from player.think()
    yield from make_at_table(player, [Item.WOODEN_PICKAXE])


def _has_enough_wood(player: Player) -> bool:
    return planks_worth(player) >= 20


def _lacks_wood(player: Player) -> bool:
    """Whether the sticks and tables to come cannot be made."""
    sticks = player.count({Item.STICK})
    return planks_worth(player) + sticks // 2 < 6


def _fetch_wood(player: Player) -> Play[None]:
    player.begin("gather_wood")
    yield from player.think()
    x, y, z = player.feet
    sea = player.state.world.preset.sea_level
    if y < sea - 2:
        goal = Goal((x, sea + 2, z), across=14, upright=3)
        yield from go(player, goal, lambda: ways_above(player), tries=6)
    if not (yield from climb_out(player)):
        return
    yield from gather_logs(player, max(4, player.style.logs - 3))


def _iron_will_do(player: Player) -> bool:
    return player.uses_left(_IRON_TIER) > 150


def _stone_pickaxes(player: Player) -> Play[None]:
    deep = best_tier(player) >= _STONE_TIER or player.feet[1] < player.state.world.preset.sea_level - 8
    wanted = 3 if deep else 2
    if player.count({Item.COBBLESTONE}) < 3 * wanted:
        player.begin("mine_stone")
        yield from player.think()
        yield from mine_stone(player, 3 * wanted)
        if player.count({Item.COBBLESTONE}) < 3:
            yield from explore(player, legs=1)
            return
    wanted = min(
        wanted,
        player.count({Item.COBBLESTONE}) // 3,
        (player.count({Item.STICK}) // 2 + planks_worth(player) - 4),
    )
    player.begin("craft_stone_pickaxe")
    yield from player.think()
    yield from make_at_table(player, [Item.STONE_PICKAXE] * max(1, wanted))


def _slots_free(player: Player) -> int:
    return sum(stack is None for stack in player.state.inventory.slots[:36])


def _throw_junk(player: Player) -> Play[None]:
    player.begin("tidy_inventory")
    yield from player.think()
    if player.count(_JUNK):
        yield from throw_away(player, _JUNK)
    else:
        yield from throw_away(player, frozenset({Item.COBBLESTONE, Item.COAL, Item.IRON_ORE}), keep=3)
        yield from throw_away(player, frozenset(LOGS), keep=1)


def wanted_ores(player: Player) -> frozenset[Block]:
    """Which ores are worth a detour now, and can be dug."""
    tier = best_tier(player)
    wanted = set()
    lights = player.style.torch_every and tier >= _IRON_TIER
    if player.count(COALS) < (_COAL_FOR_TORCHES if lights else _COAL_TO_SMELT):
        wanted.add(Block.COAL_ORE)
    iron = player.count({Item.IRON_ORE, Item.IRON_INGOT})
    if tier >= _STONE_TIER and iron < _IRON_WANTED and tier < _IRON_TIER:
        wanted.add(Block.IRON_ORE)
    if tier >= _IRON_TIER:
        wanted.add(Block.DIAMOND_ORE)
    return frozenset(wanted)


def _iron_pickaxe(player: Player) -> Play[None]:
    ingots, ore = player.count({Item.IRON_INGOT}), player.count({Item.IRON_ORE})
    if ingots >= 3:
        player.begin("craft_iron_pickaxe")
        yield from player.think()
        yield from make_at_table(player, [Item.IRON_PICKAXE])
    elif ingots + ore >= 3 and (player.count(COALS) or planks_worth(player) >= 14):
        if not player.count({Item.FURNACE}) and player.count({Item.COBBLESTONE}) < 8:
            player.begin("mine_stone")
            yield from mine_stone(player, 8)
            return
        player.begin("smelt_iron")
        yield from player.think()
        yield from smelt_iron(player, 3)
    else:
        player.begin("find_iron" if ingots + ore < 3 else "find_coal")
        yield from _seek_ores(player)


def _seek_ores(player: Player) -> Play[None]:
    """Dig down to where diamonds lie, and on from there."""
    level = diamond_level(player.state.world.preset)

    def wants() -> frozenset[Block]:
        return wanted_ores(player)

    yield from mine_ores(player, wants)
    if (yield from _keep_lit(player)) or (yield from explore_cave(player, wants)):
        return
    if player.feet[1] > level + 2:
        yield from go_down(player, max(level, player.feet[1] - 6), wants)
    elif not (yield from tunnel(player, level, wants)):
        yield from player.think()


def _keep_lit(player: Player) -> Play[bool]:
    """Put down a torch now and then, and make some when there are none; whether some were made."""
    every = player.style.torch_every
    if not every or player.feet[1] > player.state.world.preset.sea_level - _DARK_BELOW:
        return False
    if player.count({Item.TORCH}):
        if player.chance(_PIECE / every):
            yield from light_up(player)
        return False
    if player.count(COALS) < 3 or planks_worth(player) < _PLANKS_TO_SPARE:
        return False
    player.begin("craft_torches")
    yield from player.think()
    if not (yield from make_sticks(player, 4)):
        return False
    return (yield from make_by_hand(player, Item.TORCH, 2))


def _find_diamonds(player: Player) -> Play[None]:
    level = diamond_level(player.state.world.preset)

    def wants() -> frozenset[Block]:
        return wanted_ores(player)

    if (yield from _keep_lit(player)):
        return
    player.begin("find_diamonds")
    top = level + _DIAMONDS_UP
    if player.feet[1] <= top and (yield from explore_cave(player, wants, top)):
        return
    if player.feet[1] > level + 2:
        yield from go_down(player, level, wants)
        return
    went = yield from tunnel(player, level, wants)
    if not went:
        yield from player.think()
    if player.count({Item.STICK}) < 4 and planks_worth(player) > 8:
        yield from make_sticks(player, 8)
