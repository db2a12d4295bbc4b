"""Rays through the world's cells: what each pixel shows, how it is lit, and how far away it is.

A ray walks from cell to cell (Amanatides and Woo 1987) until it meets something. It is the world's
inner loop: arrays are flat, arithmetic is in 32 bits, everything is inlined, and the light of a face is
worked out once per picture. What a pixel shows depends on nothing but its own ray.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Block, Face, Shape
from vpt_studio.envs.voxel.camera import direction, length_of
from vpt_studio.envs.voxel.face_light import face_light, light_at, spread
from vpt_studio.envs.voxel.mipmaps import SOLID_TEXEL, texel_at
from vpt_studio.envs.voxel.ocean import sea_beyond
from vpt_studio.envs.voxel.presets import HEIGHT
from vpt_studio.envs.voxel.rays import LAST, within
from vpt_studio.envs.voxel.small_shapes import meet_cross, meet_torch
from vpt_studio.envs.voxel.water import (
    FAR_WATER,
    FLUID_LEVEL,
    SEEN,
    laid_under,
    lay_surface,
    leave_water,
    varied,
)


class Cells(NamedTuple):
    """A world, flat: the cell (x, y, z) is at ``(x * size + z) * 64 + y``.

    Attributes:
        blocks: uint8.
        light: uint8: 16 * sky light + block light.
        size: Cells along x and along z.
        sea: The lowest y above the sea.
    """

    blocks: npt.NDArray[np.uint8]
    light: npt.NDArray[np.uint8]
    size: int
    sea: int


class Looks(NamedTuple):
    """How blocks look.

    Attributes:
        texels: uint32, see :func:`vpt_studio.envs.voxel.mipmaps.pack_textures`.
        faces: int32 [256 * 6]: the texture of each face of each block.
        shapes: uint8 [256]: how it fills its cell.
        occluders: uint8 [256]: 1 where it darkens the corners beside it.
        calm_water: Red, green and blue of water's texture on the whole, 0 to 255.
    """

    texels: npt.NDArray[np.uint32]
    faces: npt.NDArray[np.int32]
    shapes: npt.NDArray[np.uint8]
    occluders: npt.NDArray[np.uint8]
    calm_water: tuple[np.float32, np.float32, np.float32]


_inlined = partial(compiled, inlined=True, allocates=False)

_OUTSIDE = -1
_AIR, _WATER, _LAVA, _GLASS = int(Block.AIR), int(Block.WATER), int(Block.LAVA), int(Block.GLASS)
_CUBE, _LEAVES, _FLUID, _CROSS = int(Shape.CUBE), int(Shape.LEAVES), int(Shape.FLUID), int(Shape.CROSS)
_TOP, _BOTTOM, _NORTH, _SOUTH = int(Face.TOP), int(Face.BOTTOM), int(Face.NORTH), int(Face.SOUTH)
_WEST, _EAST = int(Face.WEST), int(Face.EAST)

# Crossings are counted in whole numbers, so that nothing is lost on the way and no ray leaves the arrays.
_UNITS, _PER_UNIT = np.float32(1 << 24), np.float32(1 / (1 << 24))
_ZERO, _HALF, _ONE = np.float32(0), np.float32(0.5), np.float32(1)
_FAR = np.float32(1e5)


@partial(compiled, allocates=False)
def trace(cells, looks, light_map, camera, known, pixels, depths):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Draw what is in the world's cells.

    Args:
        cells: The world's :class:`Cells`.
        looks: The blocks' :class:`Looks`.
        light_map: float32 [64 * 64 * 3]: colour of the light by 64 * (4 * sky light) + 4 * block light.
        camera: The :class:`Camera`.
        known: :class:`FaceLights`, for use within.
        pixels: uint8 [360, C, 3], written in the camera's rows.
        depths: float32 [360, C], written likewise: the depth of what was met. Where nothing was, minus the
            share of the sky that shows; the rest of the pixel is water before it, already drawn.
    """
    known.picture[0] += 1
    for j in range(camera.rows.size):
        row, upward = camera.rows[j], camera.upward[j]
        for i in range(camera.across.size):
            ray = direction(camera.frame, camera.across[i], upward)
            length = length_of(camera.across[i], upward)
            depth, red, green, blue = _seen(cells, looks, light_map, camera, known, ray, length)
            depths[row, i] = depth
            pixels[row, i, 0] = np.uint8(red + _HALF)
            pixels[row, i, 1] = np.uint8(green + _HALF)
            pixels[row, i, 2] = np.uint8(blue + _HALF)


@_inlined
def _seen(cells, looks, light_map, camera, known, ray, length):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Depth (as `trace` tells it) and colour of one ray."""
    frame, eye, size = camera.frame, camera.cell, cells.size
    inverse = (_ONE / ray[0], _ONE / ray[1], _ONE / ray[2])
    next_x, apart_x, last_x = _crossings(frame[0], inverse[0], eye[0], size)
    next_y, apart_y, last_y = _crossings(frame[1], inverse[1], eye[1], HEIGHT)
    next_z, apart_z, last_z = _crossings(frame[2], inverse[2], eye[2], size)
    apart = (apart_x, apart_y, apart_z)
    steps = (_signed(size * HEIGHT, ray[0]), _signed(1, ray[1]), _signed(HEIGHT, ray[2]))
    sides, seen = min(last_x, last_z), min(last_y, np.int64(camera.reach / length * _UNITS))
    last = min(sides, seen)
    until = last
    at = (np.int64(0), next_x, next_y, next_z, np.int64(-1), (eye[0] * size + eye[2]) * HEIGHT + eye[1])
    block = np.int64(_AIR)
    if eye[1] < HEIGHT:
        block = np.int64(cells.blocks[at[5]])
    else:
        at = _come_down(at, apart, steps, last, eye[1])
        block = np.int64(cells.blocks[at[5]]) if at[0] < last else np.int64(_OUTSIDE)
    colour = (_ZERO, _ZERO, _ZERO, _ONE)
    water = (camera.in_water, False, _ZERO, np.int64(0))
    depth = -_ONE
    before = np.int64(_AIR)
    while block != _OUTSIDE:
        if block != _AIR or water[0]:
            veiled = water[1]
            if (block == _WATER or water[0]) and not (water[0] and _is_filled(cells.blocks, at[5], block)):
                water, colour = _pass_water(
                    cells, looks, light_map, camera, ray, inverse, length, at, block, water, colour
                )
                until = min(last, np.int64((water[2] + SEEN / length) * _UNITS)) if water[1] else last
            if block != _WATER and block != _AIR and not (block == _GLASS and before == _GLASS):
                depth, texel, light = _meet(cells, looks, light_map, camera, known, ray, inverse, at, block)
                if depth >= _ZERO:
                    depth = water[2] if veiled and water[2] * length > FAR_WATER else depth
                    return depth, *laid_under(colour, texel, light)
        before = block
        at, block = _walk(cells.blocks, at, apart, steps, until, water[0])
    if at[0] >= sides and at[0] < seen and (ray[1] < _ZERO or water[0]):
        left = np.float32(sides) * _PER_UNIT
        return sea_beyond(cells, looks, light_map, camera, ray, length, left, water, colour)
    if water[1]:  # water goes on to where nothing is seen any more: its surface is what is met
        surface = water[2]
        water, colour = leave_water(light_map, length, _FAR, water, colour)
        return surface, colour[0], colour[1], colour[2]
    return -colour[3], colour[0], colour[1], colour[2]


@_inlined
def _crossings(within, inverse, cell, cells):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Along one axis, in units: first crossing of a border, way between two, the one that leaves."""
    apart = np.int64(abs(inverse) * _UNITS)
    if inverse > _ZERO:
        first = np.int64((_ONE - within) * inverse * _UNITS)
        return first, apart, first + (cells - 1 - cell) * apart
    first = np.int64(-within * inverse * _UNITS)
    return first, apart, first + cell * apart


@_inlined
def _signed(step, direction):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return np.int64(step) if direction > _ZERO else np.int64(-step)


@_inlined
def _step(at, apart, steps):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Into the next cell; branches do better here than choosing without them."""
    _, next_x, next_y, next_z, _, place = at
    if next_x <= next_z:
        if next_x <= next_y:
            return next_x, next_x + apart[0], next_y, next_z, np.int64(0), place + steps[0]
    elif next_z <= next_y:
        return next_z, next_x, next_y, next_z + apart[2], np.int64(2), place + steps[2]
    return next_y, next_x, next_y + apart[1], next_z, np.int64(1), place + steps[1]


@_inlined
def _walk(blocks, at, apart, steps, last, in_water):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """On to the next cell that is not air, or in water to the next that is not full of it."""
    block = np.int64(_AIR)
    if in_water:
        while True:
            at = _step(at, apart, steps)
            if at[0] >= last:
                return at, np.int64(_OUTSIDE)
            block = np.int64(blocks[at[5]])
            if not _is_filled(blocks, at[5], block):
                return at, block
    while block == _AIR:
        at = _step(at, apart, steps)
        if at[0] >= last:
            return at, np.int64(_OUTSIDE)
        block = np.int64(blocks[at[5]])
    return at, block


@_inlined
def _come_down(at, apart, steps, last, y):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """From an eye above all cells into the uppermost of them."""
    while y >= HEIGHT and at[0] < last:
        at = _step(at, apart, steps)
        y -= np.int64(at[4] == 1)
    return at


@_inlined
def _meet(cells, looks, light_map, camera, known, ray, inverse, at, block):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Depth, texel and light of what a cell shows to the ray; a depth below 0 if it shows nothing."""
    cell = _cell(cells.size, at[5])
    origin = _eye_in(camera, cell)
    shape = looks.shapes[block]
    if shape in (_CUBE, _LEAVES):
        return _meet_cube(cells, looks, light_map, known, ray, inverse, at, block, cell, origin)
    entered, left = _span(at)
    if shape == _CROSS:
        depth, texel = meet_cross(looks, ray, origin, entered, left, block)
    elif block == _LAVA:
        depth, texel = _meet_lava(cells, looks, ray, origin, entered, left, at, cell)
        return depth, texel, (_ONE, _ONE, _ONE)
    else:
        depth, texel = meet_torch(looks, ray, origin, block)
    return depth, texel, _light_in(cells, light_map, at[5])


@_inlined
def _cell(size, place):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    column = np.uint32(place >> 6)
    x = np.uint32(column // np.uint32(size))
    return np.int64(x), np.int64(place & (HEIGHT - 1)), np.int64(np.uint32(column - x * np.uint32(size)))


@_inlined
def _eye_in(camera, cell):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The eye's place as seen from a cell's lowest corner: small numbers, for the sake of texels far away."""
    return (
        camera.frame[0] - np.float32(cell[0] - camera.cell[0]),
        camera.frame[1] - np.float32(cell[1] - camera.cell[1]),
        camera.frame[2] - np.float32(cell[2] - camera.cell[2]),
    )


@_inlined
def _span(at):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The depths at which the ray enters and leaves the cell it is in."""
    return np.float32(at[0]) * _PER_UNIT, np.float32(min(at[1], min(at[2], at[3]))) * _PER_UNIT


@_inlined
def _light_in(cells, light_map, place):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    index = spread(cells.light[place]) * 12  # a sum of four, and three channels
    return light_map[index], light_map[index + 1], light_map[index + 2]


@_inlined
def _meet_cube(cells, looks, light_map, known, ray, inverse, at, block, cell, origin):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    axis, size = at[4], cells.size
    if axis == 0:
        depth = ((_ZERO if ray[0] > _ZERO else _ONE) - origin[0]) * inverse[0]
        face = _WEST if ray[0] > _ZERO else _EAST
        p, q = within(origin[2] + depth * ray[2]), within(origin[1] + depth * ray[1])
        u, v = (p if face == _WEST else LAST - p), LAST - q
        strides, sides, place = (HEIGHT, 1), (cell[2], cell[1], HEIGHT), -size * HEIGHT
        forward = ray[0] > _ZERO
    elif axis == 1:
        depth = ((_ZERO if ray[1] > _ZERO else _ONE) - origin[1]) * inverse[1]
        face = _BOTTOM if ray[1] > _ZERO else _TOP
        p, q = within(origin[0] + depth * ray[0]), within(origin[2] + depth * ray[2])
        u, v = p, q
        strides, sides, place = (size * HEIGHT, HEIGHT), (cell[0], cell[2], size), -1
        forward = ray[1] > _ZERO
    elif axis == 2:
        depth = ((_ZERO if ray[2] > _ZERO else _ONE) - origin[2]) * inverse[2]
        face = _NORTH if ray[2] > _ZERO else _SOUTH
        p, q = within(origin[0] + depth * ray[0]), within(origin[1] + depth * ray[1])
        u, v = (p if face == _SOUTH else LAST - p), LAST - q
        strides, sides, place = (size * HEIGHT, 1), (cell[0], cell[1], HEIGHT), -HEIGHT
        forward = ray[2] > _ZERO
    else:  # the eye is in it
        return -_ONE, np.uint32(0), (_ZERO, _ZERO, _ZERO)
    texel = texel_at(looks.texels, looks.faces[block * 6 + face], u, v, depth)
    if texel < SOLID_TEXEL:
        return -_ONE, np.uint32(0), (_ZERO, _ZERO, _ZERO)
    outside = at[5] + (place if forward else -place)
    light = face_light(cells, looks, light_map, known, at[5] * 6 + face, outside, strides, sides, face)
    return depth, texel, light_at(known.levels, light, p, q)


@_inlined
def _meet_lava(cells, looks, ray, origin, entered, left, at, cell):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    depth, on_top = entered, at[4] == 1
    if at[4] < 0:  # the eye is in it
        return -_ONE, np.uint32(0)
    open_above = cell[1] == HEIGHT - 1 or cells.blocks[at[5] + 1] != _LAVA
    if open_above and origin[1] + entered * ray[1] > FLUID_LEVEL:
        depth, on_top = (FLUID_LEVEL - origin[1]) / ray[1], True
        if depth < entered or depth > left:
            return -_ONE, np.uint32(0)
    u, v = _across_fluid(ray, origin, depth, on_top, at[4])
    return depth, texel_at(looks.texels, looks.faces[_LAVA * 6 + _TOP], u, v, depth)


@_inlined
def _across_fluid(ray, origin, depth, on_top, axis):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    x, z = within(origin[0] + depth * ray[0]), within(origin[2] + depth * ray[2])
    if on_top:
        return x, z
    return (z if axis == 0 else x), LAST - within(origin[1] + depth * ray[1])


@_inlined
def _is_filled(blocks, place, block):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether a cell is full of water up to the next one's."""
    return block == _WATER and place & (HEIGHT - 1) != HEIGHT - 1 and blocks[place + 1] == _WATER


@_inlined
def _pass_water(cells, looks, light_map, camera, ray, inverse, length, at, block, water, colour):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """What happens to a ray in a cell of water, or in the first cell after it."""
    entered, left = _span(at)
    if block != _WATER:
        if not water[1] and looks.shapes[block] not in (_CUBE, _LEAVES):
            colour = _blend_surface(
                cells, looks, light_map, camera, ray, inverse, length, at, entered, colour
            )
        return leave_water(light_map, length, entered, water, colour)
    cell = _cell(cells.size, at[5])
    below = camera.frame[1] - np.float32(cell[1] - camera.cell[1])
    full = _is_filled(cells.blocks, at[5], block)
    inside = full or below + entered * ray[1] < FLUID_LEVEL
    surface = (FLUID_LEVEL - below) * inverse[1]
    if water[0]:
        if inside and (full or ray[1] < _ZERO or surface >= left):
            return water, colour
        depth = surface if inside else entered
        if not water[1]:
            colour = _blend_surface(cells, looks, light_map, camera, ray, inverse, length, at, depth, colour)
        return leave_water(light_map, length, depth, water, colour)
    if not inside and (ray[1] > _ZERO or surface >= left):
        return water, colour
    depth = entered if inside else surface
    colour = _blend_surface(cells, looks, light_map, camera, ray, inverse, length, at, depth, colour)
    return (True, True, depth, spread(cells.light[at[5]]) * 12), colour


@_inlined
def _blend_surface(cells, looks, light_map, camera, ray, inverse, length, at, depth, colour):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    cell = _cell(cells.size, at[5])
    origin = _eye_in(camera, cell)
    on_top = at[4] == 1 or depth > np.float32(at[0]) * _PER_UNIT
    u, v = _across_fluid(ray, origin, depth, on_top, at[4])
    if on_top:
        u, v = varied(u, v, cell[0], cell[2])
    light = _light_in(cells, light_map, at[5])
    slant = length * abs(inverse[1]) if on_top else _ONE
    return lay_surface(looks, camera, u, v, depth, length, slant, light, colour)
