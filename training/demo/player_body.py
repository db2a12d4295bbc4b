"""The body of the made scene's player: it walks, sprints, sneaks and jumps, and things stop it."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin

import numpy as np
import numpy.typing as npt

from training.demo.boxes import Box
from training.demo.frame import Vector
from vpt_studio.actions.buttons import BUTTON_INDEX

# Vertical angle of view in degrees (the game's default setting), and while sprinting.
_FIELD_OF_VIEW, _SPRINT_FIELD_OF_VIEW = 70.0, 82.0
# Height of the eyes in metres, upright and sneaking.
_EYE_HEIGHT, _SNEAK_EYE_HEIGHT = 1.62, 1.15
# Metres per tick at a walk, as in Minecraft, and what sprinting and sneaking make of it.
_WALK_SPEED, _SPRINT_FACTOR, _SNEAK_FACTOR = 0.216, 1.5, 0.4


class PlayerBody:
    """Where the player stands and how.

    Attributes:
        position: float64 [2]: x, z in metres.
        sneaking: Whether it ducks.
        field_of_view: Vertical, in degrees; sprinting widens it.
        bob: Phase of the steps in radians.
    """

    def __init__(self, position: Vector) -> None:
        self.position = position
        self.sneaking = False
        self.field_of_view = _FIELD_OF_VIEW
        self.bob = 0.0
        self._velocity: Vector = np.zeros(2)
        self._eye = _EYE_HEIGHT
        self._lift = 0.0
        self._rise = 0.0

    @property
    def eye_height(self) -> float:
        """Metres above the ground."""
        return self._eye + self._lift

    def move(self, held: npt.NDArray[np.uint8], yaw: float, obstacles: Sequence[Box]) -> None:
        """Let one tick pass.

        Args:
            held: uint8 [23], columns as ``ENVIRONMENT_BUTTONS``.
            yaw: Where the player looks, in degrees to the right of the +z axis.
            obstacles: What stands near.
        """

        def down(name: str) -> float:
            return float(held[BUTTON_INDEX[name]])

        ahead, aside = down("forward") - down("back"), down("right") - down("left")
        self.sneaking = down("sneak") > 0
        sprinting = down("sprint") > 0 and ahead > 0 and not self.sneaking
        speed = _WALK_SPEED * (_SPRINT_FACTOR if sprinting else _SNEAK_FACTOR if self.sneaking else 1.0)
        turn = radians(yaw)
        wish = np.array([ahead * sin(turn) + aside * cos(turn), ahead * cos(turn) - aside * sin(turn)])
        length = float(np.hypot(*wish))
        target = wish / length * speed if length else wish
        self._velocity = 0.25 * self._velocity + 0.75 * target
        if float(np.hypot(*self._velocity)) < 0.002:
            self._velocity = np.zeros(2)
        self.position = _kept_out(self.position + self._velocity, obstacles)
        self.bob += float(np.hypot(*self._velocity)) * 2.2
        self._jump_or_fall(down("jump") > 0)
        self._eye = _SNEAK_EYE_HEIGHT if self.sneaking else _EYE_HEIGHT
        self.field_of_view += 0.7 * (
            (_SPRINT_FIELD_OF_VIEW if sprinting else _FIELD_OF_VIEW) - self.field_of_view
        )
        if abs(self.field_of_view - _FIELD_OF_VIEW) < 0.05:
            self.field_of_view = _FIELD_OF_VIEW

    def _jump_or_fall(self, jumping: bool) -> None:
        # Rising lasts as long as the key is held, so that each tick of holding it can be seen.
        standing = self._lift == 0.0
        if jumping and (standing or self._rise > 0) and self._lift < 1.1:
            self._rise = 0.3
        elif not standing:
            self._rise = min(self._rise, 0.1) - 0.12
        self._lift = max(self._lift + self._rise, 0.0)
        if self._lift == 0.0:
            self._rise = 0.0


def _kept_out(place: Vector, obstacles: Sequence[Box]) -> Vector:
    """`place`, moved out of the things that stand there."""
    for box in obstacles:
        if box.bottom < 2.0:
            away = place - (box.x, box.z)
            distance = max(float(np.hypot(*away)), 1e-6)
            if distance < box.half * 1.2 + 0.45:
                place = (box.x, box.z) + away / distance * (box.half * 1.2 + 0.45)
    return place
