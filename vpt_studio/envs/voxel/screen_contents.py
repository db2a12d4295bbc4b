"""What lies in the slots of an open screen, whoever holds it, and on the pointer."""

from __future__ import annotations

from typing import Protocol

from vpt_studio.envs.voxel.crafting import CraftingGrid
from vpt_studio.envs.voxel.inventory import Inventory
from vpt_studio.envs.voxel.items import ITEMS, Stack
from vpt_studio.envs.voxel.ledger import Ledger
from vpt_studio.envs.voxel.screen_layout import Layout, Role
from vpt_studio.envs.voxel.smelting import Furnace


class _Holder(Protocol):
    def __getitem__(self, index: int) -> Stack | None: ...
    def __setitem__(self, index: int, stack: Stack | None) -> None: ...


class ScreenContents:
    """The stacks of a screen by the slot numbers of its layout: ``contents[slot]``.

    Attributes:
        layout: The screen's slots.
        inventory: What the player carries.
        grid: The crafting grid; without places where there is none.
        ledger: Where crafting is booked.
        carried: What hangs on the pointer.
    """

    def __init__(
        self, layout: Layout, inventory: Inventory, ledger: Ledger, furnace: Furnace | None = None
    ) -> None:
        self.layout = layout
        self.inventory = inventory
        self.ledger = ledger
        self.grid = CraftingGrid(layout.grid_width)
        self.carried: Stack | None = None
        self._holders = tuple(self._holder(place.role, furnace) for place in layout.places)

    def _holder(self, role: Role, furnace: Furnace | None) -> _Holder:
        if role in (Role.INPUT, Role.FUEL, Role.OUTPUT):
            if furnace is None:
                raise ValueError("a furnace's screen needs its furnace")
            return furnace
        return self.grid if role in (Role.GRID, Role.RESULT) else self.inventory

    def __getitem__(self, slot: int) -> Stack | None:
        place = self.layout.places[slot]
        return self.grid.result if place.role is Role.RESULT else self._holders[slot][place.index]

    def __setitem__(self, slot: int, stack: Stack | None) -> None:
        place = self.layout.places[slot]
        assert place.role is not Role.RESULT
        self._holders[slot][place.index] = stack

    def role(self, slot: int) -> Role:
        """What `slot` is for."""
        return self.layout.places[slot].role

    def may_place(self, slot: int, stack: Stack) -> bool:
        """Whether `slot` takes things like `stack`, room aside."""
        role = self.role(slot)
        if role is Role.FUEL:
            return ITEMS[stack.item].fuel_ticks > 0
        return role not in (Role.RESULT, Role.OUTPUT)

    def take(self, slot: int, count: int) -> Stack | None:
        """Take up to `count` out of `slot`; of the crafting grid's result only the whole can be taken."""
        here = self[slot]
        if here is None or count < 1:
            return None
        if self.role(slot) is Role.RESULT:
            return self.grid.craft(self.ledger)
        taken = min(count, here.count)
        self[slot] = here.of(here.count - taken)
        return here.of(taken)
