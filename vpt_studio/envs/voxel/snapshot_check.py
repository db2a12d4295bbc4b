"""Whether what a snapshot says can be so: compiled loops trust the numbers they are given.

Everything here raises ValueError, with the field and what is wrong with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.blocks import FURNACES, Block
from vpt_studio.envs.voxel.collisions import TOUCH
from vpt_studio.envs.voxel.item_motion import ITEM_LIFE
from vpt_studio.envs.voxel.items import ITEMS, Item
from vpt_studio.envs.voxel.lighting import tops
from vpt_studio.envs.voxel.player_motion import HALF_WIDTH, ON_GROUND
from vpt_studio.envs.voxel.presets import HEIGHT
from vpt_studio.envs.voxel.screen_layout import LAYOUTS, ScreenKind
from vpt_studio.envs.voxel.smelting import burning_ticks
from vpt_studio.envs.voxel.snapshot_header import HIGHEST_Y, LOWEST_Y, Header

_FASTEST = 10.0  # metres per tick; a fall of 500 m ends with 4
_MOST_COUNTED = 2**40
_LONGEST_DELAY = 2**15
_LOWEST_YAW, _HIGHEST_YAW = -180.0, math.nextafter(180.0, 0.0)

_PLACES = ("x", "y", "z", "velocity along x", "velocity along y", "velocity along z")
_BODY = (*_PLACES, "yaw", "pitch", "fall distance", "jump pause", *("a flag",) * 7)
_DROP = ("item", "count", "wear", "age", "pickup delay", "thrown")
_FURNACE_BLOCKS = sorted(int(block) for pair in FURNACES.values() for block in pair)

_STACK_SIZES, _DURABILITIES = np.ones(len(Item) + 1, np.int64), np.ones(len(Item) + 1, np.int64)
for _item, _kind in ITEMS.items():
    _STACK_SIZES[_item], _DURABILITIES[_item] = _kind.stack_size, max(1, _kind.durability)


def check(header: Header, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Check everything that :class:`Header` does not; `arrays` have the right shapes and types."""
    size = header.preset.size
    if arrays["blocks"].max() >= len(Block):
        raise ValueError(f"blocks: there is no block {arrays['blocks'].max()}")
    if not np.array_equal(arrays["top"], tops(arrays["blocks"])):
        raise ValueError("top: it does not belong to the blocks")
    _check_body(size, arrays["body"])
    _check_body(size, np.array([*header.spawn, *[0.0] * (len(_BODY) - 3)]), "spawn")
    _check_drops(size, arrays["drop_motion"], arrays["drop_numbers"])
    for name, lowest, highest in (
        ("ledger", 0, _MOST_COUNTED),
        ("obtained", 0, _MOST_COUNTED),
        ("first_ticks", -1, header.tick),
    ):
        counts = arrays[name].reshape(-1, len(Item) + 1)
        _check_ranges(name, counts, ["nothing", *(item.label for item in Item)], lowest, highest)
    _check_cells(header)
    _check_furnaces(header, arrays["blocks"])
    _check_screen(header)


def _check_ranges(
    field: str, numbers: npt.NDArray[Any], names: Sequence[str], lowest: Any, highest: Any
) -> None:
    """Whether every number is within its range; `names` are those of the last axis."""
    wrong = ~((lowest <= numbers) & (numbers <= highest))  # NaN is wrong too
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0])
        low, high = (np.broadcast_to(end, numbers.shape)[place] for end in (lowest, highest))
        raise ValueError(f"{field}: {names[place[-1]]} is {numbers[place]}, not from {low} to {high}")


def _check_body(size: int, body: npt.NDArray[np.float64], field: str = "body") -> None:
    # A body farther out would go through the world's side, where the loops have no cells.
    side = HALF_WIDTH - TOUCH / 2
    middle = ((side, size - side), (LOWEST_Y, HIGHEST_Y), (side, size - side))
    view = ((_LOWEST_YAW, _HIGHEST_YAW), (-90.0, 90.0), (0.0, 1024.0), (0.0, 10.0))
    lowest, highest = np.array([*middle, *((-_FASTEST, _FASTEST),) * 3, *view, *((0.0, 1.0),) * 7]).T
    _check_ranges(field, body, _BODY, lowest, highest)
    if not np.isin(body[ON_GROUND:], (0.0, 1.0)).all():
        raise ValueError(f"{field}: a flag is neither 0 nor 1")


def _check_drops(size: int, motion: npt.NDArray[np.float64], numbers: npt.NDArray[np.int32]) -> None:
    inside = (0.0, math.nextafter(size, 0.0))
    lowest, highest = np.array([inside, (LOWEST_Y, HIGHEST_Y + 8), inside, *((-_FASTEST, _FASTEST),) * 3]).T
    _check_ranges("drop_motion", motion, _PLACES, lowest, highest)
    items = numbers[:, 0]
    _check_ranges("drop_numbers", items[:, None], _DROP, 1, len(Item))
    limits = np.empty(numbers.shape, np.int64)
    limits[:] = len(Item), 0, 0, ITEM_LIFE - 1, _LONGEST_DELAY, 1
    limits[:, 1], limits[:, 2] = _STACK_SIZES[items], _DURABILITIES[items] - 1
    _check_ranges("drop_numbers", numbers, _DROP, np.array([1, 1, 0, 0, 0, 0]), limits)


def _check_cells(header: Header) -> None:
    size = header.preset.size
    cells = [("unsettled", cell) for cell, _ in header.unsettled]
    cells += [("falling", (block.x, 0, block.z)) for block in header.falling]
    if header.digging.cell is not None:
        cells.append(("digging", header.digging.cell))
    if header.opened_at is not None:
        cells.append(("opened_at", header.opened_at))
    for field, (x, y, z) in cells:
        if x >= size or y >= HEIGHT or z >= size:
            raise ValueError(f"{field}: there is no cell {x}, {y}, {z}")


def _check_furnaces(header: Header, blocks: npt.NDArray[np.uint8]) -> None:
    first, last = _FURNACE_BLOCKS[0], _FURNACE_BLOCKS[-1]
    near = np.flatnonzero((blocks - np.uint8(first)) <= last - first)  # below the first it wraps around
    places = near[np.isin(blocks.reshape(-1)[near], _FURNACE_BLOCKS)]
    x, z, y = np.unravel_index(places, blocks.shape)
    if sorted(zip(x.tolist(), y.tolist(), z.tolist(), strict=True)) != [cell for cell, _ in header.furnaces]:
        raise ValueError("furnaces: they are not where the blocks have furnaces")
    smelting_ticks = header.preset.smelting_ticks
    longest = max(burning_ticks(item, smelting_ticks) for item in Item)
    for cell, furnace in header.furnaces:
        if not furnace.burn_left <= furnace.burn_total <= longest or furnace.progress >= smelting_ticks:
            raise ValueError(f"furnaces: that of {cell} burns or smelts too long")


def _check_screen(header: Header) -> None:
    screen, cell, click = header.screen, header.opened_at, header.last_click
    kind = None if screen is None else screen.kind
    if (cell is not None) != (kind in (ScreenKind.CRAFTING_TABLE, ScreenKind.FURNACE)):
        raise ValueError("opened_at: it does not fit the open screen")
    if kind is ScreenKind.FURNACE and cell not in [place for place, _ in header.furnaces]:
        raise ValueError(f"opened_at: there is no furnace at {cell}")
    if click is not None and (
        kind is None or click[0] >= len(LAYOUTS[kind].places) or click[1] > header.tick
    ):
        raise ValueError(f"last_click: there was no click on slot {click[0]} in tick {click[1]}")
