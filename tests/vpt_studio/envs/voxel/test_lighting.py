"""Light from the sky and from blocks, against a slow and simple account of what it should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vpt_studio.envs.voxel.blocks import EMISSIONS, FILTERS, Block
from vpt_studio.envs.voxel.lighting import light_world, relight
from vpt_studio.envs.voxel.presets import BRISK, HEIGHT
from vpt_studio.envs.voxel.terrain import fill_terrain

#: What people place, dig and find, air above all.
EDITS = (
    Block.AIR,
    Block.AIR,
    Block.AIR,
    Block.STONE,
    Block.STONE,
    Block.TORCH,
    Block.WALL_TORCH_EAST,
    Block.WATER,
    Block.LAVA,
    Block.OAK_LEAVES,
    Block.GLASS,
    Block.LIT_FURNACE_NORTH,
    Block.FURNACE_NORTH,
)


def lit(blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    light = np.full(blocks.shape, 77, np.uint8)  # what was there before must not matter
    top = np.full(blocks.shape[:2], 99, np.uint8)
    light_world(blocks, light, top)
    return light, top


def slowly_lit(blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same by its definition: levels are raised everywhere until none rises any more."""
    costs = np.maximum(FILTERS[blocks].astype(int), 1)
    clear_from = np.cumsum((FILTERS[blocks] > 0)[:, :, ::-1], axis=2)[:, :, ::-1] == 0
    halves = []
    for source in (np.where(clear_from, 15, 0), EMISSIONS[blocks].astype(int)):
        levels = source
        while True:
            around = np.pad(levels, 1)
            brightest = np.max(
                [np.roll(around, step, axis)[1:-1, 1:-1, 1:-1] for axis in range(3) for step in (1, -1)],
                axis=0,
            )
            raised = np.maximum(source, brightest - costs)
            if (raised == levels).all():
                break
            levels = raised
        halves.append(levels)
    return (16 * halves[0] + halves[1]).astype(np.uint8), (~clear_from).sum(axis=2).astype(np.uint8)


def a_small_world(seed: int) -> np.ndarray:
    """Uneven ground with holes, things strewn about, and clear air or leaves above."""
    rng = np.random.default_rng(seed)
    blocks = np.zeros((9, 11, 24), np.uint8)
    blocks[np.arange(24) < rng.integers(4, 20, (9, 11, 1))] = Block.STONE
    strewn = rng.random(blocks.shape) < 0.25
    blocks[strewn] = rng.choice(EDITS, strewn.sum())
    blocks[:, :, 20:][rng.random((9, 11, 4)) < 0.8] = Block.AIR
    return blocks


@pytest.mark.parametrize("seed", range(12))
def test_light_is_what_its_definition_says(seed):
    blocks = a_small_world(seed)
    light, top = lit(blocks)
    expected_light, expected_top = slowly_lit(blocks)
    np.testing.assert_array_equal(light, expected_light)
    np.testing.assert_array_equal(top, expected_top)


def test_an_empty_and_a_full_world():
    light, top = lit(np.zeros((3, 4, 8), np.uint8))
    assert (light == 15 * 16).all()
    assert not top.any()
    light, top = lit(np.full((3, 4, 8), Block.STONE, np.uint8))
    assert not light.any()
    assert (top == 8).all()


def test_a_torch_in_a_closed_room_fades_by_one_a_step():
    blocks = np.full((32, 9, 12), Block.STONE, np.uint8)
    blocks[1:31, 4, 4] = Block.AIR
    blocks[2, 4, 4] = Block.TORCH
    light, _ = lit(blocks)
    assert light[2:17, 4, 4].tolist() == list(range(14, -1, -1))
    assert light[1, 4, 4] == 13


def test_daylight_falls_through_air_and_glass_and_fades_in_water():
    blocks = np.full((9, 9, 30), Block.STONE, np.uint8)
    blocks[4, 4, 5:] = Block.AIR
    blocks[4, 4, 25] = Block.GLASS
    light, top = lit(blocks)
    assert (light[4, 4, 5:] == 15 * 16).all()
    assert top[4, 4] == 5
    blocks[4, 4, 5:20] = Block.WATER
    light, top = lit(blocks)
    assert (light[4, 4, 5:20] // 16).tolist() == list(range(15))
    assert top[4, 4] == 20


Edit = tuple[int, int, int, Block]
edits = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 23), st.integers(0, 10), st.sampled_from(EDITS)), max_size=40
)


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6), series=edits)
def test_any_series_of_edits_leaves_the_light_of_a_world_lit_anew(seed: int, series: list[Edit]):
    blocks = a_small_world(seed)
    light, top = lit(blocks)
    for x, y, z, block in series:
        before = int(blocks[x, z, y])
        blocks[x, z, y] = block
        relight(blocks, light, top, x, y, z, before)
        expected_light, expected_top = lit(blocks)
        np.testing.assert_array_equal(light, expected_light)
        np.testing.assert_array_equal(top, expected_top)


@pytest.fixture(scope="module")
def island() -> np.ndarray:
    blocks = np.zeros((BRISK.size, BRISK.size, HEIGHT), np.uint8)
    fill_terrain(BRISK, 0, blocks)
    return blocks


def test_shafts_roofs_and_torches_on_an_island(island):
    """A shaft to the bottom lights a cave, a roof over a field darkens it, and all can be taken back."""
    blocks = island.copy()
    light, top = lit(blocks)
    first_light, first_top = light.copy(), top.copy()
    changed: list[tuple[int, int, int, int]] = []

    def put(x: int, y: int, z: int, block: int) -> None:
        changed.append((x, y, z, int(blocks[x, z, y])))
        blocks[x, z, y] = block
        relight(blocks, light, top, x, y, z, changed[-1][3])

    def check() -> None:
        expected_light, expected_top = lit(blocks)
        np.testing.assert_array_equal(light, expected_light)
        np.testing.assert_array_equal(top, expected_top)

    for y in range(HEIGHT - 1, 1, -1):
        put(60, y, 60, Block.AIR)
    check()
    for x in range(56, 66):
        for z in range(56, 66):
            put(x, 40, z, Block.STONE)
    check()
    for y in range(2, 40, 9):
        put(60, y, 60, Block.TORCH)
    check()
    for x, y, z, before in reversed(changed.copy()):
        put(x, y, z, before)
    np.testing.assert_array_equal(light, first_light)
    np.testing.assert_array_equal(top, first_top)


def test_a_thousand_edits_on_an_island(island):
    blocks = island.copy()
    light, top = lit(blocks)
    rng = np.random.default_rng(0)
    for number in range(1000):
        x, z = rng.integers(0, BRISK.size, 2) if number % 4 == 0 else rng.integers(50, 62, 2)
        near_ground = int(np.clip(int(top[x, z]) + rng.integers(-6, 4), 0, HEIGHT - 1))
        y = near_ground if number % 3 else int(rng.integers(0, HEIGHT))
        before = int(blocks[x, z, y])
        blocks[x, z, y] = rng.choice(EDITS)
        relight(blocks, light, top, int(x), y, int(z), before)
    expected_light, expected_top = lit(blocks)
    np.testing.assert_array_equal(light, expected_light)
    np.testing.assert_array_equal(top, expected_top)


def test_in_the_corners_of_the_world(island):
    blocks = island.copy()
    light, top = lit(blocks)
    last = BRISK.size - 1
    for x, z in ((0, 0), (0, last), (last, 0), (last, last)):
        for y in (HEIGHT - 1, 30, 0):
            for block in (Block.LAVA, Block.STONE, Block.AIR, Block.TORCH):
                before = int(blocks[x, z, y])
                blocks[x, z, y] = block
                relight(blocks, light, top, x, y, z, before)
    expected_light, expected_top = lit(blocks)
    np.testing.assert_array_equal(light, expected_light)
    np.testing.assert_array_equal(top, expected_top)
