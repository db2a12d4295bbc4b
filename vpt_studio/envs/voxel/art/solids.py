"""Boxes and extruded pictures seen in perspective, drawn texel by texel: what the hand holds.

Coordinates are the eye's: x to the right, y down, z ahead; the picture is the whole one of 640x360.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.art.brushes import Texels, lit
from vpt_studio.envs.voxel.canvas import HEIGHT, WIDTH

_FOCAL = HEIGHT / 2 / np.tan(np.radians(35.0))  # pixels; 70 degrees from top to bottom
_SAMPLES = 2  # along each axis of a pixel, so that slanting edges are smooth
_SUBPIXEL_BITS = 4  # of the corners given to OpenCV

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sprite:
    """A picture and its place in the whole picture of 640x360.

    Attributes:
        pixels: uint8 [h, w, 4], RGBA, not premultiplied.
        left: The column of its left edge.
        top: The row of its upper edge.
    """

    pixels: npt.NDArray[np.uint8]
    left: int
    top: int


@dataclass(frozen=True)
class Surface:
    """One-coloured quadrilaterals; those that face away are not drawn, far ones are drawn first.

    Attributes:
        corners: float64 [n, 4, 3], clockwise as seen from outside.
        colours: uint8 [n, 3].
    """

    corners: Points
    colours: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Pose:
    """Where a solid is. It is turned about y, then about x, then about z, then moved.

    Attributes:
        centre: Where its middle comes to.
        turn: Degrees about y; positive brings its right side to the front.
        lean: Degrees about x; positive moves its upper end away.
        roll: Degrees about z; positive moves its upper end to the right.
    """

    centre: tuple[float, float, float]
    turn: float = 0.0
    lean: float = 0.0
    roll: float = 0.0

    @property
    def rotation(self) -> Points:
        """float64 [3, 3]."""
        return _rotation(2, self.roll) @ _rotation(0, -self.lean) @ _rotation(1, self.turn)


def _rotation(axis: int, degrees: float) -> Points:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.eye(3)
    first, second = (axis + 1) % 3, (axis + 2) % 3
    matrix[first, first] = matrix[second, second] = cosine
    matrix[first, second], matrix[second, first] = -sine, sine
    return matrix


#: Faces of a box of side 1 around the origin: the upper left corner of its picture, and where the
#: picture's columns and rows lead.
_BOX_FACES: dict[str, tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]] = {
    "front": ((-0.5, -0.5, -0.5), (1, 0, 0), (0, 1, 0)),
    "back": ((0.5, -0.5, 0.5), (-1, 0, 0), (0, 1, 0)),
    "left": ((-0.5, -0.5, 0.5), (0, 0, -1), (0, 1, 0)),
    "right": ((0.5, -0.5, -0.5), (0, 0, 1), (0, 1, 0)),
    "top": ((-0.5, -0.5, 0.5), (1, 0, 0), (0, 0, -1)),
    "bottom": ((-0.5, 0.5, -0.5), (1, 0, 0), (0, 0, 1)),
}


def box(size: tuple[float, float, float], faces: dict[str, tuple[Texels, float]]) -> Surface:
    """A box with a picture and the light on it (0 to 1) for each named face; the others are not drawn."""
    corners, colours = [], []
    for name, (texels, light) in faces.items():
        origin, across, down = (np.array(part) * size for part in _BOX_FACES[name])
        there = texels[..., 3] > 0
        corners.append(_squares(origin, across, down, texels.shape[:2])[there])
        colours.append(lit(texels[there], light)[:, :3])
    return Surface(np.concatenate(corners), np.concatenate(colours))


def _squares(origin: Points, across: Points, down: Points, shape: tuple[int, ...]) -> Points:
    """float64 [h, w, 4, 3]: the corners of every texel of a picture spread over a parallelogram."""
    rows = np.linspace(0, 1, shape[0] + 1)[:, None, None]
    columns = np.linspace(0, 1, shape[1] + 1)[None, :, None]
    grid = origin + rows * down + columns * across
    return np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], axis=2)


#: Sides of a texel: which two of its corners they join, what lies beyond (rows, columns), their light.
_EDGES = (((0, 1), (-1, 0), 0.8), ((1, 2), (0, 1), 0.5), ((2, 3), (1, 0), 0.45), ((3, 0), (0, -1), 0.62))


def slab(icon: Texels, size: float) -> tuple[Surface, Surface]:
    """`icon` cut out of a plate one texel thick and `size` wide: its darker edges, then its two pictures."""
    depth = np.array([0.0, 0.0, size / len(icon)])
    there = icon[..., 3] > 0
    beyond = np.pad(there, 1)
    across, down = np.array([size, 0, 0]), np.array([0, size, 0])
    front = _squares(-(across + down + depth) / 2, across, down, icon.shape[:2])
    corners, colours = [], []
    for (one, other), (row, column), light in _EDGES:
        height, width = there.shape
        bare = there & ~beyond[1 + row : 1 + row + height, 1 + column : 1 + column + width]
        start, end = front[bare][:, one], front[bare][:, other]
        corners.append(np.stack([start + depth, end + depth, end, start], axis=1))
        colours.append(lit(icon[bare], light)[:, :3])
    pictures = np.concatenate([front[there], (front + depth)[there][:, ::-1]])
    return (
        Surface(np.concatenate(corners), np.concatenate(colours)),
        Surface(pictures, np.tile(icon[there][:, :3], (2, 1))),
    )


def pictured(surfaces: tuple[Surface, ...], pose: Pose) -> Sprite:
    """What the eye sees of `surfaces`, each drawn over the one before, cropped to what is drawn."""
    rotation, centre = pose.rotation, np.array(pose.centre)
    seen = [surface.corners @ rotation.T + centre for surface in surfaces]
    flat = [_projected(corners) for corners in seen]
    every = np.concatenate([corners.reshape(-1, 2) for corners in flat])
    left, top = np.maximum(np.floor(every.min(axis=0)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(every.max(axis=0)).astype(int), (WIDTH, HEIGHT))
    large = np.zeros(((bottom - top) * _SAMPLES, (right - left) * _SAMPLES, 4), np.uint8)
    for surface, corners, places in zip(surfaces, seen, flat, strict=True):
        _draw(large, surface.colours, corners[..., 2], (places - (left, top)) * _SAMPLES)
    # Drawn samples are opaque and the others black and clear, so averages are premultiplied colours.
    small = cv2.resize(large, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    return _cropped(_divided(small.astype(np.uint8)), int(left), int(top))


def _projected(points: Points) -> Points:
    """float64 [..., 2]: columns and rows of the whole picture."""
    assert (points[..., 2] > 0.05).all(), "a part of the solid is behind the eye"
    return _FOCAL * points[..., :2] / points[..., 2:] + (WIDTH / 2, HEIGHT / 2)


def _draw(large: Texels, colours: npt.NDArray[np.uint8], depths: Points, places: Points) -> None:
    """Fill the quadrilaterals that face the eye, the farthest first."""
    one, two = places[:, 2] - places[:, 0], places[:, 3] - places[:, 1]
    facing = np.flatnonzero(one[:, 0] * two[:, 1] > one[:, 1] * two[:, 0])
    order = facing[np.argsort(-depths[facing].mean(axis=1), kind="stable")]
    corners = np.round((places[order] - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    for quadrilateral, colour in zip(corners, colours[order].tolist(), strict=True):
        cv2.fillConvexPoly(large, quadrilateral, (*colour, 255), cv2.LINE_8, _SUBPIXEL_BITS)


def _divided(premultiplied: Texels) -> Texels:
    """The same picture with colours that are not premultiplied by alpha."""
    alpha = np.maximum(premultiplied[..., 3:], 1).astype(np.float32)
    out = premultiplied.copy()
    out[..., :3] = np.minimum(np.round(premultiplied[..., :3] * (255 / alpha)), 255)
    return out


def _cropped(pixels: Texels, left: int, top: int) -> Sprite:
    there = pixels[..., 3] > 0
    rows, columns = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
    inner = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Sprite(np.ascontiguousarray(inner), left + int(columns[0]), top + int(rows[0]))
