"""The screens one works with the pointer: the inventory, the crafting table and the furnace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vpt_studio.envs.voxel import clicking
from vpt_studio.envs.voxel.clicking import Button
from vpt_studio.envs.voxel.inventory import HOTBAR_SIZE, OFF_HAND, Inventory, row_of, stack_of
from vpt_studio.envs.voxel.items import Stack
from vpt_studio.envs.voxel.ledger import Ledger
from vpt_studio.envs.voxel.screen_contents import ScreenContents
from vpt_studio.envs.voxel.screen_layout import LAYOUTS, Role, ScreenKind, in_window
from vpt_studio.envs.voxel.smelting import Furnace
from vpt_studio.envs.voxel.spreading import Spread


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot as it is drawn.

    Attributes:
        role: What it is for.
        x: Left edge of the 16 x 16 icon in the 640x360 picture.
        y: Upper edge of the icon.
        stack: What lies in it.
    """

    role: Role
    x: int
    y: int
    stack: Stack | None


class Screen:
    """An open screen, worked by a pointer in the 640x360 picture.

    The screen changes the inventory and the furnace it was opened with at once; its own are only the
    crafting grid and what the pointer carries. What :meth:`close` and the others return is to be thrown
    into the world.

    Attributes:
        kind: Which of the three.
    """

    def __init__(
        self, kind: ScreenKind, inventory: Inventory, ledger: Ledger, furnace: Furnace | None = None
    ) -> None:
        """Open a screen.

        Args:
            kind: Which of the three.
            inventory: What the player carries.
            ledger: Where crafting is booked.
            furnace: The furnace, for its screen.
        """
        self.kind = kind
        self._layout = LAYOUTS[kind]
        self._contents = ScreenContents(self._layout, inventory, ledger, furnace)
        self._furnace = furnace
        self._spread: Spread | None = None

    @property
    def title(self) -> str:
        """What is written above the window's upper part."""
        return self._layout.title

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every slot as it is now; the numbers are those of :meth:`slot_at`."""
        return tuple(
            Slot(place.role, place.x, place.y, self._contents[slot])
            for slot, place in enumerate(self._layout.places)
        )

    @property
    def carried(self) -> Stack | None:
        """What hangs on the pointer."""
        return self._contents.carried

    @property
    def result(self) -> Stack | None:
        """What the crafting grid gives now."""
        return self._contents.grid.result

    @property
    def burn_share(self) -> float:
        """How much is left of what burns in the furnace, 0 to 1; 0 on other screens."""
        return self._furnace.burn_share if self._furnace else 0.0

    @property
    def progress_share(self) -> float:
        """How far the piece in the furnace has come, 0 to 1; 0 on other screens."""
        return self._furnace.progress_share if self._furnace else 0.0

    def slot_at(self, x: float, y: float) -> int | None:
        """The number of the slot under a pointer at (x, y), or None."""
        return self._layout.slot_at(x, y)

    def own_stacks(self) -> list[Stack]:
        """What the screen itself holds: the crafting grid's stacks and what hangs on the pointer."""
        grid, carried = self._contents.grid, self._contents.carried
        return [stack for stack in (*grid.stacks, carried) if stack is not None]

    def press(
        self, button: Button, x: float, y: float, *, shift: bool = False, double: bool = False
    ) -> list[Stack]:
        """A button of the mouse goes down at (x, y).

        Args:
            button: "left" or "right".
            x: Where the pointer is, in pixels of the 640x360 picture.
            y: Where the pointer is.
            shift: The sneak key is held: a quick move.
            double: The left button went down on the same slot within the last quarter of a second.

        Returns:
            The stacks to be thrown into the world.
        """
        contents = self._contents
        self._spread = None
        if not in_window(x, y):
            return clicking.throw_carried(contents, button)
        slot = self.slot_at(x, y)
        if slot is None:
            return []
        if shift:
            return clicking.quick_move(contents, slot)
        if double and button == "left" and contents.carried is not None and contents[slot] is None:
            clicking.gather(contents, slot)
            return []
        before = contents.carried
        clicking.click(contents, slot, button)
        if before is not None:
            self._spread = Spread.begun(contents, slot, button, before)
        return []

    def drag(self, x: float, y: float) -> None:
        """The pointer moved to (x, y) while the button of the last press stayed down."""
        slot = self.slot_at(x, y)
        if self._spread is not None and slot is not None:
            self._spread.extend(self._contents, slot)

    def release(self) -> None:
        """The button went up."""
        self._spread = None

    def number_key(self, number: int, x: float, y: float) -> None:
        """The key of the hot-bar's slot `number` (0 to 8): exchange it with the slot under the pointer."""
        if not 0 <= number < HOTBAR_SIZE:
            raise ValueError(f"the hot-bar has slots 0 to {HOTBAR_SIZE - 1}, not {number}")
        self._swap(number, x, y)

    def swap_hands_key(self, x: float, y: float) -> None:
        """The key for the off hand: exchange it with the slot under the pointer."""
        self._swap(OFF_HAND, x, y)

    def _swap(self, own: int, x: float, y: float) -> None:
        slot = self.slot_at(x, y)
        if slot is not None and self._spread is None:
            clicking.swap_with(self._contents, slot, own)

    def drop_key(self, x: float, y: float, *, everything: bool = False) -> list[Stack]:
        """The drop key: throw one of what is under the pointer, or all of it."""
        slot = self.slot_at(x, y)
        if slot is None or self._spread is not None:
            return []
        return clicking.throw_from(self._contents, slot, clicking.ALL if everything else 1)

    def close(self) -> list[Stack]:
        """Put grid and pointer back into the inventory; return what did not fit, to be thrown.

        Minecraft 1.16 throws what hangs on the pointer; here nothing is lost by closing a screen. What
        lies in a furnace stays there.
        """
        self._spread = None
        stacks = self.own_stacks()
        self._contents.grid.clear()
        self._contents.carried = None
        left = (self._contents.inventory.add(stack) for stack in stacks)
        return [stack for stack in left if stack is not None]

    def to_state(self) -> dict[str, Any]:
        """All that is the screen's own, for JSON: inventory and furnace are not."""
        return {
            "kind": self.kind.value,
            "grid": [row_of(stack) for stack in self._contents.grid.stacks],
            "carried": row_of(self._contents.carried),
            "spread": self._spread.to_state() if self._spread else None,
        }

    @classmethod
    def from_state(
        cls, state: dict[str, Any], inventory: Inventory, ledger: Ledger, furnace: Furnace | None = None
    ) -> Screen:
        """The screen that :meth:`to_state` wrote down, over these."""
        screen = cls(ScreenKind(state["kind"]), inventory, ledger, furnace)
        for place, row in enumerate(state["grid"]):
            screen._contents.grid[place] = stack_of(row)
        screen._contents.carried = stack_of(state["carried"])
        screen._spread = Spread.from_state(state["spread"]) if state["spread"] else None
        return screen
