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

import av
import cv2
import numba
import numba.extending
import numpy as np
import numpy.typing as npt
from llvmlite import ir

_COEFFICIENT_BITS = 11  # OpenCV's bilinear resize of uint8 works with weights of 11 bits
_ONE = 1 << _COEFFICIENT_BITS
_BLOCK = 16  # bytes picked at once

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
    """The one or two source positions that each of n target positions reads along one axis.

    Attributes:
        places: int64 [2, n].
        weights: int16 [2, n]; they add up to 2048.
    """

    places: npt.NDArray[np.int64]
    weights: npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class SparseResizer:
    """Turns yuv420p frames of one size into small RGB frames."""

    coefficients: npt.NDArray[np.int16]  # [5], in the order of ColourCoefficients
    columns: Taps
    rows: Taps

    @cached_property
    def _steps_of_five(self) -> bool:
        places = self.columns.places[0]
        return len(places) % _BLOCK == 0 and np.array_equal(places, 2 + 5 * np.arange(len(places)))

    @cached_property
    def _column_weights(self) -> npt.NDArray[np.int16]:
        return self.columns.weights.repeat(3, axis=1)  # for every channel of every pixel

    def __call__(self, frame: av.VideoFrame, out: Plane) -> None:
        """Write `frame`, resized, into `out` (uint8 [out_height, out_width, 3], RGB)."""
        luma, chroma_u, chroma_v = (_plane(plane) for plane in frame.planes)
        columns, rows = self.columns, self.rows
        _convert(
            luma,
            chroma_u,
            chroma_v,
            self.coefficients,
            columns.places,
            self._column_weights,
            rows.places,
            rows.weights,
            self._steps_of_five,
            out.reshape(len(out), -1),
        )


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
    whole = np.array(astuple(coefficients))
    if np.abs(whole).max() > np.iinfo(np.int16).max:
        return None
    resizer = SparseResizer(whole.astype(np.int16), _taps(width, out_width), _taps(height, out_height))
    return resizer if _equals_usual_way(resizer, width, height, out_width, out_height) else None


def rgb_of(frame: av.VideoFrame) -> Plane:
    """`frame` as uint8 [H, W, 3] RGB, in the colours OpenCV gives it."""
    return frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)


def _plane(plane: av.video.plane.VideoPlane) -> Plane:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)


def _taps(source: int, target: int) -> Taps:
    places = (np.arange(target, dtype=np.float64) + 0.5) * (source / target) - 0.5
    first = np.floor(places).astype(np.int64)
    share = (places - first).astype(np.float32)
    return Taps(
        np.stack([first, np.minimum(first + 1, source - 1)]),
        np.rint(np.stack([1 - share, share]) * _ONE).astype(np.int16),
    )


# The arithmetic below is swscale's and OpenCV's, in 16 bits. Numba widens every operation to 64 bits; the
# casts after each tell LLVM that 16 suffice, whereupon (a * b) >> 16 becomes one instruction for 16 pixels.
# Bytes are picked out first, so that all arithmetic runs over contiguous rows.
@numba.njit(nogil=True, cache=True)
def _convert(  # type: ignore[no-untyped-def]  # noqa: ANN202
    luma,  # noqa: ANN001
    chroma_u,  # noqa: ANN001
    chroma_v,  # noqa: ANN001
    coefficients,  # noqa: ANN001
    columns,  # noqa: ANN001
    column_weights,  # noqa: ANN001
    rows,  # noqa: ANN001
    row_weights,  # noqa: ANN001
    steps_of_five,  # noqa: ANN001
    out,  # noqa: ANN001
):
    width = columns.shape[1]
    taps = 2 if column_weights[1].any() else 1
    chroma_columns = columns >> 1
    pixels = np.empty((taps, 3, width), np.uint8)
    levels = np.empty((taps, 3 * width), np.int16)
    both = np.empty((2, 3 * width), np.int16)
    chroma_row = -1
    for j in range(rows.shape[1]):
        for side in range(2):
            row = rows[side, j]
            sums = both[side]
            for tap in range(taps):
                picked = pixels[tap]
                _pick(luma[row], columns[tap], steps_of_five, 0, picked[0])
                if row >> 1 != chroma_row:  # else the row above has picked them
                    _pick(chroma_u[row >> 1], chroma_columns[tap], steps_of_five, 1, picked[1])
                    _pick(chroma_v[row >> 1], chroma_columns[tap], steps_of_five, 1, picked[2])
                _levels(picked, coefficients, sums if taps == 1 else levels[tap])
            chroma_row = row >> 1
            if taps == 2:
                _across(levels[0], levels[1], column_weights, sums)
        _down(both[0], both[1], row_weights[0, j], row_weights[1, j], out[j])


@numba.njit(nogil=True, cache=True)
def _pick(row, columns, steps_of_five, halvings, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    if not steps_of_five:
        for i in range(columns.size):
            out[i] = row[columns[i]]
    elif halvings == 0:
        for block in range(out.size // _BLOCK):
            _pick_block(row, block * _BLOCK * 5, 0, out, block * _BLOCK)
    else:
        for block in range(out.size // _BLOCK):
            _pick_block(row, block * _BLOCK * 5 // 2, 1, out, block * _BLOCK)


@numba.extending.intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def _pick_block(_context, row, start, halvings, out, place):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Copy bytes ``start + (2 + 5 i >> halvings)`` of `row` for i < 16 to ``out[place:]``.

    From 640 columns to 128 every fifth is wanted. Loading them one by one costs more than all
    arithmetic; as a shuffle of one long load they are nearly free, but LLVM has to be told.
    """
    halved = halvings.literal_value
    wanted = [2 + 5 * i >> halved for i in range(_BLOCK)]

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        def at(array, index):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            data = context.make_array(signature.args[array])(context, builder, arguments[array]).data
            return builder.gep(data, [arguments[index]])

        long = ir.VectorType(ir.IntType(8), _BLOCK * 5 >> halved)
        short = ir.VectorType(ir.IntType(8), _BLOCK)
        mask = ir.Constant(ir.VectorType(ir.IntType(32), _BLOCK), wanted)
        loaded = builder.load(builder.bitcast(at(0, 1), long.as_pointer()), align=1)
        picked = builder.shuffle_vector(loaded, ir.Constant(long, ir.Undefined), mask)
        builder.store(picked, builder.bitcast(at(3, 4), short.as_pointer()), align=1)
        return context.get_dummy_value()

    return numba.void(row, start, halvings, out, place), generate


@numba.njit(nogil=True, cache=True)
def _levels(pixels, coefficients, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Picked Y, U and V to R, G, B, R, G, B ... in units of 1/128."""
    luma, red_v, green_u, green_v, blue_u = coefficients
    y, u, v = pixels
    eight, grey, black = np.int16(8), np.int16(128), np.int16(16)
    for i in range(y.size):
        bright = _high(np.multiply(np.subtract(np.int16(y[i]), black), eight), luma)
        by_u = np.multiply(np.subtract(np.int16(u[i]), grey), eight)
        by_v = np.multiply(np.subtract(np.int16(v[i]), grey), eight)
        out[3 * i] = _clipped(np.add(bright, _high(by_v, red_v)))
        out[3 * i + 1] = _clipped(np.add(np.add(bright, _high(by_u, green_u)), _high(by_v, green_v)))
        out[3 * i + 2] = _clipped(np.add(bright, _high(by_u, blue_u)))


@numba.njit(nogil=True, cache=True)
def _across(left, right, weights, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(out.size):
        out[i] = np.int32(np.int32(left[i]) * weights[0, i] + np.int32(right[i]) * weights[1, i]) >> 11


@numba.njit(nogil=True, cache=True)
def _down(above, below, upper, lower, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(out.size):
        fourfold = np.add(np.add(_high(above[i], upper), _high(below[i], lower)), np.int16(2))
        out[i] = np.uint8(fourfold >> 2)


@numba.njit(nogil=True, cache=True)
def _high(a, b):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return np.int16(np.multiply(np.int32(a), np.int32(b)) >> 16)


@numba.njit(nogil=True, cache=True)
def _clipped(level):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return np.multiply(min(max(level, np.int16(0)), np.int16(255)), np.int16(128))


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
