"""What lies behind the world: sky, sun, moon, stars, clouds, and fog."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.camera import REACH, direction, length_of
from vpt_studio.envs.voxel.light_map import daylight, sun_angle
from vpt_studio.envs.voxel.water import MURK_END, MURK_START

_inlined = partial(compiled, inlined=True, allocates=False)

Colour = tuple[np.float32, np.float32, np.float32]

#: Steps of the sky's colour from the horizon to straight above.
_STEPS = 512
_CLOUD_CELLS = 64  # the pattern repeats after so many cells
_ZENITH_DAY, _HORIZON_DAY = np.array([112.0, 160.0, 255.0]), np.array([186.0, 212.0, 255.0])
_ZENITH_NIGHT, _HORIZON_NIGHT = np.array([4.0, 6.0, 16.0]), np.array([14.0, 18.0, 34.0])
_CLOUD_NIGHT = np.array([20.0, 23.0, 34.0])
_SUNSET = (232.0, 122.0, 58.0)
_LAVA = np.array([206.0, 70.0, 12.0])
_WATER_BELOW, _WATER_ABOVE = np.array([12.0, 40.0, 96.0]), np.array([42.0, 104.0, 190.0])

_ZERO, _HALF, _ONE = np.float32(0), np.float32(0.5), np.float32(1)
_FAR = np.float32(1e9)
_CLOUD_CELL, _CLOUD_REACH, _CLOUD_SHARE = np.float32(12), np.float32(420), np.float32(0.8)
_SUN, _HALO, _MOON = np.float32(0.1), np.float32(0.36), np.float32(0.075)
_SUN_COLOUR = (np.float32(255), np.float32(250), np.float32(214))
_MOON_COLOUR = (np.float32(214), np.float32(220), np.float32(232))
_CRATERS = np.uint64(0x00_18_1C_40_62_06_20_00)  # 8 x 8 dark spots, a bit each
_STAR_CELLS = np.float32(89.999)  # cells of half the side of a cube around the world, all but


class Sky(NamedTuple):
    """The sky of one moment, seen from one place.

    Attributes:
        gradient: float32 [512 * 3]: its colour by the sine of the height above the horizon.
        clouds: uint8 [64 * 64]: 1 where there is one.
        open_air: Whether there is a sky at all, or just the murk of the water or lava the eye is in.
        fog_start: Metres to where fog begins.
        fog_end: Metres to where nothing else is seen.
        sun_east: The direction to the sun: how far east ...
        sun_up: ... and how far up; it moves in the plane of both.
        glow: Strength of the glow of dawn or dusk, 0 to 1.
        glow_colour: Its colour.
        stars: How bright the stars are, 0 to 1.
        cloud_colour: Of the clouds.
        cloud_rise: Metres from the eye up to the clouds.
        cloud_east: Where the eye is below the clouds' pattern, in metres to the east ...
        cloud_south: ... and to the south.
    """

    gradient: npt.NDArray[np.float32]
    clouds: npt.NDArray[np.uint8]
    open_air: bool
    fog_start: np.float32
    fog_end: np.float32
    sun_east: np.float32
    sun_up: np.float32
    glow: np.float32
    glow_colour: Colour
    stars: np.float32
    cloud_colour: Colour
    cloud_rise: np.float32
    cloud_east: np.float32
    cloud_south: np.float32


def sky_at(
    daytime: int,
    eye: tuple[float, float, float],
    cloud_height: float,
) -> Sky:
    """The sky at `daytime` (ticks) over an eye in the open air.

    Args:
        daytime: 0 to 23,999; 0 is sunrise.
        eye: Where the eye is.
        cloud_height: That of the clouds.
    """
    angle, day = sun_angle(daytime), daylight(daytime)
    drift = daytime * 0.05 * 1.2  # metres; clouds go 1.2 metres a second
    return Sky(
        _gradient(round(day, 2)),
        _clouds(),
        True,
        np.float32(0.55 * REACH),
        np.float32(0.97 * REACH),
        np.float32(math.cos(angle)),
        np.float32(math.sin(angle)),
        np.float32(0.9 * max(0.0, 1 - abs(math.sin(angle) + 0.03) / 0.36)),
        _colour(np.array(_SUNSET)),
        np.float32(max(0.0, 1 - 2.5 * day)),
        _colour(_CLOUD_NIGHT + (255 - _CLOUD_NIGHT) * day),
        np.float32(cloud_height - eye[1]),
        np.float32(eye[0] + drift),
        np.float32(eye[2]),
    )


def water_around(sky: Sky, brightness: float) -> Sky:
    """What hides the distance from an eye under water, where it is as bright as `brightness`."""
    colours = _WATER_BELOW + (_WATER_ABOVE - _WATER_BELOW) * np.linspace(0, 1, _STEPS)[:, None] ** 0.7
    return _murk(sky, colours * brightness, float(MURK_START), float(MURK_END))


def lava_around(sky: Sky) -> Sky:
    """What hides everything from an eye in lava."""
    return _murk(sky, np.broadcast_to(_LAVA, (_STEPS, 3)), -1.0, 2.0)


def _murk(sky: Sky, colours: npt.NDArray[np.float64], start: float, end: float) -> Sky:
    return sky._replace(
        gradient=np.ascontiguousarray(colours.reshape(-1), np.float32),
        open_air=False,
        fog_start=np.float32(start),
        fog_end=np.float32(end),
        glow=np.float32(0),
    )


def _colour(values: npt.NDArray[np.floating]) -> Colour:
    return np.float32(values[0]), np.float32(values[1]), np.float32(values[2])


@cache
def _gradient(day: float) -> npt.NDArray[np.float32]:
    horizon = _HORIZON_NIGHT + (_HORIZON_DAY - _HORIZON_NIGHT) * day
    zenith = _ZENITH_NIGHT + (_ZENITH_DAY - _ZENITH_NIGHT) * day
    share = 1 - np.exp(-4.5 * np.linspace(0, 1, _STEPS))[:, None]
    return np.ascontiguousarray((horizon + (zenith - horizon) * share).reshape(-1), np.float32)


@cache
def _clouds() -> npt.NDArray[np.uint8]:
    """Two sizes of blots that go on over the pattern's edges."""
    rng = np.random.default_rng(20)
    height = np.zeros((_CLOUD_CELLS, _CLOUD_CELLS))
    for cell, weight in ((8, 1.0), (4, 0.7), (2, 0.35)):
        blots = rng.random((_CLOUD_CELLS // cell, _CLOUD_CELLS // cell))
        for axis in (0, 1):
            blots = np.repeat(blots, cell, axis)
            blots = sum(np.roll(blots, shift, axis) for shift in range(cell)) / cell  # type: ignore[assignment]
        height += weight * blots
    return np.ascontiguousarray((height > np.quantile(height, 0.7)).reshape(-1), np.uint8)


@partial(compiled, allocates=False)
def paint_sky(sky, camera, pixels, depths):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Add sky and fog to what :func:`vpt_studio.envs.voxel.tracing.trace` has drawn.

    Depths that told how much of the sky shows become very large.
    """
    longest = length_of(
        max(abs(camera.across[0]), abs(camera.across[-1])), max(abs(camera.upward[0]), abs(camera.upward[-1]))
    )
    for j in range(camera.rows.size):
        row, upward = camera.rows[j], camera.upward[j]
        for i in range(camera.across.size):
            depth = depths[row, i]
            if depth >= _ZERO and depth * longest <= sky.fog_start:
                continue
            ray, length = (
                direction(camera.frame, camera.across[i], upward),
                length_of(camera.across[i], upward),
            )
            if depth >= _ZERO:
                share = _fog(sky, depth * length)
                colour = _dawn(sky, _above(sky, ray[1] / length), ray, length)
            else:
                share = -depth
                colour = _beyond(sky, ray, length)
                depths[row, i] = _FAR
            kept = _ONE - share if depth >= _ZERO else _ONE
            pixels[row, i, 0] = np.uint8(np.float32(pixels[row, i, 0]) * kept + colour[0] * share + _HALF)
            pixels[row, i, 1] = np.uint8(np.float32(pixels[row, i, 1]) * kept + colour[1] * share + _HALF)
            pixels[row, i, 2] = np.uint8(np.float32(pixels[row, i, 2]) * kept + colour[2] * share + _HALF)


@_inlined
def _fog(sky, distance):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return min(max((distance - sky.fog_start) / (sky.fog_end - sky.fog_start), _ZERO), _ONE)


@_inlined
def _mixed(first, second, share):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return (
        first[0] + (second[0] - first[0]) * share,
        first[1] + (second[1] - first[1]) * share,
        first[2] + (second[2] - first[2]) * share,
    )


@_inlined
def _above(sky, height):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The sky's colour at a height above the horizon (its sine); the horizon's below it."""
    place = 3 * np.int64(max(height, _ZERO) * np.float32(_STEPS - 1) + _HALF)
    return sky.gradient[place], sky.gradient[place + 1], sky.gradient[place + 2]


@_inlined
def _dawn(sky, colour, ray, length):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """`colour` with the glow of dawn or dusk, strongest low in the sky on the sun's side."""
    if sky.glow <= _ZERO:
        return colour
    toward = max(_ZERO, (ray[0] if sky.sun_east > _ZERO else -ray[0]) / length)
    low = _ONE - abs(ray[1]) / length
    return _mixed(colour, sky.glow_colour, sky.glow * toward * toward * low * low * low)


@_inlined
def _beyond(sky, ray, length):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The colour of a ray that has met nothing in the world."""
    colour = _dawn(sky, _above(sky, ray[1] / length), ray, length)
    if not sky.open_air:
        return colour
    if ray[1] >= _ZERO:
        colour = _with_lights(sky, colour, ray)
    return _clouded(sky, colour, ray, length)


@_inlined
def _with_lights(sky, colour, ray):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Sun, moon and stars, which turn with one another around the axis from north to south."""
    toward = ray[0] * sky.sun_east + ray[1] * sky.sun_up
    aside = ray[1] * sky.sun_east - ray[0] * sky.sun_up
    out = max(abs(aside), abs(ray[2]))
    if toward > _ZERO and out < _HALO * toward:
        if out < _SUN * toward:
            return _SUN_COLOUR
        near = _ONE - out / (_HALO * toward)
        return _mixed(colour, _SUN_COLOUR, near * near * _HALF)
    if toward < _ZERO and out < -_MOON * toward:
        across = np.uint64(np.int64((aside / -toward + _MOON) / (_MOON + _MOON) * np.float32(7.999)))
        down = np.uint64(np.int64((ray[2] / -toward + _MOON) / (_MOON + _MOON) * np.float32(7.999)))
        dark = (_CRATERS >> (down * np.uint64(8) + across)) & np.uint64(1)
        return _mixed(_MOON_COLOUR, colour, np.float32(0.35) if dark else _ZERO)
    if sky.stars > _ZERO:
        return _starred(sky, colour, (toward, aside, ray[2]))
    return colour


@_inlined
def _starred(sky, colour, ray):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Stars are cells of a cube around the world, a few of which shine."""
    size = max(abs(ray[0]), max(abs(ray[1]), abs(ray[2])))
    cells = _STAR_CELLS / size
    x = np.int64(np.floor(ray[0] * cells))
    y = np.int64(np.floor(ray[1] * cells))
    z = np.int64(np.floor(ray[2] * cells))
    hashed = np.uint64(x * 73856093) ^ np.uint64(y * 19349663) ^ np.uint64(z * 83492791)
    hashed = (hashed ^ (hashed >> np.uint64(13))) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(40)
    if hashed % np.uint64(150) != np.uint64(0):
        return colour
    bright = np.float32(0.3) + np.float32((hashed >> np.uint64(8)) & np.uint64(7)) * np.float32(0.1)
    return _mixed(colour, (np.float32(255), np.float32(255), np.float32(255)), bright * sky.stars)


@_inlined
def _clouded(sky, colour, ray, length):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    depth = sky.cloud_rise / ray[1]
    distance = depth * length
    if depth <= _ZERO or distance >= _CLOUD_REACH:
        return colour
    east = np.int64(np.floor((sky.cloud_east + depth * ray[0]) / _CLOUD_CELL)) & (_CLOUD_CELLS - 1)
    south = np.int64(np.floor((sky.cloud_south + depth * ray[2]) / _CLOUD_CELL)) & (_CLOUD_CELLS - 1)
    if sky.clouds[east * _CLOUD_CELLS + south] == 0:
        return colour
    return _mixed(colour, sky.cloud_colour, _CLOUD_SHARE * (_ONE - distance / _CLOUD_REACH))
