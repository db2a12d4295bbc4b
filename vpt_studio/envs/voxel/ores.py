"""What lies in the stone: veins of ore and pockets of other stone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.noise import Stream, randoms
from vpt_studio.envs.voxel.presets import HEIGHT, Ore, Preset

#: Cells that a vein may reach above and below the depths of its middle.
VEIN_REACH = 2

_CHUNK = 16  # columns along x and z that counts are given for
_STONE, _GRANITE, _DIORITE, _ANDESITE = (
    int(block) for block in (Block.STONE, Block.GRANITE, Block.DIORITE, Block.ANDESITE)
)
_AIR, _WATER, _LAVA, _GRAVEL = (int(block) for block in (Block.AIR, Block.WATER, Block.LAVA, Block.GRAVEL))

_POCKET_BLOCKS = 160
_POCKETS = tuple(
    Ore(block, 2, 60, veins, 33)
    for block, veins in (
        (Block.GRANITE, 4.0),
        (Block.DIORITE, 4.0),
        (Block.ANDESITE, 4.0),
        (Block.DIRT, 3.0),
        (Block.GRAVEL, 3.0),
    )
)


def strew_ores(preset: Preset, seed: int, blocks: npt.NDArray[np.uint8]) -> None:
    """Put pockets and then the preset's ores into the stone of `blocks` (uint8 [X, Z, 64])."""
    for pocket in _POCKETS:
        veins = _veins(pocket, seed, blocks)
        _strew(blocks, veins, int(pocket.block), pocket.size, _POCKET_BLOCKS, 1, HEIGHT - 1)
    for ore in preset.ores:
        lowest, highest = max(1, ore.lowest - VEIN_REACH), min(HEIGHT - 1, ore.highest + VEIN_REACH)
        _strew(blocks, _veins(ore, seed, blocks), int(ore.block), ore.size, ore.size, lowest, highest)


def _veins(ore: Ore, seed: int, blocks: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """The veins of a world, float64 [n, 7].

    Columns: the middle's x, z and y, the way x and z along which it lies (a unit vector), how much its
    two ends differ in height, and how fat it is (0 to 1).
    """
    across, along = (size // _CHUNK for size in blocks.shape[:2])
    whole = int(ore.veins)
    numbers = randoms(seed, Stream.VEINS + ore.block, across * along, whole + 1, 8)
    wanted = (np.arange(whole + 1) < whole) | (numbers[:, :, 7] < ore.veins - whole)
    chunk = np.nonzero(wanted)[0]
    x, z, y, way_x, side, tilt, fatness = numbers[wanted, :7].T
    way_x = 2.0 * way_x - 1.0
    return np.stack(
        [
            (chunk // along + x) * _CHUNK,
            (chunk % along + z) * _CHUNK,
            np.floor(ore.lowest + y * (ore.highest - ore.lowest + 1)),
            way_x,
            np.sqrt(1.0 - way_x * way_x) * np.where(side < 0.5, -1.0, 1.0),
            np.floor(3.0 * tilt) - 1.0,
            fatness,
        ],
        axis=1,
    )


@compiled
def _strew(blocks, veins, ore, size, most, lowest, highest):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Balls along a short line, thicker in the middle, in the manner of Minecraft's veins."""
    steps = max(3, size // 4)
    for vein in range(veins.shape[0]):
        left = most
        for step in range(steps):
            along = (step + 0.5) / steps  # of the line, 0 to 1
            bulge = 4.0 * along * (1.0 - along)
            radius = 0.5 + (1.0 + bulge) * veins[vein, 6] * size / 32.0
            offset = (along - 0.5) * size / 4.0
            x = veins[vein, 0] + veins[vein, 3] * offset
            z = veins[vein, 1] + veins[vein, 4] * offset
            y = veins[vein, 2] + 0.5 + veins[vein, 5] * (along - 0.5)
            left = _fill_ball(blocks, x, y, z, radius, ore, left, lowest, highest)


@compiled
def _fill_ball(blocks, x, y, z, radius, ore, left, lowest, highest):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Turn the stone whose middle lies in a ball to `ore`, `left` cells at most: how many are left then."""
    for i in range(max(0, int(x - radius)), min(blocks.shape[0], int(x + radius) + 1)):
        for k in range(max(0, int(z - radius)), min(blocks.shape[1], int(z + radius) + 1)):
            flat = (i + 0.5 - x) * (i + 0.5 - x) + (k + 0.5 - z) * (k + 0.5 - z)
            if flat >= radius * radius:
                continue
            for j in range(max(lowest, int(y - radius)), min(highest, int(y + radius)) + 1):
                if flat + (j + 0.5 - y) * (j + 0.5 - y) >= radius * radius:
                    continue
                block = blocks[i, k, j]
                if block not in (_STONE, _GRANITE, _DIORITE, _ANDESITE):
                    continue
                below = blocks[i, k, j - 1]
                if ore == _GRAVEL and below in (_AIR, _WATER, _LAVA):
                    continue  # it would fall at the first touch
                if left == 0:
                    return 0
                blocks[i, k, j] = ore
                left -= 1
    return left
