"""The eye: where it is, and along which ray each pixel of a picture looks."""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.canvas import HEIGHT, WIDTH, Canvas
from vpt_studio.envs.voxel.rays import nonzero
from vpt_studio.envs.voxel.water import MURK_END

#: Metres one sees; fog hides where the world ends.
REACH = 120.0

_inlined = partial(compiled, inlined=True, allocates=False)

_ONE = np.float32(1)


class Camera(NamedTuple):
    """Where the eye is and which way each pixel looks.

    A pixel's ray runs along ``forward + across * right + upward * up``, so that the distance along it,
    counted in this vector, is the depth of what is met.

    Attributes:
        cell: int64 [3]: the eye's cell.
        frame: float32 [12]: the eye within its cell, then the unit vectors forward, right and up.
        rows: int32 [R]: the picture's rows to draw.
        across: float32 [C]: how far each column looks to the right.
        upward: float32 [R]: how far each of `rows` looks up.
        reach: Metres the eye sees.
        in_water: Whether it is in water.
    """

    cell: npt.NDArray[np.int64]
    frame: npt.NDArray[np.float32]
    rows: npt.NDArray[np.int32]
    across: npt.NDArray[np.float32]
    upward: npt.NDArray[np.float32]
    reach: np.float32
    in_water: bool


def camera_at(
    place: tuple[float, float, float], yaw: float, pitch: float, fov: float, in_water: bool, canvas: Canvas
) -> Camera:
    """The camera at `place` (world, metres) that draws the pixels of `canvas`; angles in degrees."""
    cell = np.floor(place)
    turn, tilt = math.radians(yaw), math.radians(pitch)
    forward = (-math.sin(turn) * math.cos(tilt), -math.sin(tilt), math.cos(turn) * math.cos(tilt))
    right = (-math.cos(turn), 0.0, -math.sin(turn))
    up = (-math.sin(turn) * math.sin(tilt), math.cos(tilt), math.cos(turn) * math.sin(tilt))
    focal = HEIGHT / 2 / math.tan(math.radians(fov) / 2)  # pixels
    return Camera(
        cell.astype(np.int64),
        np.array([*(np.array(place) - cell), *forward, *right, *up], np.float32),
        canvas.rows,
        ((canvas.columns + 0.5 - WIDTH / 2) / focal).astype(np.float32),
        ((HEIGHT / 2 - canvas.rows - 0.5) / focal).astype(np.float32),
        MURK_END if in_water else np.float32(REACH),
        in_water,
    )


@_inlined
def direction(frame, across, upward):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """A pixel's ray; no part of it is 0, so that all can be divided by."""
    return (
        nonzero(frame[3] + upward * frame[9] + across * frame[6]),
        nonzero(frame[4] + upward * frame[10] + across * frame[7]),
        nonzero(frame[5] + upward * frame[11] + across * frame[8]),
    )


@_inlined
def length_of(across, upward):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The length of a pixel's ray."""
    return np.sqrt(_ONE + across * across + upward * upward)
