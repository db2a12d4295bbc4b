"""What a player of the built-in world died of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.vitals import Vitals

#: Everything one can die of.
CAUSES = ("fall", "lava", "fire", "drowning", "suffocation")

_FIRE_BITES = 20  # ticks between two blows of a fire


@dataclass(frozen=True)
class Death:
    """A player's death.

    Attributes:
        tick: In which tick.
        cause: One of :data:`CAUSES`.
    """

    tick: int
    cause: str


def cause_of_death(before: Vitals, state: State) -> str:
    """What ended the life of a player who died in the last tick and is not respawned yet.

    Where several things struck in that tick it is the fall, if the player had lived without it.

    Args:
        before: A copy of how the player was before that tick.
        state: How things are after it.
    """
    body, without_fall = state.body, replace(before)
    without_fall.tick(state.world, body, 0.0)
    if without_fall.alive:
        return "fall"
    if body.in_lava:
        return "lava"
    if body.eyes_in_water:
        return "drowning"
    burns = before.fire > 0 and before.fire % _FIRE_BITES == 0 and not body.in_water
    return "fire" if burns else "suffocation"
