"""A channel's style: name, colours, lettering and corners, the same in everything that is drawn for it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np

from vpt_studio.demo_data.web import wording
from vpt_studio.demo_data.web.brush import Colour, Sprite, bright
from vpt_studio.demo_data.web.lettering import Lettering, written

_Item = TypeVar("_Item")

CORNERS = ("upper left", "upper right", "lower left", "lower right")


@dataclass(frozen=True)
class Style:
    """What makes a channel's videos look alike.

    Attributes:
        seed: Of everything else that is drawn by chance for this channel.
        channel: Its name.
        colours: Main colour, second colour, and a dark one.
        headline: Lettering of titles and captions.
        corners: The picture's corners in the order in which things are put there.
    """

    seed: int
    channel: str
    colours: tuple[Colour, Colour, Colour]
    headline: Lettering
    corners: tuple[str, ...]


@dataclass(frozen=True)
class Moment:
    """When a frame is shown.

    Attributes:
        seconds: Since the span began.
        length: Seconds that the span is meant to last; it is shorter where the play ends.
        clock: Seconds since the video began.
        number: Of the span.
    """

    seconds: float
    length: float
    clock: float
    number: int


class Kit:
    """What a look is drawn with: the channel's style, the picture's size, and chance of its own.

    Attributes:
        style: The channel's.
        width, height: Of the video in pixels.
        chance: Seeded by the channel and the look, so that a look stays the same through a channel.
    """

    def __init__(self, style: Style, look: str, width: int, height: int) -> None:
        self.style = style
        self.width = width
        self.height = height
        self._key = [style.seed, zlib.crc32(look.encode())]
        self.chance = np.random.default_rng(self._key)

    def dice(self, number: int) -> np.random.Generator:
        """Chance for the `number`-th of many things that follow one another, each to be had on its own."""
        return np.random.default_rng([*self._key, number])

    def size(self, part: float) -> int:
        """Pixels of what is `part` of 360 rows high: at least one."""
        return max(1, round(part * self.height / 360))

    def one_of(self, choices: Sequence[_Item]) -> _Item:
        """One of them, by chance."""
        return choices[int(self.chance.integers(len(choices)))]

    def some_of(self, choices: Sequence[_Item], count: int) -> list[_Item]:
        """`count` different ones of them, by chance and in any order."""
        return [choices[number] for number in self.chance.permutation(len(choices))[:count]]

    def between(self, low: float, high: float) -> float:
        """A number by chance."""
        return float(self.chance.uniform(low, high))

    def headline(self, text: str, height: float, colour: Colour, widest: float = 0.9) -> Sprite:
        """Text in the channel's lettering, `height` of 360 rows high, at most a share `widest` wide."""
        edge = self.style.colours[2] if bright(colour) else (255, 255, 255)
        return written(text, self.size(height), colour, self.style.headline, edge, round(widest * self.width))

    def in_corner(self, corner: str, width: int, height: int, margin: int) -> tuple[int, int]:
        """Left and top of what is `width` x `height` and stands `margin` pixels from both sides."""
        left = margin if "left" in corner else self.width - width - margin
        top = margin if "upper" in corner else self.height - height - margin
        return left, top

    def colour(self, saturation: tuple[float, float], value: tuple[float, float]) -> Colour:
        """Any hue, saturation and value between bounds of 0 to 1."""
        return hued(self.between(0, 1), self.between(*saturation), self.between(*value))


def hued(hue: float, saturation: float, value: float) -> Colour:
    """A colour from hue, saturation and value, each 0 to 1."""
    pixel = np.array([[[hue % 1 * 179, saturation * 255, value * 255]]]).round().astype(np.uint8)
    red, green, blue = np.asarray(cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB))[0, 0].tolist()
    return red, green, blue


def style_for(seed: int) -> Style:
    """The style of channel `seed`."""
    chance = np.random.default_rng([seed, 1])
    hue = float(chance.uniform())
    first, last = (str(chance.choice(names)) for names in (wording.FIRST_NAMES, wording.LAST_NAMES))
    headline = Lettering(
        face=str(chance.choice(["plain", "bold", "bold", "italic", "bold italic", "thin", "pixel"])),
        stretch=float(chance.uniform(0.85, 1.25)),
        slant=float(chance.choice([0, 0, 0, 0.15, -0.1])),
        outline=float(chance.choice([0, 0.05, 0.09])),
        shadow=float(chance.choice([0, 0, 0.06, 0.1])),
        capitals=bool(chance.random() < 0.4),
    )
    if not headline.outline and not headline.shadow:
        headline = Lettering(headline.face, headline.stretch, headline.slant, 0.06, 0, headline.capitals)
    return Style(
        seed=seed,
        channel=f"{first}{chance.choice(['', '', ' ', '_'])}{last}",
        colours=(
            hued(hue, float(chance.uniform(0.55, 1)), float(chance.uniform(0.7, 1))),
            hued(hue + float(chance.choice([0.08, 0.33, 0.5])), float(chance.uniform(0.2, 1)), 0.95),
            hued(hue + float(chance.uniform(-0.1, 0.1)), 0.6, float(chance.uniform(0, 0.25))),
        ),
        headline=headline,
        corners=tuple(str(corner) for corner in chance.permutation(CORNERS)),
    )
