"""What a player knows of the world: every block as it was when last looked at, and what is felt close by."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.contractors.drop_memory import DropMemory
from vpt_studio.contractors.picture import ACROSS, UPRIGHT, view_axes
from vpt_studio.envs.voxel.blocks import BLOCKS, Block, Shape
from vpt_studio.envs.voxel.presets import HEIGHT
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.world import Cell

#: What memory holds of cells never seen.
UNSEEN = 255

_COLUMNS, _ROWS, _FANS = 32, 18, 8
_SEES_TO, _SEES_IN_THE_DARK, _FEELS_TO = 48.0, 14.0, 2.0
_EVERY = 3  # ticks between two looks
_AROUND = 96  # rays to what is next to the body
_CROSSHAIR = 5.0

# What stops a ray: a block that fills its cell at once, a fluid after some metres; 0 does not.
_OPAQUE, _FLUID = 1, 2
_STOPS = np.zeros(256, np.uint8)
for _id, _kind in BLOCKS.items():
    if _kind.shape is Shape.FLUID:
        _STOPS[_id] = _FLUID
    elif _kind.solid and _id is not Block.GLASS:
        _STOPS[_id] = _OPAQUE

# What a block is taken for: as seen it is itself; felt with the hands an ore is as good as stone.
_SEEN = np.arange(256, dtype=np.uint8)
_FELT = _SEEN.copy()
_FELT[[block for block in Block if block.name.endswith("_ORE")]] = Block.STONE

_DARK = 3  # levels of light up to which nothing far is made out
_FLUID_SEEN = 6.0  # metres that one sees through a fluid


def _fans() -> npt.NDArray[np.float64]:
    """float64 [fans, rays, 3]: right, up and forward of rays all over the picture."""
    fans = np.empty((_FANS, _ROWS, _COLUMNS, 3))
    for fan in range(_FANS):
        shift_u, shift_v = (fan * 0.618034) % 1.0, (fan + 0.5) / _FANS
        u = ((np.arange(_COLUMNS) + shift_u) / _COLUMNS * 2 - 1) * ACROSS
        v = ((np.arange(_ROWS) + shift_v) / _ROWS * 2 - 1) * UPRIGHT
        fans[fan, :, :, 0], fans[fan, :, :, 1], fans[fan, :, :, 2] = u[None, :], v[:, None], 1.0
    fans /= np.linalg.norm(fans, axis=3, keepdims=True)
    return fans.reshape(_FANS, -1, 3)


def _sphere() -> npt.NDArray[np.float64]:
    """float64 [rays, 3]: directions all around."""
    places = np.arange(_AROUND) + 0.5
    up, angle = 1 - 2 * places / _AROUND, math.pi * (1 + math.sqrt(5)) * places
    flat = np.sqrt(1 - up * up)
    return np.stack([flat * np.cos(angle), up, flat * np.sin(angle)], 1)


_FAN_RAYS, _SPHERE_RAYS = _fans(), _sphere()


class Memory:
    """The world as far as its player knows it: what was in the picture, and the blocks around the body.

    Those within two metres are felt also behind the back and in the dark, so that nobody stumbles over what
    one stands beside; which of them are ores only the eye tells.

    Attributes:
        seen: uint8 [X, Z, 64]: the block last seen in each cell, or ``UNSEEN``.
        drops: What was seen lying about.
        avoided: uint8 [X, Z, 64]: 1 for cells that were tried for and not got.
    """

    def __init__(self, size: int) -> None:
        self.seen: npt.NDArray[np.uint8] = np.full((size, size, HEIGHT), UNSEEN, np.uint8)
        self.avoided: npt.NDArray[np.uint8] = np.zeros((size, size, HEIGHT), np.uint8)
        self.drops = DropMemory()
        self._looks = 0

    def look(self, state: State) -> None:
        """Take in what is before the eye now: once per tick, and again when the hands have changed it."""
        body, world = state.body, state.world
        eye = np.array(body.eye)
        axes = view_axes(body.yaw, body.pitch)
        self.drops.look(state, axes)
        _cast(self.seen, _SEEN, world.blocks, world.light, _STOPS, eye, axes[2:], _CROSSHAIR, _CROSSHAIR)
        self._looks += 1
        if self._looks % _EVERY != 1:
            return
        _cast(self.seen, _FELT, world.blocks, world.light, _STOPS, eye, _SPHERE_RAYS, _FEELS_TO, _FEELS_TO)
        rays = _FAN_RAYS[self._looks // _EVERY % _FANS] @ axes
        _cast(self.seen, _SEEN, world.blocks, world.light, _STOPS, eye, rays, _SEES_TO, _SEES_IN_THE_DARK)

    def at(self, cell: Cell) -> int:
        """The block last seen in `cell`, or UNSEEN; beside and below the world bedrock, above it air."""
        x, y, z = cell
        if y >= HEIGHT:
            return Block.AIR
        if y < 0 or not (0 <= x < len(self.seen) and 0 <= z < len(self.seen)):
            return Block.BEDROCK
        return int(self.seen[x, z, y])

    def nearest(self, blocks: frozenset[Block], place: Cell, radius: int, deep: int = HEIGHT) -> Cell | None:
        """The nearest cell in which one of `blocks` was seen and that is not avoided.

        Args:
            blocks: Which.
            place: From where.
            radius: Cells along x and z within which to search.
            deep: Cells up and down.
        """
        wanted = np.zeros(256, np.uint8)
        wanted[list(blocks)] = 1
        x, y, z = place
        found = _nearest(self.seen, self.avoided, wanted, x, y, z, radius, deep)
        return None if found[1] < 0 else (int(found[0]), int(found[1]), int(found[2]))

    def frontier(self, place: Cell, radius: int, deep: int, top: int) -> Cell | None:
        """The nearest place to stand, below `top`, not avoided, beside which nothing was seen yet."""
        x, y, z = place
        found = _frontier(self.seen, self.avoided, _STOPS, x, y, z, radius, deep, top)
        return None if found[1] < 0 else (int(found[0]), int(found[1]), int(found[2]))

    def count_near(self, blocks: frozenset[Block], place: Cell, radius: int) -> int:
        """How many cells with one of `blocks` were seen within `radius` along each axis."""
        x, y, z = place
        part = self.seen[max(0, x - radius) : x + radius + 1, max(0, z - radius) : z + radius + 1]
        return int(np.isin(part[:, :, max(0, y - radius) : y + radius + 1], list(blocks)).sum())

    def avoid(self, cell: Cell) -> None:
        """Never mind this cell, whatever it was wanted for."""
        x, y, z = cell
        if 0 <= y < HEIGHT and 0 <= x < len(self.seen) and 0 <= z < len(self.seen):
            self.avoided[x, z, y] = 1


@compiled
def _cast(seen, taken_for, blocks, light, stops, eye, rays, reach, dark_reach):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Walk rays from cell to cell and note in `seen` what they meet, as what it is `taken_for`."""
    size, height = blocks.shape[0], blocks.shape[2]
    for ray in range(rays.shape[0]):
        x, y, z = math.floor(eye[0]), math.floor(eye[1]), math.floor(eye[2])
        dx, dy, dz = rays[ray, 0], rays[ray, 1], rays[ray, 2]
        step_x, step_y, step_z = (1 if dx > 0 else -1), (1 if dy > 0 else -1), (1 if dz > 0 else -1)
        apart_x = 1.0 / max(abs(dx), 1e-9)
        apart_y = 1.0 / max(abs(dy), 1e-9)
        apart_z = 1.0 / max(abs(dz), 1e-9)
        ahead_x = (x + 1 - eye[0] if dx > 0 else eye[0] - x) * apart_x
        ahead_y = (y + 1 - eye[1] if dy > 0 else eye[1] - y) * apart_y
        ahead_z = (z + 1 - eye[2] if dz > 0 else eye[2] - z) * apart_z
        distance, bright, wet = 0.0, True, 0.0
        while distance <= reach and 0 <= x < size and 0 <= z < size and 0 <= y < height:
            block = blocks[x, z, y]
            kind = stops[block]
            if kind != _OPAQUE:
                level = light[x, z, y]
                bright = level >> 4 > _DARK or level & 15 > _DARK
            # An ore that was seen stays one when it is only felt.
            if (bright or distance <= dark_reach) and seen[x, z, y] != block:
                seen[x, z, y] = taken_for[block]
            wet += kind == _FLUID
            if kind == _OPAQUE or wet > _FLUID_SEEN:
                break
            distance = min(ahead_x, ahead_y, ahead_z)
            if ahead_x == distance:
                x += step_x
                ahead_x += apart_x
            elif ahead_y == distance:
                y += step_y
                ahead_y += apart_y
            else:
                z += step_z
                ahead_z += apart_z


@compiled
def _nearest(seen, avoided, wanted, x, y, z, radius, deep):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    best = 1e18
    best_x, best_y, best_z = -1, -1, -1
    for i in range(max(0, x - radius), min(seen.shape[0], x + radius + 1)):
        for k in range(max(0, z - radius), min(seen.shape[1], z + radius + 1)):
            flat = (i - x) * (i - x) + (k - z) * (k - z)
            if flat >= best:
                continue
            for j in range(max(0, y - deep), min(seen.shape[2], y + deep + 1)):
                if wanted[seen[i, k, j]] == 0 or avoided[i, k, j] != 0:
                    continue
                distance = flat + 2.0 * (j - y) * (j - y)
                if distance < best:
                    best, best_x, best_y, best_z = distance, i, j, k
    return best_x, best_y, best_z


@compiled
def _frontier(seen, avoided, stops, x, y, z, radius, deep, top):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    best = 1e18
    best_x, best_y, best_z = -1, -1, -1
    for i in range(max(1, x - radius), min(seen.shape[0] - 1, x + radius + 1)):
        for k in range(max(1, z - radius), min(seen.shape[1] - 1, z + radius + 1)):
            flat = (i - x) * (i - x) + (k - z) * (k - z)
            if flat >= best:
                continue
            for j in range(max(1, y - deep), min(top, y + deep + 1)):
                distance = flat + 3.0 * (j - y) * (j - y)
                if distance >= best or avoided[i, k, j] != 0:
                    continue
                if seen[i, k, j] != 0 or seen[i, k, j + 1] != 0 or stops[seen[i, k, j - 1]] != _OPAQUE:
                    continue
                unknown = 0
                for side in range(4):
                    to_x, to_z = i + (side == 0) - (side == 1), k + (side == 2) - (side == 3)
                    unknown += seen[to_x, to_z, j] == UNSEEN and seen[to_x, to_z, j + 1] == UNSEEN
                if unknown:
                    best, best_x, best_y, best_z = distance, i, j, k
    return best_x, best_y, best_z
