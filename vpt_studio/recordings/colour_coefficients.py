"""What swscale's conversion from YUV to RGB is, measured from the library itself, through PyAV."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import av
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class ColourCoefficients:
    """swscale's YUV to RGB: each channel is the clipped sum of terms ``8 (level - offset) c >> 16``.

    The offset is 16 for luma and 128 for chroma.
    """

    luma: int
    red_v: int
    green_u: int
    green_v: int
    blue_u: int


@lru_cache(maxsize=1)
def colour_coefficients() -> ColourCoefficients | None:
    """The conversion's coefficients, read off single colours; None where it has no such form."""
    levels = np.arange(256)
    grey = np.full(256, 128)
    greys = _converted(levels, grey, grey)[:, 0]
    every, chroma = (grid.ravel() for grid in np.meshgrid(levels, levels, indexing="ij"))
    neutral = np.full(every.size, 128)
    by_v = _converted(every, neutral, chroma).reshape(256, 256, 3)  # [Y, V, channel]
    by_u = _converted(every, chroma, neutral).reshape(256, 256, 3)  # [Y, U, channel]
    seen = (greys > 0) & (greys < 255)
    try:
        luma = _coefficient(8 * (levels[seen] - 16), greys[seen])
        bright = (8 * (levels - 16) * luma) >> 16
        found = ColourCoefficients(
            luma,
            _chroma_coefficient(by_v[:, :, 0], bright),
            _chroma_coefficient(by_u[:, :, 1], bright),
            _chroma_coefficient(by_v[:, :, 1], bright),
            _chroma_coefficient(by_u[:, :, 2], bright),
        )
    except LookupError:
        return None
    y, u, v = np.random.default_rng(0).integers(0, 256, (3, 1 << 18))
    bright, du, dv = (8 * (y - 16) * luma) >> 16, 8 * (u - 128), 8 * (v - 128)
    expected = np.stack(
        [
            bright + (dv * found.red_v >> 16),
            bright + (du * found.green_u >> 16) + (dv * found.green_v >> 16),
            bright + (du * found.blue_u >> 16),
        ],
        axis=1,
    )
    return found if np.array_equal(expected.clip(0, 255), _converted(y, u, v)) else None


def _chroma_coefficient(channel: npt.NDArray[np.int64], bright: npt.NDArray[np.int64]) -> int:
    """The coefficient of the chroma that `channel` [Y, chroma] varies with, read where nothing is clipped."""
    seen = (channel > 0) & (channel < 255)
    luma, level = np.nonzero(seen)
    moved = level != 128
    terms = channel[seen] - bright[luma]
    return _coefficient(8 * (level[moved] - 128), terms[moved])


def _coefficient(steps: npt.NDArray[np.int64], terms: npt.NDArray[np.int64]) -> int:
    """A whole number c with ``steps * c >> 16 == terms`` everywhere.

    Raises:
        LookupError: There is none.
    """
    # terms <= steps c / 65536 < terms + 1; dividing by a negative step turns the bounds around.
    first, second = (terms << 16) / steps, (((terms + 1) << 16) - 1) / steps
    lowest, highest = np.ceil(np.minimum(first, second).max()), np.floor(np.maximum(first, second).min())
    if not len(steps) or lowest > highest:
        raise LookupError("the conversion is not of the expected form")
    return int(lowest)


def _converted(
    y: npt.NDArray[np.int64], u: npt.NDArray[np.int64], v: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Single colours through the library's conversion: int64 [N, 3]."""
    across = 512
    down = -(-len(y) // across)
    planes = [np.zeros(down * across, np.uint8) for _ in range(3)]
    for plane, values in zip(planes, (y, u, v), strict=True):
        plane[: len(values)] = values
    luma, chroma_u, chroma_v = (plane.reshape(down, across) for plane in planes)
    frame = frame_of_planes(luma.repeat(2, axis=0).repeat(2, axis=1), chroma_u, chroma_v)
    return frame.to_ndarray(format="rgb24")[::2, ::2].reshape(-1, 3)[: len(y)].astype(np.int64)


def frame_of_planes(luma: Plane, chroma_u: Plane, chroma_v: Plane) -> av.VideoFrame:
    """A yuv420p frame of these planes."""
    frame = av.VideoFrame(luma.shape[1], luma.shape[0], "yuv420p")
    for plane, values in zip(frame.planes, (luma, chroma_u, chroma_v), strict=True):
        target = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        target[:, : plane.width] = values
    return frame
