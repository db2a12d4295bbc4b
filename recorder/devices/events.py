"""One thing that a keyboard or a mouse said, the same on every system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EventKind = Literal["motion", "button", "wheel", "key"]


@dataclass(frozen=True, slots=True)
class InputEvent:
    """One thing a device said.

    Attributes:
        kind: What it is about; the fields of the other kinds keep their defaults.
        at: When it happened by the device's own time, in nanoseconds of ``time.monotonic_ns()``'s clock. X11
            and Windows tell it to the millisecond.
        received: When this program read it, on the same clock; `at` is never later by more than the system's
            own resolution.
        dx: Motion: counts to the right, as the device gave them.
        dy: Motion: counts downwards.
        accelerated: Motion: what the system made of `dx` and `dy`, in pixels, where it says so.
        code: A key by OpenAI's name, such as ``key.keyboard.w``; a button by its number in the contractor
            format: "0" left, "1" right, "2" middle, further ones as they come.
        is_down: Key and button: pressed, not released. A key that repeats is pressed once.
        steps: Wheel: notches, + is up. A wheel that turns sideways says nothing here.
        device: The system's name or number of the device.
        is_injected: A program said it, not a hand; None where the system does not tell.
    """

    kind: EventKind
    at: int
    received: int
    dx: float = 0.0
    dy: float = 0.0
    accelerated: tuple[float, float] | None = None
    code: str = ""
    is_down: bool = False
    steps: int = 0
    device: str = ""
    is_injected: bool | None = None
