"""The made scene's sky: colours, a sun, clouds and two ridges of hills on the horizon."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, radians

import cv2
import numpy as np

from training.demo.frame import WIDTH, Picture, Vector
from training.demo.textures import noise
from training.demo.viewpoint import Viewpoint

_CLOUD_HEIGHT = 12.0  # metres above the eye, low enough that walking shows in the sky
_CLOUD_TEXELS = 4.0  # per metre
_SKIES = (  # zenith, horizon, cloud
    ((96, 154, 232), (190, 216, 244), (250, 252, 255)),
    ((84, 96, 170), (250, 186, 140), (255, 222, 206)),
    ((120, 160, 196), (214, 222, 226), (240, 242, 244)),
)


@dataclass(frozen=True)
class SkyColours:
    """The colours of one day, each float64 [3] RGB; the horizon's is also the fog's."""

    zenith: Vector
    horizon: Vector
    cloud: Vector

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> SkyColours:
        """Some day."""
        return cls(*(np.array(colour, float) for colour in _SKIES[rng.integers(3)]))


def cloud_mask(rng: np.random.Generator) -> Picture:
    """255 where there is a cloud, 0 elsewhere: uint8 [256, 256], which repeats."""
    return _blobs(rng, 256, 8, 0.62) & _blobs(rng, 256, 3, 0.45)


class Sky:
    """What is above the horizon.

    Args:
        rng: Where the hills and the sun come from.
        colours: Of zenith, horizon and clouds.
        clouds: As from `cloud_mask`.
    """

    def __init__(self, rng: np.random.Generator, colours: SkyColours, clouds: Picture) -> None:
        self._colours = colours
        self._clouds = clouds
        self._hills = [(_ridge(rng, low, high), shade) for low, high, shade in ((4, 11, 0.3), (1, 5, 0.55))]
        self._sun = radians(rng.uniform(0, 360)), radians(rng.uniform(14, 32))

    def draw(self, frame: Picture, view: Viewpoint) -> None:
        """Draw it onto the rows of `frame` (uint8 [360, 640, 3], changed in place) that look up."""
        climb = view.climb
        rows = np.flatnonzero(climb >= 0)
        if not len(rows):
            return
        horizon = self._colours.horizon
        share = np.clip(climb[rows] / 0.7, 0, 1)[:, None] ** 0.7
        colours = horizon + (self._colours.zenith - horizon) * share
        frame[rows] = colours.astype(np.uint8)[:, None]
        self._draw_sun(frame, view)
        cloudy = rows[climb[rows] > 0.06]
        if len(cloudy):
            x, z = view.plane_rows(cloudy, _CLOUD_HEIGHT / climb[cloudy], _CLOUD_TEXELS)
            mask = cv2.remap(self._clouds, x, z, cv2.INTER_NEAREST, borderMode=cv2.BORDER_WRAP)
            weight = np.clip((climb[cloudy] - 0.06) / 0.3, 0, 0.85)[:, None]
            white = colours[: len(cloudy)] * (1 - weight) + self._colours.cloud * weight
            area = frame[cloudy[0] : cloudy[-1] + 1]
            cv2.copyTo(np.repeat(white.astype(np.uint8)[:, None], WIDTH, axis=1), mask, area)
        self._draw_hills(frame, view)

    def _draw_sun(self, frame: Picture, view: Viewpoint) -> None:
        around, height = self._sun
        for size, warmth in ((0.085, 0.5), (0.06, 1.0)):
            corners = _directions(
                around + np.array([-size, size, size, -size]), height + np.array([size, size, -size, -size])
            )
            self._fill(frame, view, corners, np.array([255, 246, 200]), warmth)

    def _draw_hills(self, frame: Picture, view: Viewpoint) -> None:
        around = radians(view.yaw) + np.linspace(-1.35, 1.35, 90)
        for ridge, shade in self._hills:
            height = np.interp(around % (2 * pi), np.linspace(0, 2 * pi, len(ridge)), ridge)
            outline = np.concatenate(
                [_directions(around, height), _directions(around[::-1], height * 0 - 0.01)]
            )
            self._fill(frame, view, outline, np.array([84, 118, 112]), shade)

    def _fill(self, frame: Picture, view: Viewpoint, outline: Vector, tint: Vector, share: float) -> None:
        """Fill a polygon of directions [n, 3] with the horizon's colour and a share of `tint`."""
        places = view.projected(outline)
        if places is not None:
            colour = self._colours.horizon * (1 - share) + tint * share
            cv2.fillPoly(frame, [places], colour.tolist())


def _blobs(rng: np.random.Generator, size: int, grains: int, share: float) -> Picture:
    """255 in about `share` of a square of blocks, 0 elsewhere."""
    coarse = noise(rng, size // 4, grains)
    mask = (coarse > np.quantile(coarse, 1 - share)).astype(np.uint8) * 255
    return np.kron(mask, np.ones((4, 4), np.uint8))


def _ridge(rng: np.random.Generator, low: float, high: float) -> Vector:
    """Elevation (radians) of a mountain ridge in 73 directions, the last as the first."""
    heights = np.repeat(rng.uniform(low, high, 36), 2) + rng.uniform(-0.6, 0.6, 72)
    return np.radians(np.append(heights, heights[0]))


def _directions(around: Vector, height: Vector) -> Vector:
    """Unit vectors [n, 3] towards azimuths `around` and elevations `height`, in radians."""
    return np.stack(
        [np.sin(around) * np.cos(height), np.sin(height), np.cos(around) * np.cos(height)], axis=1
    )
