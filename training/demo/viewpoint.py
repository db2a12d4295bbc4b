"""Where the player's eye is and where it looks: what turns the world into places on the frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin, tan

import numpy as np
import numpy.typing as npt

from training.demo.frame import HEIGHT, WIDTH, Vector

#: Metres; fog hides what is farther away.
SIGHT = 36.0
#: Metres; what is nearer to the eye is cut off.
NEAR = 0.08
#: Metres after which the ground and the clouds repeat.
TILE = 64


@dataclass(frozen=True)
class Viewpoint:
    """An eye without roll; equal viewpoints see the same.

    Attributes:
        x: Place of the eye in metres.
        y: Its height above the ground in metres.
        z: Place of the eye in metres.
        yaw: Degrees to the right of the +z axis.
        pitch: Degrees downwards, -90 to 90.
        field: Vertical angle of view in degrees.
    """

    x: float
    y: float
    z: float
    yaw: float
    pitch: float
    field: float

    @cached_property
    def axes(self) -> Vector:
        """float64 [3, 3]: the directions right, down (on screen) and forward in the world; y is up."""
        s, c, sp, cp = (f(radians(a)) for a in (self.yaw, self.pitch) for f in (sin, cos))
        return np.array([(c, 0, -s), (-s * sp, -cp, -c * sp), (s * cp, -sp, c * cp)])

    @cached_property
    def focal(self) -> float:
        """Focal length in pixels."""
        return HEIGHT / 2 / tan(radians(self.field) / 2)

    @cached_property
    def climb(self) -> Vector:
        """float64 [360]: how far the rays through a row of pixels climb, in metres per metre ahead.

        Without roll all rays of a row climb equally.
        """
        _, down, forward = self.axes
        return down[1] * (np.arange(HEIGHT) + 0.5 - HEIGHT / 2) / self.focal + forward[1]

    def plane_rows(
        self, rows: npt.NDArray[np.intp], reach: Vector, scale: float
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """x, z (float32 [rows, 640], `scale` per metre) where the rays of `rows` are `reach` m ahead."""
        right, down, forward = self.axes
        aside = (np.arange(WIDTH, dtype=np.float32) + 0.5 - WIDTH / 2) / self.focal
        below = (rows + 0.5 - HEIGHT / 2) / self.focal

        def coordinate(place: float, part: int) -> npt.NDArray[np.float32]:
            middle = scale * (place % TILE + reach * (down[part] * below + forward[part]))
            step = scale * reach * right[part]
            return middle.astype(np.float32)[:, None] + step.astype(np.float32)[:, None] * aside

        return coordinate(self.x, 0), coordinate(self.z, 2)

    def projected(self, directions: Vector) -> npt.NDArray[np.int32] | None:
        """Pixels (int32 [n, 2]) at which `directions` [n, 3] are seen, None if one lies behind."""
        seen = directions @ self.axes.T
        if seen[:, 2].min() < NEAR:
            return None
        return (seen[:, :2] / seen[:, 2:] * self.focal + (WIDTH / 2, HEIGHT / 2)).round().astype(np.int32)
