"""The island: the same for a seed everywhere, natural, and with all that the way to a diamond needs."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from vpt_studio.envs.voxel.blocks import SHAPES, SOLID, Block, Shape
from vpt_studio.envs.voxel.presets import BRISK, HEIGHT, PRESETS, SURVIVAL, Ore
from vpt_studio.envs.voxel.terrain import OPEN_SEA, OPEN_SEA_DEPTH, fill_terrain, spawn_point
from vpt_studio.errors import StudioError

WORLDS = [("survival", 0), ("survival", 7), ("brisk", 0), ("brisk", 1), ("brisk", 2**70 + 5)]
LOGS = (Block.OAK_LOG, Block.BIRCH_LOG, Block.SPRUCE_LOG)
LEAVES = (Block.OAK_LEAVES, Block.BIRCH_LEAVES, Block.SPRUCE_LEAVES)

each_world = pytest.mark.parametrize(("name", "seed"), WORLDS)


@lru_cache(maxsize=2)
def terrain(name: str, seed: int) -> np.ndarray:
    preset = PRESETS[name]
    blocks = np.zeros((preset.size, preset.size, HEIGHT), np.uint8)
    fill_terrain(preset, seed, blocks)
    return blocks


def ground_of(blocks: np.ndarray) -> np.ndarray:
    """The blocks without trees, grass and flowers."""
    plants = np.isin(blocks, (*LOGS, *LEAVES)) | (SHAPES[blocks] == Shape.CROSS)
    return np.where(plants, Block.AIR, blocks)


def surface_of(ground: np.ndarray) -> np.ndarray:
    """The lowest y above everything but air."""
    return HEIGHT - np.argmax((ground != Block.AIR)[:, :, ::-1], axis=2)


def digest(blocks: np.ndarray) -> str:
    return hashlib.sha256(blocks.tobytes()).hexdigest()


def test_a_seed_makes_the_same_world_in_another_process():
    code = (
        "import hashlib, numpy as np\n"
        "from vpt_studio.envs.voxel.presets import BRISK, HEIGHT\n"
        "from vpt_studio.envs.voxel.terrain import fill_terrain\n"
        "blocks = np.zeros((BRISK.size, BRISK.size, HEIGHT), np.uint8)\n"
        "fill_terrain(BRISK, 1, blocks)\n"
        "print(hashlib.sha256(blocks.tobytes()).hexdigest())\n"
    )
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    again = np.zeros((BRISK.size, BRISK.size, HEIGHT), np.uint8)
    fill_terrain(BRISK, 1, again)
    assert digest(terrain("brisk", 1)) == digest(again) == elsewhere.stdout.strip()


@pytest.mark.parametrize(
    ("name", "expected"), [("survival", "c6b0df873761311f"), ("brisk", "4d004dcc778473a6")]
)
def test_worlds_that_recordings_name_stay_as_they_are(name, expected):
    """Who changes the terrain on purpose writes the new digests here: old snapshots keep their blocks."""
    assert digest(terrain(name, 0))[:16] == expected


def test_seeds_make_different_worlds():
    digests = set()
    for seed in (0, 1, 2, 2**64, 2**64 + 1):
        blocks = np.zeros((BRISK.size, BRISK.size, HEIGHT), np.uint8)
        fill_terrain(BRISK, seed, blocks)
        digests.add(digest(blocks))
    assert len(digests) == 5


@each_world
def test_bedrock_is_whole_below_and_ragged_above(name, seed):
    blocks = terrain(name, seed)
    shares = (blocks == Block.BEDROCK).mean(axis=(0, 1))
    assert shares[0] == 1
    assert 1 > shares[1] > shares[2] > shares[3] > 0
    assert not shares[4:].any()


@each_world
def test_open_sea_lies_all_around(name, seed):
    blocks, preset = terrain(name, seed), PRESETS[name]
    border = np.ones(blocks.shape[:2], bool)
    border[OPEN_SEA:-OPEN_SEA, OPEN_SEA:-OPEN_SEA] = False
    sea = blocks[border]
    assert (sea[:, preset.sea_level - OPEN_SEA_DEPTH : preset.sea_level] == Block.WATER).all()
    assert not sea[:, preset.sea_level :].any()


@each_world
def test_hills_rise_and_the_land_is_mostly_green(name, seed):
    blocks, preset = terrain(name, seed), PRESETS[name]
    ground = ground_of(blocks)
    surface = surface_of(ground)
    uppermost = np.take_along_axis(ground, surface[:, :, None] - 1, axis=2)[:, :, 0]
    land = uppermost != Block.WATER
    assert 0.3 < land.mean() < 0.7
    assert preset.sea_level + preset.relief / 2 < surface.max() <= preset.sea_level + preset.relief
    assert (uppermost == Block.GRASS_BLOCK)[land].mean() > 0.6
    assert 0.05 < (uppermost == Block.SAND)[land].mean() < 0.35
    inland_water = ~land[preset.size // 3 : -preset.size // 3, preset.size // 3 : -preset.size // 3]
    assert inland_water.mean() < 0.5


@each_world
def test_ores_lie_at_their_depths_in_about_their_numbers(name, seed):
    blocks, preset = terrain(name, seed), PRESETS[name]
    chunks = (preset.size // 16) ** 2
    for ore in preset.ores:
        y = np.nonzero(blocks == ore.block)[2]
        assert y.min() >= ore.lowest - 2
        assert y.max() <= ore.highest + 2
        assert ore.veins < len(y) / chunks <= ore.veins * ore.size


@each_world
def test_caves_wind_through_the_stone_with_lava_below(name, seed):
    blocks, preset = terrain(name, seed), PRESETS[name]
    ground = ground_of(blocks)
    under = np.arange(HEIGHT) < surface_of(ground)[:, :, None]
    caves = under & np.isin(ground, (Block.AIR, Block.LAVA))
    share = caves.sum() / (under & (ground != Block.WATER)).sum()
    assert preset.caves * 0.7 < share < preset.caves * 1.3
    depths = np.nonzero(ground == Block.LAVA)[2]
    assert depths.max() < preset.sea_level / 4
    assert not ((ground == Block.AIR)[:, :, : depths.max() + 1]).any()


@each_world
def test_water_meets_no_cave(name, seed):
    blocks, preset = terrain(name, seed), PRESETS[name]
    hollow = np.isin(ground_of(blocks), (Block.AIR, Block.LAVA))
    hollow[:, :, preset.sea_level :] = False  # the air above the sea
    water = blocks == Block.WATER
    for axis in range(3):
        one, other = (np.delete(array, 0, axis) for array in (hollow, water))
        before, beyond = (np.delete(array, -1, axis) for array in (hollow, water))
        assert not (one & beyond).any()
        assert not (before & other).any()


def test_no_ground_hangs_in_the_air():
    solid = SOLID[ground_of(terrain("brisk", 1))].astype(bool)
    reached = np.zeros_like(solid)
    reached[:, :, 0] = True
    count = 0
    while reached.sum() > count:
        count = reached.sum()
        for axis in range(3):
            ahead = [slice(None)] * 3
            behind = [slice(None)] * 3
            ahead[axis], behind[axis] = slice(1, None), slice(None, -1)
            reached[tuple(ahead)] |= reached[tuple(behind)] & solid[tuple(ahead)]
            reached[tuple(behind)] |= reached[tuple(ahead)] & solid[tuple(behind)]
    assert (reached == solid).all()


@each_world
def test_nothing_would_fall(name, seed):
    blocks = terrain(name, seed)
    loose = np.isin(blocks[:, :, 1:], (Block.SAND, Block.GRAVEL))
    assert SOLID[blocks[:, :, :-1][loose]].all()


@each_world
def test_small_plants_stand_on_grass_blocks(name, seed):
    blocks = terrain(name, seed)
    for plant in (Block.GRASS, Block.DANDELION, Block.POPPY):
        standing = blocks[:, :, 1:] == plant
        assert standing.any()
        assert (blocks[:, :, :-1][standing] == Block.GRASS_BLOCK).all()


def trunks(blocks: np.ndarray) -> list[tuple[int, int, int, int, int]]:
    """Every tree's kind, x, z, lowest and highest log."""
    found = []
    for kind, log in enumerate(LOGS):
        is_log = blocks == log
        for x, z in np.argwhere(is_log.any(axis=2)):
            y = np.nonzero(is_log[x, z])[0]
            assert len(y) == y[-1] - y[0] + 1, "a trunk is in one piece and no other stands on it"
            found.append((kind, int(x), int(z), int(y[0]), int(y[-1])))
    return found


@each_world
def test_trees_are_whole_and_stand_on_earth_apart(name, seed):
    blocks = terrain(name, seed)
    trees = trunks(blocks)
    for kind, x, z, lowest, highest in trees:
        assert blocks[x, z, lowest - 1] == Block.DIRT
        assert ((4, 6), (6, 8), (6, 9))[kind][0] <= highest - lowest + 1 <= ((4, 6), (6, 8), (6, 9))[kind][1]
        assert highest + 1 < HEIGHT
        assert blocks[x, z, highest + 1] in LEAVES
        beside = [blocks[x + i, z + k, highest] for i, k in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        assert np.isin(beside, (*LEAVES, *LOGS)).all()
    places = np.array([(x, z) for _, x, z, _, _ in trees])
    distances = np.abs(places[:, None] - places).max(axis=2) + 1000 * np.eye(len(places), dtype=int)
    assert distances.min() >= 3


@each_world
def test_leaves_belong_to_a_trunk_of_their_kind(name, seed):
    blocks = terrain(name, seed)
    trees = trunks(blocks)
    for kind, leaf in enumerate(LEAVES):
        near = np.zeros(blocks.shape, bool)
        for other, x, z, lowest, highest in trees:
            if other == kind:
                near[x - 3 : x + 4, z - 3 : z + 4, lowest + 1 : highest + 2] = True
        assert near[blocks == leaf].all()


@each_world
def test_a_third_of_the_land_is_woodland(name, seed):
    blocks, preset = terrain(name, seed), PRESETS[name]
    trees = trunks(blocks)
    woods = np.zeros(blocks.shape[:2], bool)
    for _, x, z, _, _ in trees:
        woods[x - 4 : x + 5, z - 4 : z + 5] = True
    ground = ground_of(blocks)
    land = (ground[:, :, preset.sea_level - 1] != Block.WATER) & (surface_of(ground) >= preset.sea_level)
    assert woods[land].mean() > 1 / 3
    assert len(trees) > preset.trees / 3 * land.sum() / 256


def test_every_kind_of_tree_grows():
    assert {kind for kind, *_ in trunks(terrain("survival", 0))} == {0, 1, 2}


@each_world
def test_one_begins_on_dry_grass_near_trees_and_the_middle(name, seed):
    blocks, preset = terrain(name, seed), PRESETS[name]
    x, y, z = spawn_point(blocks, preset, seed)
    column = blocks[int(x), int(z)]
    assert (x % 1, z % 1) == (0.5, 0.5)
    assert column[int(y) - 1] == Block.GRASS_BLOCK
    assert np.isin(column[int(y) :], (Block.AIR, Block.GRASS, Block.DANDELION, Block.POPPY)).all()
    assert max(abs(x - preset.size / 2), abs(z - preset.size / 2)) < preset.size / 4
    near = [tree for tree in trunks(blocks) if max(abs(tree[1] - x), abs(tree[2] - z)) <= 16]
    assert len(near) >= 3


def test_one_begins_on_any_dry_ground_where_there_is_no_grass():
    blocks = np.zeros((32, 32, HEIGHT), np.uint8)
    blocks[:, :, :10] = Block.WATER
    blocks[5, 9, :12] = Block.STONE
    assert spawn_point(blocks, SURVIVAL, 3) == (5.5, 12.0, 9.5)


def test_a_world_without_dry_ground_is_told():
    blocks = np.full((32, 32, HEIGHT), Block.WATER, np.uint8)
    with pytest.raises(StudioError, match="survival world of seed 3 has no dry"):
        spawn_point(blocks, SURVIVAL, 3)


IRON = Ore(Block.IRON_ORE, 4, 60, 20.0, 9)

# What `Preset.check` lets through, at its ends.
ODD = {
    "no relief": {"relief": 0},
    "a shallow sea": {"sea_level": 8, "stone_depth": 8, "relief": 48},
    "a shallow sea, hollow": {"sea_level": 8, "stone_depth": 1, "relief": 1, "caves": 0.5},
    "a high sea": {"sea_level": 56, "relief": 0, "stone_depth": 56, "trees": 64},
    "no trees": {"trees": 0},
    "hardly a tree": {"trees": 1e-9},
    "no caves": {"caves": 0},
    "no ores": {"ores": ()},
    "ore at the top": {
        "sea_level": 8,
        "relief": 48,
        "ores": (replace(IRON, lowest=60, highest=63, veins=60),),
    },
    "ore at the bottom": {"ores": (replace(IRON, lowest=1, highest=1, size=64, veins=60.0),)},
    "single ores": {"ores": (replace(IRON, size=1, veins=0.5),)},
    "much ore": {"ores": (replace(IRON, size=64, veins=256),)},
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("size", [48, 50, 63])
def test_odd_presets_make_worlds_one_can_begin_in(name, size):
    preset = replace(SURVIVAL, size=size, **ODD[name])
    preset.check()
    for seed in range(3):
        blocks = np.zeros((size, size, HEIGHT), np.uint8)
        fill_terrain(preset, seed, blocks)
        x, y, z = spawn_point(blocks, preset, seed)
        assert SOLID[blocks[int(x), int(z), int(y) - 1]]
        assert y >= preset.sea_level or preset.caves  # a mouth may be the nearest place
        assert (blocks[:, :, 0] == Block.BEDROCK).all()
        assert (surface_of(ground_of(blocks)) >= preset.sea_level).all() or preset.caves
        for ore in preset.ores:
            depths = np.nonzero(blocks == ore.block)[2]
            assert ((depths >= ore.lowest - 2) & (depths <= ore.highest + 2)).all()
        if not preset.trees:
            assert not np.isin(blocks, LOGS).any()


def test_without_caves_the_ground_is_whole():
    preset = replace(SURVIVAL, size=64, caves=0)
    blocks = np.zeros((64, 64, HEIGHT), np.uint8)
    fill_terrain(preset, 0, blocks)
    ground = ground_of(blocks)
    under = np.arange(HEIGHT) < surface_of(ground)[:, :, None]
    assert not (ground[under] == Block.AIR).any()
    assert not (ground == Block.LAVA).any()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("size", value) for value in (47, 1025, 64.0, np.int64(64), "64", None, float("nan"))),
        *(("sea_level", value) for value in (7, 57, 40.0, True)),
        *(("relief", value) for value in (-1, 17, 16.0, False, None)),
        *(("stone_depth", value) for value in (0, 41, 4.5)),
        *(("trees", value) for value in (-1, 65, float("nan"), "7", True, np.float32(7))),
        *(("caves", value) for value in (-0.1, 0.6, float("inf"), None)),
        *(("digging_speed", value) for value in (0, -1, float("inf"), float("nan"), "fast")),
        *(("smelting_ticks", value) for value in (0, 200.0, 10**30)),
        *(("ores", value) for value in (None, [IRON], (1,))),
        *(("name", value) for value in (None, "", 3)),
        ("purpose", None),
    ],
)
def test_a_preset_says_which_field_is_wrong(field, value):
    with pytest.raises(StudioError, match=f"^{field} of the preset .* It may be "):
        replace(SURVIVAL, **{field: value}).check()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        *(("block", value, "the block of an ore") for value in (20, None, Block.FURNACE_EAST, Block.TORCH)),
        *(("lowest", value, "the lowest y of iron_ore") for value in (0, 61, 4.0, None)),
        *(("highest", value, "the highest y of iron_ore") for value in (0, 64, 60.0, "60")),
        *(("veins", value, "veins of iron_ore") for value in (-1, 1e9, float("nan"), None)),
        *(("size", value, "the vein size of iron_ore") for value in (0, 65, 9.0, True)),
    ],
)
def test_a_preset_says_what_is_wrong_with_an_ore(field, value, told):
    with pytest.raises(StudioError, match=f"^{told} of the preset .* It may be "):
        replace(SURVIVAL, ores=(replace(IRON, **{field: value}),)).check()
