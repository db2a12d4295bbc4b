"""Random numbers and smooth random fields that are the same for a seed in every process and on every machine.

Everything comes from integer hashes, additions, products and roots, whose results IEEE 754 fixes to the
last bit; sines, powers and the streams of a library's generators may change between versions.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15  # of Steele, Lea and Flood's SplitMix64, like the two factors below
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB


class Stream(IntEnum):
    """What random numbers are for. Numbers of different streams know nothing of one another."""

    COAST = 1
    HILLS = 2
    PONDS = 3
    SEA_FLOOR = 4
    SAND = 5
    GRAVEL = 6
    BEDROCK = 7
    CAVES_STANDING = 8
    CAVES_LYING = 9
    CAVE_WIDTHS = 10
    CAVE_MOUTHS = 11
    WOODLAND = 12
    OAKS = 13
    BIRCHES = 14
    SPRUCES = 15
    TREES = 16
    MEADOWS = 17
    FLOWERS = 18
    PLANTS = 19
    VEINS = 100  # and the block's id on top


def stream_seed(seed: int, stream: int) -> int:
    """The 64 bits that a stream of a world's `seed` (0 or more, of any length) begins with."""
    state = _mixed(stream * _STEP & _MASK)
    while True:
        state = _mixed((state + (seed & _MASK) + _STEP) & _MASK)
        seed >>= 64
        if not seed:
            return state


def randoms(seed: int, stream: int, *shape: int) -> npt.NDArray[np.float64]:
    """Evenly spread numbers, 0 <= u < 1."""
    count = int(np.prod(shape))
    state = np.uint64(stream_seed(seed, stream)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_STEP)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(_FIRST)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(_SECOND)
    state ^= state >> np.uint64(31)
    return ((state >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(shape)


def plane(seed: int, stream: int, size: int, scale: float, octaves: int) -> npt.NDArray[np.float64]:
    """A smooth field over the columns of a world.

    Args:
        seed: The world's.
        stream: What the field is for.
        size: Columns along x and along z.
        scale: Columns from one bump to the next, about.
        octaves: How many fields are added up, each half as wide and half as high as the one before.

    Returns:
        float64 [size, size], mostly between -1 and 1, half of it below 0.
    """
    field = np.zeros((size, size))
    height = 1.0
    for octave in range(octaves):
        points = int(size / scale) + 2
        slopes = 2.0 * randoms(stream_seed(seed, octave), stream, points, points, 2) - 1.0
        _add_octave(field, slopes, scale, height)
        scale, height = scale / 2.0, height / 2.0
    return field


def volume(
    seed: int, stream: int, shape: tuple[int, int, int], spacing: int, scale: float, scale_y: float
) -> npt.NDArray[np.float64]:
    """A smooth field in space, sampled at every `spacing`-th cell from cell 0 on.

    Args:
        seed: The world's.
        stream: What the field is for.
        shape: Samples along x, z and y.
        spacing: Cells from one sample to the next.
        scale: Cells from one bump to the next along x and z, about.
        scale_y: The same along y.

    Returns:
        float64 of `shape`, mostly between -1 and 1, half of it below 0.
    """
    scales = np.array([scale, scale, scale_y]) / spacing
    points = [int(count / wide) + 2 for count, wide in zip(shape, scales, strict=True)]
    field = np.zeros(shape)
    _fill_volume(field, 2.0 * randoms(seed, stream, *points, 3) - 1.0, scales)
    return field


def _mixed(state: int) -> int:
    state = (state ^ (state >> 30)) * _FIRST & _MASK
    state = (state ^ (state >> 27)) * _SECOND & _MASK
    return state ^ (state >> 31)


@compiled
def _add_octave(field, slopes, scale, height):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Perlin's gradient noise: at every point of a lattice the field is 0 and rises as `slopes` says."""
    height *= 2.2  # brings the values from about +-0.45 to about +-1
    for x in range(field.shape[0]):
        i = int(x / scale)
        u = x / scale - i
        eased_u = u * u * u * (u * (u * 6.0 - 15.0) + 10.0)
        for z in range(field.shape[1]):
            k = int(z / scale)
            w = z / scale - k
            eased_w = w * w * w * (w * (w * 6.0 - 15.0) + 10.0)
            near = slopes[i, k, 0] * u + slopes[i, k, 1] * w
            far = slopes[i, k + 1, 0] * u + slopes[i, k + 1, 1] * (w - 1.0)
            left = near + (far - near) * eased_w
            near = slopes[i + 1, k, 0] * (u - 1.0) + slopes[i + 1, k, 1] * w
            far = slopes[i + 1, k + 1, 0] * (u - 1.0) + slopes[i + 1, k + 1, 1] * (w - 1.0)
            right = near + (far - near) * eased_w
            field[x, z] += height * (left + (right - left) * eased_u)


@compiled
def _fill_volume(field, slopes, scales):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    across = np.empty(2)
    along = np.empty(2)
    for x in range(field.shape[0]):
        i = int(x / scales[0])
        u = x / scales[0] - i
        eased_u = u * u * u * (u * (u * 6.0 - 15.0) + 10.0)
        for z in range(field.shape[1]):
            k = int(z / scales[1])
            w = z / scales[1] - k
            eased_w = w * w * w * (w * (w * 6.0 - 15.0) + 10.0)
            for y in range(field.shape[2]):
                j = int(y / scales[2])
                v = y / scales[2] - j
                eased_v = v * v * v * (v * (v * 6.0 - 15.0) + 10.0)
                for a in range(2):
                    for b in range(2):
                        slope = slopes[i + a, k + b]
                        flat = slope[j, 0] * (u - a) + slope[j, 1] * (w - b)
                        low = flat + slope[j, 2] * v
                        flat = slope[j + 1, 0] * (u - a) + slope[j + 1, 1] * (w - b)
                        high = flat + slope[j + 1, 2] * (v - 1.0)
                        along[b] = low + (high - low) * eased_v
                    across[a] = along[0] + (along[1] - along[0]) * eased_w
                field[x, z, y] = 2.0 * (across[0] + (across[1] - across[0]) * eased_u)
