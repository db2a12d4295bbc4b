"""Blocks that do not fill their cell: plants and torches, as rays meet them."""

from __future__ import annotations

from functools import partial

import numpy as np

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.mipmaps import SOLID_TEXEL, texel_at
from vpt_studio.envs.voxel.rays import LAST, nonzero, slab, within

_inlined = partial(compiled, inlined=True, allocates=False)

_ZERO, _HALF, _ONE = np.float32(0), np.float32(0.5), np.float32(1)
_WALL_TORCHES = int(Block.WALL_TORCH_NORTH)  # the first of four: north, south, west, east
# A torch: half its width, its height, and for one on a wall the foot's height, its place and its lean.
_POST, _POST_HEIGHT = np.float32(1 / 16), np.float32(10 / 16)
_FOOT, _FOOT_PLACE, _LEAN = np.float32(3.5 / 16), np.float32(-0.44), np.float32(0.4)


@_inlined
def meet_cross(looks, ray, origin, entered, left, block):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The nearer of two upright pictures, one from each corner of the cell to the opposite one."""
    first = (origin[2] - origin[0]) / nonzero(ray[0] - ray[2])
    second = (_ONE - origin[0] - origin[2]) / nonzero(ray[0] + ray[2])
    texture = looks.faces[block * 6]
    near, far = min(first, second), max(first, second)
    texel = _upright_texel(looks, ray, origin, entered, left, texture, near)
    if texel >= SOLID_TEXEL:
        return near, texel
    texel = _upright_texel(looks, ray, origin, entered, left, texture, far)
    return (far if texel >= SOLID_TEXEL else -_ONE), texel


@_inlined
def _upright_texel(looks, ray, origin, entered, left, texture, depth):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    if depth < entered or depth > left or depth <= _ZERO:
        return np.uint32(0)
    u, v = within(origin[0] + depth * ray[0]), LAST - within(origin[1] + depth * ray[1])
    return texel_at(looks.texels, texture, u, v, depth)


@_inlined
def meet_torch(looks, ray, origin, block):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """A square post; on a wall it stands aslant, which is a ray aslant past an upright one."""
    lean_x, lean_z, foot = _ZERO, _ZERO, _ZERO
    if block >= _WALL_TORCHES:
        foot = _FOOT
        side = block - _WALL_TORCHES
        lean_z = -_ONE if side == 0 else (_ONE if side == 1 else _ZERO)
        lean_x = -_ONE if side == 2 else (_ONE if side == 3 else _ZERO)
    leaning = abs(lean_x) + abs(lean_z)
    shift = (_FOOT_PLACE + _LEAN * (origin[1] - foot)) * leaning
    ox, oz = origin[0] - _HALF - lean_x * shift, origin[2] - _HALF - lean_z * shift
    dx = nonzero(ray[0] - lean_x * _LEAN * ray[1])
    dz = nonzero(ray[2] - lean_z * _LEAN * ray[1])
    oy = origin[1] - foot
    near_x, far_x = slab(ox, dx, -_POST, _POST)
    near_y, far_y = slab(oy, ray[1], _ZERO, _POST_HEIGHT)
    near_z, far_z = slab(oz, dz, -_POST, _POST)
    depth = max(near_x, max(near_y, near_z))
    if depth <= _ZERO or depth > min(far_x, min(far_y, far_z)):
        return -_ONE, np.uint32(0)
    x, z = ox + depth * dx, oz + depth * dz
    if depth == near_y:  # the texels of the flame's upper end serve as its top
        u, v = _HALF + x, _HALF + z - _POST
    else:
        u, v = _HALF + (x if depth == near_z else z), _ONE - (oy + depth * ray[1])
    u = min(max(u, _HALF - _POST), (_HALF + _POST) * LAST)
    v = min(max(v, _ONE - _POST_HEIGHT), LAST)
    return depth, texel_at(looks.texels, looks.faces[block * 6], u, v, _ZERO)
