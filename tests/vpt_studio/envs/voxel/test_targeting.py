"""What the player looks at."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tiny_worlds import FLOOR, empty_world, flat_world

from vpt_studio.envs.voxel.blocks import BLOCKS, FACE_STEPS, Block, Face, Shape
from vpt_studio.envs.voxel.targeting import REACH, look_at


@pytest.mark.parametrize(
    ("yaw", "pitch", "cell", "face"),
    [
        (0, 0, (8, 8, 10), Face.NORTH),
        (90, 0, (6, 8, 8), Face.EAST),
        (-90, 0, (10, 8, 8), Face.WEST),
        (180, 0, (8, 8, 6), Face.SOUTH),
        (-180, 0, (8, 8, 6), Face.SOUTH),
        (37, 90, (8, 6, 8), Face.TOP),
        (37, -90, (8, 10, 8), Face.BOTTOM),
    ],
)
def test_each_direction_meets_the_block_there_on_the_near_side(yaw, pitch, cell, face):
    world = empty_world()
    world.blocks[cell[0], cell[2], cell[1]] = Block.STONE
    hit = look_at(world, 8.5, 8.5, 8.5, yaw, pitch)
    assert hit is not None
    assert (hit.cell, hit.face) == (cell, face)
    assert hit.distance == pytest.approx(1.5)
    assert math.dist(hit.point, (8.5, 8.5, 8.5)) == pytest.approx(1.5)


def test_reach_ends_at_four_and_a_half_metres():
    world = flat_world()
    assert look_at(world, 8.5, FLOOR + REACH, 8.5, 0, 90) is not None
    assert look_at(world, 8.5, FLOOR + REACH + 0.001, 8.5, 0, 90) is None
    assert look_at(world, 8.5, FLOOR + 5.5, 8.5, 0, 90, reach=6.0) is not None


def test_one_looks_through_water_and_air_to_the_ground():
    world = flat_world()
    world.blocks[:, :, FLOOR : FLOOR + 3] = Block.WATER
    hit = look_at(world, 8.5, FLOOR + 2.5, 8.5, 20, 80)
    assert hit is not None
    assert hit.cell[1] == FLOOR - 1
    assert hit.face is Face.TOP


def test_plants_are_hit_by_their_outline_and_missed_beside_it():
    world = flat_world()
    world.blocks[8, 8, FLOOR] = Block.POPPY
    at_flower = look_at(world, 8.5, FLOOR + 0.5, 6.5, 0, 0)
    assert at_flower is not None
    assert at_flower.cell == (8, FLOOR, 8)
    assert at_flower.point[2] == pytest.approx(8 + 5 / 16)
    beside = look_at(world, 8.5, FLOOR + 1.4, 6.5, 0, 19)
    assert beside is not None
    assert beside.cell == (8, FLOOR - 1, 10)  # over the flower, to the ground behind it
    world.blocks[8, 8, FLOOR] = Block.GRASS
    over = look_at(world, 8.5, FLOOR + 0.7, 6.5, 0, 0)
    assert over is not None
    assert over.cell == (8, FLOOR, 8)


@pytest.mark.parametrize(
    ("torch", "wall", "yaw"),
    [
        (Block.WALL_TORCH_NORTH, Face.SOUTH, 0),
        (Block.WALL_TORCH_SOUTH, Face.NORTH, 180),
        (Block.WALL_TORCH_WEST, Face.EAST, -90),
        (Block.WALL_TORCH_EAST, Face.WEST, 90),
    ],
)
def test_a_wall_torch_hangs_at_its_wall(torch, wall, yaw):
    world = empty_world()
    world.blocks[8, 8, 8] = torch
    hit = look_at(world, 8.5, 8.5, 8.5, yaw, 0)
    assert hit is not None
    assert hit.cell == (8, 8, 8)
    assert hit.distance == pytest.approx(0.5 - 5 / 16)
    away = look_at(world, 8.5, 8.5, 8.5, yaw + 180, 0)
    assert away is None
    step = FACE_STEPS[wall]
    assert np.sign(np.array(hit.point) - 8.5).tolist() == list(step)


def test_an_eye_inside_a_block_sees_that_block():
    world = flat_world()
    hit = look_at(world, 8.5, FLOOR - 0.5, 8.5, 0, 10)
    assert hit is not None
    assert (hit.cell, hit.face, hit.distance) == ((8, FLOOR - 1, 8), Face.NORTH, 0.0)


def test_nothing_is_seen_outside_the_world():
    world = flat_world()
    assert look_at(world, 0.5, FLOOR + 1.6, 8.5, 90, 0) is None
    assert look_at(world, 8.5, 0.5, 8.5, 0, 90) is not None
    assert look_at(world, 8.5, 70.0, 8.5, 0, 0) is None
    from_above = look_at(world, 8.5, 66.0, 8.5, 0, 90, reach=100.0)
    assert from_above is not None
    assert from_above.cell == (8, FLOOR - 1, 8)


def test_every_kind_of_block_can_be_hit_but_air_and_fluids():
    world = empty_world()
    for block, kind in BLOCKS.items():
        world.blocks[8, 8, 8] = block
        hit = look_at(world, 8.5, 11.0, 8.5, 0, 90) or look_at(world, 8.3, 8.5, 8.1, 0, 0)
        hits = [hit, *(look_at(world, 8.5, 8.5, 8.5, yaw, 0) for yaw in (0, 90, 180, 270))]
        seen = any(found is not None for found in hits)
        assert seen == (kind.shape not in (Shape.EMPTY, Shape.FLUID)), block


def test_rays_agree_with_small_steps_through_random_blocks():
    rng = np.random.default_rng(5)
    world = empty_world()
    world.blocks[:] = (rng.random(world.blocks.shape) < 0.1) * Block.STONE
    for _ in range(300):
        eye = rng.uniform(3, 13, 3)
        yaw, pitch = rng.uniform(-180, 180), rng.uniform(-90, 90)
        hit = look_at(world, *eye, yaw, pitch)
        along = math.cos(math.radians(pitch))
        direction = np.array(
            [
                -math.sin(math.radians(yaw)) * along,
                -math.sin(math.radians(pitch)),
                math.cos(math.radians(yaw)) * along,
            ]
        )
        distances = np.arange(0, REACH, 1e-3)
        cells = np.floor(eye + distances[:, None] * direction).astype(int)
        inside = ((cells >= 0) & (cells < [16, 64, 16])).all(axis=1)
        x, y, z = np.where(inside[:, None], cells, 0).T
        stone = inside & (world.blocks[x, z, y] == Block.STONE)
        if not stone.any():
            assert hit is None or hit.distance > REACH - 1e-2 or _is_grazed(world, hit)
            continue
        assert hit is not None
        first = distances[int(np.argmax(stone))]
        # Steps of a millimetre may miss a corner that the ray cuts.
        assert hit.distance <= first
        assert hit.distance >= first - 1e-3 or _is_grazed(world, hit)
        if hit.distance > 0:
            axis, side = int(hit.face) // 2, int(hit.face) % 2
            assert hit.point[axis] == pytest.approx(hit.cell[axis] + side, abs=1e-9)


def _is_grazed(world, hit) -> bool:
    """Whether the ray leaves the cell within a few millimetres of entering it."""
    inside = sorted(min(place % 1, 1 - place % 1) for place in hit.point)
    return world.block_at(*hit.cell) is Block.STONE and inside[1] < 5e-3
