"""Who died comes back where one can live: at the spawn, or near it."""

from __future__ import annotations

import numpy as np
import pytest
from someone import Someone
from tiny_worlds import FLOOR, empty_world, flat_world

from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.respawning import place_near
from vpt_studio.envs.voxel.world import World

SPAWN = (16.5, float(FLOOR), 16.5)
X, Z = 16, 16


def meadow() -> World:
    return flat_world(32, Block.GRASS_BLOCK)


def place_in(world: World) -> tuple[float, float, float]:
    return place_near(world.blocks, SPAWN)


def test_the_spawn_itself_while_one_can_stand_there():
    world = meadow()
    assert place_in(world) == SPAWN
    world.blocks[X, Z, FLOOR] = Block.POPPY
    world.blocks[X, Z, FLOOR + 1] = Block.TORCH
    world.blocks[X - 1 : X + 2, Z - 1 : Z + 2, FLOOR + 2] = Block.OAK_PLANKS  # under a roof
    assert place_in(world) == SPAWN


@pytest.mark.parametrize("bottom", [Block.AIR, Block.STONE, Block.LAVA, Block.WATER])
def test_the_rim_of_a_shaft(bottom):
    world = meadow()
    world.blocks[X, Z, 1:FLOOR] = Block.AIR
    world.blocks[X, Z, 1] = bottom
    x, y, z = place_in(world)
    assert y == FLOOR
    assert abs(x - SPAWN[0]) + abs(z - SPAWN[2]) == 1


@pytest.mark.parametrize("fluid", [Block.LAVA, Block.WATER])
@pytest.mark.parametrize("depth", [-1, 0, 1])  # instead of the ground, at the feet, at the head
def test_the_bank_of_a_pool(fluid, depth):
    world = meadow()
    world.blocks[X - 2 : X + 3, Z - 4 : Z + 5, FLOOR + depth] = fluid
    x, y, z = place_in(world)
    assert (abs(x - SPAWN[0]), y, z) == (3, FLOOR, SPAWN[2])


def test_on_top_of_what_was_piled_up_or_beside_it():
    world = meadow()
    world.blocks[X - 3 : X + 4, Z - 3 : Z + 4, FLOOR : FLOOR + 2] = Block.COBBLESTONE
    assert place_in(world) == (SPAWN[0], FLOOR + 2, SPAWN[2])
    world.blocks[X - 3 : X + 4, Z - 3 : Z + 4, FLOOR:50] = Block.COBBLESTONE
    x, y, z = place_in(world)
    assert y == FLOOR
    assert max(abs(x - SPAWN[0]), abs(z - SPAWN[2])) == 4


def test_in_the_room_that_someone_walled_the_spawn_in_with():
    world = meadow()
    world.blocks[X - 2 : X + 3, Z - 2 : Z + 3, FLOOR : FLOOR + 4] = Block.OBSIDIAN
    world.blocks[X - 1 : X + 2, Z - 1 : Z + 2, FLOOR : FLOOR + 3] = Block.AIR
    assert place_in(world) == SPAWN
    world.blocks[X, Z, FLOOR] = Block.CRAFTING_TABLE
    assert place_in(world) == (SPAWN[0], FLOOR + 1, SPAWN[2])


def test_far_away_where_nothing_nearer_is_left_and_on_the_uppermost_cells():
    world = empty_world(64)
    world.blocks[:, :, : FLOOR + 3] = Block.LAVA
    world.blocks[60, 5, :] = Block.STONE
    assert place_in(world) == (60.5, 64.0, 5.5)
    world.blocks[0, 63, : FLOOR + 3] = Block.STONE
    assert place_in(world) == (0.5, FLOOR + 3.0, 63.5)


def test_above_the_water_where_everything_is_flooded():
    world = meadow()
    world.blocks[:, :, FLOOR : FLOOR + 20] = Block.WATER
    assert place_in(world) == (SPAWN[0], FLOOR + 20, SPAWN[2])
    world.blocks[X, Z, FLOOR + 20] = Block.LAVA
    x, y, z = place_in(world)
    assert (abs(x - SPAWN[0]) + abs(z - SPAWN[2]), y) == (1, FLOOR + 20)


def test_somewhere_even_where_nobody_can_live():
    world = meadow()
    world.blocks[:, :, 1:] = Block.LAVA
    assert place_in(world) == SPAWN


def test_the_place_is_the_nearest_there_is_and_the_same_again():
    random = np.random.default_rng(0)
    kinds = np.array(
        [Block.AIR, Block.STONE, Block.WATER, Block.LAVA, Block.OAK_LEAVES, Block.GRASS], np.uint8
    )
    for share in (0.9, 0.3, 0.15):
        world = empty_world(48)
        world.blocks[:] = Block.LAVA
        wanted = random.random(world.blocks.shape) < share
        world.blocks[wanted] = random.choice(kinds, int(wanted.sum()))
        world.blocks[:, :, 20:] = Block.LAVA
        spawn = (int(random.integers(48)) + 0.5, 12.0, int(random.integers(48)) + 0.5)
        expected = min(
            (sum((a - b) ** 2 for a, b in zip(place, spawn, strict=True)), -place[1])
            for place in (
                (x + 0.5, float(y), z + 0.5)
                for x, z, y in np.ndindex(48, 48, 20)
                if y and stands(world.blocks[x, z, y - 1 : y + 2])
            )
        )
        found = place_near(world.blocks, spawn)
        assert (sum((a - b) ** 2 for a, b in zip(found, spawn, strict=True)), -found[1]) == expected
        assert place_near(world.blocks.copy(), spawn) == found


def stands(cells: np.ndarray) -> bool:
    return cells[0] in (Block.STONE, Block.OAK_LEAVES) and all(
        cell in (Block.AIR, Block.GRASS) for cell in cells[1:]
    )


def test_nobody_dies_again_and_again_in_a_shaft_under_the_spawn():
    player = Someone(world=meadow())
    player.put(Block.AIR, *((X, y, Z) for y in range(1, FLOOR)))
    player.put(Block.LAVA, (X, 1, Z))
    player.state.spawn = SPAWN
    player.stand(*SPAWN)
    assert player.act(ticks=400) == 1
    assert player.health == 20
    assert player.state.spawn == SPAWN
    player.put(Block.STONE, *((X, y, Z) for y in range(1, FLOOR)))
    player.state.vitals.strike(20)
    player.act(ticks=2)
    assert player.state.body.position == SPAWN


def test_a_player_goes_on_living_in_a_whole_world_with_a_shaft():
    environment = VoxelEnvironment("brisk", "64x64")
    environment.reset(seed=7)
    state = environment.state
    x, y, z = (int(place) for place in state.spawn)
    for depth in range(4, y):
        state.world.set_block(x, depth, z, Block.AIR)
    state.world.set_block(x, 4, z, Block.LAVA)
    for _ in range(600):
        environment.step({})
    assert state.deaths == 1
    assert state.body.position[1] >= y - 1
