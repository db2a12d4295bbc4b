"""Upright boxes, which trees, pillars, crates and dropped items are made of, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from training.demo.frame import HEIGHT, WIDTH, Picture, Vector
from training.demo.viewpoint import NEAR, SIGHT, Viewpoint

# The six faces of a box: axis and side, light, and three corners: upper left, upper right, lower left.
_FACE_AXIS = np.array([0, 0, 2, 2, 1, 1])
_FACE_SIGN = np.array([1, -1, 1, -1, 1, -1])
_FACE_LIGHT = (0.66, 0.66, 0.82, 0.82, 1.0, 0.5)
_FACE_CORNERS = np.array(
    [
        [(1, 1, -1), (1, 1, 1), (1, -1, -1)],
        [(-1, 1, -1), (-1, 1, 1), (-1, -1, -1)],
        [(-1, 1, 1), (1, 1, 1), (-1, -1, 1)],
        [(-1, 1, -1), (1, 1, -1), (-1, -1, -1)],
        [(-1, 1, -1), (1, 1, -1), (-1, 1, 1)],
        [(-1, -1, -1), (1, -1, -1), (-1, -1, 1)],
    ],
    float,
)


@dataclass(frozen=True)
class Box:
    """An upright box: its middle x, z, half its width, its lower and upper end (m), and its texture."""

    x: float
    z: float
    half: float
    bottom: float
    top: float
    texture: str


class BoxPainter:
    """Draws boxes.

    Args:
        textures: uint8 [h, w, 3] by name.
        fog: float64 [3] RGB, the colour that boxes take on far away.
    """

    def __init__(self, textures: dict[str, Picture], fog: Vector) -> None:
        self._textures = textures
        self._fog = fog
        self._worn: dict[tuple[str, int, int, float], Picture] = {}

    def draw(self, frame: Picture, view: Viewpoint, boxes: Sequence[Box]) -> None:
        """Draw all boxes in sight onto `frame` (uint8 [360, 640, 3], changed in place).

        They are drawn from far to near, each by those of its faces that look at the eye.
        """
        eye = np.array([view.x, view.y, view.z])
        middle = np.array([(box.x, (box.bottom + box.top) / 2, box.z) for box in boxes]).reshape(-1, 3)
        extent = np.array([(box.half, (box.top - box.bottom) / 2, box.half) for box in boxes]).reshape(-1, 3)
        distance = np.hypot(*(middle - eye)[:, [0, 2]].T)
        order = np.argsort(-distance, kind="stable")
        order = order[distance[order] < SIGHT]
        looks_at = _FACE_SIGN * (eye - middle)[:, _FACE_AXIS] > extent[:, _FACE_AXIS]
        rank, face = np.nonzero(looks_at[order])
        which = order[rank]
        # Three corners each (upper left, upper right, lower left from outside), in the eye's axes.
        seen = (middle[which, None] + _FACE_CORNERS[face] * extent[which, None] - eye) @ view.axes.T
        across, along, origin = seen[:, 1] - seen[:, 0], seen[:, 2] - seen[:, 0], seen[:, 0]
        outlines = np.stack([origin, seen[:, 1], seen[:, 1] + along, seen[:, 2]], axis=1)
        planes = np.stack([across, along, origin], axis=2)
        depths = outlines[:, :, 2]
        clipped = depths.min(axis=1) < NEAR
        with np.errstate(divide="ignore", invalid="ignore"):
            places = outlines[:, :, :2] / depths[:, :, None] * view.focal + (WIDTH / 2, HEIGHT / 2)
        in_picture = (places.max(axis=1) > 0).all(axis=1) & (places.min(axis=1) < (WIDTH, HEIGHT)).all(axis=1)
        drawn = (depths.max(axis=1) > NEAR) & (clipped | in_picture)
        drawn &= np.abs(np.linalg.det(planes)) > 1e-9
        inverse = np.zeros_like(planes)
        inverse[drawn] = np.linalg.inv(planes[drawn])
        for number in np.flatnonzero(drawn):
            box = boxes[which[number]]
            texture = self._texture(box.texture, float(distance[which[number]]), _FACE_LIGHT[face[number]])
            if clipped[number]:
                outline = _in_front(outlines[number])
                place = outline[:, :2] / outline[:, 2:] * view.focal + (WIDTH / 2, HEIGHT / 2)
            else:
                place = places[number]
            _draw_face(frame, place, inverse[number], texture, view.focal, bool(clipped[number]))

    def _texture(self, name: str, distance: float, light: float) -> Picture:
        """A texture as seen from `distance` metres on a face that gets a share `light` of the light."""
        coarse = 0 if distance < 11 else 1 if distance < 22 else 2
        fog = int(np.clip((distance - SIGHT / 2) / (SIGHT / 2) * 8, 0, 8))
        key = name, coarse, fog, light
        if key not in self._worn:
            texture = self._textures[name]
            size = texture.shape[1] >> coarse, texture.shape[0] >> coarse
            texture = np.asarray(cv2.resize(texture, size, interpolation=cv2.INTER_AREA), np.uint8)
            self._worn[key] = (texture * (light * (1 - fog / 9)) + self._fog * fog / 9).astype(np.uint8)
        return self._worn[key]


def _draw_face(
    frame: Picture, outline: Vector, inverse: Vector, texture: Picture, focal: float, clipped: bool
) -> None:
    """Draw one face onto `frame`.

    Args:
        frame: uint8 [360, 640, 3], changed in place.
        outline: float64 [n, 2]: where the face's corners are seen, in pixels.
        inverse: float64 [3, 3]: from a ray in the eye's axes to the face, whose corners are 0 and 1.
        texture: uint8 [h, w, 3].
        focal: Focal length in pixels.
        clipped: Whether a part lies behind the eye and `outline` bounds the rest.
    """
    left, top = (max(int(place), 0) for place in outline.min(axis=0))
    right, bottom = outline.max(axis=0)
    area = frame[top : max(int(bottom) + 1, 0), left : max(int(right) + 1, 0)]
    if not area.size:
        return
    height, width = texture.shape[:2]
    # Texels have whole numbers at their middle, and the nearest is taken.
    to_texel = inverse * ((width,), (height,), (1,)) - inverse[2] * ((0.5,), (0.5,), (0,))
    to_texel[:, 2] *= focal
    to_texel[:, 2] += to_texel[:, :2] @ (left + 0.5 - WIDTH / 2, top + 0.5 - HEIGHT / 2)
    target = area.copy() if clipped else area
    cv2.warpPerspective(
        texture,
        to_texel,
        area.shape[1::-1],
        dst=target,
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    if clipped:
        mask = np.zeros(area.shape[:2], np.uint8)
        inside = np.clip((outline - (left, top)).round(), -4000, 4000).astype(np.int32)
        cv2.fillConvexPoly(mask, inside, 1)
        cv2.copyTo(target, mask, area)


def _in_front(outline: Vector) -> Vector:
    """The part of a polygon [n, 3] in the eye's axes that lies in front of the eye."""
    kept = []
    for here, there in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if here[2] >= NEAR:
            kept.append(here)
        if (here[2] >= NEAR) != (there[2] >= NEAR):
            kept.append(here + (there - here) * (NEAR - here[2]) / (there[2] - here[2]))
    return np.array(kept).reshape(-1, 3)
