"""The panels of the screens: light grey with bevelled edges, sunken slots, arrows, a flame and a figure.

All are RGBA, not premultiplied, and shared: whoever gets one must not change it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import numpy as np

from vpt_studio.envs.voxel.art.gui_symbols import Sprite, sprite_of
from vpt_studio.envs.voxel.art.pixel_font import text_sprite
from vpt_studio.envs.voxel.screen_layout import (
    ICON,
    LAYOUTS,
    WINDOW_HEIGHT,
    WINDOW_WIDTH,
    WINDOW_X,
    WINDOW_Y,
    Role,
    ScreenKind,
)

_Colour = tuple[int, int, int, int]

_FACE: _Colour = (200, 201, 204, 255)
_LIGHT: _Colour = (250, 251, 252, 255)
_SHADE: _Colour = (112, 114, 120, 255)
_OUTLINE: _Colour = (14, 15, 18, 255)
_CARVED: _Colour = (142, 144, 149, 255)
_CARVED_DARK: _Colour = (60, 62, 68, 255)
_CARVED_LIGHT: _Colour = (238, 239, 241, 255)
_CLEAR: _Colour = (0, 0, 0, 0)


def _blank_panel() -> Sprite:
    """A panel with nothing on it, 166 x 176: outlined, light from the upper left, with clipped corners."""
    panel = np.zeros((WINDOW_HEIGHT, WINDOW_WIDTH, 4), np.uint8)
    panel[:] = _OUTLINE
    panel[1:-1, 1:-1] = _SHADE
    panel[1:-3, 1:-3] = _LIGHT
    panel[3:-3, 3:-3] = _FACE
    panel[-3:-1, 1:3] = panel[1:3, -3:-1] = _FACE  # where light and shade meet
    for rows, columns in ((slice(0, 1), slice(0, 2)), (slice(0, 2), slice(0, 1))):
        panel[rows, columns] = panel[rows, _mirrored(columns)] = _CLEAR
        panel[_mirrored(rows), columns] = panel[_mirrored(rows), _mirrored(columns)] = _CLEAR
    for row, column in ((1, 1), (1, -2), (-2, 1), (-2, -2)):
        panel[row, column] = _OUTLINE
    return panel


def _mirrored(places: slice) -> slice:
    return slice(-places.stop, -places.start or None)


def _carve(panel: Sprite, left: int, top: int, width: int, height: int, floor: _Colour) -> None:
    place = panel[top : top + height, left : left + width]
    place[:] = _CARVED_LIGHT
    place[:-1, :-1] = _CARVED_DARK
    place[-1, 0] = place[0, -1] = _CARVED
    place[1:-1, 1:-1] = floor


@lru_cache(maxsize=8)
def arrow(width: int, height: int, lit: bool) -> Sprite:
    """An arrow to the right: carved into the panel, or `lit` to be laid over it as far as work has come."""
    tip = (height + 1) // 2
    thickness = height // 8
    middle = height // 2
    rows, columns = np.mgrid[:height, :width]
    off = np.abs(rows - middle)
    inside = (off <= thickness) & (columns < width - tip + 1)
    inside |= (columns >= width - tip) & (off < width - columns)
    sprite = np.zeros((height, width, 4), np.uint8)
    sprite[inside] = _LIGHT if lit else _CARVED
    above = np.zeros_like(inside)
    above[1:] = inside[:-1]
    sprite[inside & ~above] = (104, 106, 112, 255)  # carved in, with its dark edge towards the light
    return sprite


_FLAME = """
......a.......
......aa......
..a...aba.....
..aa..abba....
..ab.aabba....
.aaba.abbaa.a.
.abbaaabbba.aa
aabbaabbcbaaba
abbbabbccbbaba
abcbbbccccbbba
abccbbcddcbcba
abcccccddccccb
.abccddddddcba
..abbcddddcba.
"""


@lru_cache(maxsize=2)
def flame(lit: bool) -> Sprite:
    """The fire under what is smelted, 14 x 14: burning, or as it is carved into the panel."""
    if lit:
        ramp: tuple[_Colour, ...] = (
            (196, 52, 12, 255),
            (242, 122, 18, 255),
            (255, 190, 44, 255),
            (255, 246, 176, 255),
        )
    else:
        ramp = (_CARVED,) * 4
    return sprite_of(_FLAME, dict(zip("abcd", ramp, strict=True)))


# Half the height of the picture: every letter becomes four pixels. The light comes from the left.
_FIGURE = """
....hhhhhhhh....
....hhHhhhhh....
....hHhhhhhh....
....hssssssh....
....hsssssSh....
....swesseWS....
....sssSsssS....
....sssmmssS....
ccccCrrrrrrCcccd
ccccCccRRccCcccd
ccccCccccccCcccd
cccdCcccccdCccdd
cccdCcccccdCccdd
cccdCccccddCccdd
cccdCccccddCccdd
ccddCccccddCcddd
ggggCccccddCgggG
ssssCbbbybbCsssS
sssSCpppppPCsssS
sssSCpppppPCssSS
....pppPpppP....
....pppPpppP....
....pppPpppP....
....pppPpppP....
....pppPpppP....
....pppPpppP....
....ppPPppPP....
....ppPPppPP....
....ppPPppPP....
....kkkKkkkK....
....kkkKkkkK....
....kkKKkkKK....
"""
_FIGURE_COLOURS: dict[str, _Colour] = {
    "h": (74, 46, 30, 255),
    "H": (98, 64, 42, 255),
    "s": (224, 172, 132, 255),
    "S": (190, 138, 102, 255),
    "w": (250, 250, 250, 255),
    "W": (224, 226, 230, 255),
    "e": (44, 84, 120, 255),
    "m": (152, 88, 70, 255),
    "r": (240, 196, 92, 255),
    "R": (206, 154, 56, 255),
    "c": (44, 134, 143, 255),
    "C": (24, 86, 94, 255),
    "d": (36, 112, 120, 255),
    "g": (240, 196, 92, 255),
    "G": (206, 154, 56, 255),
    "b": (70, 48, 34, 255),
    "y": (220, 190, 90, 255),
    "p": (58, 74, 112, 255),
    "P": (42, 54, 86, 255),
    "k": (64, 58, 56, 255),
    "K": (44, 40, 40, 255),
}


def _draw_figure(panel: Sprite, left: int, top: int, width: int, height: int) -> None:
    """Sink a dark box with the player's figure into `panel`, in place."""
    _carve(panel, left, top, width, height, _OUTLINE)
    shades = np.linspace(1.0, 0.35, height - 2)[:, None, None]
    inner = panel[top + 1 : top + height - 1, left + 1 : left + width - 1]
    inner[..., :3] = shades * (38, 44, 56)
    figure = np.kron(sprite_of(_FIGURE, _FIGURE_COLOURS), np.ones((2, 2, 1), np.uint8))
    tall, wide = figure.shape[:2]
    place = inner[height - 2 - tall - 2 :][:tall, (width - 2 - wide) // 2 :][:, :wide]
    seen = figure[..., 3] > 0
    place[seen] = figure[seen]


def _lay(panel: Sprite, sprite: Sprite, left: int, top: int) -> None:
    """Put the opaque pixels of `sprite` onto `panel`, in place; it must fit."""
    place = panel[top : top + sprite.shape[0], left : left + sprite.shape[1]]
    seen = sprite[..., 3] == 255
    place[seen] = sprite[seen]


#: Upper left corners on the furnace's panel, (x, y), of what fills as it works.
FURNACE_FLAME: Final = (56, 36)
FURNACE_ARROW: Final = (79, 34)
#: Width and height of the furnace's arrow.
FURNACE_ARROW_SIZE: Final = (24, 17)

_INK = (62, 64, 70)


@cache
def panel_sprite(kind: ScreenKind) -> Sprite:
    """The panel of a screen with everything on it that does not change, 166 x 176."""
    panel = _blank_panel()
    layout = LAYOUTS[kind]
    for place in layout.places:
        wide = place.role is Role.OUTPUT or (place.role is Role.RESULT and kind is not ScreenKind.INVENTORY)
        margin = 5 if wide else 1
        size = ICON + 2 * margin
        _carve(panel, place.x - WINDOW_X - margin, place.y - WINDOW_Y - margin, size, size, _CARVED)
    if kind is ScreenKind.INVENTORY:
        _draw_figure(panel, 7, 7, 66, 72)
        _lay(panel, arrow(16, 13, False), 135, 29)
        _write(panel, layout.title, 97, 7)
        return panel
    if kind is ScreenKind.CRAFTING_TABLE:
        _lay(panel, arrow(22, 15, False), 90, 35)
        _write(panel, layout.title, 29, 6)
    else:
        _lay(panel, flame(False), *FURNACE_FLAME)
        _lay(panel, arrow(*FURNACE_ARROW_SIZE, False), *FURNACE_ARROW)
        _write(panel, layout.title, (WINDOW_WIDTH - text_sprite(layout.title, _INK, False).shape[1]) // 2, 6)
    _write(panel, "Inventory", 8, 72)
    return panel


def _write(picture: Sprite, text: str, left: int, top: int) -> None:
    _lay(picture, text_sprite(text, _INK, False), left, top)


_BOX: _Colour = (18, 20, 28, 236)
_BOX_EDGE: _Colour = (94, 110, 140, 255)
_BOX_MARGIN = 4


@lru_cache(maxsize=128)  # about 4 kB each
def label_sprite(text: str) -> Sprite:
    """`text` in white in a dark box with an edge; the text begins 4 pixels from the left and from the top."""
    written = text_sprite(text, (255, 255, 255), True)
    height, width = written.shape[:2]
    box = np.zeros((height + 2 * _BOX_MARGIN - 1, width + 2 * _BOX_MARGIN - 1, 4), np.uint8)
    box[1:-1] = box[:, 1:-1] = _BOX  # the corners stay clear
    box[1:-1, 1:-1] = _BOX_EDGE
    box[2:-2, 2:-2] = _BOX
    _lay(box, written, _BOX_MARGIN, _BOX_MARGIN)
    return box


@cache
def hover_sprite() -> Sprite:
    """What whitens the slot under the pointer, 16 x 16."""
    return np.full((16, 16, 4), (255, 255, 255, 120), np.uint8)
