"""The island: hills and valleys, ponds and beaches in the sea, and the way from a seed to all of it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import SOLID, Block
from vpt_studio.envs.voxel.caves import carve_caves
from vpt_studio.envs.voxel.noise import Stream, plane, randoms
from vpt_studio.envs.voxel.ores import strew_ores
from vpt_studio.envs.voxel.plants import grow_plants
from vpt_studio.envs.voxel.presets import Preset
from vpt_studio.errors import StudioError

#: Columns along every side of the world that are open sea.
OPEN_SEA = 12
#: Cells of water there, at least.
OPEN_SEA_DEPTH = 3

_DEEPEST = 11  # cells of water, where no pond or unevenness adds to it

_TREES_WANTED = 3  # near where one begins
_TREES_WITHIN = 12  # columns along x and z

(
    _STONE,
    _GRASS_BLOCK,
    _DIRT,
    _BEDROCK,
    _SAND,
    _GRAVEL,
    _SANDSTONE,
    _WATER,
    _LAVA,
    _OAK_LOG,
    _SPRUCE_LOG,
    _OAK_LEAVES,
    _SPRUCE_LEAVES,
) = (
    int(block)
    for block in (
        Block.STONE,
        Block.GRASS_BLOCK,
        Block.DIRT,
        Block.BEDROCK,
        Block.SAND,
        Block.GRAVEL,
        Block.SANDSTONE,
        Block.WATER,
        Block.LAVA,
        Block.OAK_LOG,
        Block.SPRUCE_LOG,
        Block.OAK_LEAVES,
        Block.SPRUCE_LEAVES,
    )
)


def fill_terrain(preset: Preset, seed: int, blocks: npt.NDArray[np.uint8]) -> None:
    """Make the world of `seed` (0 or more) in `blocks`: uint8 [size, size, 64], all zero, as x, z, y."""
    size = preset.size
    heights = np.empty((size, size), np.int16)
    _raise_ground(
        heights,
        preset.sea_level,
        preset.relief,
        plane(seed, Stream.COAST, size, size / 5, 4),
        plane(seed, Stream.HILLS, size, 24.0 + size / 8, 5),
        plane(seed, Stream.PONDS, size, 30.0, 2),
    )
    _fill_columns(
        blocks,
        heights,
        _ground_kinds(preset, seed, heights),
        preset.sea_level,
        preset.stone_depth,
        randoms(seed, Stream.BEDROCK, size, size),
    )
    carve_caves(preset, seed, heights, blocks)
    strew_ores(preset, seed, blocks)
    grow_plants(preset, seed, heights, blocks)


def spawn_point(blocks: npt.NDArray[np.uint8], preset: Preset, seed: int) -> tuple[float, float, float]:
    """Where to begin: x, y and z of the feet, in the middle of a cell.

    The nearest place to the middle of the world that is level grass under open sky with trees around it;
    where there is none, grass of any kind, then anything dry that carries.

    Args:
        blocks: uint8 [X, Z, 64], as they are now.
        preset: What kind of world.
        seed: What it was made from, to name it where it has no such place.
    """
    grounds, logs = _survey(blocks, SOLID)
    dry = grounds > 0
    grass = (
        np.take_along_axis(blocks, np.maximum(grounds, 1)[:, :, None] - 1, axis=2)[:, :, 0] == _GRASS_BLOCK
    )
    window = (2 * _TREES_WITHIN + 1, 2 * _TREES_WITHIN + 1)
    trees = cv2.boxFilter(logs, cv2.CV_32S, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
    wooded = dry & grass & (trees >= _TREES_WANTED)
    from_middle = (np.arange(len(blocks)) - len(blocks) // 2) ** 2
    distances = from_middle[:, None] + from_middle
    for wanted in (wooded & _level(grounds, 7), wooded & _level(grounds, 3), dry & grass, dry):
        if wanted.any():
            x, z = np.unravel_index(np.argmin(np.where(wanted, distances, distances.max() + 1)), wanted.shape)
            return float(x) + 0.5, float(grounds[x, z]), float(z) + 0.5
    raise StudioError(
        f"The {preset.name} world of seed {seed} has no dry, solid place to stand on under open sky",
        mend="Begin a new world, or one of another seed",
    )


def _level(grounds: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.bool_]:
    """bool [X, Z]: where one can stand on all columns around, `width` x `width`, with no step above one."""
    heights = grounds.astype(np.uint8)
    around = np.ones((width, width), np.uint8)
    return cv2.dilate(heights, around) - cv2.erode(heights, around) <= 1


def _ground_kinds(preset: Preset, seed: int, heights: npt.NDArray[np.int16]) -> npt.NDArray[np.uint8]:
    """uint8 [X, Z]: grass block, dirt, sand, gravel or stone, whatever lies uppermost in a column."""
    kinds = np.empty(heights.shape, np.uint8)
    sand = plane(seed, Stream.SAND, preset.size, 22.0, 3)
    gravel = plane(seed, Stream.GRAVEL, preset.size, 18.0, 2)
    _choose_kinds(kinds, heights, sand, gravel, preset.sea_level, max(1, preset.relief))
    return kinds


@compiled
def _survey(blocks, solid):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The y of the feet of who stands in each column under open sky, and which columns hold a trunk.

    Where one cannot stand, because of a fluid, leaves or a trunk or for want of room, the y is 0.
    """
    grounds = np.zeros(blocks.shape[:2], np.int64)
    trunks = np.zeros(blocks.shape[:2], np.uint8)
    for x in range(blocks.shape[0]):
        for z in range(blocks.shape[1]):
            y = blocks.shape[2] - 1
            while (
                y > 0
                and not solid[blocks[x, z, y]]
                and blocks[x, z, y] != _WATER
                and blocks[x, z, y] != _LAVA
            ):
                y -= 1
            block = blocks[x, z, y]
            is_tree = _OAK_LOG <= block <= _SPRUCE_LEAVES
            if solid[block] and not is_tree and y + 2 < blocks.shape[2]:
                grounds[x, z] = y + 1
            while is_tree and y > 0 and _OAK_LEAVES <= blocks[x, z, y] <= _SPRUCE_LEAVES:
                y -= 1
            trunks[x, z] = _OAK_LOG <= blocks[x, z, y] <= _SPRUCE_LOG
    return grounds, trunks


@compiled
def _raise_ground(heights, sea_level, relief, coast, hills, ponds):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    size = heights.shape[0]
    half = size / 2.0
    for x in range(size):
        u = (x + 0.5) / half - 1.0
        for z in range(size):
            w = (z + 0.5) / half - 1.0
            # Between a circle and a square: sqrt(sqrt(u^4 + w^4)).
            distance = half * np.sqrt(np.sqrt(u * u * u * u + w * w * w * w))
            bays = size * (0.045 + 0.065 * min(max(coast[x, z], -1.0), 1.5))
            inland = half - OPEN_SEA - 4.0 - distance - bays
            heights[x, z] = _height(inland, hills[x, z], ponds[x, z], sea_level, relief)
            border = min(min(x, z), min(size - 1 - x, size - 1 - z))
            if border < OPEN_SEA:
                heights[x, z] = min(heights[x, z], sea_level - OPEN_SEA_DEPTH)
    _wear_down(heights)


@compiled
def _height(inland, hill, pond, sea_level, relief):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The ground's height `inland` columns from the shore, `hill` and `pond` being two fields' values."""
    if inland < 0.0:
        height = max(0.42 * inland, -float(_DEEPEST)) + min(1.2 * hill, -0.2 * inland)
    else:
        from_shore = min(inland / 16.0, 1.0)
        rise = min(max((hill + 0.35) / 1.25, 0.0), 1.0)
        rise = rise * rise * (3.0 - 2.0 * rise)
        height = 0.6 + 2.4 * from_shore + (relief - 2.5) * from_shore * rise
        hollow = min(max((-0.34 - pond) * 2.8, 0.0), 1.0)
        height -= from_shore * from_shore * hollow * 7.0 * (1.0 - rise)
    return int(np.floor(min(max(sea_level + height, 5.0), float(sea_level + relief))))


@compiled
def _wear_down(heights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Take off single columns that stand out and fill single holes."""
    for x in range(1, heights.shape[0] - 1):
        for z in range(1, heights.shape[1] - 1):
            a, b = heights[x - 1, z], heights[x + 1, z]
            c, d = heights[x, z - 1], heights[x, z + 1]
            lowest, highest = min(min(a, b), min(c, d)), max(max(a, b), max(c, d))
            heights[x, z] = min(max(heights[x, z], lowest), highest)


@compiled
def _choose_kinds(kinds, heights, sand, gravel, sea_level, relief):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    size = heights.shape[0]
    for x in range(size):
        for z in range(size):
            height = heights[x, z]
            steepest = 0
            wettest = height
            for i in range(max(0, x - 3), min(size, x + 4)):
                for k in range(max(0, z - 3), min(size, z + 4)):
                    wettest = min(wettest, heights[i, k])
                    if abs(i - x) + abs(k - z) == 1:
                        steepest = max(steepest, height - heights[i, k])
            above_sea = height - sea_level
            if above_sea < 0:
                if gravel[x, z] > 0.3:
                    kinds[x, z] = _GRAVEL
                elif above_sea < -2 and sand[x, z] < -0.25:
                    kinds[x, z] = _DIRT
                else:
                    kinds[x, z] = _SAND
            elif above_sea <= 4 and sand[x, z] > _sandy(above_sea, wettest < sea_level):
                kinds[x, z] = _SAND
            elif steepest >= 3 or (steepest == 2 and gravel[x, z] + above_sea / relief > 1.1):
                kinds[x, z] = _STONE
            else:
                kinds[x, z] = _GRASS_BLOCK


@compiled
def _sandy(above_sea, at_shore):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """How high the field for sand must be: nearly always is at the shore, seldom is inland."""
    if at_shore and above_sea <= 1:
        return -0.3 if above_sea else -0.6
    return 0.62


@compiled
def _fill_columns(blocks, heights, kinds, sea_level, stone_depth, bedrock):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for x in range(blocks.shape[0]):
        for z in range(blocks.shape[1]):
            column = blocks[x, z]
            height = heights[x, z]
            kind = kinds[x, z]
            column[0] = _BEDROCK
            for y in range(1, height):
                column[y] = _STONE
            for y in range(1, 1 + int(4.0 * bedrock[x, z])):
                column[y] = _BEDROCK
            for y in range(height, sea_level):
                column[y] = _WATER
            if kind == _STONE:
                continue
            for y in range(max(4, height - stone_depth), height):
                column[y] = _SANDSTONE if kind == _SAND else _DIRT
            thick = 1
            if kind == _GRAVEL:
                thick = 2
            elif kind == _SAND:
                thick = 3
                column[height - 4] = _SANDSTONE  # also where the preset's earth is thinner than the sand
            for y in range(height - thick, height):
                column[y] = kind
