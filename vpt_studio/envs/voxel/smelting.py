"""Furnaces: what is in them, how long they burn, how far the piece in them has come."""

from __future__ import annotations

import math
from typing import Any

from vpt_studio.envs.voxel.inventory import row_of, stack_of
from vpt_studio.envs.voxel.items import ITEMS, Item, Stack
from vpt_studio.envs.voxel.ledger import Cause, Ledger
from vpt_studio.envs.voxel.recipes import SMELTING

#: The slots of a furnace.
INPUT, FUEL, OUTPUT = 0, 1, 2

#: Ticks for one piece in Minecraft, by which its fuel times are meant.
USUAL_SMELTING_TICKS = 200


def burning_ticks(item: Item, smelting_ticks: int) -> int:
    """Ticks that one of `item` burns; 0 when it does not burn.

    A world that smelts faster burns its fuel faster by the same factor, so that a piece of coal smelts
    eight things in every world.
    """
    return math.ceil(ITEMS[item].fuel_ticks * smelting_ticks / USUAL_SMELTING_TICKS)


class Furnace:
    """One furnace; ``furnace[INPUT]`` reads a slot, ``furnace[INPUT] = stack`` replaces it.

    Attributes:
        smelting_ticks: Ticks it takes for one piece.
        burn_left: Ticks it goes on burning.
        burn_total: Ticks that what burns in it burns altogether.
        progress: Ticks that the piece in it has been smelted for.
    """

    def __init__(self, smelting_ticks: int = USUAL_SMELTING_TICKS) -> None:
        self.smelting_ticks = smelting_ticks
        self.burn_left = 0
        self.burn_total = 0
        self.progress = 0
        self._slots: list[Stack | None] = [None, None, None]

    def __getitem__(self, slot: int) -> Stack | None:
        return self._slots[slot]

    def __setitem__(self, slot: int, stack: Stack | None) -> None:
        before = self._slots[slot]
        if slot == INPUT and (stack is None or not stack.stacks_with(before)):
            self.progress = 0  # another piece starts from the beginning
        self._slots[slot] = stack

    @property
    def lit(self) -> bool:
        """Whether it burns."""
        return self.burn_left > 0

    @property
    def burn_share(self) -> float:
        """How much is left of what burns in it, 0 to 1."""
        return self.burn_left / self.burn_total if self.burn_total else 0.0

    @property
    def progress_share(self) -> float:
        """How far the piece in it has come, 0 to 1."""
        return self.progress / self.smelting_ticks

    def stacks(self) -> list[Stack]:
        """What is in it."""
        return [stack for stack in self._slots if stack is not None]

    def tick(self, ledger: Ledger) -> bool:
        """Let one tick pass, in Minecraft 1.16's order; return whether it went on or out.

        It burns down by a tick; if it is out and there is something to smelt, the next piece of fuel goes
        in at once. A piece that is smelted loses its progress when the output is full, and two ticks of
        it per tick while nothing burns. (Order from own knowledge of the game.)
        """
        was_lit = self.lit
        self.burn_left = max(0, self.burn_left - 1)
        piece, fuel = self._slots[INPUT], self._slots[FUEL]
        if self.lit or (piece is not None and fuel is not None):
            ready = self._can_smelt()
            if ready and not self.lit:
                self._light(ledger)
            if ready and self.lit:
                self._advance(ledger)
            else:
                self.progress = 0
        elif self.progress:
            self.progress = max(0, self.progress - 2)
        return was_lit != self.lit

    def _can_smelt(self) -> bool:
        piece, output = self._slots[INPUT], self._slots[OUTPUT]
        if piece is None or piece.item not in SMELTING:
            return False
        return output is None or (output.item == SMELTING[piece.item] and output.room > 0)

    def _light(self, ledger: Ledger) -> None:
        fuel = self._slots[FUEL]
        if fuel is None or not ITEMS[fuel.item].fuel_ticks:
            return
        self.burn_left = self.burn_total = burning_ticks(fuel.item, self.smelting_ticks)
        self._slots[FUEL] = fuel.of(fuel.count - 1)
        ledger.book(Cause.BURNED, fuel.item)

    def _advance(self, ledger: Ledger) -> None:
        self.progress += 1
        if self.progress < self.smelting_ticks:
            return
        self.progress = 0
        piece, output = self._slots[INPUT], self._slots[OUTPUT]
        assert piece is not None
        result = SMELTING[piece.item]
        self._slots[OUTPUT] = Stack(result, 1 if output is None else output.count + 1)
        self._slots[INPUT] = piece.of(piece.count - 1)
        ledger.book(Cause.SMELTED, result)
        ledger.book(Cause.USED_UP, piece.item)

    def to_state(self) -> dict[str, Any]:
        """All that is so in it, for JSON; how fast it smelts is the world's."""
        return {
            "slots": [row_of(stack) for stack in self._slots],
            "burn_left": self.burn_left,
            "burn_total": self.burn_total,
            "progress": self.progress,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any], smelting_ticks: int) -> Furnace:
        """The furnace that :meth:`to_state` wrote down."""
        furnace = cls(smelting_ticks)
        for slot, row in enumerate(state["slots"]):
            furnace[slot] = stack_of(row)
        furnace.burn_left = state["burn_left"]
        furnace.burn_total = state["burn_total"]
        furnace.progress = state["progress"]
        return furnace
