"""What an environment tells of itself: the spaces of MineRL v1, filled from the built-in world."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from vpt_studio.envs.voxel.canvas import Picture
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.light_map import daylight, sun_brightness
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.vitals import FULL_AIR, FULL_HEALTH

_FAR = 640000.0
#: MineRL v1's `location_stats`: name -> (lowest, highest, dtype).
LOCATION_STATS: dict[str, tuple[float, float, Any]] = {
    "biome_id": (0, 167, np.int64),
    "biome_rainfall": (0.0, 1.0, np.float32),
    "biome_temperature": (0.0, 1.0, np.float32),
    "can_see_sky": (0, 1, np.int64),
    "is_raining": (0, 1, np.int64),
    "light_level": (0, 15, np.int64),
    "pitch": (-180.0, 180.0, np.float64),
    "sea_level": (0, 255, np.int64),
    "sky_light_level": (0.0, 1.0, np.float64),
    "sun_brightness": (0.0, 1.0, np.float64),
    "xpos": (-_FAR, _FAR, np.float64),
    "yaw": (-180.0, 180.0, np.float64),
    "ypos": (-_FAR, _FAR, np.float64),
    "zpos": (-_FAR, _FAR, np.float64),
}
#: Those of MineRL v1's `life_stats` that this world knows.
LIFE_STATS: dict[str, tuple[float, float, Any]] = {
    "air": (0, FULL_AIR, np.int64),
    "is_alive": (0, 1, np.bool_),
    "life": (0.0, FULL_HEALTH, np.float64),
}

#: Names of the items, in the order of their ids.
ITEM_NAMES: tuple[str, ...] = tuple(item.label for item in Item)

_FOREST, _FOREST_RAINFALL, _FOREST_TEMPERATURE = 4, 0.8, 0.7  # Minecraft's biome "forest"
_MOST_ITEMS = 2304  # 36 slots of 64, the contract's bound


def observation_space(picture: Picture) -> spaces.Dict:
    """`pov`, `inventory`, `isGuiOpen`, `location_stats` and `life_stats`, shaped as in MineRL v1.

    `inventory` has the items of this world only, 62 of MineRL's 976.
    """
    return spaces.Dict(
        {
            "pov": spaces.Box(0, 255, picture.shape, np.uint8),
            "inventory": spaces.Dict({name: spaces.Box(0, _MOST_ITEMS, (), np.int32) for name in ITEM_NAMES}),
            "isGuiOpen": spaces.Discrete(2),
            "location_stats": _scalars(LOCATION_STATS),
            "life_stats": _scalars(LIFE_STATS),
        }
    )


def observe(state: State, pov: npt.NDArray[np.uint8]) -> dict[str, Any]:
    """What :func:`observation_space` describes, as it is now; every array is the caller's to keep."""
    # 37 slots can hold more than the contract's bound, which forgets the off hand.
    counts = np.minimum(state.inventory.counts(), _MOST_ITEMS).astype(np.int32)
    return {
        "pov": pov,
        "inventory": {name: counts[number, ...] for number, name in enumerate(ITEM_NAMES, 1)},
        "isGuiOpen": int(state.screen is not None),
        "location_stats": _filled(LOCATION_STATS, _location(state)),
        "life_stats": _filled(
            LIFE_STATS, (max(0, state.vitals.air), state.vitals.alive, state.vitals.health)
        ),
    }


def _scalars(table: dict[str, tuple[float, float, Any]]) -> spaces.Dict:
    return spaces.Dict({name: spaces.Box(low, high, (), dtype) for name, (low, high, dtype) in table.items()})


def _filled(table: dict[str, tuple[float, float, Any]], values: tuple[float, ...]) -> dict[str, Any]:
    return {
        name: np.array(value, dtype)
        for (name, (_, _, dtype)), value in zip(table.items(), values, strict=True)
    }


def _location(state: State) -> tuple[float, ...]:
    body, world = state.body, state.world
    x, y, z = body.position
    cell = math.floor(x), math.floor(body.eye[1]), math.floor(z)
    light = int(world.light[cell[0], cell[2], cell[1]]) if world.holds(*cell) else 15 << 4
    # At night Minecraft takes up to 11 levels from the sky's light.
    sky = max(0, (light >> 4) - round(11 * (1 - daylight(state.daytime))))
    return (
        _FOREST,
        _FOREST_RAINFALL,
        _FOREST_TEMPERATURE,
        int(not world.holds(*cell) or cell[1] >= int(world.top[cell[0], cell[2]])),
        0,
        max(sky, light & 15),
        body.pitch,
        world.preset.sea_level,
        (light >> 4) / 15,
        sun_brightness(state.daytime),
        x,
        body.yaw,
        y,
        z,
    )
