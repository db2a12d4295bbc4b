"""What of the world is inside the player's picture."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.targeting import look_at
from vpt_studio.envs.voxel.world import World

Point = tuple[float, float, float]

#: Half the picture's height at one metre, and half its width.
UPRIGHT = math.tan(math.radians(35.0))
ACROSS = UPRIGHT * 16 / 9

_SLACK = 0.3  # metres before a point at which the way there may end


def view_axes(yaw: float, pitch: float) -> npt.NDArray[np.float64]:
    """float64 [3, 3]: the directions right, up and forward of a view, in degrees, as rows."""
    sin_yaw, cos_yaw = math.sin(math.radians(yaw)), math.cos(math.radians(yaw))
    sin_pitch, cos_pitch = math.sin(math.radians(pitch)), math.cos(math.radians(pitch))
    return np.array(
        [
            [-cos_yaw, 0.0, -sin_yaw],
            [-sin_yaw * sin_pitch, cos_pitch, cos_yaw * sin_pitch],
            [-sin_yaw * cos_pitch, -sin_pitch, cos_yaw * cos_pitch],
        ]
    )


def angles_between(eye: Point, point: Point) -> tuple[float, float]:
    """Yaw and pitch, in degrees, at which an eye looks at a point."""
    x, y, z = (there - here for there, here in zip(point, eye, strict=True))
    return math.degrees(math.atan2(-x, z)), -math.degrees(math.atan2(y, math.hypot(x, z)))


def shows(world: World, eye: Point, axes: npt.NDArray[np.float64], point: Point) -> bool:
    """Whether a point is inside the picture of a view and nothing stands before it."""
    right, up, forward = (float(part) for part in axes @ (np.array(point) - eye))
    if forward <= 0 or abs(right) > forward * ACROSS or abs(up) > forward * UPRIGHT:
        return False
    return look_at(world, *eye, *angles_between(eye, point), math.dist(eye, point) - _SLACK) is None
