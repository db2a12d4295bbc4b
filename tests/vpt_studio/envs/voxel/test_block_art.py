import hashlib
import itertools
import subprocess
import sys

import numpy as np
import pytest

from vpt_studio.envs.voxel.art.held_item import SWING_TICKS, held_sprite
from vpt_studio.envs.voxel.art.item_icons import item_icon, item_icons
from vpt_studio.envs.voxel.art.textures import block_textures
from vpt_studio.envs.voxel.blocks import BLOCKS, FURNACES, Block, Face, Shape
from vpt_studio.envs.voxel.canvas import HEIGHT, WIDTH
from vpt_studio.envs.voxel.items import Item

LEAVES = [Block.OAK_LEAVES, Block.BIRCH_LEAVES, Block.SPRUCE_LEAVES]
HELD = [None, Item.COBBLESTONE, Item.GLASS, Item.TORCH, Item.COAL, Item.IRON_PICKAXE]


def mean_colour(block: Block, face: Face = Face.SOUTH) -> np.ndarray:
    texels = block_textures().of_face(block, face)
    return texels[texels[..., 3] > 0][:, :3].mean(axis=0)


def test_textures_are_16_by_16_rgba_and_named() -> None:
    art = block_textures()
    assert art.texels.dtype == art.cracks.dtype == np.uint8
    assert art.texels.shape == (len(art.names), 16, 16, 4)
    assert art.cracks.shape == (10, 16, 16, 4)
    assert (art.faces.dtype, art.faces.shape) == (np.int32, (256, 6))
    assert len(set(art.names)) == len(art.names)


def test_every_block_but_air_has_a_texture_on_each_face_and_every_texture_is_used() -> None:
    art = block_textures()
    ids = [block for block in Block if block is not Block.AIR]
    assert set(art.faces[ids].ravel().tolist()) == set(range(len(art.names)))
    others = np.setdiff1d(np.arange(256), ids)
    assert (art.faces[others] == -1).all()


@pytest.mark.parametrize("block", [block for block in Block if BLOCKS[block].shape is Shape.CUBE])
def test_one_cannot_see_through_a_cube(block: Block) -> None:
    art = block_textures()
    assert (art.texels[art.faces[block]][..., 3] == 255).all()


@pytest.mark.parametrize("block", LEAVES)
def test_a_quarter_of_the_leaves_are_holes(block: Block) -> None:
    alpha = block_textures().of_face(block, Face.TOP)[..., 3]
    assert set(np.unique(alpha)) == {0, 255}
    assert 0.2 <= (alpha == 0).mean() <= 0.3


def test_plants_torches_and_glass_are_either_there_or_not_and_water_is_in_between() -> None:
    art = block_textures()
    for block, kind in BLOCKS.items():
        if kind.shape in (Shape.CROSS, Shape.TORCH) or block is Block.GLASS:
            assert set(np.unique(art.of_face(block, Face.NORTH)[..., 3])) == {0, 255}, block
    assert set(np.unique(art.of_face(Block.WATER, Face.TOP)[..., 3])) == {160}
    assert set(np.unique(art.of_face(Block.LAVA, Face.TOP)[..., 3])) == {255}


def test_a_torch_is_two_texels_wide_and_ten_tall_in_the_middle() -> None:
    there = block_textures().of_face(Block.TORCH, Face.NORTH)[..., 3] > 0
    assert there[6:, 7:9].all()
    assert there.sum() == 20


@pytest.mark.parametrize("front", list(FURNACES))
def test_a_furnace_shows_its_front_only_where_it_looks_to_and_fire_only_when_lit(front: Face) -> None:
    art = block_textures()
    unlit, lit = FURNACES[front]
    for block, shown in ((unlit, "furnace_front"), (lit, "lit_furnace_front")):
        assert [face for face in Face if art.names[art.faces[block, face]] == shown] == [front]
    red, blue = mean_colour(lit, front)[[0, 2]]
    assert red > blue + 20
    assert np.ptp(mean_colour(unlit, front)) < 5


def test_grass_is_green_above_dirt_below_and_both_at_the_sides() -> None:
    art = block_textures()
    assert np.argmax(mean_colour(Block.GRASS_BLOCK, Face.TOP)) == 1
    assert np.array_equal(art.of_face(Block.GRASS_BLOCK, Face.BOTTOM), art.of_face(Block.DIRT, Face.BOTTOM))
    red, green, _ = np.moveaxis(art.of_face(Block.GRASS_BLOCK, Face.EAST)[..., :3].astype(int), 2, 0)
    assert (green > red)[:2].all()
    assert (green < red)[6:].all()


def test_blocks_that_lie_beside_one_another_differ_from_afar() -> None:
    grounds = [Block.STONE, Block.DIRT, Block.SAND, Block.OAK_LOG, Block.OAK_LEAVES, Block.WATER, Block.LAVA]
    grounds += [Block.BIRCH_LOG, Block.SPRUCE_LOG, Block.OAK_PLANKS, Block.COAL_ORE, Block.GRANITE]
    for one, other in itertools.combinations(grounds, 2):
        assert np.linalg.norm(mean_colour(one) - mean_colour(other)) > 25, (one, other)
    ores = [
        Block.STONE,
        Block.COAL_ORE,
        Block.IRON_ORE,
        Block.GOLD_ORE,
        Block.REDSTONE_ORE,
        Block.DIAMOND_ORE,
    ]
    for one, other in itertools.combinations(ores, 2):
        assert np.linalg.norm(mean_colour(one) - mean_colour(other)) > 10, (one, other)


def test_cracks_only_grow() -> None:
    alpha = block_textures().cracks[..., 3].astype(int)
    assert (np.diff(alpha, axis=0) >= 0).all()
    covered = (alpha > 0).sum(axis=(1, 2))
    assert (np.diff(covered) > 0).all()
    assert 0 < covered[0] < 12
    assert 60 < covered[-1] < 160


def test_every_item_has_an_icon_of_its_own() -> None:
    icons = item_icons()
    assert (icons.dtype, icons.shape) == (np.uint8, (len(Item) + 1, 16, 16, 4))
    assert not icons[0].any()
    for item in Item:
        assert np.array_equal(item_icon(item), icons[item])
        assert (item_icon(item)[..., 3] > 0).sum() >= 20
    for one, other in itertools.combinations(Item, 2):
        # On a slot's grey: clear texels are all the same.
        shown = [np.where(icons[i][..., 3:] > 0, icons[i][..., :3], 139).astype(int) for i in (one, other)]
        assert np.abs(shown[0] - shown[1]).mean() > 2.5, (one, other)


def test_art_is_the_same_in_every_process() -> None:
    code = (
        "import hashlib\n"
        "from vpt_studio.envs.voxel.art.item_icons import item_icons\n"
        "from vpt_studio.envs.voxel.art.textures import block_textures\n"
        "art = block_textures()\n"
        "everything = art.texels.tobytes() + art.cracks.tobytes() + item_icons().tobytes()\n"
        "print(hashlib.sha256(everything).hexdigest())"
    )
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    art = block_textures()
    here = hashlib.sha256(art.texels.tobytes() + art.cracks.tobytes() + item_icons().tobytes())
    assert elsewhere.stdout.strip() == here.hexdigest()


@pytest.mark.parametrize("item", HELD)
def test_a_swing_is_seen_tick_by_tick_inside_the_picture(item: Item | None) -> None:
    places = []
    for swing in range(SWING_TICKS + 1):
        sprite = held_sprite(item, swing)
        height, width, _ = sprite.pixels.shape
        assert sprite.pixels.dtype == np.uint8
        assert sprite.pixels.flags.c_contiguous
        assert 0 <= sprite.left < sprite.left + width <= WIDTH
        assert 0 <= sprite.top < sprite.top + height <= HEIGHT
        places.append((sprite.left, sprite.top, sprite.pixels.tobytes()))
    assert len(set(places)) == SWING_TICKS + 1
    assert min(left for left, _, _ in places) < places[0][0] - 30  # it reaches towards the middle


@pytest.mark.parametrize("item", [None, *Item])
def test_a_resting_hand_leaves_the_middle_and_the_hot_bar_free(item: Item | None) -> None:
    sprite = held_sprite(item, 0)
    assert sprite.left > WIDTH / 2 + 60
    assert 0.2 < (sprite.pixels[..., 3] == 255).mean() <= 1.0
    edges = [sprite.pixels[0], sprite.pixels[-1], sprite.pixels[:, 0], sprite.pixels[:, -1]]
    assert all(edge[..., 3].any() for edge in edges)
