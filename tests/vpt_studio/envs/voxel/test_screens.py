"""The three screens, worked by a pointer at pixels of the 640x360 picture."""

from __future__ import annotations

import json

import pytest
from screen_player import (
    BETWEEN,
    FURNACE_FUEL,
    FURNACE_INPUT,
    FURNACE_OUTPUT,
    OFF_HAND_SLOT,
    OUTSIDE,
    RESULT_2X2,
    RESULT_3X3,
    Play,
    grid_2x2,
    grid_3x3,
    own,
)

from vpt_studio.envs.voxel.inventory import OFF_HAND, Inventory
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Cause, Ledger
from vpt_studio.envs.voxel.screen_layout import Role, ScreenKind
from vpt_studio.envs.voxel.screens import Screen
from vpt_studio.envs.voxel.smelting import FUEL, INPUT, OUTPUT


@pytest.fixture
def inventory_screen():
    return lambda stacks: Play(ScreenKind.INVENTORY, stacks)


@pytest.fixture
def table_screen():
    return lambda stacks: Play(ScreenKind.CRAFTING_TABLE, stacks)


@pytest.fixture
def furnace_screen():
    return lambda stacks: Play(ScreenKind.FURNACE, stacks)


@pytest.mark.parametrize(
    ("kind", "slots"),
    [
        (ScreenKind.INVENTORY, {Role.RESULT: [(386, 125)], Role.OFF_HAND: [(309, 159)]}),
        (ScreenKind.CRAFTING_TABLE, {Role.RESULT: [(356, 132)]}),
        (ScreenKind.FURNACE, {Role.INPUT: [(288, 114)], Role.FUEL: [(288, 150)], Role.OUTPUT: [(348, 132)]}),
    ],
)
def test_slots_are_where_minerl_has_them(kind, slots):
    screen = Play(kind).screen
    expected = slots | {
        Role.PACK: [(240 + 18 * column, 181 + 18 * row) for row in range(3) for column in range(9)],
        Role.HOTBAR: [(240 + 18 * column, 239) for column in range(9)],
    }
    if kind is ScreenKind.INVENTORY:
        expected[Role.GRID] = [(330, 115), (348, 115), (330, 133), (348, 133)]
    if kind is ScreenKind.CRAFTING_TABLE:
        expected[Role.GRID] = [(262 + 18 * column, 114 + 18 * row) for row in range(3) for column in range(3)]
    found = {role: [(slot.x, slot.y) for slot in screen.slots if slot.role is role] for role in expected}
    assert found == expected
    assert len(screen.slots) == sum(map(len, expected.values()))


@pytest.mark.parametrize("kind", list(ScreenKind))
def test_a_slot_is_its_icon_and_a_pixel_around_it(kind):
    screen = Play(kind).screen
    for number, slot in enumerate(screen.slots):
        for dx, dy in ((-1, -1), (16, 16), (16.9, -1), (8, 8)):
            assert screen.slot_at(slot.x + dx, slot.y + dy) == number
        assert screen.slot_at(slot.x - 1.1, slot.y) != number
        assert screen.slot_at(slot.x, slot.y + 17) != number


def test_left_takes_all_and_puts_all(inventory_screen):
    play = inventory_screen({9: Stack(Item.DIRT, 10)})
    play.left(own(9))
    assert (play.screen.carried, play.inventory[9]) == (Stack(Item.DIRT, 10), None)
    play.left(own(0))
    assert (play.screen.carried, play.inventory[0]) == (None, Stack(Item.DIRT, 10))


def test_right_takes_the_larger_half_and_puts_one(inventory_screen):
    play = inventory_screen({9: Stack(Item.DIRT, 7)})
    play.right(own(9))
    assert (play.screen.carried, play.inventory[9]) == (Stack(Item.DIRT, 4), Stack(Item.DIRT, 3))
    play.right(own(10))
    play.right(own(9))
    assert play.screen.carried == Stack(Item.DIRT, 2)
    assert play.inventory.slots[9:11] == (Stack(Item.DIRT, 4), Stack(Item.DIRT, 1))


@pytest.mark.parametrize("button", ["left", "right"])
def test_unlike_things_change_places(inventory_screen, button):
    play = inventory_screen({9: Stack(Item.DIRT, 7), 10: Stack(Item.SAND, 3)})
    play.left(own(9))
    play.screen.press(button, *own(10))
    play.screen.drag(*own(11))
    assert (play.screen.carried, play.inventory[10]) == (Stack(Item.SAND, 3), Stack(Item.DIRT, 7))
    play.check_books()


def test_a_stack_fills_its_like_and_keeps_the_rest(inventory_screen):
    play = inventory_screen({9: Stack(Item.DIRT, 40), 10: Stack(Item.DIRT, 40)})
    play.left(own(9))
    play.left(own(10))
    assert (play.screen.carried, play.inventory[10]) == (Stack(Item.DIRT, 16), Stack(Item.DIRT, 64))


def test_worn_tools_are_unlike_new_ones(inventory_screen):
    play = inventory_screen({0: Stack(Item.IRON_AXE), 1: Stack(Item.IRON_AXE, 1, 9)})
    play.left(own(0))
    play.left(own(1))
    assert play.screen.carried == Stack(Item.IRON_AXE, 1, 9)


def test_clicks_outside_throw_and_clicks_beside_the_slots_do_nothing(inventory_screen):
    play = inventory_screen({9: Stack(Item.DIRT, 7)})
    play.left(OUTSIDE)
    play.left(own(9))
    play.left(BETWEEN)
    play.right(OUTSIDE)
    assert play.thrown == [Stack(Item.DIRT, 1)]
    play.left(OUTSIDE)
    assert play.thrown == [Stack(Item.DIRT, 1), Stack(Item.DIRT, 6)]
    assert play.screen.carried is None


@pytest.mark.parametrize("button", ["left", "right"])
def test_a_click_on_the_result_crafts_once_onto_what_is_carried(inventory_screen, button):
    play = inventory_screen({0: Stack(Item.OAK_LOG, 20)})
    play.left(own(0))
    play.left(grid_2x2(3))
    assert play.screen.result == Stack(Item.OAK_PLANKS, 4)
    for _ in range(18):
        play.screen.press(button, *RESULT_2X2)
    # Sixteen times four is a full stack: the other two clicks do nothing.
    assert play.screen.carried == Stack(Item.OAK_PLANKS, 64)
    assert play.ledger.counts[Cause.CRAFTED, Item.OAK_PLANKS] == 64
    assert play.ledger.counts[Cause.USED_UP, Item.OAK_LOG] == 16
    play.check_books()


def test_nothing_can_be_put_on_a_result(inventory_screen):
    play = inventory_screen({0: Stack(Item.OAK_LOG, 3), 1: Stack(Item.DIRT, 3)})
    play.left(own(0))
    play.left(grid_2x2(0))
    play.left(own(1))
    play.left(RESULT_2X2)
    assert play.screen.carried == Stack(Item.DIRT, 3)
    assert not play.ledger.counts[Cause.CRAFTED].any()


def test_shift_on_the_result_crafts_all_into_the_hotbar_from_its_end(table_screen):
    play = table_screen({0: Stack(Item.OAK_LOG, 20)})
    play.left(own(0))
    play.left(grid_3x3(4))
    play.left(RESULT_3X3, shift=True)
    assert play.inventory.slots[7:9] == (Stack(Item.OAK_PLANKS, 16), Stack(Item.OAK_PLANKS, 64))
    assert play.screen.result is None
    play.check_books()


def test_what_does_not_fit_of_the_last_result_is_thrown(inventory_screen):
    full = {slot: Stack(Item.DIRT, 64) for slot in range(36)}
    play = inventory_screen(full | {0: Stack(Item.OAK_LOG, 5), 1: Stack(Item.OAK_PLANKS, 58)})
    play.left(own(0))
    play.left(grid_2x2(0))
    play.inventory[0] = Stack(Item.STONE)
    play.ledger.book(Cause.GIVEN, Item.STONE)
    play.left(RESULT_2X2, shift=True)
    assert play.inventory[1] == Stack(Item.OAK_PLANKS, 64)
    assert play.thrown == [Stack(Item.OAK_PLANKS, 2)]
    assert play.ledger.counts[Cause.USED_UP, Item.OAK_LOG] == 2
    play.check_books()


def test_shift_moves_between_pack_and_hotbar(inventory_screen):
    play = inventory_screen(
        {9: Stack(Item.DIRT, 10), 3: Stack(Item.DIRT, 60), OFF_HAND: Stack(Item.TORCH, 2)}
    )
    play.left(own(9), shift=True)
    assert (play.inventory[3], play.inventory[0]) == (Stack(Item.DIRT, 64), Stack(Item.DIRT, 6))
    play.right(own(3), shift=True)
    assert (play.inventory[3], play.inventory[9]) == (None, Stack(Item.DIRT, 64))
    play.left(OFF_HAND_SLOT, shift=True)
    assert play.inventory[10] == Stack(Item.TORCH, 2)


def test_shift_fills_the_tables_grid_and_empties_it(table_screen):
    play = table_screen({9: Stack(Item.SAND, 10)})
    play.left(own(9), shift=True)
    first = next(slot for slot in play.screen.slots if slot.role is Role.GRID)
    assert first.stack == Stack(Item.SAND, 10)
    play.left(grid_3x3(0), shift=True)
    assert play.inventory[9] == Stack(Item.SAND, 10)


def test_shift_in_a_furnace_goes_by_what_smelts_and_what_burns(furnace_screen):
    play = furnace_screen(
        {
            0: Stack(Item.IRON_ORE, 3),
            1: Stack(Item.COAL, 3),
            2: Stack(Item.OAK_LOG, 3),
            3: Stack(Item.DIRT, 3),
            9: Stack(Item.OAK_PLANKS, 3),
        }
    )
    for slot in (0, 1, 2, 3, 9):
        play.left(own(slot), shift=True)
    assert play.furnace.stacks() == [Stack(Item.IRON_ORE, 3), Stack(Item.COAL, 3)]
    assert play.inventory[2] == Stack(Item.OAK_LOG, 3)  # it would smelt, but there is ore
    assert play.inventory[3] is None  # dirt goes to the pack
    assert play.inventory[9] == Stack(Item.OAK_PLANKS, 3)  # they would burn, but there is coal
    play.left(FURNACE_FUEL, shift=True)
    assert play.inventory[11] == Stack(Item.COAL, 3)


def test_the_furnace_takes_only_fuel_as_fuel_and_nothing_as_output(furnace_screen):
    play = furnace_screen({0: Stack(Item.DIRT, 3)})
    play.left(own(0))
    play.left(FURNACE_FUEL)
    play.left(FURNACE_OUTPUT)
    assert play.screen.carried == Stack(Item.DIRT, 3)
    play.left(FURNACE_INPUT)
    assert play.furnace[INPUT] == Stack(Item.DIRT, 3)


def test_half_of_what_a_furnace_made_can_be_taken(furnace_screen):
    play = furnace_screen({})
    play.furnace[OUTPUT] = Stack(Item.GLASS, 5)
    play.right(FURNACE_OUTPUT)
    assert (play.screen.carried, play.furnace[OUTPUT]) == (Stack(Item.GLASS, 3), Stack(Item.GLASS, 2))


def test_the_furnaces_screen_tells_how_far_it_is(furnace_screen):
    play = furnace_screen({})
    play.furnace[INPUT], play.furnace[FUEL] = Stack(Item.SAND), Stack(Item.STICK)
    for _ in range(50):
        play.furnace.tick(play.ledger)
    assert (play.screen.burn_share, play.screen.progress_share) == (0.51, 0.25)
    assert Play(ScreenKind.INVENTORY).screen.burn_share == 0.0


def test_number_keys_exchange_with_the_hotbar(inventory_screen):
    play = inventory_screen({9: Stack(Item.DIRT, 10), 3: Stack(Item.SAND, 60)})
    play.screen.number_key(3, *own(9))
    assert (play.inventory[3], play.inventory[9]) == (Stack(Item.DIRT, 10), Stack(Item.SAND, 60))
    play.screen.number_key(3, *BETWEEN)
    play.screen.number_key(4, *own(3))
    assert (play.inventory[3], play.inventory[4]) == (None, Stack(Item.DIRT, 10))
    play.screen.swap_hands_key(*own(4))
    assert play.inventory.off_hand == Stack(Item.DIRT, 10)
    play.left(OFF_HAND_SLOT)
    play.screen.number_key(0, *own(9))
    assert play.inventory[9] == Stack(Item.SAND, 60)  # keys do nothing while something is carried


def test_a_number_key_over_the_result_crafts_into_an_empty_slot_only(inventory_screen):
    play = inventory_screen({0: Stack(Item.OAK_LOG, 3), 1: Stack(Item.OAK_PLANKS, 1)})
    play.left(own(0))
    play.left(grid_2x2(0))
    play.screen.number_key(1, *RESULT_2X2)
    assert not play.ledger.counts[Cause.CRAFTED].any()
    play.screen.number_key(2, *RESULT_2X2)
    assert play.inventory[2] == Stack(Item.OAK_PLANKS, 4)
    play.check_books()


def test_number_keys_put_no_dirt_into_the_fire(furnace_screen):
    play = furnace_screen({0: Stack(Item.DIRT), 1: Stack(Item.COAL)})
    play.screen.number_key(0, *FURNACE_FUEL)
    assert play.furnace[FUEL] is None
    play.screen.number_key(1, *FURNACE_FUEL)
    assert play.furnace[FUEL] == Stack(Item.COAL)


def test_the_drop_key_throws_one_or_all(inventory_screen):
    play = inventory_screen({9: Stack(Item.DIRT, 10)})
    assert play.screen.drop_key(*own(9)) == [Stack(Item.DIRT, 1)]
    assert play.screen.drop_key(*own(9), everything=True) == [Stack(Item.DIRT, 9)]
    assert play.screen.drop_key(*own(9)) == []
    assert play.screen.drop_key(*OUTSIDE) == []


def test_the_drop_key_over_the_result_throws_the_whole_of_it(inventory_screen):
    play = inventory_screen({0: Stack(Item.OAK_LOG, 3)})
    play.left(own(0))
    play.left(grid_2x2(0))
    play.thrown += play.screen.drop_key(*RESULT_2X2)
    assert play.thrown == [Stack(Item.OAK_PLANKS, 4)]
    play.check_books()


def test_dragging_left_shares_evenly_and_keeps_the_remainder(inventory_screen):
    play = inventory_screen({9: Stack(Item.DIRT, 10), 11: Stack(Item.DIRT, 63), 12: Stack(Item.SAND)})
    play.left(own(9))
    play.screen.press("left", *own(9))
    for slot in (10, 11, 12):
        play.screen.drag(*own(slot))
    assert play.inventory.slots[9:13] == (
        Stack(Item.DIRT, 3),
        Stack(Item.DIRT, 3),
        Stack(Item.DIRT, 64),
        Stack(Item.SAND, 1),
    )
    assert play.screen.carried == Stack(Item.DIRT, 3)
    play.screen.release()
    play.screen.drag(*own(13))
    assert play.inventory[13] is None


def test_dragging_right_puts_one_into_each_as_long_as_there_are_any(table_screen):
    play = table_screen({9: Stack(Item.COBBLESTONE, 3)})
    play.left(own(9))
    play.screen.press("right", *grid_3x3(0))
    for place in (0, 1, 2, 3, 0):
        play.screen.drag(*grid_3x3(place))
    grid = [slot.stack for slot in play.screen.slots if slot.role is Role.GRID]
    assert grid == [Stack(Item.COBBLESTONE)] * 3 + [None] * 6
    assert play.screen.carried is None


def test_a_drag_does_not_bring_back_what_the_furnace_took(furnace_screen):
    play = furnace_screen({0: Stack(Item.COAL, 2), 1: Stack(Item.SAND, 1)})
    play.left(own(1), shift=True)
    play.left(own(0))
    play.screen.press("left", *FURNACE_FUEL)
    play.furnace.tick(play.ledger)
    play.screen.drag(*own(5))
    assert (play.furnace[FUEL], play.inventory[5]) == (Stack(Item.COAL, 1), None)
    play.check_books()


def test_a_double_click_collects_partly_filled_slots_first(inventory_screen):
    play = inventory_screen(
        {9: Stack(Item.DIRT, 10), 10: Stack(Item.DIRT, 64), 20: Stack(Item.DIRT, 20), 21: Stack(Item.SAND)}
    )
    play.left(own(9))
    play.left(own(9), double=True)
    assert play.screen.carried == Stack(Item.DIRT, 64)
    assert (play.inventory[20], play.inventory[10]) == (None, Stack(Item.DIRT, 30))
    play.check_books()


def test_closing_puts_grid_and_pointer_back_and_throws_what_does_not_fit(table_screen):
    play = table_screen({slot: Stack(Item.STONE, 64) for slot in range(36)})
    for place in (0, 1):
        play.left(own(place))
        play.left(grid_3x3(place))
    play.left(own(2))
    play.inventory[0] = Stack(Item.SAND)
    play.ledger.book(Cause.GIVEN, Item.SAND)
    play.close()
    assert play.inventory.slots[1:3] == (Stack(Item.STONE, 64),) * 2
    assert play.thrown == [Stack(Item.STONE, 64)]
    assert play.screen.own_stacks() == []
    play.check_books()


def test_a_screen_goes_on_from_its_snapshot_in_the_middle_of_a_drag(table_screen):
    play = table_screen({9: Stack(Item.SAND, 10)})
    play.left(own(9))
    play.screen.press("left", *grid_3x3(0))
    play.screen.drag(*grid_3x3(1))
    state = json.loads(json.dumps(play.screen.to_state()))
    again = Screen.from_state(state, play.inventory, play.ledger)
    for screen in (play.screen, again):
        screen.drag(*grid_3x3(3))
        screen.drag(*grid_3x3(4))
    assert again.to_state() == play.screen.to_state()
    assert again.slots == play.screen.slots
    assert again.result == Stack(Item.SANDSTONE)


def test_a_furnaces_screen_needs_a_furnace():
    with pytest.raises(ValueError, match="furnace"):
        Screen(ScreenKind.FURNACE, Inventory(), Ledger())
