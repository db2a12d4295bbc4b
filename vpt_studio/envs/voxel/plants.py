"""What grows on the island: woods of oak, birch and spruce with clearings, grass and flowers."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.noise import Stream, plane, randoms
from vpt_studio.envs.voxel.presets import Preset

#: Columns between the trunks of two trees, at least, along x or along z.
TRUNK_DISTANCE = 3

_CHUNK = 16  # columns along x and z that trees are counted in
_WOODLAND = 0.6  # of the land
_DENSEST = 2.0  # times as many trees as in a wood on the average
_MEADOW = 0.04  # times as many trees
_TRIES = 8  # places looked at for every tree

_AIR, _GRASS_BLOCK, _DIRT, _OAK_LOG, _OAK_LEAVES, _GRASS, _DANDELION, _POPPY = (
    int(block)
    for block in (
        Block.AIR,
        Block.GRASS_BLOCK,
        Block.DIRT,
        Block.OAK_LOG,
        Block.OAK_LEAVES,
        Block.GRASS,
        Block.DANDELION,
        Block.POPPY,
    )
)

_OAK = 0
_CROSS, _NONE = 10, -1
# The shapes of oaks, birches and spruces, in the order of their logs and leaves among the blocks: the logs
# of the shortest and of the longest trunk, how many stay without leaves at least, then how far the crown
# reaches from the trunk, layer by layer from the tip down; the layer after the tip holds the highest log.
# A cross is the leaves next to the trunk and none at its corners.
_SHAPES = np.array(
    [
        [4, 6, 1, _CROSS, 1, 2, 2, _NONE, _NONE, _NONE, _NONE],
        [6, 8, 2, _CROSS, _CROSS, 1, 2, 2, _NONE, _NONE, _NONE],
        [6, 9, 2, 0, _CROSS, 2, _CROSS, 2, 3, 2, 3],
    ]
)
_LAYERS = 3  # the place in a shape where the crown begins


def grow_plants(
    preset: Preset, seed: int, heights: npt.NDArray[np.int16], blocks: npt.NDArray[np.uint8]
) -> None:
    """Grow trees, grass and flowers on the grass blocks.

    Args:
        preset: Says how many trees woods have.
        seed: The world's.
        heights: int16 [X, Z]: the lowest y above the ground of every column, caves left aside.
        blocks: uint8 [X, Z, 64]: the bare ground; changed.
    """
    size = preset.size
    densities = _tree_densities(preset, seed, heights)
    kinds = np.stack(
        [
            0.12 + plane(seed, Stream.OAKS, size, 60.0, 2),
            plane(seed, Stream.BIRCHES, size, 60.0, 2),
            plane(seed, Stream.SPRUCES, size, 60.0, 2)
            + 0.5 * (heights - preset.sea_level) / max(1, preset.relief)
            - 0.1,
        ]
    )
    chunks = size // _CHUNK
    chances = randoms(seed, Stream.TREES, chunks, chunks, max(_TRIES, math.ceil(_TRIES * preset.trees)), 8)
    _grow_trees(blocks, heights, densities, kinds, chances, preset.trees, _SHAPES)
    meadows = plane(seed, Stream.MEADOWS, size, 26.0, 3)
    flowers = plane(seed, Stream.FLOWERS, size, 16.0, 2)
    _sow(blocks, heights, densities, meadows, flowers, randoms(seed, Stream.PLANTS, size, size))


def _tree_densities(preset: Preset, seed: int, heights: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
    """float64 [X, Z]: how many trees there are to be around a column, in terms of the mean of woods."""
    field = plane(seed, Stream.WOODLAND, preset.size, 48.0, 4)
    land = heights >= preset.sea_level
    order = np.sort(field[land])  # never empty: no pond reaches the shore
    edge = order[int((1.0 - _WOODLAND) * len(order))]
    woods = field > edge
    densities = np.clip((field - edge) * 3.0, 0.3, 2.0)
    in_woods = densities[woods & land]
    densities *= len(in_woods) / math.fsum(in_woods)  # numpy's sum adds in an order of the processor's
    densities = np.where(woods, np.minimum(densities, _DENSEST), _MEADOW)
    return np.where(land, densities, 0.0)


@compiled
def _grow_trees(blocks, heights, densities, kinds, chances, trees, shapes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Try places at random, chunk by chunk, until there are enough; where a tree does not fit, none grows."""
    taken = np.zeros(heights.shape, np.bool_)
    for chunk_x in range(chances.shape[0]):
        for chunk_z in range(chances.shape[1]):
            left, near = chunk_x * _CHUNK, chunk_z * _CHUNK
            density = densities[left : left + _CHUNK, near : near + _CHUNK].mean()
            wanted = int(trees * density + chances[chunk_x, chunk_z, 0, 0])
            for attempt in range(1, chances.shape[2]):
                if wanted <= 0:
                    break
                u = chances[chunk_x, chunk_z, attempt]
                x, z = left + int(u[0] * _CHUNK), near + int(u[1] * _CHUNK)
                if u[2] * _DENSEST >= densities[x, z] or _is_near_trunk(taken, x, z):
                    continue
                kind = _kind_at(kinds, x, z, u)
                shortest, longest = shapes[kind, 0], shapes[kind, 1]
                logs = shortest + int(u[6] * (longest - shortest + 1))
                if _fits(blocks, x, z, heights[x, z], logs, shapes[kind]):
                    _grow_tree(blocks, x, z, heights[x, z], logs, shapes[kind], kind, int(u[7] * 65536))
                    taken[x, z] = True
                    wanted -= 1


@compiled
def _is_near_trunk(taken, x, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    reach = TRUNK_DISTANCE - 1
    for i in range(max(0, x - reach), min(taken.shape[0], x + reach + 1)):
        for k in range(max(0, z - reach), min(taken.shape[1], z + reach + 1)):
            if taken[i, k]:
                return True
    return False


@compiled
def _kind_at(kinds, x, z, u):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The kind whose field is highest, and near the border between two now one, now the other."""
    kind = 0
    for other in range(1, kinds.shape[0]):
        if kinds[other, x, z] + 0.3 * u[3 + other] > kinds[kind, x, z] + 0.3 * u[3 + kind]:
            kind = other
    return kind


@compiled
def _reach(shape, layer, logs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """How far a layer of a crown reaches from the trunk; _NONE below the crown."""
    if _LAYERS + layer >= shape.size or layer > logs - shape[2]:
        return _NONE
    return shape[_LAYERS + layer]


@compiled
def _has_leaf(reach, i, k):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether a layer reaches the place `i` and `k` columns from the trunk."""
    if reach == _CROSS:
        return abs(i) + abs(k) <= 1
    return reach < 3 or abs(i) + abs(k) <= 4


@compiled
def _fits(blocks, x, z, ground, logs, shape):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    tip = ground + logs
    if blocks[x, z, ground - 1] != _GRASS_BLOCK or blocks[x, z, ground - 2] == _AIR:
        return False
    if tip >= blocks.shape[2] or blocks[x, z, ground] != _AIR:
        return False
    for y in range(ground, tip + 1):
        reach = _reach(shape, tip - y, logs)
        spread = 1 if reach == _CROSS else max(reach, 0)
        for i in range(-spread, spread + 1):
            for k in range(-spread, spread + 1):
                block = blocks[x + i, z + k, y]
                if block != _AIR and (block < _OAK_LOG or block > _OAK_LEAVES + 2):
                    return False
    return True


@compiled
def _grow_tree(blocks, x, z, ground, logs, shape, kind, corners):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    tip = ground + logs
    for layer in range(logs):
        reach = _reach(shape, layer, logs)
        spread = 1 if reach == _CROSS else reach
        for i in range(-spread, spread + 1):
            for k in range(-spread, spread + 1):
                if not _has_leaf(reach, i, k) or blocks[x + i, z + k, tip - layer] != _AIR:
                    continue
                if 0 < reach < _CROSS and abs(i) == reach and abs(k) == reach:
                    corners >>= 1
                    if kind != _OAK or corners & 1:  # an oak's corners are left to chance
                        continue
                blocks[x + i, z + k, tip - layer] = _OAK_LEAVES + kind
    for y in range(ground, tip):
        blocks[x, z, y] = _OAK_LOG + kind
    blocks[x, z, ground - 1] = _DIRT


@compiled
def _sow(blocks, heights, densities, meadows, flowers, chances):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for x in range(heights.shape[0]):
        for z in range(heights.shape[1]):
            y = heights[x, z]
            if blocks[x, z, y - 1] != _GRASS_BLOCK or blocks[x, z, y] != _AIR:
                continue
            in_meadow = densities[x, z] <= _MEADOW
            flower = 0.08 if in_meadow and abs(flowers[x, z]) > 0.38 else 0.004
            grass = 0.02
            if in_meadow:
                grass = min(max(0.14 + 0.4 * meadows[x, z], 0.03), 0.4)
            chance = chances[x, z]
            if chance < flower:
                blocks[x, z, y] = _DANDELION if flowers[x, z] > 0 else _POPPY
            elif chance < flower + grass:
                blocks[x, z, y] = _GRASS
