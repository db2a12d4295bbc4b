"""What the made scene's game lays over the world: hot-bar, cross-hair and inventory."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from training.demo.frame import HEIGHT, WIDTH, Picture, Vector
from training.demo.item_icons import SLOTS

_SLOT_PIXELS = 36
_PANEL = (144, 14, 352, 332)  # x, y, width, height of the inventory


def hotbar_pictures(icons: Sequence[Picture]) -> list[Picture]:
    """The hot-bar with each of its slots selected in turn, uint8 [44, 364, 3].

    Args:
        icons: uint8 [16, 16, 4] RGBA of each slot's item.
    """
    bar = np.full((44, 364, 3), (64, 64, 66), np.uint8)
    for slot, icon in enumerate(icons):
        bar[4:40, 4 + 40 * slot : 40 + 40 * slot] = (118, 118, 122)
        _paste(bar, icon, 6 + 40 * slot, 6, 32)
    pictures = []
    for slot in range(SLOTS):
        picture = bar.copy()
        cv2.rectangle(picture, (2 + 40 * slot, 2), (41 + 40 * slot, 41), (255, 255, 255), 4)
        pictures.append(picture)
    return pictures


def draw_hotbar(frame: Picture, bar: Picture) -> None:
    """Put one of `hotbar_pictures` onto `frame` (uint8 [360, 640, 3], changed in place)."""
    frame[HEIGHT - 46 : HEIGHT - 2, 138:502] = bar


def draw_crosshair(frame: Picture) -> None:
    """Invert a cross in the middle of `frame` (uint8 [360, 640, 3], changed in place)."""
    centre = frame[HEIGHT // 2 - 9 : HEIGHT // 2 + 9, WIDTH // 2 - 9 : WIDTH // 2 + 9]
    centre[8:10] = 255 - centre[8:10]
    centre[:, 8:10] = 255 - centre[:, 8:10]


def inventory_panel(icons: Sequence[Picture]) -> Picture:
    """The inventory with nothing pointed at, uint8 [332, 352, 3].

    Args:
        icons: uint8 [16, 16, 4] RGBA of each slot's item.
    """
    x, y, width, height = _PANEL
    panel = np.full((height, width, 3), 198, np.uint8)
    panel[:3], panel[:, :3], panel[-3:], panel[:, -3:] = 246, 246, 90, 90
    panel[14:158, 56:156] = 24
    cv2.rectangle(panel, (92, 34), (120, 62), (176, 124, 98), -1)
    cv2.rectangle(panel, (86, 64), (126, 108), (60, 118, 140), -1)
    cv2.rectangle(panel, (92, 110), (120, 150), (62, 66, 140), -1)
    for number, (left, top) in enumerate(_slot_corners()):
        cell = panel[top - y : top - y + _SLOT_PIXELS, left - x : left - x + _SLOT_PIXELS]
        cell[:], cell[2:, 2:] = 70, 246
        cell[2:-2, 2:-2] = 139
        if number >= 27 and number < 36:
            _paste(cell, icons[number - 27], 2, 2, 32)
        elif number < 27 and number % 4 == 1:
            _paste(cell, icons[(number * 5) % SLOTS], 2, 2, 32)
    return panel


def with_inventory(
    frame: Picture, panel: Picture, pointer: Vector, *, attacking: bool, using: bool
) -> Picture:
    """A darker copy of `frame` with the inventory open.

    Args:
        frame: uint8 [360, 640, 3].
        panel: As from `inventory_panel`.
        pointer: float64 [2]: x, y in the 1280 x 720 window; the slot under it is lit.
        attacking: Whether the left button is down, which colours the lit slot.
        using: Whether the right button is down, which does so too.
    """
    frame = (frame * np.float32(0.35)).astype(np.uint8)
    x, y, width, height = _PANEL
    frame[y : y + height, x : x + width] = panel
    pointed = pointer / 2
    for left, top in _slot_corners():
        if 0 <= pointed[0] - left < _SLOT_PIXELS and 0 <= pointed[1] - top < _SLOT_PIXELS:
            slot = frame[top + 2 : top + _SLOT_PIXELS - 2, left + 2 : left + _SLOT_PIXELS - 2]
            clicked = (250, 190, 60) if attacking else (70, 150, 250)
            light = np.array(clicked if attacking or using else (235, 235, 245))
            slot[:] = (slot * 0.4 + light * 0.6).astype(np.uint8)
    return frame


def _slot_corners() -> list[tuple[int, int]]:
    """Upper left corners of the inventory's slots on screen, in pixels."""
    x, y = _PANEL[0] + 14, _PANEL[1]
    rows = (166, 202, 238, 284)
    slots = [(x + _SLOT_PIXELS * column, y + row) for row in rows for column in range(SLOTS)]
    slots += [(x, y + 14 + _SLOT_PIXELS * row) for row in range(4)]
    return slots + [
        (x + 180 + _SLOT_PIXELS * i, y + 34 + _SLOT_PIXELS * j) for i in range(2) for j in range(2)
    ]


def _paste(frame: Picture, icon: Picture, x: int, y: int, size: int) -> None:
    """Put an icon onto `frame` with its upper left corner at `x`, `y`, `size` pixels wide."""
    large = cv2.resize(icon, (size, size), interpolation=cv2.INTER_NEAREST)
    frame[y : y + size, x : x + size][large[..., 3] > 0] = large[..., :3][large[..., 3] > 0]
