"""Textures one can look past or through: plants, glass, fluids, and the cracks over a breaking block."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.art import palette
from vpt_studio.envs.voxel.art.brushes import SIZE, Texels, clouds, drawn, numbered, speckles, toned

_GRASS = """
    ................
    ................
    ............2...
    ...2........2...
    ...2....3..21...
    ...12...3..2..3.
    ....2..32..2..3.
    .3..2..3...1.32.
    .3..1..3.3.1.3..
    ..2.12.2.3.2.2..
    ..2..1.2321.22..
    ..1..2.121.121..
    ..12.1.12..12...
    ...1.12112.12...
    ...1011101111...
    ....00110010...."""
_DANDELION = """
    ................
    ................
    ................
    ................
    ................
    ................
    ......yyy.......
    .....ylyly......
    .....yylyo......
    .....oyyoo......
    ......oso.......
    .......s........
    ..sg...s........
    ...sg..s..gs....
    ....sg.s.gs.....
    .....sgsgs......"""
_POPPY = """
    ................
    ................
    ................
    ................
    ......rr.rr.....
    .....rllrrlr....
    .....rlrkrrr....
    .....drkkkrd....
    ......drkrd.....
    .......dsd......
    ........s.......
    .....g..s.......
    .....gs.s..g....
    ......gss.gs....
    .......gsgs.....
    ........ss......"""


def short_grass() -> Texels:
    """Blades of unequal length."""
    return numbered(_GRASS, palette.ramp("3d6a26 4f842f 63a03c 7dba50"))


def dandelion() -> Texels:
    """A yellow head over toothed leaves."""
    dark, middle, light = palette.DANDELION
    inks = {"o": dark, "y": middle, "l": light, "s": palette.STEM[1], "g": palette.STEM[2]}
    return drawn(_DANDELION, inks)


def poppy() -> Texels:
    """Four red petals around a black heart."""
    dark, middle, light = palette.POPPY
    inks = {"d": dark, "r": middle, "l": light, "k": palette.COAL[0]}
    return drawn(_POPPY, inks | {"s": palette.STEM[1], "g": palette.STEM[2]})


_GLASS = """
    2222222222222221
    2..............0
    2..........2...0
    2...2.....2....0
    2..2.....2.....0
    2.2............0
    2..............0
    2..............0
    2..............0
    2..............0
    2............2.0
    2.....1.....2..0
    2....1.....2...0
    2...1..........0
    2..............0
    1000000000000000"""


def glass() -> Texels:
    """A pale frame with a few glints; clear in between."""
    return numbered(_GLASS, palette.GLASS)


def water() -> Texels:
    """Half clear blue with faint waves."""
    texels = toned(clouds(311, 3, 7) + 0.15 * speckles(312), palette.WATER, (0.2, 0.38, 0.32, 0.1))
    texels[..., 3] = palette.WATER_ALPHA
    return texels


def lava() -> Texels:
    """Glowing flows between darker crust."""
    return toned(clouds(323, 4, 5) + 0.18 * speckles(322), palette.LAVA, (0.14, 0.24, 0.32, 0.2, 0.1))


_STAGES = 10
_FISSURES = 6  # that start in the middle; each sends out a branch
_STEPS = 15  # of a fissure, each a little shorter than a texel


def cracks() -> Texels:
    """uint8 [10, 16, 16, 4]: stages of breaking, each with all fissures of the one before."""
    from_stage = np.full((SIZE, SIZE), _STAGES)
    turns = speckles(331, _STEPS, 2 * _FISSURES) - 0.5
    for fissure in range(_FISSURES):
        heading = 2 * np.pi * (fissure + 0.5 * turns[fissure, 0] + 0.3) / _FISSURES
        path = _fissure(from_stage, complex(8, 8), heading, 0, turns[fissure])
        fork = 4 + fissure % 3
        side = 1.0 if fissure % 2 else -1.0
        _fissure(from_stage, path[fork], heading + side, fork, turns[_FISSURES + fissure])
    stages = np.zeros((_STAGES, SIZE, SIZE, 4), np.uint8)
    for stage, texels in enumerate(stages):
        open_for = stage - from_stage
        texels[open_for >= 0, :3] = 14
        texels[..., 3] = np.select([open_for >= 3, open_for >= 0], [200, 150], 0)
    return stages


def _fissure(
    from_stage: npt.NDArray[np.int64],
    start: complex,
    heading: float,
    first: int,
    turns: npt.NDArray[np.float64],
) -> list[complex]:
    """Open the texels of a jagged line, each at its step's stage; the places passed, as x + iy.

    Args:
        from_stage: int64 [16, 16]: the first stage in which a texel is open; changed.
        start: Where the line sets off.
        heading: Its direction in radians.
        first: The step at which it sets off.
        turns: Deviations from the heading, one for each step of a whole fissure.
    """
    path = [start]
    for step, turn in enumerate(turns[first:], first):
        angle = heading + 1.9 * turn
        path.append(path[-1] + 0.75 * complex(np.cos(angle), np.sin(angle)))
        column, row = int(path[-1].real), int(path[-1].imag)
        if 0 <= column < SIZE and 0 <= row < SIZE:
            from_stage[row, column] = min(from_stage[row, column], step * _STAGES // _STEPS)
    return path
