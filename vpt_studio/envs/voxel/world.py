"""The cells of one world: their blocks and their light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.lighting import light_world, relight
from vpt_studio.envs.voxel.presets import HEIGHT, Preset
from vpt_studio.envs.voxel.terrain import fill_terrain

Cell = tuple[int, int, int]


@dataclass
class World:
    """Blocks and light; x to the east, y up, z to the south, one cell a metre wide.

    Attributes:
        preset: What kind of world.
        seed: What it was generated from.
        blocks: uint8 [X, Z, 64], C order: the :class:`Block` at ``blocks[x, z, y]``.
        light: uint8 [X, Z, 64]: 16 * light from the sky + light from blocks, 0 to 15 each. Light from the
            sky is that of noon; who draws or measures at night takes less of it.
        top: uint8 [X, Z]: in every column, the lowest y from which up nothing takes light away.
    """

    preset: Preset
    seed: int
    blocks: npt.NDArray[np.uint8]
    light: npt.NDArray[np.uint8]
    top: npt.NDArray[np.uint8]

    @classmethod
    def generate(cls, preset: Preset, seed: int) -> World:
        """The world of `seed` (0 or more); the same in every process.

        Raises:
            StudioError: No world can be made of `preset`.
        """
        preset.check()
        size = preset.size
        world = cls(
            preset,
            seed,
            np.zeros((size, size, HEIGHT), np.uint8),
            np.zeros((size, size, HEIGHT), np.uint8),
            np.zeros((size, size), np.uint8),
        )
        fill_terrain(preset, seed, world.blocks)
        light_world(world.blocks, world.light, world.top)
        return world

    def holds(self, x: int, y: int, z: int) -> bool:
        """Whether the cell is one of the world's."""
        return 0 <= x < self.preset.size and 0 <= z < self.preset.size and 0 <= y < HEIGHT

    def block_at(self, x: int, y: int, z: int) -> Block:
        """The block of a cell: bedrock below and beside the world, air above it."""
        if self.holds(x, y, z):
            return Block(int(self.blocks[x, z, y]))
        return Block.AIR if y >= HEIGHT else Block.BEDROCK

    def set_block(self, x: int, y: int, z: int, block: Block) -> None:
        """Change a cell of the world, and the light around it."""
        before = int(self.blocks[x, z, y])
        if before == block:
            return
        self.blocks[x, z, y] = block
        relight(self.blocks, self.light, self.top, x, y, z, before)
