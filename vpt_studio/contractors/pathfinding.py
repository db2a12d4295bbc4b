"""Ways through what was seen: walking, jumping, swimming, and digging where that is allowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vpt_studio.contractors.memory import UNSEEN, Memory
from vpt_studio.contractors.way_search import FREE, LAVA, SOLID, UNKNOWN, WATER, search
from vpt_studio.envs.voxel.blocks import BLOCKS, Block, Shape
from vpt_studio.envs.voxel.world import Cell

__all__ = [
    "FREE",
    "LAVA",
    "NOT_DUG",
    "PASSAGE",
    "SOLID",
    "UNKNOWN",
    "WATER",
    "Costs",
    "Goal",
    "Way",
    "find_way",
]

#: uint8 [256]: how a cell lets a body through (``FREE`` and the like), by what memory holds of it.
PASSAGE = np.full(256, SOLID, np.uint8)
for _id, _kind in BLOCKS.items():
    if _kind.shape is Shape.FLUID:
        PASSAGE[_id] = WATER if _id is Block.WATER else LAVA
    elif not _kind.solid:
        PASSAGE[_id] = FREE
PASSAGE[UNSEEN] = UNKNOWN

_FALLS = np.zeros(256, np.uint8)
for _id, _kind in BLOCKS.items():
    _FALLS[_id] = _kind.falls

#: Never dug.
NOT_DUG = np.float32(1e9)


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a way should lead.

    Attributes:
        cell: What it is about.
        reach: Metres from the eyes to the middle of `cell` that are near enough; 0 to stand near it.
        across: Cells that may lie between the feet and `cell` along x and z, without a `reach`.
        upright: Cells that may lie between them up and down, without a `reach`.
    """

    cell: Cell
    reach: float = 0.0
    across: int = 0
    upright: int = 0


@dataclass(frozen=True, slots=True)
class Costs:
    """What ways may go through, in ticks.

    Attributes:
        digging: float32 [256]: ticks to break each block, ``NOT_DUG`` for none; the place
            UNSEEN is for what was never seen.
        stride: Ticks a cell of the way is thought to take where nothing is known yet.
    """

    digging: npt.NDArray[np.float32]
    stride: float = 4.5


@dataclass(frozen=True, slots=True)
class Way:
    """Cells to go through, and whether the last is where one wanted to be."""

    cells: tuple[Cell, ...]
    complete: bool


def find_way(memory: Memory, start: Cell, goal: Goal, costs: Costs, most: int = 12_000) -> Way:
    """The cheapest way that is known from `start`, or one that gets as near as is known.

    Args:
        memory: What was seen.
        start: The cell of the feet.
        goal: Where to.
        costs: What may be dug.
        most: Cells looked at before giving up.
    """
    wish = np.array([*goal.cell, goal.reach, goal.across, goal.upright], np.float64)
    path, complete = search(
        memory.seen, PASSAGE, _FALLS, costs.digging, np.array(start, np.int64), wish, costs.stride, most
    )
    return Way(tuple((int(x), int(y), int(z)) for x, y, z in path), bool(complete))
