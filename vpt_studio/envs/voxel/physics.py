"""The player's body: where it is, where it looks, and how keys move it through the world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel import player_motion as motion
from vpt_studio.envs.voxel.blocks import SOLID
from vpt_studio.envs.voxel.world import Cell, World

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that are held in a tick and move the player."""

    forward: bool = False
    back: bool = False
    left: bool = False
    right: bool = False
    jump: bool = False
    sneak: bool = False
    sprint: bool = False

    @property
    def bits(self) -> int:
        """All of them in one number, as the compiled code takes them."""
        return (
            motion.FORWARD * self.forward
            + motion.BACK * self.back
            + motion.LEFT * self.left
            + motion.RIGHT * self.right
            + motion.JUMP * self.jump
            + motion.SNEAK * self.sneak
            + motion.SPRINT * self.sprint
        )


class Body:
    """The player's body, a box 0.6 m wide and 1.8 m high, 1.5 m while sneaking.

    Attributes:
        state: float64 [17]: everything about it, so that a copy is a snapshot and ``state[:] = copy``
            restores one. The places are named in :mod:`player_motion`: the middle of the feet (metres),
            velocity (metres per tick), yaw and pitch (degrees), metres fallen so far, ticks until a held
            jump key jumps again, then the flags as 0 or 1.
    """

    __slots__ = ("state",)

    def __init__(self, x: float, y: float, z: float, yaw: float = 0.0, pitch: float = 0.0) -> None:
        self.state: npt.NDArray[np.float64] = np.zeros(motion.STATE_SIZE)
        self.state[: motion.Z + 1] = x, y, z
        self.turn(pitch, yaw)

    def turn(self, pitch: float, yaw: float) -> None:
        """Turn the view by `pitch` degrees down and `yaw` degrees to the right.

        Pitch ends at straight down (90) and straight up (-90); yaw goes round within [-180, 180).
        """
        turned = (self.yaw + yaw + 180.0) % 360.0
        self.state[motion.YAW] = turned - 180.0 if turned < 360.0 else -180.0
        self.state[motion.PITCH] = min(max(self.pitch + pitch, -90.0), 90.0)

    @property
    def position(self) -> Triple:
        """The middle of the feet, in metres."""
        x, y, z = self.state[motion.X : motion.Z + 1].tolist()
        return x, y, z

    @property
    def velocity(self) -> Triple:
        """Metres per tick, as the next tick finds it."""
        x, y, z = self.state[motion.VX : motion.VZ + 1].tolist()
        return x, y, z

    @property
    def eye(self) -> Triple:
        """Where it looks from: 1.62 m above the feet, 1.27 m while sneaking."""
        x, y, z = self.position
        return x, y + (motion.SNEAKING_EYE if self.sneaking else motion.EYE), z

    @property
    def box(self) -> tuple[Triple, Triple]:
        """Its lower and its upper corner."""
        x, y, z = self.position
        height = motion.SNEAKING_HEIGHT if self.sneaking else motion.HEIGHT
        half = motion.HALF_WIDTH
        return (x - half, y, z - half), (x + half, y + height, z + half)

    def touches(self, cell: Cell) -> bool:
        """Whether part of it is inside `cell`: nothing solid can be placed there."""
        lower, upper = self.box
        return all(
            low < place + 1 and place < high for low, place, high in zip(lower, cell, upper, strict=True)
        )

    @property
    def yaw(self) -> float:
        """Degrees within [-180, 180): 0 looks south (+z), 90 west (-x)."""
        return self.state.item(motion.YAW)

    @property
    def pitch(self) -> float:
        """Degrees: 90 looks straight down, -90 straight up."""
        return self.state.item(motion.PITCH)

    @property
    def fall_distance(self) -> float:
        """Metres fallen since it was last on the ground or in water."""
        return self.state.item(motion.FALL)

    @property
    def on_ground(self) -> bool:
        """The last tick ended on something solid."""
        return bool(self.state[motion.ON_GROUND])

    @property
    def in_water(self) -> bool:
        """Part of it is under water."""
        return bool(self.state[motion.IN_WATER])

    @property
    def in_lava(self) -> bool:
        """Part of it is in lava."""
        return bool(self.state[motion.IN_LAVA])

    @property
    def eyes_in_water(self) -> bool:
        """It cannot breathe, and digs slowly: the eyes are 1/9 m under water or deeper (Minecraft 1.16)."""
        return bool(self.state[motion.EYES_IN_WATER])

    @property
    def sneaking(self) -> bool:
        """The sneak key is held, or there is no room to stand up."""
        return bool(self.state[motion.SNEAKING])

    @property
    def sprinting(self) -> bool:
        """It runs."""
        return bool(self.state[motion.SPRINTING])

    @property
    def collided(self) -> bool:
        """A wall stopped it in the last tick, at least along one axis."""
        return bool(self.state[motion.COLLIDED])


def move(world: World, body: Body, keys: Keys) -> float:
    """Let `body` live through one tick of 50 ms in which `keys` are held.

    Constants are Minecraft 1.16's: 0.08 m of gravity and a drag of 0.98 per tick, a jump of 0.42 m per
    tick that a held key repeats after 10 ticks, a push of 0.1 on the ground (1.3 times that in a sprint,
    0.3 times while sneaking) against a friction of 0.546; walking makes 4.317 m/s, sprinting 5.612.
    Sneaking feet stay on their block. In water one sinks slowly, swims up by the jump key and down by the
    sneak key, and gets ashore where the ground is level with the water; there is no sprint-swimming.

    Returns:
        How deep the fall was that ended in this tick, in metres, without the part that lies in its last
        tick (so it is in Minecraft, where 23 blocks leave half a heart); 0 if none did.
    """
    landed: float = motion.move_player(body.state, world.blocks, SOLID, keys.bits)
    return landed
