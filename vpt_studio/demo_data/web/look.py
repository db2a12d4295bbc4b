"""What a look is: one thing that uploaders do to play, or show instead of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from vpt_studio.demo_data.web.brush import Picture
from vpt_studio.demo_data.web.style import Kit, Moment

#: Draws a frame: is given a picture that it may change, and returns it or another of the same size.
Layer = Callable[[Picture, Moment], Picture]


class Role(StrEnum):
    """Where in a video a look is used."""

    OVERLAY = "overlay"  # drawn over play
    ALTERATION = "alteration"  # changes the picture of play
    FIT = "fit"  # makes play fit another shape of picture, through the whole video
    TRANSITION = "transition"  # leads into play, or out of it
    OPENING = "opening"  # before play, which is not seen
    INTERLUDE = "interlude"  # between play, which is not seen
    CLOSING = "closing"  # after play


@dataclass(frozen=True)
class Look:
    """One thing that uploaders do.

    Attributes:
        name: As the truth tells it.
        role: Where it is used.
        make: Draws it up for a channel and a size of picture.
        held_back: Whether only videos for testing use it.
        seconds: Shortest and longest time that it stays.
        play_rate: Ticks of play that pass per twentieth of a second while it is there; 0 where the play
            stands still, None where the layer is given a black picture instead.
    """

    name: str
    role: Role
    make: Callable[[Kit], Layer]
    held_back: bool = False
    seconds: tuple[float, float] = (4.0, 12.0)
    play_rate: int | None = 1
