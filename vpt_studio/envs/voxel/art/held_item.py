"""The hand at the lower right of the picture: bare, or with the item it holds, at rest or swinging."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from vpt_studio.envs.voxel.art import palette
from vpt_studio.envs.voxel.art.brushes import Texels, painted, speckles
from vpt_studio.envs.voxel.art.item_icons import CUBE_LIGHT, item_icon, shown_as_cube
from vpt_studio.envs.voxel.art.solids import Pose, Sprite, Surface, box, pictured, slab
from vpt_studio.envs.voxel.art.textures import block_textures
from vpt_studio.envs.voxel.blocks import PLACES, Block, Face
from vpt_studio.envs.voxel.items import ITEMS, Item, Tool

__all__ = ["SWING_TICKS", "Sprite", "held_sprite"]

#: How long one swing of the arm lasts.
SWING_TICKS = 6

_ARM = Pose((0.70, 0.57, 0.82), turn=55, lean=25, roll=-33)
_BLOCK = Pose((0.54, 0.37, 0.90), turn=62, lean=-8, roll=2)
_TOOL = Pose((0.56, 0.25, 0.95), turn=162, lean=6, roll=4)
_THING = Pose((0.52, 0.29, 0.95), turn=-12, roll=-6)
_PLANT = Pose((0.50, 0.18, 0.95), turn=-12, roll=-6)  # and torch: the upper part of the icon is empty

_ARM_SIZE = (0.21, 1.1, 0.21)
_BLOCK_SIZE = 0.28
_TOOL_SIZE = 0.62
_THING_SIZE = 0.46
_PLANT_SIZE = 0.62

#: By tick of a swing: how far the hand has moved right, down and ahead, and turned, leaned and rolled.
_SWING: tuple[tuple[float, ...], ...] = (
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (-0.12, -0.10, 0.05, 6.0, 14.0, -6.0),
    (-0.28, -0.12, 0.10, 14.0, 34.0, -16.0),
    (-0.38, -0.02, 0.14, 18.0, 52.0, -26.0),
    (-0.34, 0.08, 0.12, 16.0, 50.0, -26.0),
    (-0.20, 0.10, 0.07, 10.0, 32.0, -16.0),
    (-0.07, 0.05, 0.02, 4.0, 12.0, -6.0),
)


@lru_cache(maxsize=256)
def held_sprite(item: Item | None, swing: int) -> Sprite:
    """What the player sees of the own right hand.

    Args:
        item: What it holds; None for the bare arm.
        swing: 0 at rest, 1 to 6 in the ticks of a swing.
    """
    surfaces, pose = _held(item)
    right, down, ahead, turn, lean, roll = _SWING[swing]
    x, y, z = pose.centre
    moved = replace(
        pose,
        centre=(x + right, y + down, z + ahead),
        turn=pose.turn + turn,
        lean=pose.lean + lean,
        roll=pose.roll + roll,
    )
    return pictured(surfaces, moved)


def _held(item: Item | None) -> tuple[tuple[Surface, ...], Pose]:
    if item is None:
        return (_arm(),), _ARM
    block = shown_as_cube(item)
    if block is not None:
        return (_cube(block),), _BLOCK
    if ITEMS[item].tool is not Tool.NONE or item is Item.STICK:
        return slab(item_icon(item), _TOOL_SIZE), _TOOL
    if item in PLACES:
        return slab(item_icon(item), _PLANT_SIZE), _PLANT
    return slab(item_icon(item), _THING_SIZE), _THING


def _cube(block: Block) -> Surface:
    textures = block_textures()
    top, left, right = CUBE_LIGHT
    side = textures.of_face(block, Face.WEST)
    return box(
        (_BLOCK_SIZE,) * 3,
        {
            "top": (textures.of_face(block, Face.TOP), top),
            "bottom": (textures.of_face(block, Face.BOTTOM), right),
            "front": (textures.of_face(block, Face.NORTH), left),  # with a furnace's mouth
            "left": (side, right),
            "right": (side, right),
            "back": (side, left),
        },
    )


_ARM_WIDTH, _ARM_LENGTH, _HAND_LENGTH = 5, 26, 9  # texels


def _arm() -> Surface:
    """A forearm with its hand upwards: skin, then a sleeve with a darker cuff."""
    side = _arm_side(401)
    hand = side[:_ARM_WIDTH]
    size = _ARM_SIZE
    lights = {"front": 1.0, "left": 0.8, "right": 0.86, "back": 0.7}
    faces = {name: (_arm_side(401 + i), light) for i, (name, light) in enumerate(lights.items())}
    return box(size, faces | {"top": (hand, 1.0)})


def _arm_side(seed: int) -> Texels:
    """uint8 [26, 5, 4]"""
    grain = np.floor(4 * speckles(seed, _ARM_WIDTH, _ARM_LENGTH)).astype(int)
    side = painted(grain, palette.SLEEVE)
    side[:_HAND_LENGTH] = painted(grain, palette.SKIN)[:_HAND_LENGTH]
    side[_HAND_LENGTH] = (*palette.SLEEVE[0], 255)
    return side
