"""Decoded YUV straight to a small RGB frame, computing only the pixels a bilinear resize reads.

Going from 640x360 to 128x128 the bilinear resize reads one pixel in seven, yet the usual way converts
all of them to RGB first. Here the conversion's own per-pixel function is measured once from the
library that defines it (swscale, through PyAV), checked on random colours and on a random picture
against the usual way, and then applied to the needed pixels alone. The result is equal bit for bit,
or :func:`sparse_resizer` says there is none and the usual way is taken.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

import av
import cv2
import numba
import numba.extending
import numpy as np
import numpy.typing as npt
from llvmlite import ir  # type: ignore[import-untyped]
from numba.np.numpy_support import carray

from vpt_studio.compiling import compiled
from vpt_studio.recordings.colour_coefficients import Plane, colour_coefficients, frame_of_planes

_COEFFICIENT_BITS = 11  # OpenCV's bilinear resize of uint8 works with weights of 11 bits
_ONE = 1 << _COEFFICIENT_BITS
_BLOCK = 16  # bytes picked at once
_BLACK, _GREY = np.int16(16), np.int16(128)  # of luma and of chroma, in video range

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
        return np.tile(self.columns.weights, 3)  # for every channel, one after the other

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


# A call hands over every field of every array and counts references; a row's work takes hardly longer.
_inlined = partial(compiled, inlined=True)


# The arithmetic below is swscale's and OpenCV's, in 16 bits. Python's operators widen to 64 bits in numba,
# NumPy's functions do not, and so one instruction serves 16 pixels. Bytes are picked out first, so that all
# arithmetic runs over contiguous rows; slices are few, for each costs as much as picking 16 bytes.
@compiled
def _convert(places, sizes, coefficients, columns, column_weights, rows, row_weights, steps_of_five, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    luma, chroma_u, chroma_v = _planes(places, sizes)
    width = columns.shape[1]
    above, below = np.empty(3 * width, np.int16), np.empty(3 * width, np.int16)
    pixels, tints = np.empty((2, 3 * width), np.uint8), np.empty((2, 3 * width), np.int16)
    first_pixels, first_tints = pixels[0], tints[0]
    chroma_row = -1
    for j in range(rows.shape[1]):
        for side in range(2):
            row = rows[side, j]
            new_chroma = row >> 1 != chroma_row
            chroma_row = row >> 1
            sums = below if side else above
            if steps_of_five:
                _pick_blocks(luma, chroma_u, chroma_v, row, new_chroma, first_pixels)
                if new_chroma:
                    _tint(first_pixels, coefficients, first_tints)
                _levels(first_pixels, first_tints, coefficients, sums)
            else:
                _pick_singly(luma, chroma_u, chroma_v, row, new_chroma, columns, pixels)
                _mix_two_taps(pixels, new_chroma, coefficients, column_weights, tints, sums)
        _down(above, below, row_weights[0, j], row_weights[1, j], out[j])


@compiled
def _mix_two_taps(pixels, new_chroma, coefficients, weights, tints, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    levels = np.empty((2, out.size), np.int16)
    for tap in range(2):
        if new_chroma:
            _tint(pixels[tap], coefficients, tints[tap])
        _levels(pixels[tap], tints[tap], coefficients, levels[tap])
    _across(levels[0], levels[1], weights, out)


@_inlined
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


@_inlined
def _pick_blocks(luma, chroma_u, chroma_v, row, new_chroma, pixels):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Y of `row` at every fifth column, then U, then V, into `pixels`; two rows share their chroma."""
    width = pixels.size // 3
    for block in range(width // _BLOCK):
        _pick_block(luma, row * luma.shape[1] + block * 5 * _BLOCK, 0, pixels, block * _BLOCK)
    if new_chroma:
        for block in range(width // _BLOCK):
            start = (row >> 1) * chroma_u.shape[1] + block * 5 * _BLOCK // 2
            _pick_block(chroma_u, start, 1, pixels, width + block * _BLOCK)
            start = (row >> 1) * chroma_v.shape[1] + block * 5 * _BLOCK // 2
            _pick_block(chroma_v, start, 1, pixels, 2 * width + block * _BLOCK)


@compiled  # within the same function it would keep the blocks' loop from being made fast
def _pick_singly(luma, chroma_u, chroma_v, row, new_chroma, columns, pixels):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    width = columns.shape[1]
    for tap in range(2):
        for i in range(width):
            pixels[tap, i] = luma[row, columns[tap, i]]
        if new_chroma:
            for i in range(width):
                pixels[tap, width + i] = chroma_u[row >> 1, columns[tap, i] >> 1]
                pixels[tap, 2 * width + i] = chroma_v[row >> 1, columns[tap, i] >> 1]


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


@_inlined
def _tint(pixels, coefficients, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """What picked U and V add to a grey of the same brightness: all of R, then of G, then of B."""
    red_v, green_u, green_v, blue_u = coefficients[1], coefficients[2], coefficients[3], coefficients[4]
    width = pixels.size // 3
    for i in range(width):
        out[i] = _high(_eightfold(pixels[2 * width + i], _GREY), red_v)
    for i in range(width):
        by_u = _high(_eightfold(pixels[width + i], _GREY), green_u)
        by_v = _high(_eightfold(pixels[2 * width + i], _GREY), green_v)
        out[width + i] = np.add(by_u, by_v)
    for i in range(width):
        out[2 * width + i] = _high(_eightfold(pixels[width + i], _GREY), blue_u)


@_inlined
def _eightfold(pixel, zero):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return np.multiply(np.subtract(np.int16(pixel), zero), np.int16(8))


@_inlined
def _levels(pixels, tints, coefficients, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Picked Y and the tints to all of R, then of G, then of B, in units of 1/128."""
    luma = coefficients[0]
    width = pixels.size // 3
    for i in range(width):
        bright = _high(_eightfold(pixels[i], _BLACK), luma)
        out[i] = _clipped(np.add(bright, tints[i]))
        out[width + i] = _clipped(np.add(bright, tints[width + i]))
        out[2 * width + i] = _clipped(np.add(bright, tints[2 * width + i]))


@_inlined
def _across(left, right, weights, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(out.size):
        out[i] = np.int32(np.int32(left[i]) * weights[0, i] + np.int32(right[i]) * weights[1, i]) >> 11


@_inlined
def _down(above, below, upper, lower, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Two rows to one, as R, G, B, R, G, B ..."""
    width = above.size // 3
    for i in range(width):
        out[3 * i] = _between(above[i], below[i], upper, lower)
        out[3 * i + 1] = _between(above[width + i], below[width + i], upper, lower)
        out[3 * i + 2] = _between(above[2 * width + i], below[2 * width + i], upper, lower)


@_inlined
def _between(above, below, upper, lower):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return np.uint8(np.add(np.add(_high(above, upper), _high(below, lower)), np.int16(2)) >> 2)


@_inlined
def _high(a, b):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return np.int16(np.multiply(np.int32(a), np.int32(b)) >> 16)


@_inlined
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
