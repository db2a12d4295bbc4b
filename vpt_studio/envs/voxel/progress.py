"""How much of each item a player has come by, whatever became of it since."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.ledger import Cause, Ledger
from vpt_studio.envs.voxel.recipes import RECIPES

Counts = npt.NDArray[np.int64]

_CONSUMING = [Cause.USED_UP, Cause.BURNED, Cause.WORN_OUT]
#: What nine of one item can be packed into and unpacked from.
_PACKED = {
    Item.COAL: Item.COAL_BLOCK,
    Item.IRON_INGOT: Item.IRON_BLOCK,
    Item.GOLD_INGOT: Item.GOLD_BLOCK,
    Item.DIAMOND: Item.DIAMOND_BLOCK,
}

_ONE_WAY = np.zeros(len(Item) + 1, bool)  # crafted from what nobody gets back
_ONE_WAY[[recipe.result for recipe in RECIPES]] = True
_ONE_WAY[[*_PACKED, *_PACKED.values()]] = False


@dataclass(eq=False)
class Progress:
    """Counts what was obtained, so that taking back one's own things counts for nothing.

    What a player has and what went into crafting, smelting and tools add up to what was ever obtained.
    Blocks placed and items thrown leave that sum and enter it again when they are taken back; only a new
    highest sum is progress. So placing and digging a block, or throwing and catching a thing, or packing
    nine diamonds into a block and unpacking them, or smelting cobblestone to stone and digging that, earns
    nothing. What can only be crafted counts as often as it was crafted: that uses up what it is made of.

    Attributes:
        obtained: int64 [63] by item id: the highest sum so far.
        first_ticks: int64 [63]: the tick after which each was first there, -1 for never.
    """

    obtained: Counts = field(default_factory=lambda: np.zeros(len(Item) + 1, np.int64))
    first_ticks: Counts = field(default_factory=lambda: np.full(len(Item) + 1, -1, np.int64))

    def update(self, has: Counts, ledger: Ledger, tick: int) -> None:
        """Take note of a tick.

        Args:
            has: int64 [63]: what the player has, on screens too.
            ledger: The account of all items.
            tick: The tick's number.
        """
        total = np.maximum(has + _consumed(ledger), np.where(_ONE_WAY, ledger.counts[Cause.CRAFTED], 0))
        if (total > self.obtained).any():
            self.obtained = np.maximum(total, self.obtained)
            self.first_ticks[(self.obtained > 0) & (self.first_ticks < 0)] = tick


def _consumed(ledger: Ledger) -> Counts:
    consumed = ledger.counts[_CONSUMING].sum(axis=0)
    crafted = ledger.counts[Cause.CRAFTED]
    for piece, block in _PACKED.items():
        consumed[piece] -= 9 * crafted[block]
        consumed[block] -= crafted[piece] // 9
    consumed[Item.COBBLESTONE] -= ledger.counts[Cause.SMELTED, Item.STONE]  # it comes back when stone is dug
    return consumed
