"""The small pictures that lie over the world: hearts, bubbles, the crosshair and the hot-bar.

All are RGBA, not premultiplied, and shared: whoever gets one must not change it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

Sprite = npt.NDArray[np.uint8]  # [h, w, 4]
_Palette = dict[str, tuple[int, int, int, int]]

#: Pixels from one heart or bubble to the next; each is 9 x 9.
SYMBOL_STEP: Final = 8
#: Hearts, and bubbles, in a row.
SYMBOLS: Final = 10
#: Pixels from one slot of the hot-bar to the next.
SLOT_STEP: Final = 20

_CLEAR = (0, 0, 0, 0)


def sprite_of(rows: str, palette: _Palette) -> Sprite:
    """The sprite drawn with letters, one word a row; a dot is clear.

    Args:
        rows: The rows from top to bottom.
        palette: The RGBA colour of each letter.
    """
    return np.array([[_CLEAR if x == "." else palette[x] for x in row] for row in rows.split()], np.uint8)


_HEART = """
.ooo.ooo.
ohrrorrro
ohrrrrrro
orrrrrrdo
orrrrrrdo
.orrrrdo.
..orrdo..
...odo...
....o....
"""
_HEART_COLOURS: _Palette = {
    "o": (24, 8, 12, 255),
    "h": (255, 190, 178, 255),
    "r": (222, 36, 40, 255),
    "d": (150, 14, 30, 255),
}
_EMPTY_HEART_COLOURS: _Palette = {
    "o": (24, 8, 12, 255),
    "h": (62, 34, 38, 220),
    "r": (62, 34, 38, 220),
    "d": (44, 22, 26, 220),
}
_HURT_OUTLINE = (255, 255, 255, 255)

_BUBBLE = """
..ooooo..
.obbbbbo.
obwwbbblo
obwbbbblo
obbbbbblo
obbbbbblo
obbbbbllo
.obllllo.
..ooooo..
"""
_POPPING_BUBBLE = """
.o..w..o.
..w...w..
.........
o.......o
w.......w
o.......o
.........
..w...w..
.o..w..o.
"""
_BUBBLE_COLOURS: _Palette = {
    "o": (22, 62, 128, 255),
    "b": (96, 168, 240, 190),
    "l": (156, 210, 255, 220),
    "w": (255, 255, 255, 255),
}


@lru_cache(maxsize=64)
def heart_row(health: int, hurt: bool) -> Sprite:
    """Ten hearts of which `health` halves (0 to 20) are full, 9 x 81; with bright edges when `hurt`."""
    full, empty = sprite_of(_HEART, _HEART_COLOURS), sprite_of(_HEART, _EMPTY_HEART_COLOURS)
    if hurt:
        outline = np.array([[x == "o" for x in row] for row in _HEART.split()])
        full[outline] = empty[outline] = _HURT_OUTLINE
    half = np.hstack([full[:, :5], empty[:, 5:]])
    return _row([full if health >= 2 * i + 2 else half if health == 2 * i + 1 else empty for i in range(10)])


@lru_cache(maxsize=64)
def bubble_row(full: int, popping: bool) -> Sprite:
    """`full` bubbles from the right, one more that bursts if `popping`; 9 x 81, room for ten."""
    whole, burst = sprite_of(_BUBBLE, _BUBBLE_COLOURS), sprite_of(_POPPING_BUBBLE, _BUBBLE_COLOURS)
    nothing = np.zeros_like(whole)
    from_right = [whole] * full + [burst] * popping
    return _row([*[nothing] * (SYMBOLS - len(from_right)), *reversed(from_right)])


def _row(symbols: list[Sprite]) -> Sprite:
    row = np.zeros((9, SYMBOL_STEP * (SYMBOLS - 1) + 9, 4), np.uint8)
    for i, symbol in enumerate(symbols):
        place = row[:, SYMBOL_STEP * i : SYMBOL_STEP * i + 9]
        seen = symbol[:, :, 3] > 0  # neighbours share a column
        place[seen] = symbol[seen]
    return row


@lru_cache(maxsize=1)
def crosshair() -> Sprite:
    """A light cross of 9 x 9 with a faint dark edge, seen before snow and in caves; 15 x 15."""
    cross = np.zeros((15, 15, 4), np.uint8)
    edge, light = (0, 0, 0, 90), (240, 240, 240, 225)
    cross[2:13, 6:9] = cross[6:9, 2:13] = edge
    cross[3:12, 7] = cross[7, 3:12] = light
    return cross


@lru_cache(maxsize=1)
def hotbar() -> Sprite:
    """The nine empty slots, 22 x 182."""
    bar = np.zeros((22, SLOT_STEP * 9 + 2, 4), np.uint8)
    bar[:] = (16, 17, 20, 215)
    for left in range(1, SLOT_STEP * 9, SLOT_STEP):
        _slot(bar, left, 1)
    return bar


@lru_cache(maxsize=1)
def offhand_slot() -> Sprite:
    """The slot beside the hot-bar, 22 x 22."""
    frame = np.zeros((22, 22, 4), np.uint8)
    frame[:] = (16, 17, 20, 215)
    _slot(frame, 1, 1)
    return frame


def _slot(picture: Sprite, left: int, top: int) -> None:
    cell = picture[top : top + 20, left : left + 20]
    cell[:] = (134, 138, 144, 215)
    cell[1:, 1:] = (84, 88, 94, 215)
    cell[1:19, 1:19] = (30, 32, 36, 135)


@lru_cache(maxsize=1)
def selection() -> Sprite:
    """The frame around the slot in hand, 24 x 24; its middle of 16 x 16 is clear."""
    frame = np.zeros((24, 24, 4), np.uint8)
    frame[:] = (8, 9, 12, 255)
    frame[1:23, 1:23] = (206, 210, 216, 255)
    frame[1:22, 1:22] = (255, 255, 255, 255)
    frame[3:21, 3:21] = (8, 9, 12, 200)
    frame[4:20, 4:20] = _CLEAR
    return frame
