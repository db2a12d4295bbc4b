"""The book of every item that came into being or went out of it, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.items import Item


class Cause(IntEnum):
    """Why items appeared, vanished or changed hands. Ids are stored in snapshots: append, never renumber."""

    MINED = 0  # appeared: what a broken block left
    CRAFTED = 1  # appeared: taken from the result slot of a crafting grid
    SMELTED = 2  # appeared: came out of a furnace
    GIVEN = 3  # appeared: put there by whoever set the world up
    USED_UP = 4  # vanished: went into something crafted or smelted
    BURNED = 5  # vanished: was a furnace's fuel
    PLACED = 6  # vanished: became a block
    WORN_OUT = 7  # vanished: a tool that broke
    LOST = 8  # vanished: lay on the ground too long, or fell into lava
    PICKED_UP = 9  # changed hands: from the ground to the player
    THROWN = 10  # changed hands: from the player to the ground


#: What the causes do to the number of items there are; those in neither set only move items.
CREATING = (Cause.MINED, Cause.CRAFTED, Cause.SMELTED, Cause.GIVEN)
DESTROYING = (Cause.USED_UP, Cause.BURNED, Cause.PLACED, Cause.WORN_OUT, Cause.LOST)


@dataclass(eq=False)
class Ledger:
    """How many of each item each cause concerned since the world began.

    At any moment, and for every item, all that lies in inventory, screen, furnaces and on the ground is
    ``created - destroyed``.

    Attributes:
        counts: int64 [len(Cause), len(Item) + 1], by cause and item id; a snapshot is a copy of it.
    """

    counts: npt.NDArray[np.int64] = field(
        default_factory=lambda: np.zeros((len(Cause), len(Item) + 1), np.int64)
    )

    def book(self, cause: Cause, item: Item, count: int = 1) -> None:
        """Note that `cause` concerned `count` of `item`."""
        self.counts[cause, item] += count

    @property
    def created(self) -> npt.NDArray[np.int64]:
        """int64 [len(Item) + 1]: how many of each item ever appeared."""
        return self.counts[list(CREATING)].sum(axis=0)

    @property
    def destroyed(self) -> npt.NDArray[np.int64]:
        """int64 [len(Item) + 1]: how many of each item ever vanished."""
        return self.counts[list(DESTROYING)].sum(axis=0)

    def statistics(self) -> dict[str, dict[str, int]]:
        """What there is to tell, by cause and item in MineRL's spelling: ``{"mined": {"oak_log": 3}}``."""
        told = {
            cause.name.lower(): {
                item.label: int(self.counts[cause, item]) for item in Item if self.counts[cause, item]
            }
            for cause in Cause
        }
        return {cause: items for cause, items in told.items() if items}
