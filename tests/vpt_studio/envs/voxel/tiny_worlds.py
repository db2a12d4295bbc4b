"""Worlds of a few cells, built by hand."""

from __future__ import annotations

import dataclasses

import numpy as np

from vpt_studio.envs.voxel.blocks import BLOCKS, Block
from vpt_studio.envs.voxel.presets import HEIGHT, SURVIVAL
from vpt_studio.envs.voxel.world import World

FLOOR = 10  # the y on which one stands in a flat world


def empty_world(size: int = 16) -> World:
    shape = (size, size, HEIGHT)
    return World(
        dataclasses.replace(SURVIVAL, size=size),
        seed=0,
        blocks=np.zeros(shape, np.uint8),
        light=np.zeros(shape, np.uint8),
        top=np.zeros(shape[:2], np.uint8),
    )


def flat_world(size: int = 16, ground: Block = Block.STONE) -> World:
    world = empty_world(size)
    world.blocks[:, :, :FLOOR] = ground
    return world


def cluttered_world(rng: np.random.Generator, size: int = 12, height: int = 10) -> World:
    """Stone, water, lava, leaves, plants and air at random, and open air above."""
    world = empty_world(size)
    kinds = [Block.AIR, Block.STONE, Block.WATER, Block.LAVA, Block.OAK_LEAVES, Block.GRASS]
    shares = [0.62, 0.2, 0.08, 0.02, 0.04, 0.04]
    world.blocks[:, :, :height] = rng.choice(np.array(kinds, np.uint8), (size, size, height), p=shares)
    return world


def solid_cells_in(world: World, lower: tuple[float, ...], upper: tuple[float, ...]) -> list[tuple[int, ...]]:
    """The solid cells, beside and below the world too, that reach more than a micrometre into a box."""
    touch = 1e-6
    first = np.floor(np.array(lower) + touch).astype(int)
    last = np.floor(np.array(upper) - touch).astype(int)
    found = []
    for x in range(first[0], last[0] + 1):
        for y in range(first[1], last[1] + 1):
            for z in range(first[2], last[2] + 1):
                inside = 0 <= x < world.preset.size and 0 <= z < world.preset.size
                if not inside or BLOCKS[world.block_at(x, y, z)].solid:
                    found.append((x, y, z))
    return found
