import cv2
import numpy as np
import pytest

from vpt_studio.envs.voxel.art.pixel_font import text_sprite
from vpt_studio.envs.voxel.canvas import Canvas, Picture
from vpt_studio.envs.voxel.inventory import Inventory
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Ledger
from vpt_studio.envs.voxel.screen_drawing import draw_screen
from vpt_studio.envs.voxel.screen_layout import ScreenKind
from vpt_studio.envs.voxel.screens import Screen
from vpt_studio.envs.voxel.smelting import FUEL, INPUT, OUTPUT, Furnace
from vpt_studio.recordings.pointer import draw_pointer

WINDOW = (232, 97, 176, 166)
AWAY = (500.0, 40.0)  # beside every panel
POINTERS = [(0.0, 0.0), (320.0, 180.0), (299.9, 190.2), (247.5, 243.99), (631.2, 353.0), (639.0, 359.0)]


def opened(kind, filled=False):
    inventory = Inventory()
    furnace = Furnace() if kind is ScreenKind.FURNACE else None
    if filled:
        for slot in range(37):
            item = list(Item)[slot]
            inventory[slot] = Stack(item, 1 + slot) if item < Item.WOODEN_PICKAXE else Stack(item)
        inventory[20] = Stack(Item.IRON_PICKAXE, 1, 100)
    if furnace is not None and filled:
        furnace[INPUT], furnace[FUEL] = Stack(Item.IRON_ORE, 12), Stack(Item.COAL, 3)
        furnace[OUTPUT] = Stack(Item.IRON_INGOT, 4)
        furnace.burn_left, furnace.burn_total, furnace.progress = 1000, 1600, 120
    return Screen(kind, inventory, Ledger(), furnace)


def carrying(kind):
    """A screen with everything in it, a stack of it on the pointer."""
    screen = opened(kind, filled=True)
    screen.press("left", 248, 247)
    assert screen.carried is not None
    return screen


def drawn(screen, pointer=AWAY, *, with_pointer=False, picture=Picture.FULL):
    canvas = Canvas(picture)
    world = np.random.default_rng(0).integers(0, 256, (360, 640, 3), np.uint8)
    canvas.pixels[:] = world[:, canvas.columns]
    draw_screen(canvas, screen, pointer, with_pointer)
    return canvas


def picture_of(*arguments, **more):
    return drawn(*arguments, **more).observation()


def box_of_changes(before, after):
    """Left, top, right and bottom (exclusive) of what differs."""
    rows, columns = np.nonzero((before != after).any(axis=2))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def inside(box, left, top, width, height):
    return left <= box[0] and top <= box[1] and box[2] <= left + width and box[3] <= top + height


@pytest.mark.parametrize("kind", ScreenKind)
def test_the_panel_covers_its_window_and_the_world_around_it_is_dark(kind):
    picture = picture_of(opened(kind))
    left, top, width, height = WINDOW
    covered = np.zeros((360, 640), np.bool_)
    covered[top : top + height, left : left + width] = True
    assert picture[~covered].max() < 80
    assert picture[covered].mean() > 120


@pytest.mark.parametrize("kind", ScreenKind)
def test_every_slot_is_a_sunken_square_around_its_icon(kind):
    screen = opened(kind)
    picture = picture_of(screen).astype(int)
    for slot in screen.slots:
        icon = picture[slot.y : slot.y + 16, slot.x : slot.x + 16]
        assert (icon == icon[0, 0]).all()
        edge = 5 if slot.role == "output" or (slot.role == "result" and kind == "crafting_table") else 1
        upper_left = picture[slot.y - edge, slot.x - edge]
        lower_right = picture[slot.y + 15 + edge, slot.x + 15 + edge]
        assert upper_left.sum() < icon[0, 0].sum() < lower_right.sum()


@pytest.mark.parametrize("kind", ScreenKind)
def test_a_stack_is_drawn_in_its_slot_and_nowhere_else(kind):
    screen = opened(kind)
    empty = picture_of(screen)
    inventory = Inventory()
    inventory[9] = Stack(Item.COBBLESTONE, 64)
    stocked = Screen(kind, inventory, Ledger(), Furnace() if kind is ScreenKind.FURNACE else None)
    assert inside(box_of_changes(empty, picture_of(stocked)), 240, 181, 17, 17)


def ink_at(picture, text, left, top):
    letters = text_sprite(text, (0, 0, 0), False)[..., 3] > 0
    place = picture[top : top + letters.shape[0], left : left + letters.shape[1]].astype(int)
    return place[letters].max() < 100 and place[~letters].min() > 150


def test_titles_are_written_on_the_panels():
    table, furnace = (picture_of(opened(kind)) for kind in (ScreenKind.CRAFTING_TABLE, ScreenKind.FURNACE))
    width = text_sprite("Furnace", (0, 0, 0), False).shape[1]
    assert ink_at(picture_of(opened(ScreenKind.INVENTORY)), "Crafting", 232 + 97, 97 + 7)
    assert ink_at(table, "Crafting", 232 + 29, 97 + 6)
    assert ink_at(table, "Inventory", 232 + 8, 97 + 72)
    assert ink_at(furnace, "Furnace", 232 + (176 - width) // 2, 97 + 6)
    assert ink_at(furnace, "Inventory", 232 + 8, 97 + 72)


def test_the_furnace_shows_its_fire_and_how_far_the_piece_is():
    furnace = Furnace()
    screen = Screen(ScreenKind.FURNACE, Inventory(), Ledger(), furnace)
    cold = picture_of(screen)
    furnace.burn_total, heights = 1600, []
    for furnace.burn_left in (1, 800, 1600):
        changes = box_of_changes(cold, picture_of(screen))
        assert inside(changes, 288, 133, 14, 14)
        heights.append(changes[3] - changes[1])
    assert heights == [1, 7, 14]
    furnace.burn_left, widths = 0, []
    for furnace.progress in (50, 100, 199):
        changes = box_of_changes(cold, picture_of(screen))
        assert inside(changes, 311, 131, 24, 17)
        widths.append(changes[2] - changes[0])
    assert widths == [6, 12, 23]  # the very tip is the edge of the carving, dark in any case


def test_an_empty_slot_under_the_pointer_is_whitened():
    screen = opened(ScreenKind.INVENTORY)
    plain, hovered = picture_of(screen), picture_of(screen, (248.0, 189.0))
    assert box_of_changes(plain, hovered) == (240, 181, 256, 197)
    assert hovered[181, 240].sum() > plain[181, 240].sum()


def test_the_name_of_what_lies_under_the_pointer_is_shown_to_the_right_above_it():
    inventory = Inventory()
    inventory[9] = Stack(Item.WOODEN_PICKAXE)
    screen = Screen(ScreenKind.INVENTORY, inventory, Ledger())
    picture = picture_of(screen, (248.0, 189.0))
    letters = text_sprite("Wooden Pickaxe", (255, 255, 255), True)
    white = (letters[..., :3] == 255).all(axis=2)
    rows, columns = letters.shape[:2]
    seen = [
        (left, top)
        for top in range(165, 189)
        for left in range(248, 270)
        if (picture[top : top + rows, left : left + columns][white] == 255).all()
    ]
    assert len(seen) == 1


def test_no_name_is_shown_while_something_is_carried():
    screen = opened(ScreenKind.INVENTORY, filled=True)
    screen.press("left", 248, 247)
    plain, over_another = picture_of(screen), picture_of(screen, (270.0, 195.0))
    around = plain.copy()
    around[181:204, 258:279] = over_another[181:204, 258:279]
    around[32:49, 492:509] = over_another[32:49, 492:509]  # where the stack was carried before
    assert np.array_equal(around, over_another)


@pytest.mark.parametrize("kind", ScreenKind)
def test_the_longest_name_fits_into_the_picture_at_every_slot(kind):
    longest = max(Item, key=lambda item: text_sprite(item.label.replace("_", " "), (0, 0, 0), True).shape[1])
    inventory = Inventory()
    for slot in range(37):
        inventory[slot] = Stack(longest)
    screen = Screen(kind, inventory, Ledger(), Furnace() if kind is ScreenKind.FURNACE else None)
    plain = picture_of(screen)
    for slot in screen.slots:
        for x, y in ((slot.x, slot.y), (slot.x + 15, slot.y), (slot.x + 15, slot.y + 15)):
            left, top, right, bottom = box_of_changes(plain, picture_of(screen, (float(x), float(y))))
            assert left > 0
            assert top > 0
            assert right < 640
            assert bottom < 360


def test_a_carried_stack_hangs_on_the_pointer():
    screen = opened(ScreenKind.INVENTORY, filled=True)
    screen.press("left", 266, 247)
    one, other = picture_of(screen, (100.7, 60.2)), picture_of(screen, (200.0, 300.0))
    rows, columns = np.nonzero((one != other).any(axis=2))
    above = rows < 180
    assert inside((columns[above].min(), rows[above].min(), columns[above].max() + 1, 70), 92, 52, 17, 18)
    assert inside(
        (columns[~above].min(), rows[~above].min(), columns[~above].max() + 1, 310), 192, 292, 17, 18
    )


@pytest.mark.parametrize("position", POINTERS)
@pytest.mark.parametrize("screen", [opened(ScreenKind.FURNACE, filled=True), carrying(ScreenKind.INVENTORY)])
def test_the_pointer_is_drawn_as_readers_of_recordings_draw_it(screen, position):
    recorded = picture_of(screen, position)
    draw_pointer(recorded, position[0] * 2, position[1] * 2)  # recordings count in 1280 x 720
    assert np.array_equal(picture_of(screen, position, with_pointer=True), recorded)


@pytest.mark.parametrize("picture", Picture)
@pytest.mark.parametrize("position", POINTERS)
@pytest.mark.parametrize("kind", ScreenKind)
def test_smaller_pictures_are_the_whole_one_resized(picture, position, kind):
    for screen in (opened(kind, filled=True), carrying(kind)):
        canvas = drawn(screen, position, with_pointer=True, picture=picture)
        whole = picture_of(screen, position, with_pointer=True)
        assert np.array_equal(canvas.pixels[canvas.rows], whole[:, canvas.columns][canvas.rows])
        height, width, _ = picture.shape
        resized = whole if picture is Picture.FULL else cv2.resize(whole, (width, height))
        assert np.array_equal(canvas.observation(), resized)
