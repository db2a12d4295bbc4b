"""Where the slots of each screen are, in pixels of the 640x360 picture: MineRL's geometry at GUI scale 1.

The window of 176 x 166 pixels has its upper left corner at (232, 97). Places inside it are Minecraft
1.16's (own knowledge, which agrees with public MineRL workers to a pixel). Slots for armour are left out,
as there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from vpt_studio.envs.voxel.inventory import HOTBAR_SIZE, OFF_HAND, PACK_SIZE
from vpt_studio.envs.voxel.smelting import FUEL, INPUT, OUTPUT

#: Upper left corner and size of the window of every screen.
WINDOW_X, WINDOW_Y, WINDOW_WIDTH, WINDOW_HEIGHT = 232, 97, 176, 166

#: From one slot to the next, and the width of the icon in it.
PITCH, ICON = 18, 16


class ScreenKind(StrEnum):
    """The three screens."""

    INVENTORY = "inventory"
    CRAFTING_TABLE = "crafting_table"
    FURNACE = "furnace"


class Role(StrEnum):
    """What a slot is for."""

    RESULT = "result"  # what the crafting grid gives: nothing can be put there
    GRID = "grid"
    INPUT = "input"
    FUEL = "fuel"  # takes only what burns
    OUTPUT = "output"  # what the furnace made: nothing can be put there
    PACK = "pack"
    HOTBAR = "hotbar"
    OFF_HAND = "off_hand"


@dataclass(frozen=True, slots=True)
class Place:
    """One slot of a layout.

    Attributes:
        role: What it is for.
        index: Its number in what holds its stack: inventory, furnace or grid.
        x: Left edge of the 16 x 16 icon.
        y: Upper edge of the icon.
    """

    role: Role
    index: int
    x: int
    y: int

    def is_under(self, x: float, y: float) -> bool:
        """Whether a pointer there points at the slot: the icon and one pixel around it."""
        return self.x - 1 <= x < self.x + ICON + 1 and self.y - 1 <= y < self.y + ICON + 1


@dataclass(frozen=True)
class Layout:
    """The slots of one screen, in Minecraft's order, which quick moves follow.

    Attributes:
        title: What is written above the window's upper part.
        grid_width: Places in a row of the crafting grid; 0 for none.
        places: Every slot.
    """

    title: str
    grid_width: int
    places: tuple[Place, ...]

    def slot_at(self, x: float, y: float) -> int | None:
        """The number of the slot that a pointer at (x, y) points at."""
        for slot, place in enumerate(self.places):
            if place.is_under(x, y):
                return slot
        return None

    def with_role(self, *roles: Role) -> tuple[int, ...]:
        """The numbers of all slots with one of `roles`, in order."""
        return tuple(slot for slot, place in enumerate(self.places) if place.role in roles)

    @cached_property
    def carried_about(self) -> tuple[int, ...]:
        """The numbers of the slots of pack and hot-bar, in order."""
        return self.with_role(Role.PACK, Role.HOTBAR)


def in_window(x: float, y: float) -> bool:
    """Whether (x, y) lies in the window; a click anywhere else throws what the pointer carries."""
    return 0 <= x - WINDOW_X < WINDOW_WIDTH and 0 <= y - WINDOW_Y < WINDOW_HEIGHT


def _grid(left: int, top: int, width: int) -> Iterator[Place]:
    for place in range(width * width):
        row, column = divmod(place, width)
        yield Place(Role.GRID, place, left + PITCH * column, top + PITCH * row)


def _carried_about() -> Iterator[Place]:
    for index in range(HOTBAR_SIZE, PACK_SIZE):
        row, column = divmod(index - HOTBAR_SIZE, 9)
        yield Place(Role.PACK, index, 240 + PITCH * column, 181 + PITCH * row)
    for index in range(HOTBAR_SIZE):
        yield Place(Role.HOTBAR, index, 240 + PITCH * index, 239)


#: Every screen.
LAYOUTS: dict[ScreenKind, Layout] = {
    ScreenKind.INVENTORY: Layout(
        "Crafting",
        2,
        (
            Place(Role.RESULT, 0, 386, 125),
            *_grid(330, 115, 2),
            *_carried_about(),
            Place(Role.OFF_HAND, OFF_HAND, 309, 159),
        ),
    ),
    ScreenKind.CRAFTING_TABLE: Layout(
        "Crafting",
        3,
        (Place(Role.RESULT, 0, 356, 132), *_grid(262, 114, 3), *_carried_about()),
    ),
    ScreenKind.FURNACE: Layout(
        "Furnace",
        0,
        (
            Place(Role.INPUT, INPUT, 288, 114),
            Place(Role.FUEL, FUEL, 288, 150),
            Place(Role.OUTPUT, OUTPUT, 348, 132),
            *_carried_about(),
        ),
    ),
}
