"""The endless sea beyond the world's sides.

Its surface is the world's. Its bed repeats, to and fro, the columns along the border, so that it goes on
without a seam, and sinks out of sight.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Face
from vpt_studio.envs.voxel.face_light import SHADES, spread
from vpt_studio.envs.voxel.mipmaps import texel_at
from vpt_studio.envs.voxel.presets import HEIGHT
from vpt_studio.envs.voxel.rays import within
from vpt_studio.envs.voxel.terrain import OPEN_SEA_DEPTH
from vpt_studio.envs.voxel.water import (
    FAR_WATER,
    FLUID_LEVEL,
    SEEN,
    laid_under,
    lay_surface,
    leave_water,
    varied,
    veil,
)

_inlined = partial(compiled, inlined=True, allocates=False)

_ZERO, _ONE = np.float32(0), np.float32(1)
_FAR = np.float32(1e5)
_SINKS = np.float32(12)  # metres beyond the sides, after which the bed is not seen from above
_SURFACE_LIGHT = 14 * 4 * 64 * 3  # where in the light map: the sky light in the sea's uppermost cells
_TOP, _BOTTOM, _NORTH, _SOUTH = int(Face.TOP), int(Face.BOTTOM), int(Face.NORTH), int(Face.SOUTH)
_WEST, _EAST = int(Face.WEST), int(Face.EAST)
_NO_BED = np.float32(OPEN_SEA_DEPTH - 0.25)  # metres below the surface where there is none, all but
_BAND = 8  # columns along the border that the bed repeats; a power of two
# How many columns aside the bed is taken from, by how far beyond a side: straight, it would be in stripes.
_WINDING = np.rint(4 * np.sin(np.arange(32) * (np.pi / 16))).astype(np.int64)


@partial(compiled, allocates=False)
def sea_beyond(cells, looks, light_map, camera, ray, length, left, water, colour):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Depth and colour of a ray that leaves the world by a side at the depth `left`; see `trace`."""
    surface = (np.float32(cells.sea - 1 - camera.cell[1]) + FLUID_LEVEL - camera.frame[1]) / ray[1]
    downward = ray[1] < _ZERO
    if downward == (surface > left):  # it leaves above the sea
        water, colour = leave_water(light_map, length, left, water, colour)
        if not downward or surface * length >= camera.reach:
            return -colour[3], colour[0], colour[1], colour[2]
        colour = _lay_sea(looks, light_map, camera, ray, surface, length, colour)
        water = (True, True, surface, np.int64(_SURFACE_LIGHT))
    elif not water[0]:  # it leaves through a cave
        water = (True, True, left, _light_beside(cells, camera, ray, left))
    end = camera.reach / length if downward else min(camera.reach / length, surface)
    if water[1]:
        end = min(min(end, water[2] + SEEN / length), _sunken(cells.size, camera, ray))
    start = max(left, water[2])
    if downward:  # on to where the bed may be
        start = max(start, surface - _NO_BED / ray[1])
    depth, texel, light, beyond = _meet_bed(cells, looks, light_map, camera, ray, start, end)
    if depth >= _ZERO:
        since, veiled, index = water[2], water[1], water[3]
        water, colour = leave_water(light_map, length, depth, water, colour)
        if veiled:
            gone = min(beyond * (_ONE / _SINKS), _ONE)
            colour = veil(light_map, index, _ONE - gone * gone * (np.float32(3) - gone - gone), colour)
            depth = since if since * length > FAR_WATER else depth
        return depth, *laid_under(colour, texel, light)
    if not downward and surface <= end:
        if not water[1]:
            colour = _lay_sea(looks, light_map, camera, ray, surface, length, colour)
        water, colour = leave_water(light_map, length, surface, water, colour)
        return -colour[3], colour[0], colour[1], colour[2]
    depth = water[2] if water[1] else -colour[3]
    water, colour = leave_water(light_map, length, _FAR, water, colour)
    return depth, colour[0], colour[1], colour[2]


@_inlined
def _lay_sea(looks, light_map, camera, ray, depth, length, colour):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    x, z = camera.frame[0] + depth * ray[0], camera.frame[2] + depth * ray[2]
    light = (light_map[_SURFACE_LIGHT], light_map[_SURFACE_LIGHT + 1], light_map[_SURFACE_LIGHT + 2])
    cell_x, cell_z = np.floor(x), np.floor(z)
    u, v = varied(
        within(x - cell_x),
        within(z - cell_z),
        np.int64(cell_x) + camera.cell[0],
        np.int64(cell_z) + camera.cell[2],
    )
    return lay_surface(looks, camera, u, v, depth, length, length / abs(ray[1]), light, colour)


@_inlined
def _light_beside(cells, camera, ray, depth):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Where in the light map the light of the border's cell is that a ray comes out of."""
    x = np.int64(np.floor(camera.frame[0] + depth * ray[0])) + camera.cell[0]
    y = np.int64(np.floor(camera.frame[1] + depth * ray[1])) + camera.cell[1]
    z = np.int64(np.floor(camera.frame[2] + depth * ray[2])) + camera.cell[2]
    return spread(cells.light[_column(cells.size, x, z) + min(max(y, 0), HEIGHT - 1)]) * 12


@_inlined
def _column(size, x, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Where the column is that is like the one at (x, z)."""
    out_x, out_z = max(-x, x - size + 1), max(-z, z - size + 1)
    if out_x > 0:
        z += _WINDING[out_x & (_WINDING.size - 1)]
    if out_z > 0:
        x += _WINDING[out_z & (_WINDING.size - 1)]
    return (_folded(size, x) * size + _folded(size, z)) * HEIGHT


@_inlined
def _folded(size, x):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """`x`, or if it is beyond the sides the place in the band along the border that it falls on."""
    out = max(-x, x - size + 1) - 1
    if out < 0:
        return x
    out &= 2 * _BAND - 1
    inward = min(out, 2 * _BAND - 1 - out)
    return inward if x < 0 else size - 1 - inward


@_inlined
def _sunken(size, camera, ray):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The depth from which on a ray that goes outward sees no bed."""
    east = (
        _SINKS + np.float32(size - camera.cell[0]) if ray[0] > _ZERO else -_SINKS - np.float32(camera.cell[0])
    )
    south = (
        _SINKS + np.float32(size - camera.cell[2]) if ray[2] > _ZERO else -_SINKS - np.float32(camera.cell[2])
    )
    return min((east - camera.frame[0]) / ray[0], (south - camera.frame[2]) / ray[2])


@_inlined
def _meet_bed(cells, looks, light_map, camera, ray, start, end):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Depth, texel and light of the bed, and how far beyond the sides; a depth below 0 if it is not met.

    All that is not a cube counts as water, and so does what anyone has built higher than the bed lies.
    """
    if start >= end:
        return -_ONE, np.uint32(0), (_ZERO, _ZERO, _ZERO), _ZERO
    frame, size = camera.frame, cells.size
    x, next_x, apart_x, step_x = _way(frame[0], ray[0], start)
    y, next_y, apart_y, step_y = _way(frame[1], ray[1], start)
    z, next_z, apart_z, step_z = _way(frame[2], ray[2], start)
    column = _column(size, x + camera.cell[0], z + camera.cell[2])
    place = column + min(max(y + camera.cell[1], 0), HEIGHT - 1)
    while True:
        before = place
        if next_y <= next_x and next_y <= next_z:
            y, depth, next_y, axis = y + step_y, next_y, next_y + apart_y, np.int64(1)
        else:
            if next_x <= next_z:
                x, depth, next_x, axis = x + step_x, next_x, next_x + apart_x, np.int64(0)
            else:
                z, depth, next_z, axis = z + step_z, next_z, next_z + apart_z, np.int64(2)
            column = _column(size, x + camera.cell[0], z + camera.cell[2])
        height = y + camera.cell[1]
        if depth >= end or height < 0:
            return -_ONE, np.uint32(0), (_ZERO, _ZERO, _ZERO), _ZERO
        place = column + height
        block = np.int64(cells.blocks[place])
        if height < cells.sea - OPEN_SEA_DEPTH and looks.occluders[block]:
            break
    at_x, at_z = frame[0] + depth * ray[0], frame[2] + depth * ray[2]
    u, v, face = _spot(
        axis, at_x - np.float32(x), frame[1] + depth * ray[1] - np.float32(y), at_z - np.float32(z), ray
    )
    texel = texel_at(looks.texels, looks.faces[block * 6 + face], u, v, depth)
    light, shade = spread(cells.light[before]) * 12, SHADES[face]
    lit = (light_map[light] * shade, light_map[light + 1] * shade, light_map[light + 2] * shade)
    at_x, at_z = at_x + np.float32(camera.cell[0]), at_z + np.float32(camera.cell[2])
    east, south = max(-at_x, at_x - np.float32(size)), max(-at_z, at_z - np.float32(size))
    east, south = max(east, _ZERO), max(south, _ZERO)
    return depth, texel, lit, np.sqrt(east * east + south * south)


@_inlined
def _spot(axis, x, y, z, ray):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Where on a face that is met across `axis` the place (x, y, z) of its cell is, and which face it is."""
    if axis == 1:
        return within(x), within(z), (_BOTTOM if ray[1] > _ZERO else _TOP)
    if axis == 0:
        return (
            within(z if ray[0] > _ZERO else _ONE - z),
            within(_ONE - y),
            (_WEST if ray[0] > _ZERO else _EAST),
        )
    return within(_ONE - x if ray[2] > _ZERO else x), within(_ONE - y), (_NORTH if ray[2] > _ZERO else _SOUTH)


@_inlined
def _way(frame, ray, start):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Along one axis: the cell at `start` from the eye's, the depth where it ends, and of each next one."""
    cell = np.floor(frame + start * ray)
    apart = abs(_ONE / ray)
    ends = (cell + (_ONE if ray > _ZERO else _ZERO) - frame) / ray
    return np.int64(cell), max(ends, start), apart, np.int64(1 if ray > _ZERO else -1)
