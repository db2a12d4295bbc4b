"""Decoded YUV straight to a small RGB frame, computing only the pixels a bilinear resize reads.

Going from 640x360 to 128x128 the bilinear resize reads one pixel in seven, yet the usual way converts
all of them to RGB first. Here the conversion's own per-pixel function is measured once from the
library that defines it (swscale, through PyAV), checked on random colours and on a random picture
against the usual way, and then applied to the needed pixels alone. The result is equal bit for bit,
or :func:`sparse_resizer` says there is none and the usual way is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import cached_property, lru_cache
from typing import Any

import av
import cv2
import numba
import numba.extending
import numpy as np
import numpy.typing as npt
from llvmlite import ir  # type: ignore[import-untyped]
from numba.np.numpy_support import carray

from vpt_studio.recordings.colour_coefficients import Plane, colour_coefficients, frame_of_planes

_COEFFICIENT_BITS = 11  # OpenCV's bilinear resize of uint8 works with weights of 11 bits
_ONE = 1 << _COEFFICIENT_BITS
_BLOCK = 16  # bytes picked at once

# What this decorates is called with other arguments than it declares, which its annotations do not tell.
_intrinsic: Any = numba.extending.intrinsic


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
        luma, chroma_u, chroma_v = frame.planes
        # Compiled code checks no bounds; a plane stored bottom up has a negative line size.
        assert luma.line_size >= frame.width, "the picture is stored upside down"
        assert min(chroma_u.line_size, chroma_v.line_size) >= frame.width // 2
        _convert(
            (luma.buffer_ptr, chroma_u.buffer_ptr, chroma_v.buffer_ptr),
            (frame.height, luma.line_size, chroma_u.line_size, chroma_v.line_size),
            self.coefficients,
            self.columns.places,
            self._column_weights,
            self.rows.places,
            self.rows.weights,
            self._steps_of_five,
            out.reshape(len(out), -1, copy=False),
        )


@lru_cache(maxsize=32)
def sparse_resizer(width: int, height: int, out_width: int, out_height: int) -> SparseResizer | None:
    """The resizer for yuv420p frames of this size, or None where it would not be bit-equal.

    Frames are taken as video-range BT.601, which is what OpenCV assumes of every yuv420p video.
    """
    if width % 2 or height % 2 or width < 2 * out_width or height < 2 * out_height:
        return None
    coefficients = colour_coefficients()
    if coefficients is None:
        return None
    whole = np.array(astuple(coefficients))
    if np.abs(whole).max() > np.iinfo(np.int16).max:
        return None
    resizer = SparseResizer(whole.astype(np.int16), _taps(width, out_width), _taps(height, out_height))
    try:
        return resizer if _equals_usual_way(resizer, width, height, out_width, out_height) else None
    except OSError:  # the compiled code could not be cached, the disk being full for instance
        return None


def rgb_of(frame: av.VideoFrame) -> Plane:
    """`frame` as uint8 [H, W, 3] RGB, in the colours OpenCV gives it."""
    return frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)


def _taps(source: int, target: int) -> Taps:
    places = (np.arange(target, dtype=np.float64) + 0.5) * (source / target) - 0.5
    first = np.floor(places).astype(np.int64)
    share = (places - first).astype(np.float32)
    return Taps(
        np.stack([first, np.minimum(first + 1, source - 1)]),
        np.rint(np.stack([1 - share, share]) * _ONE).astype(np.int16),
    )


def _compiled(function: Callable[..., Any]) -> Any:
    """`function` compiled when first called, from the cache on disk where one can be written."""
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # neither the install's folder nor the user's can hold a cache
        return numba.njit(nogil=True)(function)


# The arithmetic below is swscale's and OpenCV's, in 16 bits. Python's operators widen to 64 bits in numba,
# NumPy's functions do not, and so one instruction serves 16 pixels. Bytes are picked out first, so that all
# arithmetic runs over contiguous rows; slices are few, for each costs as much as picking 16 bytes.
@_compiled
def _convert(places, sizes, coefficients, columns, column_weights, rows, row_weights, steps_of_five, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    planes = _planes(places, sizes)
    width = columns.shape[1]
    above, below = np.empty(3 * width, np.int16), np.empty(3 * width, np.int16)
    left, right = np.empty(3 * width, np.int16), np.empty(3 * width, np.int16)
    first, second = columns
    pixels, more_pixels = _three_rows(width), _three_rows(width)
    two_taps = column_weights[1].any()
    chroma_row = -1
    for j in range(rows.shape[1]):
        for side in range(2):
            row = rows[side, j]
            new_chroma = row >> 1 != chroma_row
            chroma_row = row >> 1
            sums = below if side else above
            _pick_row(planes, row, new_chroma, first, steps_of_five, pixels)
            if two_taps:
                _pick_row(planes, row, new_chroma, second, False, more_pixels)
                _levels(pixels, coefficients, left)
                _levels(more_pixels, coefficients, right)
                _across(left, right, column_weights, sums)
            else:
                _levels(pixels, coefficients, sums)
        _down(above, below, row_weights[0, j], row_weights[1, j], out[j])


@_compiled
def _planes(places, sizes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The planes at these addresses, valid as long as the caller holds the frame.

    Making three arrays in Python for each frame would take a fifth of the whole conversion's time.
    """
    height, across, across_u, across_v = sizes
    luma = carray(_pointer(places[0]), (height, across), np.uint8)
    chroma_u = carray(_pointer(places[1]), (height >> 1, across_u), np.uint8)
    chroma_v = carray(_pointer(places[2]), (height >> 1, across_v), np.uint8)
    return luma, chroma_u, chroma_v


@_intrinsic
def _pointer(_context, address):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return numba.types.voidptr(address), emit


@_compiled
def _three_rows(width):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return np.empty(width, np.uint8), np.empty(width, np.uint8), np.empty(width, np.uint8)


@_compiled
def _pick_row(planes, row, new_chroma, columns, steps_of_five, pixels):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The Y, U and V of `row` at `columns` into `pixels`; two rows of the picture share their chroma."""
    luma, chroma_u, chroma_v = planes
    y, u, v = pixels
    half = row >> 1
    if steps_of_five:
        for block in range(y.size // _BLOCK):
            _pick_block(luma, row * luma.shape[1] + block * 5 * _BLOCK, 0, y, block * _BLOCK)
    else:
        for i in range(columns.size):
            y[i] = luma[row, columns[i]]
    if steps_of_five and new_chroma:
        for block in range(y.size // _BLOCK):
            start = half * chroma_u.shape[1] + block * 5 * _BLOCK // 2
            _pick_block(chroma_u, start, 1, u, block * _BLOCK)
            _pick_block(chroma_v, start, 1, v, block * _BLOCK)
    elif new_chroma:
        for i in range(columns.size):
            u[i] = chroma_u[half, columns[i] >> 1]
            v[i] = chroma_v[half, columns[i] >> 1]


@_intrinsic(prefer_literal=True)
def _pick_block(_context, plane, start, halvings, out, place):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Copy bytes ``start + (2 + 5 i >> halvings)`` of `plane` for i < 16 to ``out[place:]``.

    From 640 columns to 128 every fifth is wanted. Loading them one by one costs more than all
    arithmetic; as a shuffle of one long load they are nearly free, but LLVM has to be told.
    """
    halved = halvings.literal_value
    wanted = [2 + 5 * i >> halved for i in range(_BLOCK)]

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def at(array: int, index: int) -> Any:
            data = context.make_array(signature.args[array])(context, builder, arguments[array]).data
            return builder.gep(data, [arguments[index]])

        long = ir.VectorType(ir.IntType(8), _BLOCK * 5 >> halved)
        short = ir.VectorType(ir.IntType(8), _BLOCK)
        mask = ir.Constant(ir.VectorType(ir.IntType(32), _BLOCK), wanted)
        loaded = builder.load(builder.bitcast(at(0, 1), long.as_pointer()), align=1)
        picked = builder.shuffle_vector(loaded, ir.Constant(long, ir.Undefined), mask)
        builder.store(picked, builder.bitcast(at(3, 4), short.as_pointer()), align=1)
        return context.get_dummy_value()

    return numba.void(plane, start, halvings, out, place), emit


@_compiled
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


@_compiled
def _across(left, right, weights, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(out.size):
        out[i] = np.int32(np.int32(left[i]) * weights[0, i] + np.int32(right[i]) * weights[1, i]) >> 11


@_compiled
def _down(above, below, upper, lower, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(out.size):
        fourfold = np.add(np.add(_high(above[i], upper), _high(below[i], lower)), np.int16(2))
        out[i] = np.uint8(fourfold >> 2)


@_compiled
def _high(a, b):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return np.int16(np.multiply(np.int32(a), np.int32(b)) >> 16)


@_compiled
def _clipped(level):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return np.multiply(min(max(level, np.int16(0)), np.int16(255)), np.int16(128))


def _equals_usual_way(
    resizer: SparseResizer, width: int, height: int, out_width: int, out_height: int
) -> bool:
    rng = np.random.default_rng(0)
    frame = frame_of_planes(
        rng.integers(0, 256, (height, width), np.uint8),
        rng.integers(0, 256, (height // 2, width // 2), np.uint8),
        rng.integers(0, 256, (height // 2, width // 2), np.uint8),
    )
    usual = cv2.resize(rgb_of(frame), (out_width, out_height), interpolation=cv2.INTER_LINEAR)
    sparse = np.empty((out_height, out_width, 3), np.uint8)
    resizer(frame, sparse)
    return bool(np.array_equal(usual, sparse))
