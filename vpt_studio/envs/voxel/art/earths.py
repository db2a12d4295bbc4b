"""Textures of what lies in the ground."""

from __future__ import annotations

import numpy as np

from vpt_studio.envs.voxel.art import palette
from vpt_studio.envs.voxel.art.brushes import (
    ROWS,
    Texels,
    clouds,
    laid_over,
    mixed,
    numbered,
    painted,
    pebbles,
    scattered,
    speckles,
    toned,
)


def stone() -> Texels:
    """Grey with short horizontal veins."""
    return toned(clouds(11, 4, 8) + 0.35 * speckles(12), palette.STONE, (0.14, 0.3, 0.38, 0.18))


def dirt() -> Texels:
    """Brown crumbs."""
    grain = 0.6 * clouds(21, 8, 8) + 0.5 * speckles(22)
    return toned(grain, palette.DIRT, (0.14, 0.25, 0.32, 0.21, 0.08))


def grass_top() -> Texels:
    """Blades seen from above."""
    return toned(0.5 * clouds(31, 8, 8) + 0.6 * speckles(32), palette.GRASS, (0.14, 0.27, 0.3, 0.2, 0.09))


_FRINGE = (3, 2, 4, 3, 2, 3, 5, 4, 2, 3, 4, 2, 3, 5, 3, 2)  # rows of grass that hang over the dirt


def grass_side() -> Texels:
    """Dirt under an irregular green fringe, which throws a little shadow."""
    depth = np.array(_FRINGE)[None, :]
    below = mixed(dirt(), palette.BLACK, np.where(depth == ROWS, 0.28, 0.0))
    tips = (depth - 1 == ROWS) & (depth > 2)
    fringe = mixed(grass_top(), palette.BLACK, np.where(tips, 0.16, 0.0))
    fringe[..., 3] = np.where(depth > ROWS, 255, 0)
    return laid_over(below, fringe)


def cobblestone() -> Texels:
    """Rounded stones of several greys in dark mortar, lit from the upper left."""
    stones = pebbles(scattered(43, 3, 4, 0.6))
    shade = 2.2 + 2.0 * (speckles(42, 12, 1)[0, stones.cell] - 0.5)
    shade += np.where(stones.slope < -2.2, 1.1, 0.0) - np.where(stones.slope > 2.6, 1.0, 0.0)
    shade += 0.9 * (speckles(44) - 0.5)
    texels = painted(np.round(shade).astype(int), palette.COBBLESTONE)
    mortar = painted((speckles(45) > 0.5).astype(int), palette.MORTAR)
    return np.where((stones.margin < 1.1)[..., None], mortar, texels)


def bedrock() -> Texels:
    """Hard black and light patches."""
    grain = clouds(53, 7, 6) + 0.45 * speckles(52)
    return toned(grain, palette.BEDROCK, (0.2, 0.27, 0.26, 0.18, 0.09))


def sand() -> Texels:
    """Fine, pale grains in faint ripples."""
    return toned(0.7 * clouds(61, 3, 8) + 0.6 * speckles(62), palette.SAND, (0.1, 0.33, 0.4, 0.17))


def gravel() -> Texels:
    """Small pebbles, grey to reddish, with dark gaps."""
    stones = pebbles(scattered(71, 5, 6, 0.9))
    shade = 0.4 + 4.2 * speckles(72, 30, 1)[0, stones.cell] - 0.28 * stones.slope
    texels = painted(np.round(shade).astype(int), palette.GRAVEL)
    warm = np.where(speckles(73, 30, 1)[0, stones.cell] > 0.6, 0.22, 0.0)
    texels = mixed(texels, palette.DIRT[2], warm)
    return mixed(texels, palette.BLACK, np.where(stones.margin < 0.45, 0.32, 0.0))


def sandstone_top() -> Texels:
    """Smoother than sand."""
    return toned(clouds(87, 4, 4) + 0.6 * speckles(82), palette.SANDSTONE, (0.0, 0.12, 0.4, 0.38, 0.1))


def sandstone_side() -> Texels:
    """Layers: a light band on top, ripples, a carved line and a dark foot."""
    layers = np.array([4, 3, 3, 1, 3, 2, 3, 2, 3, 3, 1, 0, 3, 2, 2, 1])[:, None]
    wobble = np.where(clouds(83, 4, 16) + 0.3 * speckles(84) > 0.95, -1, 0)
    return painted(np.maximum(layers + wobble, 0), palette.SANDSTONE)


def obsidian() -> Texels:
    """Nearly black glass with a violet shimmer."""
    grain = clouds(91, 5, 5) + 0.3 * speckles(92)
    return toned(grain, palette.OBSIDIAN, (0.22, 0.34, 0.24, 0.14, 0.06))


def granite() -> Texels:
    """Reddish speckles."""
    return toned(clouds(101, 6, 6) + 0.5 * speckles(102), palette.GRANITE, (0.12, 0.24, 0.34, 0.21, 0.09))


def diorite() -> Texels:
    """White with grey flakes."""
    return toned(clouds(111, 7, 7) + 0.5 * speckles(112), palette.DIORITE, (0.12, 0.17, 0.26, 0.3, 0.15))


def andesite() -> Texels:
    """A greenish, even grey with paler flakes."""
    return toned(clouds(121, 5, 7) + 0.5 * speckles(122), palette.ANDESITE, (0.1, 0.24, 0.36, 0.22, 0.08))


_COAL_LUMPS = """
    ................
    ...2210.........
    ..32110...221...
    ...1100..22110..
    ....0....21100..
    ..........00....
    .221.........22.
    .2110...2210.110
    .1100..321110..0
    ..0....2111100..
    ........11000...
    ...22.....0.....
    ..2110.....221..
    ..1100....32110.
    ...0.......1100.
    ................"""
_METAL_FLECKS = """
    ................
    ....33....21....
    ..33210..32210..
    ..2210....110...
    ...10...........
    .........33.....
    .32....332210.2.
    3210....21100.10
    110.............
    .....32......33.
    ....3221....3210
    ....2110.....10.
    .32..10...2.....
    .2210....3210...
    ..10......10....
    ................"""
_ROUND_FLECKS = """
    ................
    ..21.....32.....
    .3210...3211.21.
    .1100...2110.10.
    ..0......0......
    ......32.....2..
    ..2..3221...321.
    .321.2110...110.
    .110..00.....0..
    .........32.....
    ...21...3210..2.
    ..3210..1100.321
    ..1100...0...10.
    ...0..21........
    .....3210..21...
    ......10...10..."""
_GEM_FLECKS = """
    ................
    ...3......32....
    ..321....3221...
    .32210...2110...
    ..210.....1.....
    ...0........3...
    ......32...321..
    ..2..3221...10..
    .321..2110......
    ..10...10....2..
    ...........3.10.
    ....32....321...
    ...3221..32210..
    ...2110...210...
    ....10.....0....
    ................"""


def _ore(lumps: Texels) -> Texels:
    """Stone with drawn lumps, each set off from the stone by a darker rim."""
    filled = lumps[..., 3] > 0
    rim = np.zeros_like(filled)
    for axis in (0, 1):
        rim |= np.roll(filled, 1, axis) | np.roll(filled, -1, axis)
    return laid_over(mixed(stone(), palette.BLACK, np.where(rim & ~filled, 0.22, 0.0)), lumps)


def coal_ore() -> Texels:
    """Black lumps in stone."""
    return _ore(numbered(_COAL_LUMPS, palette.COAL))


def iron_ore() -> Texels:
    """Beige flecks in stone."""
    return _ore(numbered(_METAL_FLECKS, palette.IRON_FLECKS))


def gold_ore() -> Texels:
    """Yellow flecks in stone, upright where the iron's lie."""
    return _ore(numbered(_METAL_FLECKS, palette.GOLD_FLECKS).swapaxes(0, 1))


def redstone_ore() -> Texels:
    """Red grains in stone."""
    return _ore(numbered(_ROUND_FLECKS, palette.REDSTONE_FLECKS))


def diamond_ore() -> Texels:
    """Cyan gems in stone."""
    return _ore(numbered(_GEM_FLECKS, palette.DIAMOND_FLECKS))
