"""Play without the tech tree: wandering about, gathering what is pretty or useful, building a little."""

from __future__ import annotations

import math

import numpy as np

from vpt_studio.contractors.gathering import explore, gather_block, gather_logs, ways_above
from vpt_studio.contractors.hands import place_on
from vpt_studio.contractors.pathfinding import Goal
from vpt_studio.contractors.player import Play, Player
from vpt_studio.contractors.walking import go
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.world import Cell

_FLOWERS = frozenset({Block.DANDELION, Block.POPPY})
_EARTH = frozenset({Block.GRASS_BLOCK, Block.DIRT})
_FLOWER_ITEMS = frozenset({Item.DANDELION, Item.POPPY})
_WALL = 5
_HUT = 2  # cells from its middle to its walls


def wander(player: Player) -> Play[None]:
    """Go about for a while: walk, look, swim, climb."""
    for _ in range(int(player.random.integers(2, 5))):
        draw = player.random.random()
        if draw < 0.2:
            yield from _swim(player)
        elif draw < 0.45:
            yield from _climb(player)
        else:
            player.begin("explore")
            yield from player.think()
            yield from explore(player, legs=int(player.random.integers(1, 4)))


def _swim(player: Player) -> Play[None]:
    water = player.memory.nearest(frozenset({Block.WATER}), player.feet, 36, 20)
    if water is None:
        player.begin("explore")
        yield from explore(player, legs=1)
        return
    player.begin("swim")
    yield from player.think()
    away = math.hypot(water[0] - player.feet[0], water[2] - player.feet[2]) + 1e-9
    beyond = [round(water[axis] + (water[axis] - player.feet[axis]) / away * 6) for axis in (0, 2)]
    yield from go(
        player,
        Goal((beyond[0], water[1], beyond[1]), across=2, upright=2),
        lambda: ways_above(player),
        tries=3,
    )
    yield from player.look_about(1)


def _climb(player: Player) -> Play[None]:
    player.begin("climb")
    yield from player.think()
    x, _, z = player.feet
    part = player.memory.seen[max(0, x - 30) : x + 31, max(0, z - 30) : z + 31]
    grounds = ((part == Block.GRASS_BLOCK) | (part == Block.STONE)) * np.arange(part.shape[2])
    best = int(grounds.argmax())
    i, k, y = (int(place) for place in np.unravel_index(best, part.shape))
    goal = Goal((max(0, x - 30) + i, y + 1, max(0, z - 30) + k), across=2, upright=1)
    yield from go(player, goal, lambda: ways_above(player), tries=3)
    yield from player.look_about(int(player.random.integers(2, 5)))


def gather(player: Player) -> Play[None]:
    """Gather some wood, flowers, sand or earth, in an order of chance."""
    for kind in player.random.permutation(["wood", "flowers", "sand", "dirt"]).tolist():
        player.begin(f"gather_{kind}")
        yield from player.think()
        wanted = int(player.random.integers(3, 8))
        if kind == "wood":
            yield from gather_logs(player, wanted)
        elif kind == "flowers":
            yield from gather_block(player, _FLOWERS, _FLOWER_ITEMS, wanted)
        elif kind == "sand":
            yield from gather_block(player, frozenset({Block.SAND}), frozenset({Item.SAND}), wanted)
        else:
            yield from gather_block(player, _EARTH, frozenset({Item.DIRT}), wanted)


def build(player: Player) -> Play[None]:
    """Dig up earth and build a wall or a hut of it."""
    hut = player.chance(0.4)
    wanted = 24 if hut else 2 * _WALL
    player.begin("gather_dirt")
    yield from player.think()
    yield from gather_block(player, _EARTH, frozenset({Item.DIRT}), wanted)
    player.begin("build_hut" if hut else "build_wall")
    yield from player.think()
    x, y, z = player.feet
    if hut:
        ring = [
            (x + dx, z + dz)
            for dx in range(-_HUT, _HUT + 1)
            for dz in range(-_HUT, _HUT + 1)
            if max(abs(dx), abs(dz)) == _HUT and (dx, dz) != (0, -_HUT)
        ]
        ring.sort(key=lambda column: math.atan2(column[1] - z, column[0] - x))
        columns = ring
    else:
        columns = [(x + along, z + 2) for along in range(-(_WALL // 2), _WALL // 2 + 1)]
    for layer in range(2):
        for column in columns:
            yield from _lay(player, (column[0], y + layer, column[1]))


def _lay(player: Player, cell: Cell) -> Play[bool]:
    """Put a block of earth into a cell that has something to stand on."""
    below = (cell[0], cell[1] - 1, cell[2])
    if not player.count({Item.DIRT}) or not player.is_free(cell) or not player.is_solid(below):
        return False
    if player.distance_to(cell) > 3.9 or player.state.body.touches(cell):
        goal = Goal(cell, reach=3.4)
        if not (yield from go(player, goal, lambda: ways_above(player), tries=2)):
            return False
    if player.state.body.touches(cell):
        return False
    yield from player.hesitate()
    return (yield from place_on(player, Item.DIRT, below))
