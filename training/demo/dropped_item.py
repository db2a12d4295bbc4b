"""An item that the player of the made scene has dropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.demo.boxes import Box
from training.demo.frame import Vector

#: Ticks after which a dropped item is gone.
ITEM_TICKS = 40


@dataclass
class DroppedItem:
    """An item in flight or on the ground.

    Attributes:
        place: float64 [3]: x, y, z of its middle in metres.
        velocity: float64 [3], metres per tick.
        texture: Name of its texture.
        age: Ticks since it was dropped.
    """

    place: Vector
    velocity: Vector
    texture: str
    age: int = 0

    def fall(self) -> None:
        """Let one tick pass; the item stays in the hand for the first, so that it is seen there."""
        self.age += 1
        if self.age > 1:
            self.place = self.place + self.velocity
            self.velocity = self.velocity * 0.96 - (0.0, 0.04, 0.0)
        if self.place[1] < 0.14:
            self.place[1], self.velocity = 0.14, np.zeros(3)

    def box(self) -> Box:
        """The item as a small cube."""
        x, y, z = (float(number) for number in self.place)
        return Box(x, z, 0.13, y - 0.13, y + 0.13, self.texture)
