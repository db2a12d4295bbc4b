"""Who plays an episode: what a player is, and those that need no network."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vpt_studio.actions import BUTTONS, DEFAULT_CAMERA, to_factored
from vpt_studio.actions.camera import DEGREES_PER_PIXEL
from vpt_studio.actions.joint_space import BUTTON_COMBINATIONS, camera_combinations
from vpt_studio.contractors import Contractor, style_named
from vpt_studio.envs.voxel.canvas import Picture
from vpt_studio.envs.voxel.state import State

#: What a player is shown: uint8 [H, W, 3], RGB, with the pointer on screens.
Seen = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Move:
    """What a player does in one tick.

    Attributes:
        held: Names of the buttons held, of ``ENVIRONMENT_BUTTONS``.
        dx: Mouse counts to the right, of 0.15 degrees each.
        dy: Mouse counts downwards.
        extra: Further fields of the tick's line in a recording.
    """

    held: frozenset[str] = frozenset()
    dx: float = 0.0
    dy: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)


class Player(Protocol):
    """Plays one episode, from its first tick to its last.

    Attributes:
        picture: What it must be shown; None for who does not look at pictures.
    """

    picture: Picture | None

    def act(self, state: State, seen: Seen) -> Move:
        """What to do in this tick; to be called once for each.

        Args:
            state: The game, for players that are made to know it. Policies do not look at it.
            seen: The picture asked for, of this tick; of no meaning where none was.
        """


class NullPlayer:
    """Does nothing."""

    picture: Picture | None = None

    def act(self, state: State, seen: Seen) -> Move:  # noqa: ARG002
        """Nothing."""
        return Move()


class RandomPlayer:
    """Does in every tick whatever a policy could, each of 8641 combinations and 121 turns alike."""

    picture: Picture | None = None

    def __init__(self, seed: int) -> None:
        self._chance = np.random.default_rng([seed, zlib.crc32(b"random")])

    def act(self, state: State, seen: Seen) -> Move:  # noqa: ARG002
        """Anything."""
        choice = self._chance.integers([BUTTON_COMBINATIONS, camera_combinations()])
        held, bins = to_factored(choice[0], choice[1])
        pitch, yaw = (DEFAULT_CAMERA.decode(bins) / DEGREES_PER_PIXEL).tolist()
        names = frozenset(name for name, pressed in zip(BUTTONS, held, strict=True) if pressed)
        return Move(names, yaw, pitch)


class ScriptedPlayer:
    """A contractor."""

    picture: Picture | None = None

    def __init__(self, style: str, goal: str, seed: int) -> None:
        self._contractor = Contractor(style_named(style), seed, goal)

    def act(self, state: State, seen: Seen) -> Move:  # noqa: ARG002
        """What the contractor's hands do."""
        given = self._contractor.act(state)
        return Move(given.held, given.dx, given.dy)
