"""Gathering what grows and lies about: trees, flowers, sand, and what falls down from them."""

from __future__ import annotations

import math

from vpt_studio.contractors.digging import dig, digging_costs
from vpt_studio.contractors.pathfinding import Costs, Goal
from vpt_studio.contractors.player import Play, Player
from vpt_studio.contractors.walking import Stop, go, never
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.recipes import LOGS
from vpt_studio.envs.voxel.targeting import REACH
from vpt_studio.envs.voxel.world import Cell

LOG_BLOCKS = frozenset({Block.OAK_LOG, Block.BIRCH_LOG, Block.SPRUCE_LOG})

_SEARCHED = 44  # cells around
_REACHED = 4.0
_TALLEST = 10
_NEAR_DROPS = 6.0
_LEG = 26  # cells walked in one direction when nothing is in sight


def ways_above(player: Player) -> Costs:
    """Walking, and digging through what is known where walking does not lead on."""
    return digging_costs(player, stride=4.5)


def chop_tree(player: Player) -> Play[bool]:
    """Go to the nearest tree that was seen and take its logs; whether there was one."""
    log = player.memory.nearest(LOG_BLOCKS, player.feet, _SEARCHED)
    if log is None:
        return False
    x, y, z = log
    while (x, y - 1, z) != log and player.memory.at((x, y - 1, z)) in LOG_BLOCKS:
        y -= 1
    low = (x, y, z)
    if not (yield from go(player, Goal(low, reach=3.4), lambda: ways_above(player), tries=5)):
        player.memory.avoid(log)
        player.memory.avoid(low)
        return True
    yield from player.react()
    for level in range(y, y + _TALLEST):
        cell = (x, level, z)
        if player.memory.at(cell) not in LOG_BLOCKS:
            if level > y:
                break
            continue
        if player.distance_to(cell) > REACH:
            yield from go(player, Goal(cell, reach=_REACHED), lambda: ways_above(player), tries=1)
        if player.distance_to(cell) > REACH + 0.3 or not (yield from dig(player, cell)):
            player.memory.avoid(cell)
            break
    yield from collect(player, frozenset(LOGS))
    return True


def gather_logs(player: Player, wanted: int) -> Play[None]:
    """Chop trees until one has so many logs, or has lost the way into a cave."""
    while player.count(LOGS) < wanted:
        if not (yield from chop_tree(player)):
            yield from explore(player, lambda: tree_in_sight(player))
            if not player.under_sky:
                return


def tree_in_sight(player: Player) -> bool:
    """Whether a log was seen that was not given up."""
    return player.memory.nearest(LOG_BLOCKS, player.feet, _SEARCHED) is not None


def explore(player: Player, found: Stop = never, legs: int = 6) -> Play[bool]:
    """Walk about until `found` says so; whether it did."""
    yaw = player.state.body.yaw
    for _ in range(legs):
        if found():
            return True
        yield from player.look_about(int(player.random.integers(1, 4)))
        if found():
            yield from player.react()
            return True
        goal = _far_place(player, yaw)
        before = player.feet
        yield from go(player, goal, lambda: ways_above(player), stop=found, tries=2)
        moved = math.dist(before, player.feet)
        yaw += player.random.normal(0.0, 25.0) if moved > 8 else player.random.choice((-1, 1)) * 95.0
    return bool(found())


def _far_place(player: Player, yaw: float) -> Goal:
    """A place far off in that direction; inland, by the island's size, where it would be in the sea."""
    x, y, z = player.feet
    size = len(player.memory.seen)
    to_x = x - round(math.sin(math.radians(yaw)) * _LEG)
    to_z = z + round(math.cos(math.radians(yaw)) * _LEG)
    if not (24 < to_x < size - 24 and 24 < to_z < size - 24):  # the sea is near: inland
        towards = math.atan2(size / 2 - x, size / 2 - z) + player.random.normal(0.0, 0.6)
        to_x, to_z = x + round(math.sin(towards) * _LEG), z + round(math.cos(towards) * _LEG)
    return Goal((to_x, max(y, player.state.world.preset.sea_level), to_z), across=4, upright=12)


def collect(player: Player, items: frozenset[Item], radius: float = _NEAR_DROPS) -> Play[None]:
    """Go and pick up what lies near by."""
    for _ in range(6):
        drop = _nearest_drop(player, items, radius)
        if drop is None:
            return
        before = player.count(items)
        cell = (math.floor(drop[0]), math.floor(drop[1] + 0.1), math.floor(drop[2]))
        goal = Goal(cell, across=0 if player.is_safe(cell) else 1, upright=1)

        def picked(before: int = before) -> bool:
            return player.count(items) > before

        if (
            not (yield from go(player, goal, lambda: ways_above(player), stop=picked, tries=2))
            and not picked()
        ):
            return
        for _ in range(12):
            if picked():
                break
            yield


def _nearest_drop(player: Player, items: frozenset[Item], radius: float) -> tuple[float, float, float] | None:
    here = player.state.body.position
    known = [drop.place for drop in player.memory.drops if drop.item in items]
    near = [place for place in known if math.dist(here, place) < radius]
    return min(near, key=lambda place: math.dist(here, place), default=None)


def gather_block(player: Player, blocks: frozenset[Block], items: frozenset[Item], wanted: int) -> Play[bool]:
    """Take so many of what stands or lies in the open, such as flowers or sand; whether it was found."""
    misses = 0
    while player.count(items) < wanted and misses < 3:
        cell = player.memory.nearest(blocks, player.feet, _SEARCHED)
        if cell is None:
            misses += 1
            yield from explore(
                player, lambda: player.memory.nearest(blocks, player.feet, _SEARCHED) is not None, 3
            )
            continue
        yield from gather_cell(player, cell, items)
    return player.count(items) >= wanted


def gather_cell(player: Player, cell: Cell, items: frozenset[Item], tries: int = 4) -> Play[bool]:
    """Go to one cell, dig it and pick up what it leaves; whether it was got."""
    near = yield from go(player, Goal(cell, reach=3.6), lambda: digging_costs(player), tries=tries)
    if not near or not (yield from dig(player, cell)):
        player.memory.avoid(cell)
        return False
    for _ in range(int(player.random.integers(2, 6))):
        yield
    yield from collect(player, items)
    return True
