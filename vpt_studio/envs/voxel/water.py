"""Water as rays see it: a surface that one looks through, and a veil that thickens till nothing is seen.

What a ray has seen so far is its `colour`: red, green, blue, and how much of what follows is still seen. Its
`water` is whether it is in water, whether that water veils what lies behind (an eye's own water is drawn as
fog, after all else), the depth at which it came in, and where in the map the light there is.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Block, Face
from vpt_studio.envs.voxel.mipmaps import texel_at
from vpt_studio.envs.voxel.rays import LAST

_inlined = partial(compiled, inlined=True, allocates=False)

#: How high water without water above it stands in its cell.
FLUID_LEVEL = np.float32(0.875)
#: Metres of water through which an eye above it sees; what is farther in would change a pixel by 1 or less.
SEEN = np.float32(19)
#: Metres from an eye under water to where, behind the eye, the murk begins, and to where nothing is seen.
MURK_START, MURK_END = np.float32(-4), np.float32(28)
#: Metres of distance from which fog takes water by its surface, not by its bed: nearer, neither is in fog.
FAR_WATER = np.float32(42)
#: Colour of deep water in full light.
DEEP = (np.float32(16), np.float32(50), np.float32(112))

_CLEAR = np.float32(24)  # metres of water after which nothing at all is left
_FACE = int(Block.WATER) * 6 + int(Face.TOP)
_ZERO, _ONE, _BYTE = np.float32(0), np.float32(1), np.float32(1 / 255)
# Where waves begin to blur and where they are gone, metres of distance to a surface seen face on: a texture
# that repeats with every cell would make stripes there.
_WAVES_BLUR, _WAVES_END = np.float32(10), np.float32(90)


@_inlined
def varied(u, v, x, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """(u, v) of the surface in the column at (x, z), turned over in some, so that waves make no rows."""
    mixed = np.uint32(x) * np.uint32(0x9E3779B1) ^ np.uint32(z) * np.uint32(0x85EBCA77)
    mixed ^= mixed >> np.uint32(15)
    return (LAST - u if mixed & np.uint32(64) else u), (LAST - v if mixed & np.uint32(256) else v)


@_inlined
def lay_surface(looks, camera, u, v, depth, length, slant, light, colour):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """`colour` with a surface before what follows.

    Args:
        looks: The blocks' looks.
        camera: The camera.
        u: Where the ray meets the surface: how far across its cell, 0 to below 1 ...
        v: ... and how far down.
        depth: Where that is on the ray.
        length: Of the ray.
        slant: How many times longer than the picture's a texel is across the surface.
        light: Colour of the light there.
        colour: What has been seen so far.
    """
    away = depth * np.sqrt(slant)
    texel = texel_at(looks.texels, looks.faces[_FACE], u, v, away)
    blur = min(max((away - _WAVES_BLUR) / (_WAVES_END - _WAVES_BLUR), _ZERO), _ONE)
    calm = looks.calm_water
    red = np.float32(texel & np.uint32(255))
    green = np.float32(texel >> np.uint32(8) & np.uint32(255))
    blue = np.float32(texel >> np.uint32(16) & np.uint32(255))
    part = colour[3] * np.float32(texel >> np.uint32(24)) * _BYTE
    if camera.in_water:
        part *= _ONE - min((depth * length - MURK_START) / (MURK_END - MURK_START), _ONE)
    return (
        colour[0] + part * light[0] * (red + (calm[0] - red) * blur),
        colour[1] + part * light[1] * (green + (calm[1] - green) * blur),
        colour[2] + part * light[2] * (blue + (calm[2] - blue) * blur),
        colour[3] - part,
    )


@_inlined
def leave_water(light_map, length, depth, water, colour):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """`water` and `colour` where a ray leaves it, at `depth`."""
    wet, veiled, since, light = water
    if wet and veiled:
        share = max(_ONE - (depth - since) * length / _CLEAR, _ZERO)
        colour = veil(light_map, light, share * share * share, colour)
    return (False, False, since, light), colour


@_inlined
def veil(light_map, light, share, colour):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """`colour` with deep water before all but `share` of what follows."""
    clear = colour[3] * share
    hidden = colour[3] - clear
    return (
        colour[0] + hidden * DEEP[0] * light_map[light],
        colour[1] + hidden * DEEP[1] * light_map[light + 1],
        colour[2] + hidden * DEEP[2] * light_map[light + 2],
        clear,
    )


@_inlined
def laid_under(colour, texel, light):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Red, green and blue of `colour` with an opaque texel behind it."""
    return (
        colour[0] + colour[3] * light[0] * np.float32(texel & np.uint32(255)),
        colour[1] + colour[3] * light[1] * np.float32(texel >> np.uint32(8) & np.uint32(255)),
        colour[2] + colour[3] * light[2] * np.float32(texel >> np.uint32(16) & np.uint32(255)),
    )
