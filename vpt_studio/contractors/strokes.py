"""Strokes of a hand with a mouse: minimum-jerk motion of a length of time that Fitts' law gives."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from vpt_studio.contractors.styles import Style

#: Fewest and most ticks of a stroke.
SHORTEST, LONGEST = 4, 12

_SIDEWAYS = 0.35  # of the noise along a stroke that lies across it
_TOO_FAR = (1.06, 1.15)  # where strokes end that overshoot, as a share of the way
_LONG = 40.0  # counts from which a stroke may overshoot


def minimum_jerk(share: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """How much of the way is done after a share of the time: 10 t^3 - 15 t^4 + 6 t^5.

    The smoothest motion between two rests (Flash and Hogan 1985).
    """
    t = np.clip(np.asarray(share, np.float64), 0.0, 1.0)
    return t * t * t * (10.0 + t * (6.0 * t - 15.0))


def stroke_ticks(distance: float, width: float, style: Style) -> int:
    """Ticks that a stroke of `distance` to something `width` wide takes (Fitts: a + b log2(D / W + 1))."""
    bits = math.log2(distance / max(width, 1.0) + 1.0)
    return min(max(round(style.stroke_base + style.stroke_per_bit * bits), SHORTEST), LONGEST)


def plan_stroke(
    way: tuple[float, float], width: float, style: Style, random: np.random.Generator
) -> npt.NDArray[np.int64]:
    """The mouse counts of each tick of a stroke.

    Args:
        way: Counts to the right and downwards to where the stroke should end.
        width: Counts across what is aimed at: how exact it has to be.
        style: Whose hand it is.
        random: What noise is drawn from.

    Returns:
        int64 [4 to 12, 2]: counts to the right and downwards.
    """
    along = np.array(way, np.float64)
    distance = float(np.hypot(*along))
    ticks = stroke_ticks(distance, width, style)
    end = along * (1.0 + style.endpoint_noise * random.standard_normal())
    across = np.array([-along[1], along[0]])
    end += across * (style.endpoint_noise * _SIDEWAYS * random.standard_normal())
    if distance > _LONG and random.random() < style.overshoot:
        end *= random.uniform(*_TOO_FAR)
    times = np.arange(ticks + 1) / ticks
    places = minimum_jerk(times)[:, None] * end
    places += np.sin(math.pi * times)[:, None] * across * (style.bend * random.standard_normal())
    tremor = style.tremor * random.standard_normal((ticks + 1, 2)) * min(1.0, distance / 10.0)
    tremor[[0, -1]] = 0.0
    counts = np.rint(places + tremor).astype(np.int64)
    return counts[1:] - counts[:-1]
