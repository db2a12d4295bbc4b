"""Where a player who died comes back: at the spawn, or near it where the world is no longer fit for that."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.blocks import SOLID, Block

_FIRST_REACH = 8  # columns around the spawn that are looked at first


def place_near(
    blocks: npt.NDArray[np.uint8], spawn: tuple[float, float, float]
) -> tuple[float, float, float]:
    """The safe place nearest to `spawn`: something solid below, two cells of air, or of plants, for the body.

    Of places equally near it is the highest. Where nothing is dry it is the nearest place in water with air
    above, and where there is nothing but lava and stone, `spawn` itself.

    Args:
        blocks: uint8 [X, Z, 64], as they are now.
        spawn: Where the world began: x, y, z of the feet, in metres.

    Returns:
        x, y, z of the feet: `spawn` as it is, or the middle of another cell.
    """
    own = (math.floor(spawn[0]), math.floor(spawn[1]), math.floor(spawn[2]))
    for carries in (SOLID.astype(bool), _only(Block.WATER)):
        cell = _nearest(blocks, carries, own)
        if cell == own:
            return spawn
        if cell is not None:
            return cell[0] + 0.5, float(cell[1]), cell[2] + 0.5
    return spawn


def _nearest(
    blocks: npt.NDArray[np.uint8], carries: npt.NDArray[np.bool_], own: tuple[int, int, int]
) -> tuple[int, int, int] | None:
    """The cell nearest to `own` with room for the body above a block that `carries` (bool [256])."""
    x, y, z = own
    reach, farthest = _FIRST_REACH, max(blocks.shape[:2])
    while True:
        left, near = max(0, x - reach), max(0, z - reach)
        part = blocks[left : x + reach + 1, near : z + reach + 1]
        beside = (np.arange(left, left + part.shape[0]) - x) ** 2
        along = (np.arange(near, near + part.shape[1]) - z) ** 2
        height = part.shape[2]
        above = (np.arange(1, height + 1) - y) ** 2
        distances = beside[:, None, None] + along[:, None] + above
        # Feet may stand on the uppermost cells too: there is air above the world.
        free = np.ones((*part.shape[:2], height + 2), bool)
        free[:, :, :height] = _FREE[part]
        places = carries[part] & free[:, :, 1:-1] & free[:, :, 2:]
        # The nearest, and the highest of those.
        ranks = np.where(places, distances * (height + 1) - np.arange(height), np.iinfo(np.int64).max)
        best = int(np.argmin(ranks))
        i, k, below = (int(place) for place in np.unravel_index(best, ranks.shape))
        if reach >= farthest or (places[i, k, below] and distances[i, k, below] <= reach * reach):
            return (left + i, below + 1, near + k) if places[i, k, below] else None
        reach *= 4


def _only(*ids: Block) -> npt.NDArray[np.bool_]:
    """bool [256]: these blocks."""
    chosen = np.zeros(256, bool)
    chosen[list(ids)] = True
    return chosen


_FREE = (SOLID == 0) & ~_only(Block.WATER, Block.LAVA)
