"""What the player carries: nine slots of the hot-bar, 27 of the pack, and the off hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.items import ITEMS, Item, Stack

#: Slots 0 to 8 are the hot-bar, 9 to 35 the pack, 36 the off hand.
HOTBAR_SIZE, PACK_SIZE, OFF_HAND = 9, 36, 36

#: A stack as JSON holds it: item id, count, wear; None for an empty slot.
Row = list[int] | None


def row_of(stack: Stack | None) -> Row:
    """`stack` as JSON holds it."""
    return None if stack is None else [int(stack.item), stack.count, stack.wear]


def stack_of(row: Sequence[int] | None) -> Stack | None:
    """The stack that :func:`row_of` wrote down."""
    return None if row is None else Stack(Item(row[0]), row[1], row[2])


def pour(stack: Stack, into: Stack | None, most: int = 64) -> tuple[Stack | None, Stack | None]:
    """Put `stack` to what is in a slot, as far as the two go together and there is room.

    Args:
        stack: What to put there.
        into: What is in the slot.
        most: How many to put there at most.

    Returns:
        What is then in the slot, and what is left over.
    """
    if into is None:
        moved = min(stack.count, most)
        return stack.of(moved), stack.of(stack.count - moved)
    if not stack.stacks_with(into):
        return into, stack
    moved = min(stack.count, most, into.room)
    return into.of(into.count + moved), stack.of(stack.count - moved)


class Inventory:
    """The player's slots; ``inventory[slot]`` reads one and ``inventory[slot] = stack`` replaces it."""

    def __init__(self) -> None:
        self._slots: list[Stack | None] = [None] * (PACK_SIZE + 1)
        self._counts = np.zeros(len(Item) + 1, np.int64)
        self._selected = 0

    def __getitem__(self, slot: int) -> Stack | None:
        return self._slots[slot]

    def __setitem__(self, slot: int, stack: Stack | None) -> None:
        before = self._slots[slot]
        if before is not None:
            self._counts[before.item] -= before.count
        if stack is not None:
            self._counts[stack.item] += stack.count
        self._slots[slot] = stack

    @property
    def slots(self) -> tuple[Stack | None, ...]:
        """All 37 slots as they are now: hot-bar, pack, off hand."""
        return tuple(self._slots)

    @property
    def hotbar(self) -> tuple[Stack | None, ...]:
        """The nine slots of the hot-bar as they are now."""
        return tuple(self._slots[:HOTBAR_SIZE])

    @property
    def selected(self) -> int:
        """Which slot of the hot-bar is in the hand, 0 to 8."""
        return self._selected

    @selected.setter
    def selected(self, slot: int) -> None:
        if not 0 <= slot < HOTBAR_SIZE:
            raise ValueError(f"the hot-bar has slots 0 to {HOTBAR_SIZE - 1}, not {slot}")
        self._selected = slot

    @property
    def held(self) -> Stack | None:
        """What is in the hand."""
        return self._slots[self._selected]

    @held.setter
    def held(self, stack: Stack | None) -> None:
        self[self._selected] = stack

    @property
    def off_hand(self) -> Stack | None:
        """What is in the other hand."""
        return self._slots[OFF_HAND]

    def counts(self) -> npt.NDArray[np.int64]:
        """int64 [len(Item) + 1], a copy: how many of each item the player carries, by item id."""
        return self._counts.copy()

    def count(self, item: Item) -> int:
        """How many of `item` the player carries."""
        return int(self._counts[item])

    def room_for(self, item: Item) -> int:
        """How many unworn pieces of `item` :meth:`add` would take."""
        size = ITEMS[item].stack_size
        empty = sum(stack is None for stack in self._slots[:PACK_SIZE])
        fitting = (stack for stack in self._slots if stack is not None and stack.item == item)
        return empty * size + sum(stack.room for stack in fitting if stack.wear == 0)

    def add(self, stack: Stack) -> Stack | None:
        """Take `stack` in as Minecraft 1.16 picks things up, and return what did not fit.

        First into slots that hold the same: the hand, the off hand, then in the order of the slots; then
        into the first empty slot of hot-bar and pack. (Order from own knowledge of the game.)
        """
        rest: Stack | None = stack
        if ITEMS[stack.item].stack_size > 1:
            for slot in (self._selected, OFF_HAND, *range(PACK_SIZE)):
                here = self._slots[slot]
                if here is not None and here.room and stack.stacks_with(here):
                    assert rest is not None
                    self[slot], rest = pour(rest, here)
                    if rest is None:
                        return None
        for slot in range(PACK_SIZE):
            if self._slots[slot] is None:
                self[slot] = rest
                return None
        return rest

    def take(self, slot: int, count: int) -> Stack | None:
        """Take up to `count` out of `slot`; None when it is empty."""
        here = self._slots[slot]
        if here is None or count < 1:
            return None
        taken = min(count, here.count)
        self[slot] = here.of(here.count - taken)
        return here.of(taken)

    def swap_hands(self) -> None:
        """Exchange what is in the hand with what is in the off hand."""
        self[self._selected], self[OFF_HAND] = self[OFF_HAND], self[self._selected]

    def clear(self) -> list[Stack]:
        """Take everything out and return it, in the order of the slots."""
        stacks = [stack for stack in self._slots if stack is not None]
        for slot in range(len(self._slots)):
            self[slot] = None
        return stacks

    def to_rows(self) -> list[Row]:
        """All 37 slots, for JSON; the selected slot is not among them."""
        return [row_of(stack) for stack in self._slots]

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[int] | None], selected: int = 0) -> Inventory:
        """The inventory whose slots :meth:`to_rows` wrote down."""
        if len(rows) != PACK_SIZE + 1:
            raise ValueError(f"an inventory has {PACK_SIZE + 1} slots, these are {len(rows)}")
        inventory = cls()
        for slot, row in enumerate(rows):
            inventory[slot] = stack_of(row)
        inventory.selected = selected
        return inventory
