"""Textures as the ray-caster reads them: one number per texel, and smaller copies for what is far away."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled

#: Texels of one texture with its four levels: 16 x 16, 8 x 8, 4 x 4, 2 x 2, one after the other.
TEXTURE_TEXELS = 256 + 64 + 16 + 4

#: Packed texels from this one on are opaque.
SOLID_TEXEL = np.uint32(128 << 24)

_LEVELS = 4
# Where a texel comes to be smaller than a pixel of the whole picture, and by how many times, metres.
_LEVEL_1, _LEVEL_2, _LEVEL_3 = np.float32(18), np.float32(36), np.float32(72)


def pack_textures(textures: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """Texels with their smaller levels in one row.

    Args:
        textures: uint8 [T, 16, 16, 4], RGBA.

    Returns:
        uint32 [T * 340]: red + 256 green + 65,536 blue + 16,777,216 alpha; a texture's four levels one
        after the other, each row by row. A level has as large a share of opaque texels as the first has,
        so that leaves do not thin out in the distance.
    """
    levels = [textures]
    for _ in range(_LEVELS - 1):
        levels.append(_halved(levels[-1], textures[..., 3]))
    rows = [
        (level.astype(np.uint32) << np.array([0, 8, 16, 24], np.uint32)).sum(-1, dtype=np.uint32)
        for level in levels
    ]
    return np.ascontiguousarray(
        np.concatenate([row.reshape(len(textures), -1) for row in rows], 1).reshape(-1)
    )


def _halved(level: npt.NDArray[np.uint8], alpha: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    count, size = level.shape[0], level.shape[1] // 2
    parents = level.reshape(count, size, 2, size, 2, 4).swapaxes(2, 3).reshape(count, size, size, 4, 4)
    parents = parents.astype(np.float64)
    weights = np.maximum(parents[..., 3:], 1e-3)  # clear texels have no say in the colour
    halved = np.empty((count, size, size, 4), np.uint8)
    # A mean of squares is nearer to a mean of light than a mean of the stored, curved values.
    halved[..., :3] = np.rint(np.sqrt((parents[..., :3] ** 2 * weights).sum(3) / weights.sum(3)))
    halved[..., 3] = _alpha_with_share(parents[..., 3].mean(-1), alpha)
    return halved


def _alpha_with_share(
    means: npt.NDArray[np.float64], alpha: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    """`means` where nothing is clear; else 255 for so many of the highest as keeps the opaque share."""
    result = np.rint(means)
    for texture in range(len(means)):
        if alpha[texture].min() > 0:
            continue
        flat = means[texture].reshape(-1)
        opaque = round(float((alpha[texture] >= 128).mean()) * flat.size)
        chosen = np.zeros(flat.size)
        chosen[np.argsort(-flat, kind="stable")[:opaque]] = 255
        result[texture] = chosen.reshape(means[texture].shape)
    return result


@partial(compiled, inlined=True, allocates=False)
def texel_at(texels, texture, u, v, depth):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The texel at (u, v), 0 to below 1 each, of the level that befits a cube a metre wide at `depth`."""
    across, down = np.int64(u * np.float32(16)), np.int64(v * np.float32(16))
    if depth < _LEVEL_1:
        place = down << 4 | across
    elif depth < _LEVEL_2:
        place = 256 + (down >> 1 << 3 | across >> 1)
    elif depth < _LEVEL_3:
        place = 320 + (down >> 2 << 2 | across >> 2)
    else:
        place = 336 + (down >> 3 << 1 | across >> 3)
    return texels[np.int64(texture) * TEXTURE_TEXELS + place]
