"""What a slot shows: the item's icon, how many there are, and how worn a tool is."""

from __future__ import annotations

import colorsys
import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.art.item_icons import item_icon
from vpt_studio.envs.voxel.art.pixel_font import text_sprite
from vpt_studio.envs.voxel.items import ITEMS, Item, Stack

_ICON = 16
_WHITE = (255, 255, 255)
_BAR_LEFT, _BAR_TOP, _BAR_WIDTH = 2, 13, 13


def stack_sprite(stack: Stack) -> npt.NDArray[np.uint8]:
    """`stack` as it lies in a slot, to be laid with its upper left pixel on the slot's; do not change it.

    Returns:
        uint8 [17, 17, 4] RGBA. The icon takes 16 x 16; the shadow of the count sticks out at the lower right.
    """
    return _sprite(stack.item, stack.count, _bar_length(stack))


def _bar_length(stack: Stack) -> int:
    """Pixels of the bar under a worn tool, 0 to 13; -1 where there is none."""
    durability = ITEMS[stack.item].durability
    if not stack.wear or not durability:
        return -1
    return math.ceil(_BAR_WIDTH * max(durability - stack.wear, 0) / durability)


@lru_cache(maxsize=1024)  # 1.2 kB each
def _sprite(item: Item, count: int, bar: int) -> npt.NDArray[np.uint8]:
    sprite = np.zeros((_ICON + 1, _ICON + 1, 4), np.uint8)
    sprite[:_ICON, :_ICON] = item_icon(item)
    if bar >= 0:
        sprite[_BAR_TOP : _BAR_TOP + 2, _BAR_LEFT : _BAR_LEFT + _BAR_WIDTH] = (0, 0, 0, 255)
        green_to_red = colorsys.hsv_to_rgb(bar / _BAR_WIDTH / 3, 1.0, 0.95)
        colour = (*(round(255 * part) for part in green_to_red), 255)
        sprite[_BAR_TOP, _BAR_LEFT : _BAR_LEFT + bar] = colour
    if count > 1:
        digits = text_sprite(str(count), _WHITE, True)
        place = sprite[
            -len(digits) + 1 :, -digits.shape[1] :
        ]  # the row of tails below the base line is empty
        inked = digits[: len(place), :, 3] > 0
        place[inked] = digits[: len(place)][inked]
    return sprite
