"""What the player looks at: the first block that a ray from the eye meets within reach."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import BLOCKS, Block, Face, Shape
from vpt_studio.envs.voxel.world import Cell, World

#: How far a player reaches, in metres (Minecraft 1.16, survival).
REACH = 4.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A block in reach.

    Attributes:
        cell: Where it is.
        face: The side that is looked at.
        point: Where the ray meets it, in metres.
        distance: Metres from the eye to there; 0 where the eye is inside it.
    """

    cell: Cell
    face: Face
    point: tuple[float, float, float]
    distance: float


def look_at(
    world: World, x: float, y: float, z: float, yaw: float, pitch: float, reach: float = REACH
) -> Hit | None:
    """The first block that an eye at (`x`, `y`, `z`) sees within `reach` metres, or None.

    Cubes, leaves and glass fill their cells; plants and torches are hit by their outlines; one looks
    through fluids. Outside the world there is nothing.

    Args:
        world: Where the blocks are.
        x: Metres to the east.
        y: Metres up.
        z: Metres to the south.
        yaw: Degrees: 0 looks south, 90 west.
        pitch: Degrees: 90 looks down.
        reach: Metres.
    """
    yaw, pitch = math.radians(yaw), math.radians(pitch)
    along = math.cos(pitch)
    dx, dy, dz = -math.sin(yaw) * along, -math.sin(pitch), math.cos(yaw) * along
    face, cell_x, cell_y, cell_z, distance = _trace(
        world.blocks, _OUTLINES, (float(x), float(y), float(z), dx, dy, dz, float(reach))
    )
    if face < 0:
        return None
    point = (x + dx * distance, y + dy * distance, z + dz * distance)
    return Hit((cell_x, cell_y, cell_z), _FACES[face], point, distance)


_FACES = tuple(Face)

# Minecraft 1.16's outlines in sixteenths of a cell, lower corner and upper corner. The random shift that
# plants have there is left out, as it is in their pictures.
_SIXTEENTHS: dict[Block, tuple[float, float, float, float, float, float]] = {
    Block.GRASS: (2, 0, 2, 14, 13, 14),
    Block.DANDELION: (5, 0, 5, 11, 10, 11),
    Block.POPPY: (5, 0, 5, 11, 10, 11),
    Block.TORCH: (6, 0, 6, 10, 10, 10),
    Block.WALL_TORCH_NORTH: (5.5, 3, 11, 10.5, 13, 16),
    Block.WALL_TORCH_SOUTH: (5.5, 3, 0, 10.5, 13, 5),
    Block.WALL_TORCH_WEST: (11, 3, 5.5, 16, 13, 10.5),
    Block.WALL_TORCH_EAST: (0, 3, 5.5, 5, 13, 10.5),
}
_WHOLE = (0, 0, 0, 16, 16, 16)


def _outlines() -> npt.NDArray[np.float64]:
    """float64 [256, 6] by block id: what a ray hits, in cells; all zero where it hits nothing."""
    table = np.zeros((256, 6))
    for block, kind in BLOCKS.items():
        if kind.shape not in (Shape.EMPTY, Shape.FLUID):
            table[block] = np.array(_WHOLE if kind.solid else _SIXTEENTHS[block]) / 16
    return table


_OUTLINES = _outlines()


@compiled
def _trace(blocks, outlines, ray):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Walk a ray (eye, direction of length 1, reach) from cell to cell.

    Returns:
        (face or -1, the cell's x, y and z, distance).
    """
    eye, direction = np.array(ray[:3]), np.array(ray[3:6])
    reach = ray[6]
    cell, step = np.empty(3, np.int64), np.empty(3, np.int64)
    ahead, apart = np.empty(3), np.empty(3)  # distances to the next side across each axis, and between sides
    for axis in range(3):
        cell[axis] = math.floor(eye[axis])
        step[axis] = 1 if direction[axis] > 0 else -1
        apart[axis] = 1.0 / abs(direction[axis]) if direction[axis] != 0 else np.inf
        to_side = cell[axis] + 1 - eye[axis] if step[axis] > 0 else eye[axis] - cell[axis]
        ahead[axis] = to_side * apart[axis] if direction[axis] != 0 else np.inf
    # An eye inside a block sees the side it looks away from.
    main = np.argmax(np.abs(direction))
    face, distance = _face(main, step[main]), 0.0
    while distance <= reach:
        inside = 0 <= cell[0] < blocks.shape[0] and 0 <= cell[2] < blocks.shape[1]
        if inside and 0 <= cell[1] < blocks.shape[2]:
            outline = outlines[blocks[cell[0], cell[2], cell[1]]]
            if _is_whole(outline):
                return face, cell[0], cell[1], cell[2], distance
            if outline[3] > 0:
                met, at = _meet(outline, cell, eye, direction)
                if 0 <= at <= reach:
                    return met, cell[0], cell[1], cell[2], at
        nearest = np.argmin(ahead)
        distance = ahead[nearest]
        cell[nearest] += step[nearest]
        ahead[nearest] += apart[nearest]
        face = _face(nearest, step[nearest])
    return -1, 0, 0, 0, 0.0


@compiled
def _face(axis, step):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The face through which a ray going along `axis` in the direction of `step` enters."""
    return 2 * axis + (1 if step < 0 else 0)


@compiled
def _is_whole(outline):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return outline[0] == 0 and outline[3] == 1 and outline[1] == 0 and outline[4] == 1


@compiled
def _meet(outline, cell, eye, direction):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The face by which a ray enters the outline of `cell`, and the distance to it, negative for none."""
    main = np.argmax(np.abs(direction))
    face = _face(main, 1 if direction[main] > 0 else -1)
    near, far = 0.0, np.inf
    for axis in range(3):
        low, high = cell[axis] + outline[axis] - eye[axis], cell[axis] + outline[axis + 3] - eye[axis]
        if direction[axis] == 0:
            if low > 0 or high < 0:
                return -1, -1.0
            continue
        enter, leave = low / direction[axis], high / direction[axis]
        if enter > leave:
            enter, leave = leave, enter
        if enter > near:
            near = enter
            face = _face(axis, 1 if direction[axis] > 0 else -1)
        far = min(far, leave)
    return (face, near) if near <= far else (-1, -1.0)
