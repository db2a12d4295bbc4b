"""What the ray-caster draws, looked at through the renderer's door on a small world built by hand."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from vpt_studio.envs.voxel.art.textures import block_textures
from vpt_studio.envs.voxel.blocks import Block, Face
from vpt_studio.envs.voxel.canvas import Canvas, Picture
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.lighting import light_world
from vpt_studio.envs.voxel.presets import HEIGHT, SURVIVAL
from vpt_studio.envs.voxel.renderer import Renderer, Things, View
from vpt_studio.envs.voxel.world import World

SIZE, GROUND = 40, 20
TINY = replace(SURVIVAL, name="tiny", size=SIZE, sea_level=12)
NOON, MIDNIGHT = 6000, 18000
FOCAL = 180 / np.tan(np.radians(35))  # pixels: 70 degrees over 360 rows
NOTHING = Things()


def world_of(blocks):
    world = World(TINY, 0, blocks, np.zeros_like(blocks), np.zeros((SIZE, SIZE), np.uint8))
    light_world(world.blocks, world.light, world.top)
    return world


def empty():
    return np.zeros((SIZE, SIZE, HEIGHT), np.uint8)


@pytest.fixture(scope="module")
def renderer():
    return Renderer()


@pytest.fixture(scope="module")
def landscape():
    """Hills, a pond, a wood, a lit cave under the middle, and one of every block in a row."""
    blocks = empty()
    heights = (GROUND + 3 * np.sin(np.arange(SIZE) / 5)[:, None] + 2 * np.cos(np.arange(SIZE) / 4)).astype(
        int
    )
    y = np.arange(HEIGHT)
    blocks[y < heights[..., None]] = Block.STONE
    blocks[y == heights[..., None]] = Block.GRASS_BLOCK
    blocks[4:14, 4:14, 10:] = 0
    blocks[4:14, 4:14, 10:19] = Block.WATER
    blocks[15:25, 15:25, 5:9] = 0
    blocks[18, 18, 5], blocks[22, 24, 6] = Block.TORCH, Block.WALL_TORCH_NORTH
    for x, z in ((28, 10), (33, 22), (26, 30)):
        blocks[x - 2 : x + 3, z - 2 : z + 3, GROUND + 8 : GROUND + 11] = Block.OAK_LEAVES
        blocks[x, z, heights[x, z] : GROUND + 10] = Block.OAK_LOG
    for i, block in enumerate(block for block in Block if block not in (Block.AIR, Block.WATER)):
        x, z = 8 + i % 26, 24 + 2 * (i // 26)
        blocks[x, z, heights[x, z] + 1] = block
    return world_of(blocks)


def picture(renderer, world, view, things=NOTHING, kind=Picture.FULL):
    canvas = Canvas(kind)
    canvas.pixels[:] = 77  # what is left of it is seen
    renderer.draw(world, view, things, canvas)
    return canvas


def drawn(renderer, world, view, things=NOTHING):
    return picture(renderer, world, view, things).observation()


def dropped(*places, items):
    count = len(places)
    return Things(
        np.array(places, np.float64),
        np.array(items, np.int32),
        np.arange(count, dtype=np.int32) * 7,
        np.where(np.array(items) == 0, Block.SAND, 0).astype(np.int32),
    )


DROPS = dropped((18.5, 26, 21.0), (19.2, 26, 22.5), (20.1, 25.5, 22.2), items=[Item.DIRT, Item.STONE_AXE, 0])
VIEWS = {
    "meadow": View(20.3, 27.4, 14.6, 10, 15, NOON),
    "drops, outline and cracks": View(19.3, 26.9, 19.2, 0, 20, NOON, target=(19, 21, 24), crack=5),
    "row of blocks": View(12.2, 27.1, 20.4, -20, 25, 1000, target=(11, 24, 24)),
    "into the pond": View(14.6, 24.2, 14.5, 135, 35, NOON),
    "under water": View(9.4, 15.3, 9.7, 300, -20, NOON, in_water=True),
    "cave": View(20.1, 6.62, 20.8, 160, 5, NOON, target=(18, 5, 18)),
    "night over the sea": View(20.1, 30.2, 20.8, 250, -3, MIDNIGHT),
    "dusk": View(20.1, 30.2, 20.8, 90, 0, 12300),
    "straight down": View(20.1, 30.2, 20.8, 45, 90, NOON),
    "above the world": View(20.5, 70.25, 20.5, 20, 50, NOON),
    "lava": View(20.5, 30.25, 20.5, 20, 10, NOON, in_lava=True),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_sparse_pictures_equal_the_resized_whole(renderer, landscape, name):
    whole = drawn(renderer, landscape, VIEWS[name], DROPS)
    for kind in (Picture.EXACT_128, Picture.EXACT_64):
        height, width, _ = kind.shape
        resized = cv2.resize(whole, (width, height), interpolation=cv2.INTER_LINEAR)
        sparse = picture(renderer, landscape, VIEWS[name], DROPS, kind).observation()
        np.testing.assert_array_equal(sparse, resized)


def test_rows_that_are_not_read_stay_as_they_are(renderer, landscape):
    canvas = picture(renderer, landscape, VIEWS["meadow"], DROPS, Picture.EXACT_64)
    unread = np.setdiff1d(np.arange(360), canvas.rows)
    assert len(unread) > 0
    assert (canvas.pixels[unread] == 77).all()


def test_a_picture_depends_on_nothing_but_the_moment(renderer, landscape):
    first = drawn(renderer, landscape, VIEWS["row of blocks"], DROPS)
    drawn(renderer, landscape, VIEWS["cave"])
    np.testing.assert_array_equal(drawn(renderer, landscape, VIEWS["row of blocks"], DROPS), first)
    np.testing.assert_array_equal(drawn(Renderer(), landscape, VIEWS["row of blocks"], DROPS), first)


def alone(cell, block=Block.STONE):
    blocks = empty()
    x, y, z = cell
    blocks[x, z, y] = block
    return world_of(blocks)


def shown(renderer, world, view):
    """Where the world's only block is: a picture without it told apart from the one with it."""
    with_it, without = drawn(renderer, world, view), drawn(renderer, world_of(empty()), view)
    return (with_it != without).any(-1)


@pytest.mark.parametrize(
    ("yaw", "cell"), [(0, (20, 30, 30)), (90, (10, 30, 20)), (180, (20, 30, 10)), (270, (30, 30, 20))]
)
def test_a_lone_block_is_where_the_projection_puts_it(renderer, yaw, cell):
    """The eye looks along the middle of the block, whose face is then a square in the picture's middle."""
    view = View(20.5, 30.5, 20.5, yaw, 0, NOON)
    rows, columns = np.nonzero(shown(renderer, alone(cell), view))
    half = 0.5 / 9.5 * FOCAL
    assert columns.min() == np.ceil(320 - half - 0.5)
    assert columns.max() == np.floor(320 + half - 0.5)
    assert rows.min() == np.ceil(180 - half - 0.5)
    assert rows.max() == np.floor(180 + half - 0.5)


def test_a_turn_to_the_right_moves_the_world_left_and_a_look_down_moves_it_up(renderer):
    world = alone((20, 30, 30))

    def middle(yaw, pitch):
        return np.argwhere(shown(renderer, world, View(20.5, 30.5, 20.5, yaw, pitch, NOON))).mean(0)

    row, column = middle(20, 0)
    assert abs(row - 179.5) < 2
    assert abs(column - (319.5 - np.tan(np.radians(20)) * FOCAL)) < 8
    row, column = middle(0, 20)
    assert abs(row - (179.5 - np.tan(np.radians(20)) * FOCAL)) < 8
    assert abs(column - 319.5) < 2
    assert middle(0, -20)[0] > 200


def test_textures_stand_upright_and_are_not_mirrored(renderer):
    """The sides of a block of grass are green at the upper edge and brown below; a furnace has one front."""
    view = View(20.5, 30.5, 26.0, 0, 0, NOON)
    grass = drawn(renderer, alone((20, 30, 30), Block.GRASS_BLOCK), view).astype(int)
    half = int(0.5 / 4 * FOCAL)
    upper = grass[180 - half + 2 : 180 - half + 6, 320 - half + 4 : 320 + half - 4].mean((0, 1))
    lower = grass[180 + half // 2 : 180 + half - 4, 320 - half + 4 : 320 + half - 4].mean((0, 1))
    assert upper[1] > upper[0] * 1.15
    assert lower[0] > lower[1] * 1.15

    textures = block_textures()
    front = textures.of_face(Block.CRAFTING_TABLE, Face.NORTH)[..., :3].astype(float)
    table = drawn(renderer, alone((20, 30, 30), Block.CRAFTING_TABLE), view)
    size = int(1 / 4 * FOCAL)
    seen = cv2.resize(
        table[180 - size // 2 : 180 + size // 2, 320 - size // 2 : 320 + size // 2],
        (16, 16),
        interpolation=cv2.INTER_AREA,
    ).astype(float)
    correlation = {
        name: np.corrcoef(seen.ravel(), variant.ravel())[0, 1]
        for name, variant in {
            "as it is": front,
            "mirrored": front[:, ::-1],
            "upside down": front[::-1],
        }.items()
    }
    assert correlation["as it is"] > 0.95
    assert max(correlation, key=correlation.get) == "as it is"


def test_faces_have_their_shades(renderer):
    """Top, north and west face of a block in full light, whose texture is the same all around."""
    world = alone((20, 30, 20), Block.STONE)
    from_above = drawn(renderer, world, View(20.5, 36.0, 20.5, 0, 90, NOON))[170:190, 310:330].mean()
    from_north = drawn(renderer, world, View(20.5, 30.5, 15.5, 0, 0, NOON))[170:190, 310:330].mean()
    from_west = drawn(renderer, world, View(15.5, 30.5, 20.5, 270, 0, NOON))[170:190, 310:330].mean()
    assert from_above > from_north > from_west > 0.5 * from_above


def test_corners_beside_a_wall_are_darker_than_open_ground(renderer):
    blocks = empty()
    blocks[:, :, :GROUND] = Block.STONE
    blocks[:, 24, GROUND : GROUND + 3] = Block.STONE
    seen = drawn(renderer, world_of(blocks), View(20.5, GROUND + 6.0, 22.0, 0, 90, NOON)).mean(-1)
    # Straight down, the picture's upper side is the south, where the wall is 2 m away and 6 m below.
    by_the_wall = int(180 - 1.95 / 6 * FOCAL)
    assert seen[by_the_wall : by_the_wall + 4, 200:440].mean() < 0.85 * seen[200:240, 200:440].mean()


def test_the_sky_and_the_land_get_darker_from_noon_to_midnight(renderer, landscape):
    brightness = [
        (pixels[:100].mean(), pixels[200:].mean())
        for pixels in (
            drawn(renderer, landscape, replace(VIEWS["dusk"], yaw=180, pitch=5, daytime=daytime))
            for daytime in (NOON, 12000, 12500, MIDNIGHT)
        )
    ]
    skies, lands = zip(*brightness, strict=True)
    assert sorted(skies, reverse=True) == list(skies)
    assert sorted(lands, reverse=True) == list(lands)
    assert skies[-1] < 0.25 * skies[0]
    assert lands[-1] > 0.3 * lands[0]  # one still sees where one goes


def test_the_sun_is_where_the_hour_puts_it_and_the_moon_opposite(renderer):
    world = world_of(empty())
    for daytime, yaw, pitch in ((NOON, 0, -90), (1000, 270, -15), (11000, 90, -15), (MIDNIGHT, 0, -90)):
        middle = drawn(renderer, world, View(20.5, 60.5, 20.5, yaw, pitch, daytime))[174:186, 314:326].mean()
        assert middle > 130, daytime


def test_beside_the_world_lies_the_ocean(renderer):
    world = world_of(empty())
    seen = drawn(renderer, world, View(38.5, 20.0, 20.5, 270, 20, NOON)).astype(int)
    below = seen[250:, :].mean((0, 1))
    assert below[2] > 1.5 * below[0]
    far, near = seen[350, 320], seen[60, 320]
    assert far[2] - far[0] > 40
    assert near.sum() > far.sum()  # towards the horizon it fades into the sky


SEA = 34


def sea_of(size, depth):
    """Nothing but water over even sand, up to y = 34; its upper, southern corner is at (40, 40)."""
    preset = replace(TINY, size=size, sea_level=SEA)
    blocks = np.zeros((size, size, HEIGHT), np.uint8)
    blocks[:, :, : SEA - depth] = Block.SAND
    blocks[:, :, SEA - depth : SEA] = Block.WATER
    world = World(preset, 0, blocks, np.zeros_like(blocks), np.zeros((size, size), np.uint8))
    light_world(world.blocks, world.light, world.top)
    return world


@pytest.fixture(scope="module")
def seas():
    """By depth, a sea that ends in the midst of the picture, and one that does not."""
    return {depth: (sea_of(SIZE, depth), sea_of(170, depth)) for depth in (6, 32)}


OUTWARD = {
    "swimming": View(38.4, SEA + 0.6, 20.7, 270, 5, NOON),
    "along the side": View(38.4, SEA + 1.2, 20.7, 0, 12, NOON),
    "over the corner": View(33.3, SEA + 26.0, 31.1, 315, 50, NOON),
    "at dusk": View(28.3, SEA + 8.0, 20.1, 290, 15, 12300),
    "at night": View(20.3, SEA + 12.0, 38.1, 20, 20, MIDNIGHT),
    "above all cells": View(38.3, 71.0, 38.1, 300, 60, NOON),
    "under water, outward": View(38.2, SEA - 3.5, 20.4, 280, -10, NOON, in_water=True),
    "under water, the surface": View(36.2, SEA - 1.5, 37.4, 315, -35, 12300, in_water=True),
}
TO_THE_BED = {
    "outward": View(38.2, SEA - 3.5, 20.4, 280, 25, NOON, in_water=True),
    "at the corner": View(37.2, SEA - 4.5, 38.4, 315, 40, MIDNIGHT, in_water=True),
}


@pytest.mark.parametrize("name", OUTWARD)
def test_the_sea_goes_on_beyond_the_sides(renderer, seas, name):
    """As it would in a world that goes on; but for single pixels on the edges of texels."""
    ended, endless = (drawn(renderer, world, OUTWARD[name]).astype(int) for world in seas[32])
    apart = np.abs(ended - endless).max(-1)
    assert (apart > 1).mean() < 1e-3
    assert endless.std() > 1


@pytest.mark.parametrize("name", TO_THE_BED)
def test_its_bed_goes_on_for_an_eye_under_water(renderer, seas, name):
    ended, endless = (drawn(renderer, world, TO_THE_BED[name]).astype(int) for world in seas[6])
    apart = np.abs(ended - endless).max(-1)
    assert (apart > 1).mean() < 1e-3
    assert endless[300:].mean() > endless[100:140].mean()  # the bed is seen


def test_its_bed_sinks_out_of_sight_from_above(renderer, seas):
    """Straight down over the side, outward being to the right."""
    view = View(39.98, SEA + 14.0, 20.5, 180, 90, NOON)
    ended, endless = (drawn(renderer, world, view).astype(int) for world in seas[6])
    apart = np.abs(ended - endless).mean((0, 2))
    assert apart[:320].max() == 0
    assert apart[320:340].max() < 1.5
    assert apart[600:].min() > 5
    steps = np.diff(cv2.blur(apart[None].astype(np.float32), (17, 1))[0])
    assert np.abs(steps).max() < 0.5


@pytest.mark.parametrize("name", OUTWARD)
def test_the_sparse_pictures_of_the_open_sea_equal_the_resized_whole(renderer, seas, name):
    whole = drawn(renderer, seas[6][0], OUTWARD[name])
    for kind in (Picture.EXACT_128, Picture.EXACT_64):
        height, width, _ = kind.shape
        resized = cv2.resize(whole, (width, height), interpolation=cv2.INTER_LINEAR)
        sparse = picture(renderer, seas[6][0], OUTWARD[name], kind=kind).observation()
        np.testing.assert_array_equal(sparse, resized)


def test_what_is_built_above_the_sea_ends_with_the_world(renderer, seas):
    """A wall along the side, seen from within and over its end."""
    blocks = seas[32][0].blocks.copy()
    blocks[30:, 20, SEA:50] = Block.STONE
    world = World(seas[32][0].preset, 0, blocks, np.zeros_like(blocks), np.zeros((SIZE, SIZE), np.uint8))
    light_world(world.blocks, world.light, world.top)
    view = View(39.9, SEA + 6.0, 10.5, 0, 0, NOON)
    wall, sea = drawn(renderer, world, view).astype(int), drawn(renderer, seas[32][0], view).astype(int)
    changed = (np.abs(wall - sea).max(-1) > 1).any(0)
    assert changed[330:580].all()
    assert not changed[:316].any()


def test_under_water_one_sees_to_the_bed_without_a_surface_before_it(renderer):
    blocks = empty()
    blocks[:, :, :10] = Block.GOLD_BLOCK
    blocks[:, :, 10:20] = Block.WATER
    seen = drawn(renderer, world_of(blocks), View(20.5, 18.0, 20.5, 0, 90, NOON, in_water=True))
    blocks[:, :, 11:13] = 0  # an air pocket right above it
    through = drawn(renderer, world_of(blocks), View(20.5, 18.0, 20.5, 0, 90, NOON, in_water=True))
    assert seen[180, 320, 0] > 1.3 * through[180, 320, 0]


def test_far_waves_do_not_make_stripes(renderer, seas):
    """Towards the horizon neighbouring pixels differ less and less."""
    seen = drawn(renderer, seas[32][1], View(85.5, SEA + 1.6, 85.5, 0, 0, NOON)).astype(float)
    unrest = [
        np.abs(np.diff(seen[rows], axis=1)).mean()
        for rows in (slice(190, 200), slice(210, 225), slice(300, 360))
    ]
    assert unrest[0] < 0.35 * unrest[2]
    assert unrest[0] < unrest[1]


def test_fog_takes_the_horizons_colour(renderer):
    preset = replace(TINY, size=160)
    blocks = np.zeros((160, 160, HEIGHT), np.uint8)
    blocks[:, 150:, :60] = Block.OBSIDIAN
    world = World(preset, 0, blocks, np.zeros_like(blocks), np.zeros((160, 160), np.uint8))
    light_world(world.blocks, world.light, world.top)

    def wall_at(distance):
        return drawn(renderer, world, View(80.5, 30.5, 150 - distance, 0, 0, NOON))[180, 320].astype(int)

    near, middle, far = wall_at(5.0), wall_at(95.0), wall_at(118.0)
    sky = drawn(renderer, world_of(empty()), View(20.5, 30.5, 20.5, 180, 0, NOON))[179, 320].astype(int)
    assert near.sum() < middle.sum() < far.sum()
    assert np.abs(far - sky).max() < 4


def test_what_is_dropped_is_seen_before_a_wall_and_not_behind_it(renderer):
    blocks = empty()
    blocks[:, :, :GROUND] = Block.STONE
    blocks[15:26, 25, GROUND : GROUND + 4] = Block.GRASS_BLOCK
    world = world_of(blocks)
    view = View(20.5, GROUND + 1.6, 20.5, 0, 15, NOON)
    bare = drawn(renderer, world, view)
    before = drawn(renderer, world, view, dropped((20.5, GROUND, 23.5), items=[Item.GOLD_BLOCK]))
    behind = drawn(renderer, world, view, dropped((20.5, GROUND, 27.5), items=[Item.GOLD_BLOCK]))
    rows, columns = np.nonzero((before != bare).any(-1))
    assert 200 < rows.size < 2000
    assert abs(columns.mean() - 319.5) < 3
    np.testing.assert_array_equal(behind, bare)


def test_glass_is_looked_through_and_stone_is_not(renderer):
    blocks = empty()
    blocks[20, 30, 30] = Block.GOLD_BLOCK
    view = View(20.5, 30.5, 25.0, 0, 0, NOON)
    gold = drawn(renderer, world_of(blocks), view)[180, 320]
    blocks[20, 27, 30] = Block.GLASS
    through = drawn(renderer, world_of(blocks), view)
    blocks[20, 27, 30] = Block.STONE
    np.testing.assert_array_equal(through[180, 320], gold)
    assert (drawn(renderer, world_of(blocks), view)[180, 320] != gold).any()


def test_the_target_is_outlined_and_cracks_grow(renderer):
    world = alone((20, 30, 24))
    view = View(20.5, 30.5, 21.5, 0, 0, NOON)
    bare = drawn(renderer, world, view).astype(int)
    outlined = drawn(renderer, world, replace(view, target=(20, 30, 24))).astype(int)
    rows, columns = np.nonzero((outlined != bare).any(-1))
    half = 0.5 / 2.5 * FOCAL
    at_an_edge = np.maximum(abs(columns - 319.5), abs(rows - 179.5)) > half - 3
    assert rows.size > 4 * half
    assert at_an_edge.all()
    assert (outlined <= bare).all()
    changed = [
        (drawn(renderer, world, replace(view, target=(20, 30, 24), crack=stage)) != outlined).any(-1).sum()
        for stage in (0, 4, 9)
    ]
    assert 0 < changed[0] < changed[1] < changed[2]


def test_water_veils_the_more_the_deeper_it_is(renderer):
    blocks = empty()
    blocks[:, :, :10] = Block.SAND
    blocks[20:, :, :19] = Block.SAND
    blocks[:20, :, 10:20] = Block.WATER
    blocks[20:, :, 19] = Block.WATER
    world = world_of(blocks)
    deep = drawn(renderer, world, View(10.5, 24.0, 20.5, 0, 90, NOON))[150:210, 290:350].mean((0, 1))
    shallow = drawn(renderer, world, View(30.5, 24.0, 20.5, 0, 90, NOON))[150:210, 290:350].mean((0, 1))
    assert deep[2] - deep[0] > shallow[2] - shallow[0] + 20
    assert shallow.mean() > deep.mean()


def test_torches_light_the_cave(renderer):
    blocks = empty()
    blocks[:, :, :GROUND] = Block.STONE
    blocks[10:30, 10:30, 5:9] = 0
    world = world_of(blocks)
    view = View(20.5, 6.62, 20.5, 0, 10, NOON)
    dark, unlit = drawn(renderer, world, view), renderer.brightness(world, view)
    assert 4 < dark.mean() < 60
    world.set_block(21, 5, 23, Block.TORCH)
    lit = drawn(renderer, world, view)
    assert renderer.brightness(world, view) > 2 * unlit
    assert lit.mean() > 2 * dark.mean()
    warmth = lit[180:].reshape(-1, 3).mean(0)
    assert warmth[0] > 1.1 * warmth[2]
    outside = View(20.5, GROUND + 1.62, 20.5, 0, 0, NOON)
    assert renderer.brightness(world, outside) == 1
    assert renderer.brightness(world, replace(outside, daytime=MIDNIGHT)) < 0.7


@pytest.mark.parametrize(
    "place", [(-0.1, 30.0, 20.0), (20.0, 30.0, SIZE), (20.0, -1.0, 20.0), (float("nan"), 30.0, 20.0)]
)
def test_an_eye_outside_the_world_is_refused(renderer, landscape, place):
    with pytest.raises(ValueError, match="no world around the eye"):
        picture(renderer, landscape, View(*place, 0, 0, NOON))
