"""Light on the faces of cubes: shaded by the side they look to, and by what stands around their corners."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Face
from vpt_studio.envs.voxel.presets import HEIGHT

_inlined = partial(compiled, inlined=True, allocates=False)

#: float32 [6]: Minecraft's shade of each face ...
SHADES = np.array([0.6, 0.6, 0.5, 1.0, 0.8, 0.8], np.float32)
# ... and of corners between blocks, by how many of them.
_CORNER_SHADES = np.array([1.0, 0.8, 0.6, 0.4], np.float32)
_SLOTS = 4096
_TOP = int(Face.TOP)


class FaceLights(NamedTuple):
    """Light of faces met lately, for a face is met by many rays.

    Attributes:
        keys: int64 [4096]: which face of which picture a slot holds.
        levels: float32 [4096 * 12]: per channel, light is ``a + b p + c q + d p q`` at (p, q) of the face.
        picture: int64 [1]: the number of the picture being drawn.
    """

    keys: npt.NDArray[np.int64]
    levels: npt.NDArray[np.float32]
    picture: npt.NDArray[np.int64]

    @classmethod
    def empty(cls) -> FaceLights:
        """Nothing known yet."""
        return cls(np.full(_SLOTS, -1, np.int64), np.zeros(_SLOTS * 12, np.float32), np.zeros(1, np.int64))


@_inlined
def spread(light):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """A cell's two lights with room between them, so that four of them can be summed up."""
    return (np.int64(light) & 240) << 2 | (np.int64(light) & 15)


@_inlined
def face_light(cells, looks, light_map, known, key, outside, strides, sides, face):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Where in `known` the light of a face is; worked out from the cells around it if it is not there."""
    slot = (key * 2654435761 >> 16) & (_SLOTS - 1)
    stamped = known.picture[0] << 32 | key
    if known.keys[slot] != stamped:
        known.keys[slot] = stamped
        _light_face(cells, looks, light_map, known.levels, slot * 12, outside, strides, sides, face)
    return slot * 12


@_inlined
def _light_face(cells, looks, light_map, levels, place, outside, strides, sides, face):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Light at a face's four corners: each is the mean of the four cells that meet there."""
    if face == _TOP and outside & (HEIGHT - 1) == 0:  # above the uppermost cells is nothing but sky
        corners = (60 << 6, 60 << 6, 60 << 6, 60 << 6)
        closed = (0, 0, 0, 0)
    else:
        left = -strides[0] if sides[0] > 0 else 0
        right = strides[0] if sides[0] < cells.size - 1 else 0
        low = -strides[1] if sides[1] > 0 else 0
        high = strides[1] if sides[1] < sides[2] - 1 else 0
        corner_0, closed_0 = _corner(cells, looks, outside, left, low)
        corner_1, closed_1 = _corner(cells, looks, outside, right, low)
        corner_2, closed_2 = _corner(cells, looks, outside, left, high)
        corner_3, closed_3 = _corner(cells, looks, outside, right, high)
        corners = (corner_0, corner_1, corner_2, corner_3)
        closed = (closed_0, closed_1, closed_2, closed_3)
    shade_0 = SHADES[face] * _CORNER_SHADES[closed[0]]
    shade_1 = SHADES[face] * _CORNER_SHADES[closed[1]]
    shade_2 = SHADES[face] * _CORNER_SHADES[closed[2]]
    shade_3 = SHADES[face] * _CORNER_SHADES[closed[3]]
    for channel in range(3):
        level_0 = light_map[corners[0] * 3 + channel] * shade_0
        level_1 = light_map[corners[1] * 3 + channel] * shade_1
        level_2 = light_map[corners[2] * 3 + channel] * shade_2
        level_3 = light_map[corners[3] * 3 + channel] * shade_3
        levels[place + channel * 4] = level_0
        levels[place + channel * 4 + 1] = level_1 - level_0
        levels[place + channel * 4 + 2] = level_2 - level_0
        levels[place + channel * 4 + 3] = level_3 - level_2 - level_1 + level_0


@_inlined
def _corner(cells, looks, outside, aside, along):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The sum of the light of the four cells around a corner, and how many of the four close it in."""
    closed_1 = np.int64(looks.occluders[cells.blocks[outside + aside]])
    closed_2 = np.int64(looks.occluders[cells.blocks[outside + along]])
    # Behind two closed cells the third cannot be seen.
    third = aside + along if closed_1 + closed_2 < 2 else aside
    closed_3 = np.int64(looks.occluders[cells.blocks[outside + third]])
    own = cells.light[outside]
    light = spread(own) + _spread_or(cells.light[outside + aside], own)
    light += _spread_or(cells.light[outside + along], own) + _spread_or(cells.light[outside + third], own)
    return light, closed_1 + closed_2 + closed_3


@_inlined
def _spread_or(light, own):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """What is dark through and through, as the inside of stone, has no say: its shade is told apart."""
    return spread(light if light != 0 else own)


@_inlined
def light_at(levels, place, p, q):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The colour of the light at (p, q) of the face that :func:`face_light` has found."""
    both = p * q
    return (
        levels[place] + levels[place + 1] * p + levels[place + 2] * q + levels[place + 3] * both,
        levels[place + 4] + levels[place + 5] * p + levels[place + 6] * q + levels[place + 7] * both,
        levels[place + 8] + levels[place + 9] * p + levels[place + 10] * q + levels[place + 11] * both,
    )
