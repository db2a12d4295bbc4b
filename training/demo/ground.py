"""The made scene's ground: a plane of grass, dirt, stone and sand."""

from __future__ import annotations

import cv2
import numpy as np

from training.demo.frame import Picture, Vector
from training.demo.textures import DIRT, GRASS, SAND, STONE, noise, speckled
from training.demo.viewpoint import SIGHT, TILE, Viewpoint

_TEXELS = 16  # per metre
_FLOWERS = ((238, 214, 70), (226, 86, 78), (240, 240, 244))


class Ground:
    """What is below the horizon.

    Args:
        rng: Where its patches and flowers come from.
        fog: float64 [3] RGB, the colour that it takes on far away.
    """

    def __init__(self, rng: np.random.Generator, fog: Vector) -> None:
        self._levels = _mip_levels(_ground_texture(rng))
        self._fog = fog

    def draw(self, frame: Picture, view: Viewpoint) -> None:
        """Draw it onto the rows of `frame` (uint8 [360, 640, 3], changed in place) that look down."""
        rows = np.flatnonzero(view.climb < 0)
        if not len(rows):
            return
        reach = np.minimum(view.y / -view.climb[rows], 150.0)
        # Texels per pixel, between those along and across the row, choose the level of detail.
        dense = _TEXELS * reach / view.focal * np.sqrt(np.maximum(reach / view.y, 1.0))
        levels = np.clip(np.log2(np.maximum(dense, 1e-3)) + 0.3, 0, len(self._levels) - 1).astype(int)
        for level in np.unique(levels):
            part = levels == level
            x, z = view.plane_rows(rows[part], reach[part], _TEXELS / 2**level)
            smooth = cv2.INTER_LINEAR if level else cv2.INTER_NEAREST
            frame[rows[part][0] : rows[part][-1] + 1] = cv2.remap(
                self._levels[level], x, z, smooth, borderMode=cv2.BORDER_WRAP
            )
        far = reach > SIGHT / 2
        if far.any():
            fog = np.clip((reach[far] - SIGHT / 2) / SIGHT, 0, 1)[:, None, None]
            frame[rows[far]] = frame[rows[far]] * (1 - fog) + self._fog * fog


def _ground_texture(rng: np.random.Generator) -> Picture:
    """Grass with patches of dirt, stone and sand, block by block: uint8 [1024, 1024, 3]."""
    side = TILE * _TEXELS
    kind = np.zeros((TILE, TILE), int)
    for number, (grains, share) in enumerate(((7, 0.2), (9, 0.14), (5, 0.16)), start=1):
        patches = noise(rng, TILE, grains)
        kind[patches > np.quantile(patches, 1 - share)] = number
    palette = np.array([GRASS, DIRT, STONE, SAND], float)
    palette[0] *= rng.uniform(0.9, 1.05, 3)
    tint = 1 + 0.07 * noise(rng, TILE, 12) + 0.11 * rng.choice([-1.0, 0.0, 1.0], (TILE, TILE))
    blocks = palette[kind] * tint[..., None]
    texels = np.kron(blocks, np.ones((_TEXELS, _TEXELS, 1))) * speckled(rng, (1, 1, 1), side, side)
    for row, column in rng.integers(0, side - 4, (1500, 2)):  # flowers and pebbles
        if kind[row // _TEXELS, column // _TEXELS] == 0:
            texels[row : row + 3, column : column + 3] = _FLOWERS[row % 3]
        else:
            texels[row : row + 2, column : column + 3] *= 0.6
    return np.clip(texels, 0, 255).astype(np.uint8)


def _mip_levels(texture: Picture) -> list[Picture]:
    levels = [texture]
    while len(levels) < 6:
        half = cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(half, np.uint8))
    return levels
