"""The search for ways, compiled: A* over the cells that feet can be in, as far as memory knows them."""

from __future__ import annotations

import math

import numpy as np

from vpt_studio.compiling import compiled
from vpt_studio.contractors.memory import UNSEEN
from vpt_studio.envs.voxel.blocks import Block

#: How a cell lets a body through.
FREE, WATER, LAVA, SOLID, UNKNOWN = range(5)

#: The part of the world that is searched: cells to each side of where the way begins, and across.
HALF, SPAN = 40, 81

_HEIGHT = 64
_DEEPEST_DROP = 3
_BESIDE = 4 * (2 + _DEEPEST_DROP)  # moves to four sides: up, level and down
_MOVES = _BESIDE + 4 + 2
_EYE = 1.62
_BEDROCK = int(Block.BEDROCK)

# Ticks.
_STRIDE, _DIAGONAL, _JUMP, _DROP, _STROKE_IN_WATER = 4.5, 6.4, 4.0, 2.0, 9.0
_NEAR_LAVA, _NEAR_EDGE, _UNKNOWN_FLOOR, _FALLING_ABOVE, _UNDER_WATER = 200.0, 12.0, 3.0, 30.0, 12.0
_AFLOAT = 8.0  # times as long as on the ground that digging takes a swimmer, who also drifts


@compiled
def _known(seen, x, y, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    if y >= seen.shape[2]:
        return 0
    if x < 0 or z < 0 or y < 0 or x >= seen.shape[0] or z >= seen.shape[1]:
        return _BEDROCK
    return int(seen[x, z, y])


@compiled
def _clearing(seen, passage, falls, digging, x, y, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Ticks until a body can be in a cell, 1e9 for never."""
    block = _known(seen, x, y, z)
    kind = passage[block]
    if kind in (FREE, WATER):
        return 0.0
    if kind == LAVA:
        return 1e9
    cost = float(digging[block])
    if kind == SOLID and falls[_known(seen, x, y + 1, z)]:
        cost += _FALLING_ABOVE
    return cost


@compiled
def _standing(seen, passage, digging, x, y, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """What it costs that a body's feet are in a cell: 1e9 where nothing holds it."""
    feet = passage[_known(seen, x, y, z)]
    below = passage[_known(seen, x, y - 1, z)]
    if feet == WATER:
        cost = _STROKE_IN_WATER
        if passage[_known(seen, x, y + 1, z)] == WATER:
            cost += _UNDER_WATER
    elif below == SOLID:
        cost = 0.0
    elif below == UNKNOWN and digging[UNSEEN] < 1e8:
        cost = _UNKNOWN_FLOOR
    else:
        return 1e9
    for side in range(4):
        cost += _danger(seen, passage, x + (side == 0) - (side == 1), y, z + (side == 2) - (side == 3))
    return cost


@compiled
def _danger(seen, passage, x, y, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """What it costs to walk past a cell: much for lava there or below, something for a deep drop."""
    for level in range(y, y - _DEEPEST_DROP - 2, -1):
        kind = passage[_known(seen, x, level, z)]
        if kind == LAVA:
            return _NEAR_LAVA
        if kind != FREE:
            return 0.0
    return _NEAR_EDGE


@compiled
def _left(x, y, z, wish, stride):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """What the rest of the way costs at least, roughly."""
    if wish[3] > 0:
        dx, dz = abs(x - wish[0]), abs(z - wish[2])
        dy = abs(y + 1 - wish[1])
        flat = max(0.0, math.hypot(dx, dz) - wish[3] + 1.0)
        return stride * max(flat, max(0.0, dy - wish[3] + 1.0))
    dx, dz = max(0.0, abs(x - wish[0]) - wish[4]), max(0.0, abs(z - wish[2]) - wish[4])
    dy = max(0.0, abs(y - wish[1]) - wish[5])
    flat = max(dx, dz) + 0.41 * min(dx, dz)
    return stride * max(flat, dy) + 0.1 * (flat + dy)


@compiled
def _there(x, y, z, wish):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    if wish[3] > 0:
        if x == wish[0] and z == wish[2] and wish[1] >= y - 1 and wish[1] <= y + 1:
            return False  # not on it, and not in it
        dx, dy, dz = x - wish[0], y + _EYE - wish[1] - 0.5, z - wish[2]
        return dx * dx + dy * dy + dz * dz <= wish[3] * wish[3]
    return abs(x - wish[0]) <= wish[4] and abs(z - wish[2]) <= wish[4] and abs(y - wish[1]) <= wish[5]


@compiled
def _corner_is_free(seen, passage, x, y, z, to_x, to_z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether a body gets across a corner: both sides are free, and no lava is under them."""
    for cell in range(6):
        side_x = x if cell < 2 else to_x
        side_z = to_z if cell < 2 or cell >= 4 else z
        if passage[_known(seen, side_x, y + cell % 2, side_z)] != FREE:
            return False
        if passage[_known(seen, side_x, y - 1, side_z)] == LAVA:
            return False
    return True


@compiled
def _move_cost(seen, passage, falls, digging, x, y, z, to_x, to_y, to_z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Ticks of one move between cells beside each other; 1e9 where it cannot be made."""
    wet = passage[_known(seen, x, y, z)] == WATER
    slow = _AFLOAT if wet else 1.0
    cost = _standing(seen, passage, digging, to_x, to_y, to_z)
    if cost >= 1e9:
        return 1e9
    if to_x == x and to_z == z:  # straight up or down, in water
        swims = wet and passage[_known(seen, to_x, to_y, to_z)] == WATER
        return cost if swims else 1e9
    if to_x != x and to_z != z:
        return cost + _DIAGONAL if _corner_is_free(seen, passage, x, y, z, to_x, to_z) else 1e9
    if to_y > y:
        dug = _clearing(seen, passage, falls, digging, x, y + 2, z)
        dug += _clearing(seen, passage, falls, digging, to_x, to_y, to_z)
        dug += _clearing(seen, passage, falls, digging, to_x, to_y + 1, to_z)
        return cost + dug * slow + _STRIDE + _JUMP
    dug = 0.0
    for level in range(to_y, y + 2):
        dug += _clearing(seen, passage, falls, digging, to_x, level, to_z)
    if dug > 0 and y - to_y > 1:
        return 1e9  # deep holes are not dug
    return cost + dug * slow + _STRIDE + _DROP * (y - to_y)


@compiled
def _push(heap, keys, count, key, node):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    place = count
    while place > 0:
        parent = (place - 1) // 2
        if keys[parent] <= key:
            break
        keys[place], heap[place] = keys[parent], heap[parent]
        place = parent
    keys[place], heap[place] = key, node
    return count + 1


@compiled
def _pop(heap, keys, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    node = heap[0]
    count -= 1
    key, last = keys[count], heap[count]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= count:
            break
        if child + 1 < count and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[place], heap[place] = keys[child], heap[child]
        place = child
    keys[place], heap[place] = key, last
    return node, count


@compiled
def search(seen, passage, falls, digging, start, wish, stride, most):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """A* over cells of the feet: int64 [n, 3], x, y, z, and whether its end is where one wanted to be."""
    costs = np.full(SPAN * SPAN * _HEIGHT, np.float32(1e18), np.float32)
    origin = np.full(SPAN * SPAN * _HEIGHT, -1, np.int32)
    done = np.zeros(SPAN * SPAN * _HEIGHT, np.uint8)
    room = 16 * most + 64
    heap, keys = np.empty(room, np.int32), np.empty(room, np.float32)
    low_x, low_z = start[0] - HALF, start[2] - HALF
    first = (HALF * SPAN + HALF) * _HEIGHT + min(start[1], _HEIGHT - 1)
    costs[first] = 0.0
    best, best_left = first, _left(start[0], start[1], start[2], wish, stride)
    count = _push(heap, keys, 0, np.float32(best_left), first)
    for _ in range(most):
        if count == 0:
            break
        node, count = _pop(heap, keys, count)
        if done[node]:
            continue
        done[node] = 1
        x, y, z = _cell(node, low_x, low_z)
        left = _left(x, y, z, wish, stride)
        if left < best_left:
            best, best_left = node, left
        if _there(x, y, z, wish):
            return _path(origin, node, low_x, low_z), True
        for move in range(_MOVES):
            to_x, to_y, to_z = _moved(x, y, z, move)
            inside = abs(to_x - start[0]) < HALF and abs(to_z - start[2]) < HALF
            if not inside or to_y < 1 or to_y >= _HEIGHT - 2:
                continue
            to = ((to_x - low_x) * SPAN + to_z - low_z) * _HEIGHT + to_y
            if done[to]:
                continue
            total = costs[node] + np.float32(
                _move_cost(seen, passage, falls, digging, x, y, z, to_x, to_y, to_z)
            )
            if total < min(costs[to], np.float32(1e8)) and count < room:
                costs[to] = total
                origin[to] = node
                count = _push(
                    heap, keys, count, total + np.float32(_left(to_x, to_y, to_z, wish, stride)), to
                )
    return _path(origin, best, low_x, low_z), False


@compiled
def _moved(x, y, z, move):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Where a move leads: to four sides up, level and down, across four corners, straight up and down."""
    if move < _BESIDE:
        side, rise = move % 4, 1 - move // 4
        return x + (side == 0) - (side == 1), y + rise, z + (side == 2) - (side == 3)
    if move < _BESIDE + 4:
        corner = move - _BESIDE
        return x + (1 if corner < 2 else -1), y, z + (1 if corner % 2 else -1)
    return x, y + (1 if move == _BESIDE + 4 else -1), z


@compiled
def _cell(node, low_x, low_z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    column = node // _HEIGHT
    return column // SPAN + low_x, node % _HEIGHT, column % SPAN + low_z


@compiled
def _path(origin, end, low_x, low_z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    length, node = 0, end
    while node >= 0:
        length += 1
        node = origin[node]
    path = np.empty((length, 3), np.int64)
    node = end
    for place in range(length - 1, -1, -1):
        x, y, z = _cell(node, low_x, low_z)
        path[place, 0], path[place, 1], path[place, 2] = x, y, z
        node = origin[node]
    return path
