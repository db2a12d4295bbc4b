"""Textures of trees and of what carpenters make of them."""

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
from vpt_studio.envs.voxel.art.palette import Ramp


def bark(colours: Ramp, seed: int) -> Texels:
    """Bark with broken vertical grooves."""
    grooves = np.array(
        [0.0, 0.5, 0.3, -0.45, 0.25, 0.55, 0.1, -0.4, 0.2, 0.6, 0.35, -0.3, 0.4, 0.1, -0.5, 0.3]
    )
    grain = grooves + 0.75 * clouds(seed, 16, 3) + 0.25 * speckles(seed + 1)
    return toned(grain, colours, (0.25, 0.25, 0.28, 0.22))


_BIRCH_MARKS = """
    ................
    .000..........11
    1.........000...
    ....11......1...
    ................
    0..........00000
    .......1........
    ..0000..........
    ...01......11...
    ................
    .........0000...
    011.......01....
    ...............1
    .....000........
    ......1.....000.
    ..1............."""


def birch_bark() -> Texels:
    """White paper with dark dashes."""
    paper = toned(clouds(211, 4, 8) + 0.3 * speckles(212), palette.BIRCH_BARK)
    return laid_over(paper, numbered(_BIRCH_MARKS, palette.BIRCH_MARKS))


def log_top(wood: Ramp, rind: Ramp) -> Texels:
    """Rings inside a rim of bark."""
    across, down = np.abs(COLUMNS - 7.5), np.abs(ROWS - 7.5)
    radius = np.maximum(np.maximum(across, down), 0.6 * (across + down))  # cut corners
    ring = np.floor(radius).astype(int)
    steps = np.select([ring == 0, ring % 2 == 1], [1, 3], 1) + np.where(speckles(221) > 0.8, 1, 0)
    face = painted(steps, wood)
    rim = painted((speckles(222) * 3).astype(int), rind)
    return np.where((ring >= 7)[..., None], rim, face)


_JOINTS = (5, 12, 3, 9)  # the column where a board of each row ends


def planks(colours: Ramp, seed: int) -> Texels:
    """Four boards across, each with grain, a dark seam below and a joint."""
    board, row = ROWS // 4, ROWS % 4
    grain = 0.9 * clouds(seed, 3, 16) + 0.35 * speckles(seed + 1)
    steps = np.where(row == 0, 3, 2) + np.select([grain < 0.42, grain > 0.86], [-1, 1], 0)
    joint = np.array(_JOINTS)[board]
    steps = np.where(joint + 1 == COLUMNS, np.minimum(steps + 1, 4), steps)
    steps = np.where((row == 3) | (joint == COLUMNS), 0, steps)
    return painted(steps, colours)


_TABLE_TOP = """
    bbbbbbbbbbbbbbbb
    bddddddddddddddb
    bd............db
    bd.llllllllll.db
    bd.l..l..l..l.db
    bd.l..l..l..l.db
    bd.llllllllll.db
    bd.l..l..l..l.db
    bd.l..l..l..l.db
    bd.llllllllll.db
    bd.l..l..l..l.db
    bd.l..l..l..l.db
    bd.llllllllll.db
    bd............db
    bddddddddddddddb
    bbbbbbbbbbbbbbbb"""
_TABLE_SIDE = """
    bbbbbbbbbbbbbbbb
    bllllllllllllllb
    ddllllddddlllldd
    d..............d
    bd............db
    b..............b
    b..............b
    b..............b
    b..............b
    b..............b
    b..............b
    b..............b
    b..............b
    b..............b
    bd............db
    bbbbbbbbbbbbbbbb"""
_HAMMER_AND_SAW = """
    ................
    ................
    ................
    ................
    ................
    ..kkkk....hh....
    ..kssk....hh....
    ..kkkk....sss...
    ...hh.....sssk..
    ...hh.....sssk..
    ...hh.....sssk..
    ...hh.....sssk..
    ...hh.....ssk...
    ...hh.....sk....
    ................
    ................"""
_PLIERS_AND_CHISEL = """
    ................
    ................
    ................
    ................
    ................
    ...k..k....ss...
    ...sk.sk...ss...
    ...ssssk...sk...
    ....ssk....sk...
    ....ssk....kk...
    ...s..s....hh...
    ..hh..hh...hh...
    ..h....h...hh...
    ..h....h...hh...
    ................
    ................"""
_TABLE_INKS = dict(zip("bdlksh", palette.ramp("4a3317 6f5129 c7a468 3b3b3d b4b4b8 7d3f1d"), strict=True))


def crafting_table_top() -> Texels:
    """A work plate with a grid of three by three cut into it."""
    plate = mixed(planks(palette.OAK_WOOD, 231), palette.ramp("b98a52")[0], 0.4)
    inks = _TABLE_INKS | {"l": palette.ramp("644420")[0]}
    return laid_over(plate, drawn(_TABLE_TOP, inks))


def crafting_table_side(first: bool) -> Texels:
    """Planks in a dark frame with tools hanging on them: hammer and saw, or pliers and chisel."""
    tools = _HAMMER_AND_SAW if first else _PLIERS_AND_CHISEL
    side = laid_over(planks(palette.OAK_WOOD, 231), drawn(_TABLE_SIDE, _TABLE_INKS))
    return laid_over(side, drawn(tools, _TABLE_INKS))


def leaves(colours: Ramp, seed: int) -> Texels:
    """Foliage with holes in a quarter of it; light clumps over dark ones."""
    clumps = 0.75 * clouds(seed, 8, 8) + 0.5 * speckles(seed + 1)
    texels = toned(clumps, np.concatenate([colours[:1], colours]), (0.25, 0.15, 0.2, 0.17, 0.15, 0.08))
    order = np.argsort(np.argsort(clumps, axis=None, kind="stable"), kind="stable")
    texels[(order < SIZE * SIZE // 4).reshape(SIZE, SIZE), 3] = 0
    return texels


_TORCH = """
    ................
    ................
    ................
    ................
    ................
    ................
    .......wy.......
    .......yo.......
    .......lm.......
    .......lm.......
    .......lm.......
    .......ld.......
    .......md.......
    .......lm.......
    .......md.......
    .......md......."""
_TORCH_INKS = dict(zip("wyolmd", palette.ramp("fffbd8 ffe15a ffa726 a57c45 7b5a2e 5c411f"), strict=True))


def torch() -> Texels:
    """A stick, two texels wide and ten tall, with a glowing head."""
    return drawn(_TORCH, _TORCH_INKS)
