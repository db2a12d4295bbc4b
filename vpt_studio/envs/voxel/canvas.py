"""The picture an environment draws: all of 640x360, or only the pixels that a smaller picture is made of.

OpenCV's bilinear resize from 640x360 to 128x128 reads every fifth column and 256 of the 360 rows; to
64x64 it reads 128 columns and 128 rows. A canvas holds just those columns, everything is drawn in
coordinates of the whole picture, and resizing the canvas gives bit for bit what resizing the whole
picture would give, at a seventh of the rays.
"""

from __future__ import annotations

from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled

#: Size of the whole picture, MineRL's.
WIDTH, HEIGHT = 640, 360


class Picture(Enum):
    """The pictures one can ask for."""

    FULL = "640x360"
    EXACT_128 = "128x128"
    EXACT_64 = "64x64"

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels."""
        width, height = self.value.split("x")
        return int(height), int(width), 3


class Canvas:
    """Pixels under way to a picture.

    Attributes:
        picture: What it becomes.
        columns: int32 [C]: the whole picture's columns that it holds, ascending.
        rows: int32 [R]: the rows that are read; the others need not be drawn.
        pixels: uint8 [360, C, 3], RGB. Column i of it is column ``columns[i]`` of the whole picture.
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        height, width, _ = picture.shape
        self.columns = _read_places(WIDTH, width)
        self.rows = _read_places(HEIGHT, height)
        self.pixels: npt.NDArray[np.uint8] = np.zeros((HEIGHT, len(self.columns), 3), np.uint8)

    def blend(self, sprite: npt.NDArray[np.uint8], left: int, top: int) -> None:
        """Lay `sprite` (uint8 [h, w, 4], RGBA, not premultiplied) over the picture.

        Its upper left pixel comes to (`left`, `top`) of the whole picture; what sticks out is cut off.
        """
        _blend(self.pixels, self.columns, sprite, left, top)

    def dim(self, shares: npt.NDArray[np.float32], colour: tuple[int, int, int]) -> None:
        """Mix `colour` over everything; `shares` (float32 [360]) tells how much of it in each row."""
        _dim(self.pixels, shares, *colour)

    def observation(self) -> npt.NDArray[np.uint8]:
        """The picture: a new, contiguous uint8 [H, W, 3] RGB array."""
        if self.picture is Picture.FULL:
            return self.pixels.copy()
        height, width, _ = self.picture.shape
        return cv2.resize(self.pixels, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _read_places(source: int, target: int) -> npt.NDArray[np.int32]:
    """The positions of `source` that a bilinear resize to `target` positions reads with any weight."""
    places = (np.arange(target) + 0.5) * (source / target) - 0.5
    first = np.floor(places).astype(np.int32)
    second = first[places > first] + 1
    return np.unique(np.concatenate([first, np.minimum(second, source - 1)])).astype(np.int32)


@compiled
def _blend(pixels, columns, sprite, left, top):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    height, width = sprite.shape[:2]
    first = np.searchsorted(columns, left)
    for y in range(max(0, -top), min(height, pixels.shape[0] - top)):
        for i in range(first, columns.size):
            x = columns[i] - left
            if x >= width:
                break
            alpha = np.int32(sprite[y, x, 3])
            if alpha == 0:
                continue
            if alpha == 255:
                for channel in range(3):
                    pixels[top + y, i, channel] = sprite[y, x, channel]
                continue
            for channel in range(3):
                below = np.int32(pixels[top + y, i, channel])
                above = np.int32(sprite[y, x, channel])
                pixels[top + y, i, channel] = (above * alpha + below * (255 - alpha) + 127) // 255


@compiled
def _dim(pixels, shares, red, green, blue):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    half = np.uint32(1 << 15)
    for y in range(pixels.shape[0]):
        above = np.uint32(shares[y] * np.float32(1 << 16) + np.float32(0.5))  # 16 bits after the point
        below = np.uint32(1 << 16) - above
        added_red, added_green, added_blue = red * above + half, green * above + half, blue * above + half
        for i in range(pixels.shape[1]):
            pixels[y, i, 0] = np.uint8((pixels[y, i, 0] * below + added_red) >> 16)
            pixels[y, i, 1] = np.uint8((pixels[y, i, 1] * below + added_green) >> 16)
            pixels[y, i, 2] = np.uint8((pixels[y, i, 2] * below + added_blue) >> 16)
