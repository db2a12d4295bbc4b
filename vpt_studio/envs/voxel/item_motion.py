"""A tick of the items that lie about, and which of them a player reaches, compiled.

Constants and the order of things within a tick are Minecraft 1.16's, as players know them. The places of an
item's position and velocity are those of a player's.
"""

from __future__ import annotations

import math

import numpy as np

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.collisions import LAVA, WATER, fluid_depth, is_solid, slide, touches_solid
from vpt_studio.envs.voxel.player_motion import (
    HALF_WIDTH,
    HEIGHT,
    SNEAKING,
    SNEAKING_HEIGHT,
    VX,
    VY,
    VZ,
    X,
    Y,
    Z,
)

#: Metres: an item's width and its height.
ITEM_SIZE = 0.25
#: Places of an item's whole numbers in ``Drops``.
ITEM, COUNT, WEAR, AGE, PICKUP_DELAY, THROWN = range(6)
#: Ticks after which an item is gone.
ITEM_LIFE = 6000

_GRAVITY, _AIR_DRAG, _FRICTION = 0.04, 0.98, 0.6 * 0.98
_WATER_DRAG, _RISE, _FASTEST_RISE = 0.99, 5e-4, 0.06
_DEPTH = ITEM_SIZE * 0.85 - 1 / 9  # metres of water in which an item floats up
_REST = 1e-5  # square metres per square tick
_SQUEEZE = 0.2  # metres per tick out of a block
_MERGE_REACH = 0.5  # metres between items that become one
_MERGE_TICKS, _MERGE_TICKS_MOVING = 40, 2


@compiled
def move_items(motion, numbers, blocks, solid, stack_sizes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """One tick of every item; returns whether any are to be taken out.

    Merged ones then have a count of 0; those that burnt or lay too long have an age of `ITEM_LIFE`.
    """
    box = np.empty(6)
    gone = False
    for i in range(len(motion)):
        item, tally = motion[i], numbers[i]
        if tally[COUNT] == 0:  # merged a moment ago
            continue
        tally[PICKUP_DELAY] = max(0, tally[PICKUP_DELAY] - 1)
        x, y, z = math.floor(item[X]), math.floor(item[Y]), math.floor(item[Z])
        # What lies still is looked after in every fourth tick only, as in Minecraft: it costs the most.
        still = item[VY] == 0 and item[VX] ** 2 + item[VZ] ** 2 < _REST and tally[AGE] % 4 != 0
        burnt = not still and _move_item(item, blocks, solid, box)
        moved = math.floor(item[X]) != x or math.floor(item[Y]) != y or math.floor(item[Z]) != z
        tally[AGE] = ITEM_LIFE if burnt else tally[AGE] + 1
        if tally[AGE] >= ITEM_LIFE:
            gone = True
        elif tally[AGE] % (_MERGE_TICKS_MOVING if moved else _MERGE_TICKS) == 0:
            gone |= _merge(motion, numbers, i, stack_sizes[tally[ITEM]])
    return gone


@compiled
def reachable_items(motion, numbers, state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Places (int64, ascending) of the items that the player touches and may pick up."""
    across = HALF_WIDTH + 1 + ITEM_SIZE / 2
    height = SNEAKING_HEIGHT if state[SNEAKING] != 0 else HEIGHT
    places = np.empty(len(motion), np.int64)
    found = 0
    for i in range(len(motion)):
        if (
            numbers[i, PICKUP_DELAY] == 0
            and abs(motion[i, X] - state[X]) < across
            and abs(motion[i, Z] - state[Z]) < across
            and -0.5 - ITEM_SIZE < motion[i, Y] - state[Y] < height + 0.5
        ):
            places[found] = i
            found += 1
    return places[:found]


@compiled
def _move_item(item, blocks, solid, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """One tick of one item; returns whether it burnt."""
    _item_box(item, box)
    if fluid_depth(blocks, box, LAVA) > 0:
        return True
    if touches_solid(blocks, solid, box):
        _squeeze_item_out(item, blocks, solid)
        return False
    if fluid_depth(blocks, box, WATER) > _DEPTH:
        item[VX] *= _WATER_DRAG
        item[VZ] *= _WATER_DRAG
        if item[VY] < _FASTEST_RISE:
            item[VY] += _RISE
    else:
        item[VY] -= _GRAVITY
    way = item[VX : VZ + 1].copy()
    slide(blocks, solid, box, way)
    friction = _FRICTION if way[1] != item[VY] and item[VY] < 0 else _AIR_DRAG
    for axis in range(3):
        item[X + axis] += way[axis]
        drag = _AIR_DRAG if axis == 1 else friction
        item[VX + axis] = item[VX + axis] * drag if way[axis] == item[VX + axis] else 0.0
    return False


@compiled
def _item_box(item, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for axis in range(3):
        reach = 0.0 if axis == 1 else ITEM_SIZE / 2
        box[axis] = item[axis] - reach
        box[axis + 3] = box[axis] + ITEM_SIZE


@compiled
def _squeeze_item_out(item, blocks, solid):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Move an item that a block was put onto towards the nearest free cell, or else up."""
    item[VX:] = 0.0
    middle_y = item[Y] + ITEM_SIZE / 2
    x, y, z = math.floor(item[X]), math.floor(middle_y), math.floor(item[Z])
    if not is_solid(blocks, solid, x, y, z):  # its rim is in a wall: off to the middle of its cell
        item[X] += min(max(x + 0.5 - item[X], -_SQUEEZE), _SQUEEZE)
        item[Y] = min(max(item[Y], float(y)), y + 1 - ITEM_SIZE)
        item[Z] += min(max(z + 0.5 - item[Z], -_SQUEEZE), _SQUEEZE)
        return
    nearest = 1.0 - (middle_y - y) if not is_solid(blocks, solid, x, y + 1, z) else 2.0
    axis, step = Y, 1
    for side in range(4):
        ahead = 1 if side & 1 else -1
        inside = item[X] - x if side < 2 else item[Z] - z
        way = 1.0 - inside if ahead > 0 else inside
        next_x, next_z = (x + ahead, z) if side < 2 else (x, z + ahead)
        if way < nearest and not is_solid(blocks, solid, next_x, y, next_z):
            nearest = way
            axis, step = (X if side < 2 else Z), ahead
    item[axis] += step * _SQUEEZE


@compiled
def _merge(motion, numbers, i, stack_size):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Make one of item `i` and equal ones beside it, the smaller going to the larger; whether any went."""
    across, merged = ITEM_SIZE + _MERGE_REACH, False
    for j in range(len(motion)):
        if (
            j == i
            or numbers[j, COUNT] == 0
            or numbers[j, AGE] >= ITEM_LIFE
            or numbers[i, COUNT] + numbers[j, COUNT] > stack_size
            or numbers[i, ITEM] != numbers[j, ITEM]
            or numbers[i, WEAR] != numbers[j, WEAR]
            or numbers[i, THROWN] != numbers[j, THROWN]
            or abs(motion[i, X] - motion[j, X]) >= across
            or abs(motion[i, Y] - motion[j, Y]) >= ITEM_SIZE
            or abs(motion[i, Z] - motion[j, Z]) >= across
        ):
            continue
        stays, goes = (i, j) if numbers[j, COUNT] < numbers[i, COUNT] else (j, i)
        numbers[stays, COUNT] += numbers[goes, COUNT]
        numbers[stays, AGE] = min(numbers[i, AGE], numbers[j, AGE])
        numbers[stays, PICKUP_DELAY] = max(numbers[i, PICKUP_DELAY], numbers[j, PICKUP_DELAY])
        numbers[goes, COUNT] = 0
        merged = True
        if goes == i:
            break
    return merged
