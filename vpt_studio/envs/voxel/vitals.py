"""The player's health: falls, drowning, lava, fire, suffocation, and getting better."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vpt_studio.envs.voxel.blocks import BLOCKS, Shape
from vpt_studio.envs.voxel.physics import Body
from vpt_studio.envs.voxel.world import World

#: Half hearts of a player in full health, and ticks of air with the head out of the water (Minecraft 1.16).
FULL_HEALTH, FULL_AIR = 20, 300
_PAIN_TICKS = 10  # a second blow within them counts only as far as it is harder than the first
_SAFE_FALL = 3.0  # metres
_FIRE_AFTER_LAVA = 300
_REGENERATION_TICKS = 80


@dataclass(slots=True)
class Vitals:
    """How the player is; one call of :meth:`tick` per tick.

    Hunger does not exist here: health comes back as it does in Minecraft with a full stomach, half a heart
    in four seconds.

    Attributes:
        health: Half hearts, 0 (dead) to 20.
        air: Ticks until the head needs air, 300 to -20.
        fire: Ticks the player goes on burning.
        pain: Ticks since which the last blow still shields from another.
        last_blow: How hard it was.
        rest: Ticks until half a heart comes back.
    """

    health: int = FULL_HEALTH
    air: int = FULL_AIR
    fire: int = 0
    pain: int = 0
    last_blow: int = 0
    rest: int = _REGENERATION_TICKS

    @property
    def alive(self) -> bool:
        """Whether there is any health left."""
        return self.health > 0

    @property
    def hurt(self) -> bool:
        """Whether a blow fell within the last half second."""
        return self.pain > 0

    def tick(self, world: World, body: Body, fallen: float) -> None:
        """Let one tick act on the player.

        Args:
            world: Where the player is.
            body: The player's body, already moved.
            fallen: Metres that a fall which ended in this tick was deep.
        """
        self.pain = max(0, self.pain - 1)
        if fallen > _SAFE_FALL:
            self.strike(math.ceil(fallen - _SAFE_FALL))
        self._breathe(body)
        self._burn(body)
        if _head_in_block(world, body):
            self.strike(1)
        self._recover()

    def strike(self, blow: int) -> None:
        """Take `blow` half hearts, less what the last blow within half a second already took."""
        if self.pain > 0:
            blow, harder = blow - self.last_blow, blow > self.last_blow
            if not harder:
                return
            self.last_blow += blow
        else:
            self.last_blow, self.pain = blow, _PAIN_TICKS
        self.health = max(0, self.health - blow)

    def _breathe(self, body: Body) -> None:
        if not body.eyes_in_water:
            self.air = min(FULL_AIR, self.air + 4)
            return
        self.air -= 1
        if self.air <= -20:
            self.air = 0
            self.strike(2)

    def _burn(self, body: Body) -> None:
        if body.in_lava:
            self.fire = _FIRE_AFTER_LAVA
            self.strike(4)
        elif body.in_water:
            self.fire = 0
        elif self.fire > 0:
            if self.fire % 20 == 0:
                self.strike(1)
            self.fire -= 1

    def _recover(self) -> None:
        if not self.alive or self.health == FULL_HEALTH:
            self.rest = _REGENERATION_TICKS
            return
        self.rest -= 1
        if self.rest == 0:
            self.health, self.rest = self.health + 1, _REGENERATION_TICKS


def _head_in_block(world: World, body: Body) -> bool:
    x, y, z = (math.floor(place) for place in body.eye)
    return world.holds(x, y, z) and BLOCKS[world.block_at(x, y, z)].shape is Shape.CUBE
