"""A player in front of a screen, and where its slots are, for tests."""

from __future__ import annotations

from collections import Counter

from vpt_studio.envs.voxel.inventory import Inventory
from vpt_studio.envs.voxel.items import ITEMS, Item
from vpt_studio.envs.voxel.ledger import Cause, Ledger
from vpt_studio.envs.voxel.screen_layout import ScreenKind
from vpt_studio.envs.voxel.screens import Screen
from vpt_studio.envs.voxel.smelting import Furnace

# Middles of icons, from MineRL's geometry.
RESULT_2X2, RESULT_3X3 = (394, 133), (364, 140)
FURNACE_INPUT, FURNACE_FUEL, FURNACE_OUTPUT = (296, 122), (296, 158), (356, 140)
OFF_HAND_SLOT = (317, 167)
OUTSIDE = (100, 50)
BETWEEN = (236, 101)  # in the window, on no slot


def grid_2x2(place):
    return 338 + 18 * (place % 2), 123 + 18 * (place // 2)


def grid_3x3(place):
    return 270 + 18 * (place % 3), 122 + 18 * (place // 3)


def own(slot):
    """The middle of a slot of hot-bar or pack."""
    return (248 + 18 * slot, 247) if slot < 9 else (248 + 18 * (slot % 9), 189 + 18 * (slot // 9 - 1))


class Play:
    """A player with a screen, who writes down all that is thrown."""

    def __init__(self, kind, stacks=None, smelting_ticks=200):
        self.inventory, self.ledger = Inventory(), Ledger()
        self.furnace = Furnace(smelting_ticks)
        self.thrown = []
        for slot, stack in (stacks or {}).items():
            self.inventory[slot] = stack
            self.ledger.book(Cause.GIVEN, stack.item, stack.count)
        self.open(kind)

    def open(self, kind):
        furnace = self.furnace if kind is ScreenKind.FURNACE else None
        self.screen = Screen(kind, self.inventory, self.ledger, furnace)

    def left(self, place, **keys):
        self.thrown += self.screen.press("left", *place, **keys)
        self.screen.release()

    def right(self, place, **keys):
        self.thrown += self.screen.press("right", *place, **keys)
        self.screen.release()

    def close(self):
        self.thrown += self.screen.close()

    def where(self, *items):
        """The pack's first slot with one of `items`."""
        return next(
            own(slot) for slot, stack in enumerate(self.inventory.slots[:36]) if stack and stack.item in items
        )

    def check_books(self):
        found = Counter()
        stacks = [*self.inventory.slots, *self.screen.own_stacks(), *self.furnace.stacks(), *self.thrown]
        for stack in stacks:
            if stack is not None:
                assert 1 <= stack.count <= ITEMS[stack.item].stack_size
                found[stack.item] += stack.count
        left = self.ledger.created - self.ledger.destroyed
        assert {item: int(left[item]) for item in Item if left[item]} == found
