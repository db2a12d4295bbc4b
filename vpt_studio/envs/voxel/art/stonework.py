"""Textures of what is made of stone and metal: bricks, blocks of one stuff, furnaces."""

from __future__ import annotations

import numpy as np

from vpt_studio.envs.voxel.art import palette
from vpt_studio.envs.voxel.art.brushes import (
    COLUMNS,
    ROWS,
    SIZE,
    Texels,
    clouds,
    drawn,
    laid_over,
    mixed,
    numbered,
    painted,
    speckles,
    toned,
)
from vpt_studio.envs.voxel.art.earths import stone

_STONE_BRICKS = """
    3333333133333331
    3222222132222221
    3222222132222221
    3222222132222221
    3222222132222221
    3222222132222221
    2111111121111111
    0000000000000000
    3331333333313333
    2221322222213222
    2221322222213222
    2221322222213222
    2221322222213222
    2221322222213222
    1111211111112111
    0000000000000000"""


def stone_bricks() -> Texels:
    """Two rows of cut stones, each with a light upper and a dark lower edge."""
    colours = palette.ramp("4c4c4d 666667 7d7d7e 949495")
    return mixed(numbered(_STONE_BRICKS, colours), palette.BLACK, 0.14 * clouds(131, 8, 8) * speckles(132))


def _bevelled(steps: Texels) -> Texels:
    """A frame around `steps`: light at the top and left, dark at the bottom and right."""
    edge = np.zeros((SIZE, SIZE))
    edge[0] = edge[:, 0] = 1.0
    out = mixed(steps, palette.WHITE, 0.45 * edge)
    edge[:] = 0.0
    edge[-1] = edge[:, -1] = 1.0
    return mixed(out, palette.BLACK, 0.35 * edge)


def coal_block() -> Texels:
    """Pressed coal."""
    grain = clouds(141, 6, 6) + 0.5 * speckles(142)
    return toned(grain, palette.COAL_BLOCK, (0.2, 0.3, 0.28, 0.15, 0.07))


def iron_block() -> Texels:
    """Pale sheets with seams."""
    sheets = np.select([ROWS % 4 == 3, ROWS % 4 == 0], [1, 3], 2)
    return _bevelled(painted(np.broadcast_to(sheets, (SIZE, SIZE)), palette.IRON_BLOCK))


def gold_block() -> Texels:
    """Yellow metal with slanting reflections."""
    slant = (COLUMNS + ROWS) % 11
    steps = np.select([slant < 2, slant < 3, slant > 8], [4, 3, 1], 2)
    return _bevelled(painted(steps, palette.GOLD_BLOCK))


def diamond_block() -> Texels:
    """Cyan, with a gem's facets."""
    middle = np.abs(COLUMNS - 7.5) + np.abs(ROWS - 7.5)
    lit = COLUMNS + ROWS < SIZE - 1
    steps = np.select(
        [middle > 9.5, middle > 7.5, middle > 3.5], [2, np.where(lit, 4, 1), 3], np.where(lit, 4, 2)
    )
    return _bevelled(painted(steps, palette.DIAMOND_BLOCK))


def furnace_top() -> Texels:
    """A plain stone plate with a darker rim."""
    rim = (ROWS % 15 == 0) | (COLUMNS % 15 == 0)
    return mixed(mixed(stone(), palette.WHITE, 0.06), palette.BLACK, np.where(rim, 0.38, 0.0))


_FURNACE_SIDE = """
    4444444444444442
    4333333333333331
    3222222222222221
    3211111111111121
    2000000000000000
    4444442444444442
    3333321333333321
    3222221322222221
    2111110211111110
    4442444444442444
    3321333333321333
    2221322222221322
    1110211111110211
    4444444444444442
    3333333333333331
    2111111111111110"""


def furnace_side() -> Texels:
    """Courses of cut stone under a slab."""
    colours = palette.ramp("4a4a4b 666667 7a7a7b 868687 989899")
    return mixed(numbered(_FURNACE_SIDE, colours), palette.BLACK, 0.12 * speckles(151))


_FURNACE_MOUTH = """
    ................
    ................
    ................
    ................
    ................
    ................
    ....rrrrrrrr....
    ...rkkkkkkkkr...
    ...rkkkkkkkkr...
    ..rkkkkkkkkkkr..
    ..rkkkkkkkkkkr..
    ..rkkkkkkkkkkr..
    ..rkgkgkgkgkgr..
    ..rggggggggggr..
    ..llllllllllll..
    ................"""
_FURNACE_FIRE = """
    ................
    ................
    ................
    ................
    ................
    ................
    ................
    ................
    ......0..0......
    .....01.010.0...
    ....0120121010..
    ....1231232121..
    ....2332333231..
    ...1233333332...
    ................
    ................"""
_FURNACE_INKS = dict(zip("rkgl", palette.ramp("4a4a4b 161616 4d4d50 9d9d9e"), strict=True))


def furnace_front(lit: bool) -> Texels:
    """The side with a dark mouth below and an air slit above; fire in the mouth if `lit`."""
    front = laid_over(furnace_side(), drawn(_FURNACE_MOUTH, _FURNACE_INKS))
    return laid_over(front, numbered(_FURNACE_FIRE, palette.FIRE)) if lit else front
