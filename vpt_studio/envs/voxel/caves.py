"""Caves: winding tunnels that widen to rooms, here and there open to the sky, with lava at the bottom.

A tunnel runs where two uneven sheets in space cross. One sheet stands, the other lies nearly flat, so
that tunnels wind but mostly can be walked. Both are known at every fourth cell and interpolated between.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.noise import Stream, plane, volume
from vpt_studio.envs.voxel.presets import HEIGHT, Preset

_LAVA_SHARE = 6  # the lowest sixth of what is below the sea's surface
_SPACING = 4  # cells between samples
_LOWEST = 4  # above bedrock's ragged edge
_WATER_MARGIN = 3  # cells of ground left between a cave and water, on all sides
_SAND_MARGIN = 6  # cells of ground left under sand and gravel, which would fall in
_LID = 4  # cells of ground left above where there are to be no mouths

# Tunnels that lie just under the grass would open it as long trenches, were they not narrow there.
_MOUTH_WIDTH = 0.3  # of the squared width further down
_NARROW_DEPTH = 14.0  # cells over which they widen

_STANDING, _LYING, _WIDTHS = range(3)  # the fields: the two sheets, and how wide tunnels are, squared
_SPECK = 40  # cells of the largest hole, or piece of ground in mid-air, that is cleared away

_AIR, _STONE, _GRASS_BLOCK, _DIRT, _WATER, _LAVA = (
    int(block) for block in (Block.AIR, Block.STONE, Block.GRASS_BLOCK, Block.DIRT, Block.WATER, Block.LAVA)
)


def carve_caves(
    preset: Preset, seed: int, heights: npt.NDArray[np.int16], blocks: npt.NDArray[np.uint8]
) -> None:
    """Take caves out of the ground.

    Args:
        preset: Says how much of the ground they are.
        seed: The world's.
        heights: int16 [X, Z]: the lowest y above the ground of every column; lowered where a mouth leaves
            earth that things can grow on.
        blocks: uint8 [X, Z, 64]: ground and water; changed.
    """
    size = preset.size
    samples = size // _SPACING + 1
    shape = (samples, samples, HEIGHT // _SPACING + 1)
    widths = np.clip(0.7 + volume(seed, Stream.CAVE_WIDTHS, shape, _SPACING, 40.0, 28.0), 0.3, 1.5)
    fields = np.stack(
        [
            volume(seed, Stream.CAVES_STANDING, shape, _SPACING, 26.0, 34.0),
            volume(seed, Stream.CAVES_LYING, shape, _SPACING, 34.0, 14.0),
            widths * widths,
        ]
    )
    roofs = _roofs(preset, seed, heights, blocks)
    threshold = _threshold(preset, fields, roofs, heights)
    lava_level = preset.sea_level // _LAVA_SHARE
    _carve(blocks, heights, roofs, fields, threshold, lava_level)
    _clear_specks(blocks, roofs, lava_level)
    _grow_over(blocks, heights)


def _roofs(
    preset: Preset, seed: int, heights: npt.NDArray[np.int16], blocks: npt.NDArray[np.uint8]
) -> npt.NDArray[np.int16]:
    """int16 [X, Z]: the lowest y of every column that caves must leave alone."""
    mouths = plane(seed, Stream.CAVE_MOUTHS, preset.size, 40.0, 2)
    roofs = np.where(mouths > -0.05, heights, heights - _LID).astype(np.int16)
    ground = np.take_along_axis(blocks, heights[:, :, None].astype(np.int64) - 1, axis=2)[:, :, 0]
    loose = (ground == Block.SAND) | (ground == Block.GRAVEL)
    roofs[loose] = heights[loose] - _SAND_MARGIN
    beds = np.where(heights < preset.sea_level, heights, np.int16(HEIGHT)).astype(np.int16)
    reach = np.ones((2 * _WATER_MARGIN + 1, 2 * _WATER_MARGIN + 1), np.uint8)
    return np.minimum(roofs, cv2.erode(beds, reach).astype(np.int16) - _WATER_MARGIN)


def _threshold(
    preset: Preset,
    fields: npt.NDArray[np.float64],
    roofs: npt.NDArray[np.int16],
    heights: npt.NDArray[np.int16],
) -> float:
    """How far from both sheets a tunnel of middling width reaches, squared, to take the preset's share."""
    places = np.minimum(np.arange(fields.shape[1]) * _SPACING, preset.size - 1)
    y = np.arange(fields.shape[3]) * _SPACING
    column = np.ix_(places, places)
    allowed = (y >= _LOWEST) & (y < roofs[column][:, :, None])
    ground = int((y < heights[column][:, :, None]).sum())
    distances = (fields[_STANDING] ** 2 + fields[_LYING] ** 2) / fields[_WIDTHS]
    nearest = np.sort(distances[allowed])
    if not preset.caves or not len(nearest):
        return 0.0  # none at all, as where the ground is too thin for any
    return float(nearest[min(len(nearest) - 1, int(preset.caves * ground))])


@compiled
def _carve(blocks, heights, roofs, fields, threshold, lava_level):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Go through the boxes between samples; most have no tunnel, and show it by their corners."""
    for i in range(fields.shape[1] - 1):
        for k in range(fields.shape[2] - 1):
            for j in range(_LOWEST // _SPACING, fields.shape[3] - 1):
                if _may_have_tunnel(fields, i, k, j, threshold):
                    _carve_box(blocks, heights, roofs, fields, (i, k, j), threshold, lava_level)


@compiled
def _may_have_tunnel(fields, i, k, j, threshold):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    nearest = 0.0
    for f in range(3):
        lowest = highest = fields[f, i, k, j]
        for corner in range(1, 8):
            value = fields[f, i + corner // 4, k + corner // 2 % 2, j + corner % 2]
            lowest, highest = min(lowest, value), max(highest, value)
        if f == _WIDTHS:
            return nearest < threshold * highest
        distance = max(lowest, -highest, 0.0)
        nearest += distance * distance
    return False


@compiled
def _carve_box(blocks, heights, roofs, fields, place, threshold, lava_level):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    i, k, j = place
    low = j * _SPACING
    values = np.empty((3, 2))  # of the fields, at the box's bottom and top
    for x in range(i * _SPACING, min((i + 1) * _SPACING, blocks.shape[0])):
        u = x / _SPACING - i
        for z in range(k * _SPACING, min((k + 1) * _SPACING, blocks.shape[1])):
            if roofs[x, z] <= low:
                continue
            w = z / _SPACING - k
            for f in range(3):
                for end in range(2):
                    west = fields[f, i, k, j + end] * (1.0 - w) + fields[f, i, k + 1, j + end] * w
                    east = fields[f, i + 1, k, j + end] * (1.0 - w) + fields[f, i + 1, k + 1, j + end] * w
                    values[f, end] = west * (1.0 - u) + east * u
            for y in range(low, min(low + _SPACING, roofs[x, z])):
                v = y / _SPACING - j
                standing = values[_STANDING, 0] * (1.0 - v) + values[_STANDING, 1] * v
                lying = values[_LYING, 0] * (1.0 - v) + values[_LYING, 1] * v
                width = values[_WIDTHS, 0] * (1.0 - v) + values[_WIDTHS, 1] * v
                width *= min(1.0, _MOUTH_WIDTH + (heights[x, z] - y) / _NARROW_DEPTH)
                if standing * standing + lying * lying < threshold * width:
                    blocks[x, z, y] = _LAVA if y <= lava_level else _AIR


@compiled
def _clear_specks(blocks, roofs, lava_level):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill holes too small to be caves, and take away ground that hangs in the air of one."""
    cells = blocks.reshape(-1)
    size_x, size_z, height = blocks.shape
    steps = np.array([-size_z * height, -height, -1, size_z * height, height, 1])
    speck = np.empty(_SPECK, np.int64)
    for x in range(1, size_x - 1):
        for z in range(1, size_z - 1):
            bottom = (x * size_z + z) * height
            for y in range(_LOWEST, roofs[x, z] + 1):
                hollow = _is_hollow(cells[bottom + y])
                # Every speck has a cell whose neighbours to the west, to the north and below are not its own.
                corner = True
                for step in steps[:3]:
                    corner &= _is_hollow(cells[bottom + y + step]) != hollow
                if corner:
                    for i in range(_speck_around(cells, bottom + y, steps, speck)):
                        deep = speck[i] % height <= lava_level
                        cells[speck[i]] = _STONE if hollow else (_LAVA if deep else _AIR)


@compiled
def _is_hollow(block):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return block in (_AIR, _WATER, _LAVA)


@compiled
def _speck_around(cells, start, steps, speck):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill in the cells that hang together with one, and tell how many; 0 if they are more than a speck.

    Beyond one of the world's sides they go on at the opposite one, which only makes specks seem larger.
    """
    hollow = _is_hollow(cells[start])
    speck[0] = start
    first, count = 0, 1
    while first < count:
        for step in steps:
            cell = speck[first] + step
            if cell < 0 or cell >= cells.size:
                return 0
            known = _is_hollow(cells[cell]) != hollow
            for i in range(count):
                known |= speck[i] == cell
            if known:
                continue
            if count == speck.size:
                return 0
            speck[count] = cell
            count += 1
        first += 1
    return count


@compiled
def _grow_over(blocks, heights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Turn earth that has come to light at a mouth to grass blocks."""
    for x in range(heights.shape[0]):
        for z in range(heights.shape[1]):
            y = heights[x, z]
            while blocks[x, z, y - 1] == _AIR:
                y -= 1
            if y < heights[x, z] and blocks[x, z, y - 1] == _DIRT:
                blocks[x, z, y - 1] = _GRASS_BLOCK
                heights[x, z] = y
