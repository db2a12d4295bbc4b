"""No compiled loop reads or writes beside its arrays: everything once more, with numba minding the bounds.

Run as a program this file is what happens in that other process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_fuzz import Anything

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.lighting import light_world
from vpt_studio.envs.voxel.presets import BRISK, HEIGHT, SURVIVAL, Ore, Preset
from vpt_studio.envs.voxel.world import World

_SIZE = 48
_PLACES = (0.3, 0.31, 1.0, 24.0, _SIZE - 1.0, _SIZE - 0.31, _SIZE - 0.3)
_HEIGHTS = (1.0, 3.0, 20.0, 40.0, 62.0, 63.0, 63.99, 64.0, 64.5, 66.0, 90.0)
_CLUTTER = (
    *(Block.AIR, Block.AIR, Block.STONE, Block.SAND, Block.WATER, Block.LAVA, Block.OAK_LEAVES, Block.GLASS),
    *(Block.TORCH, Block.WALL_TORCH_EAST, Block.GRASS, Block.LIT_FURNACE_EAST),
)


def watch(part: str, folder: Path) -> None:
    # What is compiled with bounds is no use to others, nor the other way round: hence a folder of its own.
    settings = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(folder)}
    command = [sys.executable, __file__, part]
    run = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.slow
def test_terrain_and_light_stay_within_their_arrays(tmp_path: Path) -> None:
    watch("worlds", tmp_path)


@pytest.mark.slow
def test_bodies_things_and_pictures_stay_within_their_arrays(tmp_path: Path) -> None:
    watch("play", tmp_path)


@compiled
def _beside(array):
    return array[array.size]


def odd_presets() -> list[Preset]:
    def ores(*bounds: tuple[int, int], veins: float = 40.0, size: int = 64) -> tuple[Ore, ...]:
        return tuple(Ore(Block.IRON_ORE, lowest, highest, veins, size) for lowest, highest in bounds)

    small = replace(SURVIVAL, size=_SIZE)
    return [
        replace(small, relief=0, trees=0, ores=()),
        replace(small, sea_level=8, relief=1, stone_depth=8, trees=1e-9, caves=0.5, ores=ores((1, 1))),
        replace(
            small, sea_level=8, relief=48, stone_depth=1, trees=64, ores=ores((1, 63), (62, 63), (63, 63))
        ),
        replace(small, sea_level=56, relief=0, trees=64, caves=0, ores=ores((60, 63), veins=0.01, size=1)),
        replace(small, size=49, sea_level=56, relief=0, stone_depth=56, trees=64, caves=0.5),
        replace(small, size=63, sea_level=40, relief=16, trees=64, caves=0.5, ores=ores((2, 60), veins=256)),
        replace(BRISK, size=97),
    ]


def make_worlds() -> None:
    for preset in odd_presets():
        for seed in range(3):
            World.generate(preset, seed)


def relight_borders(random: np.random.Generator) -> None:
    """Change cells on the faces, edges and corners of a world; the light is as from scratch."""
    world = World.generate(replace(BRISK, size=_SIZE), 0)
    for _ in range(1500):
        x, y, z = (
            int(random.choice([0, 1, end - 2, end - 1, random.integers(end)]))
            for end in (_SIZE, HEIGHT, _SIZE)
        )
        world.set_block(x, y, z, Block(random.choice(_CLUTTER)))
    light, top = np.zeros_like(world.light), np.zeros_like(world.top)
    light_world(world.blocks, light, top)
    np.testing.assert_array_equal(world.light, light)
    np.testing.assert_array_equal(world.top, top)


def play_at_the_borders(random: np.random.Generator, ticks: int) -> None:
    """Throw a player who does anything at all against every side, with things and clutter round about."""
    environment = VoxelEnvironment(replace(BRISK, size=_SIZE), "64x64")
    environment.reset(seed=0)
    state, player = environment.state, Anything(0)
    for tick in range(ticks):
        if tick % 60 == 0:
            place = np.array([random.choice(_PLACES), random.choice(_HEIGHTS), random.choice(_PLACES)])
            state.body.state[:6] = *place, *random.normal(0, 0.5, 3)
            state.vitals.health = 20
            for _ in range(12):
                cell = place.astype(int) + random.integers(-2, 3, 3)
                x, y, z = cell.clip((0, 1, 0), (_SIZE - 1, HEIGHT - 1, _SIZE - 1)).tolist()
                state.world.set_block(x, y, z, Block(random.choice(_CLUTTER[:-1])))
            for _ in range(4):
                velocity = tuple(random.normal(0, 1, 3).tolist())
                state.drops.add(
                    Stack(Item.SAND, 3), tuple((place + random.normal(0, 1, 3)).tolist()), velocity
                )
            state.inventory.add(Stack(Item.TORCH, 8))
            state.inventory.add(Stack(Item.COBBLESTONE, 8))
        environment.step(player.act(state).to_environment())
        if tick % 200 == 0:
            environment.whole_picture(pointer=True)


def main(part: str) -> None:
    try:
        _beside(np.zeros(3))
    except IndexError:
        pass
    else:
        raise AssertionError("numba does not mind the bounds: nothing would be found")
    if part == "worlds":
        make_worlds()
        relight_borders(np.random.default_rng(1))
    else:
        play_at_the_borders(np.random.default_rng(2), 3000)


if __name__ == "__main__":
    main(sys.argv[1])
