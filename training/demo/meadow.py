"""What stands where in the made scene: trees, pillars and crates, without end."""

from __future__ import annotations

import numpy as np

from training.demo.boxes import Box
from training.demo.frame import Vector
from training.demo.textures import BRICKS

#: Side in metres of the ground's cells, each of which holds at most one thing; the first is empty.
CELL = 6


class Meadow:
    """The things of one seed, made where they are asked for."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._around: dict[tuple[int, int, int], list[Box]] = {}

    def near(self, place: Vector, cells: int) -> list[Box]:
        """The boxes of the cell of `place` (float64 [2]: x, z in metres) and of `cells` cells around it."""
        i, j = (int(coordinate // CELL) for coordinate in place)
        if (i, j, cells) not in self._around:
            self._around = {key: boxes for key, boxes in self._around.items() if key[:2] == (i, j)}
            self._around[i, j, cells] = [
                box
                for column in range(i - cells, i + cells + 1)
                for row in range(j - cells, j + cells + 1)
                for box in _things_of(self._seed, column, row)
            ]
        return self._around[i, j, cells]


def _things_of(seed: int, column: int, row: int) -> list[Box]:
    """What stands in one cell of the ground: nothing, a tree, a pillar or crates."""
    rng = np.random.default_rng([seed, 2, column + 2**20, row + 2**20])
    x, z = (np.array([column, row]) + rng.uniform(0.25, 0.75, 2)) * CELL
    chance = rng.random()
    if (column, row) == (0, 0) or chance < 0.28:
        return []
    if chance < 0.62:
        high = rng.uniform(3.1, 4.2)
        wide = rng.uniform(1.2, 1.6)
        # The crown comes first: seen from below, the trunk hides a part of it.
        return [Box(x, z, wide, high, high + 2 * wide, "leaves"), Box(x, z, 0.38, 0.0, high, "bark")]
    if chance < 0.86:
        return [Box(x, z, 0.5, 0.0, float(rng.integers(2, 6)), str(rng.choice(list(BRICKS))))]
    return [Box(x, z, 0.6, 0.0, 1.2, "crate")]
