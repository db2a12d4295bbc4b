"""Boxes among whole cells, compiled: what they touch, how far they get, how deep in a fluid they are.

A box is float64 [6]: x, y, z of its lower corner, x, y, z of its upper corner, in metres. Beside and below
the world everything is solid, at every height; above it there is air.
"""

from __future__ import annotations

import math

import numpy as np

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Block

# As NumPy's numbers: for each plain constant in a call numba would compile the called function anew.
WATER, LAVA = np.uint8(Block.WATER), np.uint8(Block.LAVA)

#: Metres by which boxes may overlap and merely touch.
TOUCH = 1e-7
_SURFACE = 8 / 9  # how high in its cell a fluid stands where there is none above
_SHRINK = 0.001  # metres taken off every side of a box that is asked what fluid it is in


@compiled
def is_solid(blocks, solid, x, y, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Whether bodies collide with a cell, of the world or not."""
    if x < 0 or z < 0 or y < 0 or x >= blocks.shape[0] or z >= blocks.shape[1]:
        return True
    return y < blocks.shape[2] and solid[blocks[x, z, y]] != 0


@compiled
def touches_solid(blocks, solid, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Whether anything solid is inside `box`."""
    for x in range(math.floor(box[0] + TOUCH), math.floor(box[3] - TOUCH) + 1):
        for z in range(math.floor(box[2] + TOUCH), math.floor(box[5] - TOUCH) + 1):
            for y in range(math.floor(box[1] + TOUCH), math.floor(box[4] - TOUCH) + 1):
                if is_solid(blocks, solid, x, y, z):
                    return True
    return False


@compiled
def stands_clear(blocks, solid, box, dx, dy, dz):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Whether nothing solid is inside `box` moved by (dx, dy, dz)."""
    moved = np.array([box[0] + dx, box[1] + dy, box[2] + dz, box[3] + dx, box[4] + dy, box[5] + dz])
    return not touches_solid(blocks, solid, moved)


@compiled
def slide(blocks, solid, box, way):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Move `box` by `way` as far as it gets, first along y, then along the farther of x and z.

    `way` (float64 [3]) becomes what it got.
    """
    farther = 2 if abs(way[0]) < abs(way[2]) else 0
    for turn in range(3):
        axis = 1 if turn == 0 else (farther if turn == 1 else 2 - farther)
        way[axis] = _clip(blocks, solid, box, axis, way[axis])
        box[axis] += way[axis]
        box[axis + 3] += way[axis]


@compiled
def _clip(blocks, solid, box, axis, distance):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """How far `box` gets along `axis` of `distance`; what it is already inside does not stop it."""
    if distance == 0:
        return 0.0
    step = 1 if distance > 0 else -1
    # Counted from the box's front, so that both directions are one loop: layer n begins n cells ahead.
    front = box[axis + 3] if step > 0 else -box[axis]
    first, last = math.ceil(front - TOUCH), math.floor(front + abs(distance))
    for layer in range(first, last + 1):
        if _layer_is_solid(blocks, solid, box, axis, layer if step > 0 else -layer - 1):
            return step * min(abs(distance), max(layer - front, 0.0))
    return distance


@compiled
def _layer_is_solid(blocks, solid, box, axis, layer):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether `box`, as far as its other two axes go, meets anything solid in a layer of cells."""
    if axis == 1 and layer >= blocks.shape[2]:
        return False
    u, v = (1, 2) if axis == 0 else ((0, 2) if axis == 1 else (0, 1))
    for i in range(math.floor(box[u] + TOUCH), math.floor(box[u + 3] - TOUCH) + 1):
        for j in range(math.floor(box[v] + TOUCH), math.floor(box[v + 3] - TOUCH) + 1):
            if axis == 0:
                blocked = is_solid(blocks, solid, layer, i, j)
            elif axis == 1:
                blocked = is_solid(blocks, solid, i, layer, j)
            else:
                blocked = is_solid(blocks, solid, i, j, layer)
            if blocked:
                return True
    return False


@compiled
def fluid_depth(blocks, box, fluid):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Metres of `fluid` above the lower side of `box`, 0 where it is in none."""
    bottom = box[1] + _SHRINK
    top = bottom
    for x in range(max(0, math.floor(box[0] + _SHRINK)), min(blocks.shape[0], math.ceil(box[3] - _SHRINK))):
        for z in range(
            max(0, math.floor(box[2] + _SHRINK)), min(blocks.shape[1], math.ceil(box[5] - _SHRINK))
        ):
            for y in range(max(0, math.floor(bottom)), min(blocks.shape[2], math.ceil(box[4] - _SHRINK))):
                top = max(top, fluid_top(blocks, x, y, z, fluid))
    return top - bottom


@compiled
def fluid_top(blocks, x, y, z, fluid):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The height at which `fluid` ends in this cell of the world, -1 where there is none."""
    if blocks[x, z, y] != fluid:
        return -1.0
    covered = y + 1 < blocks.shape[2] and blocks[x, z, y + 1] == fluid
    return y + 1.0 if covered else y + _SURFACE
