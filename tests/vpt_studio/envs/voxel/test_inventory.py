"""What the player carries, and the book of items."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from vpt_studio.envs.voxel.inventory import OFF_HAND, Inventory, pour
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Cause, Ledger


def test_an_item_joins_its_like_in_the_hand_first_then_the_off_hand_then_in_order():
    inventory = Inventory()
    inventory.selected = 4
    for slot in (2, 4, OFF_HAND):
        inventory[slot] = Stack(Item.DIRT, 60)
    counts = []
    for _ in range(3):
        assert inventory.add(Stack(Item.DIRT, 3)) is None
        counts.append([inventory[slot].count for slot in (4, OFF_HAND, 2)])
    assert counts == [[63, 60, 60], [64, 62, 60], [64, 64, 61]]


def test_a_new_item_goes_to_the_first_empty_slot_of_the_hotbar():
    inventory = Inventory()
    inventory[0] = Stack(Item.STICK)
    inventory.add(Stack(Item.DIRT, 3))
    assert inventory[1] == Stack(Item.DIRT, 3)


def test_nothing_new_goes_to_the_off_hand():
    inventory = Inventory()
    for slot in range(OFF_HAND):
        inventory[slot] = Stack(Item.DIRT, 64)
    assert inventory.room_for(Item.STICK) == 0
    assert inventory.add(Stack(Item.STICK)) == Stack(Item.STICK)
    assert inventory.off_hand is None


def test_what_does_not_fit_is_handed_back():
    inventory = Inventory()
    for slot in range(OFF_HAND):
        inventory[slot] = Stack(Item.DIRT, 63 if slot < 2 else 64)
    assert inventory.room_for(Item.DIRT) == 2
    assert inventory.add(Stack(Item.DIRT, 5)) == Stack(Item.DIRT, 3)
    assert inventory.room_for(Item.DIRT) == 0


def test_tools_lie_alone_and_keep_their_wear():
    inventory = Inventory()
    inventory.add(Stack(Item.STONE_PICKAXE, 1, 7))
    inventory.add(Stack(Item.STONE_PICKAXE, 1, 7))
    assert inventory.slots[:3] == (Stack(Item.STONE_PICKAXE, 1, 7),) * 2 + (None,)


def test_the_hands_change_places():
    inventory = Inventory()
    inventory.held = Stack(Item.TORCH, 5)
    inventory.swap_hands()
    assert (inventory.held, inventory.off_hand) == (None, Stack(Item.TORCH, 5))


@pytest.mark.parametrize(("asked", "taken", "left"), [(2, 2, 3), (5, 5, 0), (9, 5, 0), (0, 0, 5)])
def test_taking_takes_what_there_is(asked, taken, left):
    inventory = Inventory()
    inventory[7] = Stack(Item.COAL, 5)
    assert inventory.take(7, asked) == (Stack(Item.COAL, taken) if taken else None)
    assert inventory[7] == (Stack(Item.COAL, left) if left else None)
    assert inventory.take(8, 1) is None


def test_the_running_count_is_that_of_the_slots_after_any_change():
    rng = random.Random(3)
    inventory = Inventory()
    for _ in range(3000):
        item = rng.choice([Item.DIRT, Item.STICK, Item.COAL, Item.IRON_AXE])
        size = 1 if item is Item.IRON_AXE else 64
        match rng.randrange(6):
            case 0:
                inventory.add(Stack(item, rng.randint(1, size)))
            case 1:
                inventory[rng.randrange(37)] = rng.choice([None, Stack(item, rng.randint(1, size))])
            case 2:
                inventory.take(rng.randrange(37), rng.randint(0, 64))
            case 3:
                inventory.swap_hands()
            case 4:
                inventory.selected = rng.randrange(9)
            case _:
                if rng.random() < 0.01:
                    inventory.clear()
        expected = np.zeros(len(Item) + 1, np.int64)
        for stack in inventory.slots:
            if stack is not None:
                expected[stack.item] += stack.count
        assert np.array_equal(inventory.counts(), expected)
        assert inventory.count(item) == expected[item]


def test_the_counts_are_a_copy():
    inventory = Inventory()
    inventory.counts()[Item.DIAMOND] = 64
    assert inventory.count(Item.DIAMOND) == 0


def test_clearing_returns_everything():
    inventory = Inventory()
    inventory[0], inventory[OFF_HAND] = Stack(Item.DIRT, 2), Stack(Item.TORCH, 3)
    assert inventory.clear() == [Stack(Item.DIRT, 2), Stack(Item.TORCH, 3)]
    assert not any(inventory.slots)
    assert not inventory.counts().any()


def test_rows_hold_everything_exactly_and_pass_through_json():
    inventory = Inventory()
    inventory[3], inventory[20] = Stack(Item.DIAMOND_PICKAXE, 1, 1560), Stack(Item.SAND, 64)
    inventory[OFF_HAND] = Stack(Item.TORCH, 1)
    rows = json.loads(json.dumps(inventory.to_rows()))
    again = Inventory.from_rows(rows, selected=3)
    assert again.slots == inventory.slots
    assert np.array_equal(again.counts(), inventory.counts())
    assert again.held == Stack(Item.DIAMOND_PICKAXE, 1, 1560)
    assert again.to_rows() == rows


def test_rows_of_another_size_are_refused():
    with pytest.raises(ValueError, match="37 slots, these are 2"):
        Inventory.from_rows([None, None])


@pytest.mark.parametrize("slot", [-1, 9])
def test_only_the_hotbar_can_be_selected(slot):
    with pytest.raises(ValueError, match="0 to 8"):
        Inventory().selected = slot


def test_pouring_keeps_every_item():
    assert pour(Stack(Item.DIRT, 10), None, 4) == (Stack(Item.DIRT, 4), Stack(Item.DIRT, 6))
    assert pour(Stack(Item.DIRT, 10), Stack(Item.DIRT, 60)) == (Stack(Item.DIRT, 64), Stack(Item.DIRT, 6))
    assert pour(Stack(Item.DIRT), Stack(Item.SAND)) == (Stack(Item.SAND), Stack(Item.DIRT))


def test_the_ledger_adds_up_what_appeared_and_what_vanished():
    ledger = Ledger()
    ledger.book(Cause.MINED, Item.OAK_LOG, 3)
    ledger.book(Cause.USED_UP, Item.OAK_LOG)
    ledger.book(Cause.CRAFTED, Item.OAK_PLANKS, 4)
    ledger.book(Cause.THROWN, Item.OAK_PLANKS, 2)
    left = ledger.created - ledger.destroyed
    assert (left[Item.OAK_LOG], left[Item.OAK_PLANKS], left.sum()) == (2, 4, 6)
    assert ledger.statistics() == {
        "mined": {"oak_log": 3},
        "crafted": {"oak_planks": 4},
        "used_up": {"oak_log": 1},
        "thrown": {"oak_planks": 2},
    }
