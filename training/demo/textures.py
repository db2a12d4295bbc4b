"""Colours, noise and grain of the made scene, and the textures of the things in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.demo.frame import Picture, Vector

GRASS, DIRT, STONE, SAND = (104, 158, 66), (134, 96, 67), (128, 128, 130), (216, 203, 150)
BRICKS = {"red": (176, 74, 62), "blue": (70, 98, 186), "gold": (226, 178, 58), "violet": (148, 82, 168)}


def noise(rng: np.random.Generator, size: int, grains: int) -> Vector:
    """Smooth noise [size, size] of mean 0 and deviation 1 that repeats, with `grains` bumps along a side."""
    waves = np.fft.rfft2(rng.standard_normal((size, size)))
    rate = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None]) * size
    smooth = np.fft.irfft2(waves * np.exp(-((rate / grains) ** 2)), s=(size, size))
    return (smooth - smooth.mean()) / smooth.std()


def speckled(rng: np.random.Generator, colour: tuple[int, int, int], height: int, width: int) -> Vector:
    """A patch of `colour`, float64 [height, width, 3], with grain in every texel."""
    return np.array(colour) * rng.choice([0.8, 0.92, 1.0, 1.1], (height, width, 1))


def block_textures(rng: np.random.Generator, icons: Sequence[Picture]) -> dict[str, Picture]:
    """Textures, uint8 [h, w, 3], by name: of what stands in the meadow, and ``item0`` … of dropped items.

    Args:
        rng: Where the grain comes from.
        icons: uint8 [16, 16, 4] RGBA of each item, which gives it its colour.
    """
    textures = {"leaves": np.kron(speckled(rng, (70, 126, 50), 24, 24), np.ones((2, 2, 1)))}
    textures["leaves"] *= rng.choice([0.7, 1.0, 1.15], (48, 48, 1), p=[0.2, 0.6, 0.2])
    bark = speckled(rng, (104, 76, 46), 48, 16)
    bark[:, ::4] *= 0.7
    textures["bark"] = bark
    crate = speckled(rng, (178, 136, 82), 16, 16)
    crate[[0, 15]] *= 0.6
    crate[:, [0, 15]] *= 0.6
    crate[[5, 10]] *= 0.75
    textures["crate"] = crate
    for name, colour in BRICKS.items():
        brick = speckled(rng, colour, 64, 16)
        brick[3::4] = brick[3::4] * 0.4 + 90
        brick[0::8, 7] = brick[1::8, 7] = brick[2::8, 7] = 150
        brick[4::8, 14] = brick[5::8, 14] = brick[6::8, 14] = 150
        textures[name] = brick
    for slot, icon in enumerate(icons):
        textures[f"item{slot}"] = np.full((8, 8, 3), icon[..., :3][icon[..., 3] > 0].mean(axis=0))
        textures[f"item{slot}"][1:7, 1:7] *= 1.25
    return {name: np.clip(texture, 0, 255).astype(np.uint8) for name, texture in textures.items()}
