"""Decoded YUV straight to a small RGB frame, computing only the pixels a bilinear resize reads.

Going from 640x360 to 128x128 the bilinear resize reads one pixel in seven, yet the usual way converts
all of them to RGB first. Here the conversion's own per-pixel function is measured once from the
library that defines it (swscale, through PyAV), checked on random colours and on a random picture
against the usual way, and then applied to the needed pixels alone. The result is equal bit for bit,
or :func:`sparse_resizer` says there is none and the usual way is taken.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from functools import cached_property, lru_cache
from typing import Any

import av
import cv2
import numba
import numpy as np
import numpy.typing as npt

_COEFFICIENT_BITS = 11  # OpenCV's bilinear resize of uint8 works with weights of 11 bits
_ONE = 1 << _COEFFICIENT_BITS

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


@dataclass(frozen=True, eq=False)
class Taps:
    """The two source positions that each of n target positions reads along one axis.

    Attributes:
        first, second: uint32 [n].
        first_weight, second_weight: float [n], whole numbers that add up to 2048.
    """

    first: npt.NDArray[np.uint32]
    second: npt.NDArray[np.uint32]
    first_weight: npt.NDArray[np.floating]
    second_weight: npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class SparseResizer:
    """Turns yuv420p frames of one size into small RGB frames."""

    coefficients: npt.NDArray[np.float32]  # [5], in the order of ColourCoefficients, times 8 / 65536
    columns: Taps
    rows: Taps

    @cached_property
    def _columns(self) -> tuple[npt.NDArray[Any], ...]:
        taps = self.columns
        return taps.first, taps.second, taps.first_weight, taps.second_weight

    @cached_property
    def _rows(self) -> tuple[npt.NDArray[Any], ...]:
        # The second axis' weights meet 16 bits of shift at once; the columns' kind keeps products exact.
        taps, kind = self.rows, self.columns.first_weight.dtype
        return (
            taps.first,
            taps.second,
            (taps.first_weight / 65536).astype(kind),
            (taps.second_weight / 65536).astype(kind),
        )

    def __call__(self, frame: av.VideoFrame, out: Plane) -> None:
        """Write `frame`, resized, into `out` (uint8 [out_height, out_width, 3], RGB)."""
        luma, chroma_u, chroma_v = (_plane(frame.planes[index]) for index in range(3))
        _convert(luma, chroma_u, chroma_v, self.coefficients, self._columns, self._rows, out)


@lru_cache(maxsize=32)
def sparse_resizer(width: int, height: int, out_width: int, out_height: int) -> SparseResizer | None:
    """The resizer for yuv420p frames of this size, or None where it would not be bit-equal.

    Frames are taken as video-range BT.601, which is what OpenCV assumes of every yuv420p video.
    """
    if width % 2 or height % 2 or width < 2 * out_width or height < 2 * out_height:
        return None
    coefficients = _colour_coefficients()
    if coefficients is None:
        return None
    scaled = np.array(astuple(coefficients), np.float64) * 8 / 65536
    resizer = SparseResizer(scaled.astype(np.float32), _taps(width, out_width), _taps(height, out_height))
    return resizer if _equals_usual_way(resizer, width, height, out_width, out_height) else None


def rgb_of(frame: av.VideoFrame) -> Plane:
    """`frame` as uint8 [H, W, 3] RGB, in the colours OpenCV gives it."""
    return frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)


def _plane(plane: av.video.plane.VideoPlane) -> Plane:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)


def _taps(source: int, target: int) -> Taps:
    places = (np.arange(target, dtype=np.float64) + 0.5) * (source / target) - 0.5
    first = np.floor(places).astype(np.uint32)
    share = (places - first).astype(np.float32)
    # Whole sums up to 2^24 are exact in float32; two taps an axis need more.
    kind = np.float64 if share.any() else np.float32
    return Taps(
        first,
        np.minimum(first + 1, source - 1).astype(np.uint32),
        np.rint((1 - share) * _ONE).astype(kind),
        np.rint(share * _ONE).astype(kind),
    )


# The arithmetic below is swscale's and OpenCV's fixed-point arithmetic, carried out in floats: all sums
# and products are whole multiples of their shift's grain and small enough to be exact, floor stands for
# the right shift, and floats vectorise where numba's 64-bit integers do not. Gathering bytes first, with
# unsigned indices that need no wrapping, leaves the arithmetic to loops over contiguous memory.
@numba.njit(nogil=True, cache=True)
def _convert(luma, chroma_u, chroma_v, coefficients, columns, rows, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    left, right, left_weight, right_weight = columns
    upper, lower, upper_weight, lower_weight = rows
    two_taps = right_weight.any()
    width = left.size
    pixels = np.empty((3, width), np.uint8)
    above = np.empty((3, width), left_weight.dtype)
    below = np.empty((3, width), left_weight.dtype)
    blended = np.empty((3, width), np.uint8)
    for j in range(upper.size):
        for row, sums in ((upper[j], above), (lower[j], below)):
            sums[:] = 0
            _gather(luma, chroma_u, chroma_v, row, left, pixels)
            _add_row(pixels[0], pixels[1], pixels[2], left_weight, coefficients, sums)
            if two_taps:
                _gather(luma, chroma_u, chroma_v, row, right, pixels)
                _add_row(pixels[0], pixels[1], pixels[2], right_weight, coefficients, sums)
        for channel in range(3):
            _blend(above[channel], below[channel], upper_weight[j], lower_weight[j], blended[channel])
        for i in range(width):
            out[j, i, 0] = blended[0, i]
            out[j, i, 1] = blended[1, i]
            out[j, i, 2] = blended[2, i]


@numba.njit(nogil=True, cache=True)
def _gather(luma, chroma_u, chroma_v, row, columns, pixels):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    half = row >> np.uint32(1)
    for i in range(columns.size):
        pixels[0, i] = luma[row, columns[i]]
    for i in range(columns.size):
        pixels[1, i] = chroma_u[half, columns[i] >> np.uint32(1)]
    for i in range(columns.size):
        pixels[2, i] = chroma_v[half, columns[i] >> np.uint32(1)]


@numba.njit(nogil=True, cache=True)
def _add_row(y, u, v, weight, coefficients, sums):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    luma, red_v, green_u, green_v, blue_u = coefficients
    _add_channel(y, v, v, luma, red_v, np.float32(0), weight, sums[0])
    _add_channel(y, u, v, luma, green_u, green_v, weight, sums[1])
    _add_channel(y, u, u, luma, blue_u, np.float32(0), weight, sums[2])


@numba.njit(nogil=True, cache=True)
def _add_channel(y, first, second, luma, by_first, by_second, weight, sums):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    grey = np.float32(128)
    for i in range(sums.size):
        level = np.floor((np.float32(y[i]) - np.float32(16)) * luma)
        level += np.floor((np.float32(first[i]) - grey) * by_first)
        level += np.floor((np.float32(second[i]) - grey) * by_second)
        sums[i] += weight[i] * min(max(level, np.float32(0)), np.float32(255))


@numba.njit(nogil=True, cache=True)
def _blend(above, below, upper, lower, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(out.size):
        first = np.floor(np.floor(above[i] * np.float32(1 / 16)) * upper)
        second = np.floor(np.floor(below[i] * np.float32(1 / 16)) * lower)
        out[i] = np.uint8((first + second + np.float32(2)) * np.float32(0.25))


def _equals_usual_way(
    resizer: SparseResizer, width: int, height: int, out_width: int, out_height: int
) -> bool:
    rng = np.random.default_rng(0)
    frame = _frame(
        rng.integers(0, 256, (height, width), np.uint8),
        rng.integers(0, 256, (height // 2, width // 2), np.uint8),
        rng.integers(0, 256, (height // 2, width // 2), np.uint8),
    )
    usual = cv2.resize(rgb_of(frame), (out_width, out_height), interpolation=cv2.INTER_LINEAR)
    sparse = np.empty((out_height, out_width, 3), np.uint8)
    resizer(frame, sparse)
    return bool(np.array_equal(usual, sparse))


@lru_cache(maxsize=1)
def _colour_coefficients() -> ColourCoefficients | None:
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
    frame = _frame(luma.repeat(2, axis=0).repeat(2, axis=1), chroma_u, chroma_v)
    return rgb_of(frame)[::2, ::2].reshape(-1, 3)[: len(y)].astype(np.int64)


def _frame(luma: Plane, chroma_u: Plane, chroma_v: Plane) -> av.VideoFrame:
    frame = av.VideoFrame(luma.shape[1], luma.shape[0], "yuv420p")
    for plane, values in zip(frame.planes, (luma, chroma_u, chroma_v), strict=True):
        target = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        target[:, : plane.width] = values
    return frame
