"""The colour of light: how bright and how warm each mixture of sky light and block light looks."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

#: Light is told in quarters of a level, for it is a mean of four cells; 61 steps, in rows of 64.
STEPS = 64

_NIGHT = 0.09  # what is left of sky light at night
_DARK = 0.06  # what is seen where no light comes
_GAMMA = 1.6  # how far towards bright Minecraft's curve is followed: 1 is its slider's end, MineRL sets 2
_WARM = np.array([1.0, 0.84, 0.62])
_MOONLIT = np.array([0.72, 0.82, 1.0])


def sun_angle(daytime: int) -> float:
    """How far the sun has come at `daytime` (ticks), in radians: 0 at the eastern horizon, pi / 2 overhead.

    As in Minecraft 1.16 it hurries through the evening's and the morning's sky, so that days are longer than
    nights.
    """
    day = (daytime / 24000 - 0.25) % 1.0
    return 2 * math.pi * (2 * day + 0.5 - math.cos(day * math.pi) / 2) / 3 + math.pi / 2


def daylight(daytime: int) -> float:
    """How bright the sky is at `daytime` (ticks): 1 by day, 0 at night (Minecraft 1.16)."""
    return min(max(2 * math.sin(sun_angle(daytime)) + 0.5, 0.0), 1.0)


def sun_brightness(daytime: int) -> float:
    """How bright the ground is under open sky at `daytime`: 1 by day, 0.2 at night (Minecraft 1.16)."""
    return 0.2 + 0.8 * min(max(2 * math.sin(sun_angle(daytime)) + 0.2, 0.0), 1.0)


@lru_cache(maxsize=4)
def light_map(daytime: int) -> npt.NDArray[np.float32]:
    """float32 [64 * 64 * 3]: colour by ``64 * (4 * sky light) + 4 * block light``, 1 being the texture's own.

    Sky light is that of noon, as the world stores it.
    """
    return _light_map(round((sun_brightness(daytime) - 0.2) / 0.8, 2))


@lru_cache(maxsize=128)
def _light_map(day: float) -> npt.NDArray[np.float32]:
    levels = np.minimum(np.arange(STEPS) / 60, 1.0)
    strength = levels / (4 - 3 * levels)  # each level down dims by about a fifth
    sky = strength[:, None] * (_NIGHT + (1 - _NIGHT) * day)
    block = strength[None, :]
    light = _DARK + (1 - _DARK) * np.minimum(sky + block, 1.0)
    light += _GAMMA * ((1 - (1 - light) ** 4) - light)
    warmth = (block / (sky + block + _DARK))[..., None]
    sky_tint = _MOONLIT + (1 - _MOONLIT) * day
    colours = np.minimum(light, 1.0)[..., None] * (sky_tint + (_WARM - sky_tint) * warmth)
    return np.ascontiguousarray(colours.reshape(-1), np.float32)
