"""The items of the hot-bar as pixel art."""

from __future__ import annotations

import cv2
import numpy as np

from training.demo.frame import Picture
from training.demo.textures import BRICKS, GRASS, STONE

#: Slots of the hot-bar, each with an item of its own.
SLOTS = 9


def item_icon(slot: int) -> Picture:
    """The item of a slot, uint8 [16, 16, 4] RGBA; its grip is at the lower left."""
    icon = np.zeros((16, 16, 4), np.uint8)
    if slot >= 5:
        colour = np.array([GRASS, STONE, BRICKS["red"], BRICKS["gold"]][slot - 5])
        icon[3:14, 3:14] = (*(colour * 0.8).astype(int), 255)
        icon[3:6, 3:14] = (*np.minimum(colour * 1.25, 255).astype(int), 255)
        icon[3:14, 10:14, :3] = (icon[3:14, 10:14, :3] * 0.75).astype(np.uint8)
        return icon
    wood, dark = (138, 100, 56, 255), (84, 60, 34, 255)
    metal = [(208, 214, 220, 255), (96, 208, 208, 255), (232, 196, 72, 255), (170, 110, 214, 255), wood][slot]
    cv2.line(icon, (2, 13), (11, 4), dark, 2)
    cv2.line(icon, (2, 13), (11, 4), wood, 1)
    if slot == 0:  # pickaxe
        cv2.ellipse(icon, (8, 7), (6, 6), 0, -115, 25, metal, 2)
    elif slot == 1:  # sword
        cv2.line(icon, (5, 10), (14, 1), metal, 2)
        cv2.line(icon, (3, 8), (7, 12), dark, 1)
    elif slot == 2:  # shovel
        cv2.circle(icon, (12, 3), 3, metal, -1)
    elif slot == 3:  # axe
        cv2.fillConvexPoly(icon, np.array([[7, 1], [12, 2], [14, 8], [9, 6]], np.int32), metal)
    else:  # torch
        cv2.rectangle(icon, (10, 2), (13, 5), (255, 206, 84, 255), -1)
        cv2.rectangle(icon, (11, 3), (12, 4), (255, 250, 210, 255), -1)
    return icon
