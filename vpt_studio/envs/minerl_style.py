"""The built-in world as MineRL v1 speaks: old Gym's reset and 4-tuple, for code written against MineRL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gymnasium import spaces

from vpt_studio.envs.environment import Observation
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.observation import observation_space


class MineRLStyle:
    """MineRL v1's interface of a :class:`VoxelEnvironment`.

    ``reset()`` gives the observation alone, ``step(action)`` a 4-tuple (observation, reward, done, info),
    and ``seed(n)`` chooses the world of the next reset only. The observation has ``pov``, ``inventory``,
    ``location_stats`` and ``life_stats``; ``isGuiOpen`` and ``location_stats`` are in info, as MineRL has
    them. `done` tells a death, as in MineRL's HumanSurvival.

    Other than MineRL it takes no unknown keys and no camera beyond 180 degrees, and its inventory has the
    items of the built-in world only.
    """

    def __init__(self, environment: VoxelEnvironment | None = None) -> None:
        """Speak for `environment`, or for a new survival world that ends at death."""
        self.environment = environment or VoxelEnvironment(on_death="terminate")
        self.action_space = self.environment.action_space
        told = observation_space(self.environment.picture).spaces
        self.observation_space = spaces.Dict({name: told[name] for name in told if name != "isGuiOpen"})
        self._seed: int | None = None

    def seed(self, seed: int) -> None:
        """Choose the world of the next reset."""
        self._seed = seed

    def reset(self) -> Observation:
        """Begin anew."""
        observation, _ = self.environment.reset(seed=self._seed)
        self._seed = None
        return _split(observation)[0]

    def step(self, action: Mapping[str, Any]) -> tuple[Observation, float, bool, dict[str, Any]]:
        """Do `action` for one tick."""
        observation, reward, terminated, truncated, _ = self.environment.step(action)
        told, info = _split(observation)
        return told, reward, terminated or truncated, info

    def close(self) -> None:
        """Let go of the world."""
        self.environment.close()


def _split(observation: Observation) -> tuple[Observation, dict[str, Any]]:
    told = {name: value for name, value in observation.items() if name != "isGuiOpen"}
    return told, {name: observation[name] for name in ("isGuiOpen", "location_stats")}
