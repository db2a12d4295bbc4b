"""The built-in world as MineRL v1 speaks: old Gym's reset and 4-tuple, for code written against MineRL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from vpt_studio.envs.action_space import action_space
from vpt_studio.envs.environment import Observation
from vpt_studio.envs.voxel.environment import VoxelEnvironment, checked_seed


class MineRLActionSpace(spaces.Dict):
    """The 24 keys, with the null action that MineRL's space offers."""

    def __init__(self) -> None:
        super().__init__(action_space().spaces)

    def noop(self) -> dict[str, Any]:
        """A new action in which nothing is done."""
        keys: dict[str, Any] = dict.fromkeys(self.spaces, 0)
        return {**keys, "camera": np.zeros(2, np.float32)}

    no_op = noop


class MineRLStyle:
    """MineRL v1's interface of a :class:`VoxelEnvironment`, plain or in wrappers that reward it.

    ``reset()`` gives the observation alone, ``step(action)`` a 4-tuple (observation, reward, done, info),
    and ``seed(n)`` chooses the world of the next reset only. The observation has ``pov``, ``inventory``,
    ``location_stats`` and ``life_stats``; ``isGuiOpen`` and ``location_stats`` are in info, as MineRL has
    them, beside what the environment tells. `done` tells a death, as in MineRL's HumanSurvival, or the end of
    time. Buttons may be arrays of one number and the camera [1, 2], as agents with a batch of one give them.

    Other than MineRL it takes no unknown keys and no camera beyond 180 degrees, its spaces are Gymnasium's,
    its inventory has the items of the built-in world only, ``render()`` gives the picture instead of showing
    it, and there is no ``task``.
    """

    def __init__(self, environment: gymnasium.Env[Observation, Mapping[str, Any]] | None = None) -> None:
        """Speak for `environment`, or for a new survival world that ends at death."""
        self.environment = environment or VoxelEnvironment(on_death="terminate")
        self.action_space = MineRLActionSpace()
        told = self.environment.observation_space
        assert isinstance(told, spaces.Dict)
        self.observation_space = spaces.Dict({name: told[name] for name in told if name != "isGuiOpen"})
        self._seed: int | None = None

    @property
    def unwrapped(self) -> VoxelEnvironment:
        """The world itself."""
        world = self.environment.unwrapped
        assert isinstance(world, VoxelEnvironment)
        return world

    def seed(self, seed: int | None) -> None:
        """Choose the world of the next reset.

        Raises:
            StudioError: This is no seed.
        """
        self._seed = checked_seed(seed)

    def reset(self) -> Observation:
        """Begin anew."""
        observation, _ = self.environment.reset(seed=self._seed)
        self._seed = None
        return _without_screen(observation)

    def step(self, action: Mapping[str, Any]) -> tuple[Observation, float, bool, dict[str, Any]]:
        """Do `action` for one tick.

        Raises:
            StudioError: It is no action.
        """
        single = {key: _single(key, value) for key, value in action.items()}
        observation, reward, terminated, truncated, info = self.environment.step(single)
        told = {**info, **{name: observation[name] for name in ("isGuiOpen", "location_stats")}}
        return _without_screen(observation), float(reward), terminated or truncated, told

    def render(self) -> npt.NDArray[np.uint8]:
        """What is on screen with the pointer, uint8 [360, 640, 3], RGB."""
        return self.unwrapped.whole_picture(pointer=True)

    def close(self) -> None:
        """Let go of the world."""
        self.environment.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _single(key: str, value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.size == (2 if key == "camera" else 1):
        return value.reshape(2) if key == "camera" else value.item()
    return value


def _without_screen(observation: Observation) -> Observation:
    return {name: value for name, value in observation.items() if name != "isGuiOpen"}
