from dataclasses import replace

import cv2
import numpy as np
import pytest

from vpt_studio.envs.voxel.art.pixel_font import text_sprite
from vpt_studio.envs.voxel.canvas import Canvas, Picture
from vpt_studio.envs.voxel.hud import HudState, draw_hud
from vpt_studio.envs.voxel.items import ITEMS, Item, Stack

NOTHING = HudState((None,) * 9, None, 4, 20, False, 300)
PLENTY = HudState(
    (
        Stack(Item.WOODEN_PICKAXE, 1, 30),
        Stack(Item.OAK_LOG, 64),
        Stack(Item.COBBLESTONE, 7),
        None,
        Stack(Item.TORCH, 12),
        Stack(Item.IRON_SWORD, 1, 245),
        Stack(Item.DIAMOND),
        Stack(Item.STICK, 33),
        Stack(Item.DIRT, 48),
    ),
    Stack(Item.TORCH, 5),
    2,
    13,
    True,
    131,
)


def canvas_before(picture=Picture.FULL):
    canvas = Canvas(picture)
    world = np.random.default_rng(0).integers(0, 256, (360, 640, 3), np.uint8)
    canvas.pixels[:] = world[:, canvas.columns]
    return canvas


def drawn(state, **how):
    canvas = canvas_before()
    draw_hud(canvas, state, **how)
    return canvas.observation()


def box_of_changes(before, after):
    """Left, top, right and bottom (exclusive) of what differs."""
    rows, columns = np.nonzero((before != after).any(axis=2))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def inside(box, left, top, width, height):
    return left <= box[0] and top <= box[1] and box[2] <= left + width and box[3] <= top + height


def with_stack(slot, stack):
    return replace(NOTHING, hotbar=tuple(stack if i == slot else None for i in range(9)))


def test_the_hotbar_is_where_minerl_has_it():
    before = canvas_before().observation()
    after = drawn(NOTHING, aiming=False)
    below_hearts = np.where(np.arange(360)[:, None, None] < 330, before, after)
    left, top, right, bottom = box_of_changes(before, below_hearts)
    assert (left, right, bottom) == (229, 229 + 182, 360)
    assert top == 337  # the frame of the slot in hand sticks out by one pixel


@pytest.mark.parametrize("slot", range(9))
def test_each_slot_of_the_hotbar_shows_its_stack(slot):
    changes = box_of_changes(drawn(NOTHING), drawn(with_stack(slot, Stack(Item.COBBLESTONE, 64))))
    assert inside(changes, 232 + 20 * slot, 341, 17, 17)


@pytest.mark.parametrize("slot", [0, 8])
def test_the_slot_in_hand_has_a_frame_of_24_pixels(slot):
    changes = box_of_changes(drawn(NOTHING), drawn(replace(NOTHING, selected=slot)))
    ends = (228 + 20 * min(slot, 4), 228 + 20 * max(slot, 4) + 24)
    assert (changes[0], changes[2]) == ends
    assert changes[1] == 337


def test_a_count_is_written_only_where_there_is_more_than_one():
    one, two = (drawn(with_stack(0, Stack(Item.DIRT, count))) for count in (1, 2))
    twelve = drawn(with_stack(0, Stack(Item.DIRT, 12)))
    assert inside(box_of_changes(one, two), 232 + 11, 341 + 9, 6, 8)
    digits = text_sprite("12", (255, 255, 255), True)
    white = (digits[:8, :, :3] == 255).all(axis=2) & (digits[:8, :, 3] == 255)
    assert (twelve[341 + 9 : 341 + 17, 232 + 17 - digits.shape[1] : 232 + 17][white] == 255).all()


def test_a_worn_tool_has_a_bar_that_shrinks_and_reddens():
    new = drawn(with_stack(0, Stack(Item.STONE_AXE)))
    durability = ITEMS[Item.STONE_AXE].durability
    lengths, reds = [], []
    for wear in (1, durability // 2, durability - 1):
        worn = drawn(with_stack(0, Stack(Item.STONE_AXE, 1, wear)))
        assert inside(box_of_changes(new, worn), 234, 354, 13, 2)
        bar = worn[354, 234:247].astype(int)
        lengths.append(np.count_nonzero(bar.any(axis=1)))
        reds.append(bar[0, 0] - bar[0, 1])
    assert lengths == [13, 7, 1]
    assert reds[0] < 0 < reds[2]


def test_the_off_hand_has_a_slot_only_when_it_holds_something():
    empty, holding = drawn(NOTHING), drawn(replace(NOTHING, offhand=Stack(Item.TORCH, 3)))
    assert box_of_changes(empty, holding) == (200, 338, 222, 360)


@pytest.mark.parametrize("health", range(20))
def test_each_half_of_health_is_half_a_heart(health):
    changes = box_of_changes(*(drawn(replace(NOTHING, health=each)) for each in (health, health + 1)))
    heart, half = divmod(health, 2)
    assert inside(changes, 229 + 8 * heart + 5 * half, 321, 4 if half else 5, 9)


def test_a_blow_lights_up_the_hearts():
    changes = box_of_changes(drawn(NOTHING), drawn(replace(NOTHING, hurt=True)))
    assert changes == (229, 321, 229 + 81, 330)


@pytest.mark.parametrize(
    ("air", "bubbles"), [(299, 10), (272, 10), (270, 9), (150, 5), (30, 1), (1, 1), (0, 0), (-19, 0)]
)
def test_bubbles_tell_the_air_that_is_left(air, bubbles):
    breathing, diving = drawn(NOTHING), drawn(replace(NOTHING, air=air))
    if not bubbles:
        assert np.array_equal(breathing, diving)
        return
    left, top, right, bottom = box_of_changes(breathing, diving)
    assert (top, right, bottom) == (321, 411, 330)
    assert left == 402 - 8 * (bubbles - 1)


def test_there_are_no_bubbles_above_the_water():
    assert np.array_equal(drawn(NOTHING), drawn(replace(NOTHING, air=301)))


def test_the_crosshair_is_in_the_middle_and_only_while_aiming():
    changes = box_of_changes(drawn(NOTHING, aiming=False), drawn(NOTHING))
    assert inside(changes, 312, 172, 15, 15)
    assert changes[0] + changes[2] == 639
    assert changes[1] + changes[3] == 359


@pytest.mark.parametrize("picture", Picture)
@pytest.mark.parametrize("state", [NOTHING, PLENTY, replace(PLENTY, selected=8, hurt=False)])
def test_smaller_pictures_are_the_whole_one_resized(picture, state):
    canvas = canvas_before(picture)
    draw_hud(canvas, state)
    whole = drawn(state)
    height, width, _ = picture.shape
    assert np.array_equal(canvas.pixels[canvas.rows], whole[:, canvas.columns][canvas.rows])
    resized = whole if picture is Picture.FULL else cv2.resize(whole, (width, height))
    assert np.array_equal(canvas.observation(), resized)
