"""One action as an immutable value, and many of them as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from vpt_studio.actions.buttons import BUTTON_INDEX, BUTTONS, ENVIRONMENT_BUTTONS


@dataclass(frozen=True, slots=True)
class Action:
    """What was done in one tick.

    Attributes:
        pressed: Names of the buttons held, out of ``ENVIRONMENT_BUTTONS``.
        pitch: Camera turn in degrees, down is positive.
        yaw: Camera turn in degrees, right is positive.
    """

    pressed: frozenset[str] = field(default_factory=frozenset)
    pitch: float = 0.0
    yaw: float = 0.0

    def __post_init__(self) -> None:
        unknown = self.pressed - BUTTON_INDEX.keys()
        if unknown:
            raise ValueError(f"no such button: {', '.join(sorted(unknown))}")

    @classmethod
    def from_environment(cls, action: Mapping[str, Any]) -> Action:
        """The action in a MineRL v1 dictionary; keys that are left out count as not pressed.

        Raises:
            ValueError: A key is unknown, or the camera is not two finite numbers.
        """
        camera = np.asarray(action.get("camera", (0.0, 0.0)), dtype=np.float64).reshape(-1)
        if camera.shape != (2,) or not np.isfinite(camera).all():
            raise ValueError("camera must be two finite angles: pitch, yaw")
        names = frozenset(name for name, value in action.items() if name != "camera" and np.any(value))
        unknown = set(action) - BUTTON_INDEX.keys() - {"camera"}
        if unknown:
            raise ValueError(f"no such key: {', '.join(sorted(unknown))}")
        return cls(names, float(camera[0]), float(camera[1]))

    def to_environment(self) -> dict[str, Any]:
        """The 24-key MineRL v1 dictionary: 0 or 1 per button, camera float32 [2] in degrees."""
        keys: dict[str, Any] = {name: int(name in self.pressed) for name in ENVIRONMENT_BUTTONS}
        keys["camera"] = np.array([self.pitch, self.yaw], dtype=np.float32)
        return keys


@dataclass(frozen=True, eq=False)
class Actions(Sequence[Action]):
    """The actions of N ticks.

    Attributes:
        buttons: uint8 [N, 23], 0 or 1, columns as ``ENVIRONMENT_BUTTONS`` (the policy's 20 first).
        camera: float64 [N, 2], degrees, pitch then yaw.
    """

    buttons: npt.NDArray[np.uint8]
    camera: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        ticks = len(self.buttons)
        if self.buttons.shape != (ticks, len(ENVIRONMENT_BUTTONS)) or self.camera.shape != (ticks, 2):
            raise ValueError("buttons must be [N, 23] and camera [N, 2]")

    @classmethod
    def null(cls, ticks: int) -> Actions:
        """`ticks` actions in which nothing is done."""
        return cls(np.zeros((ticks, len(ENVIRONMENT_BUTTONS)), np.uint8), np.zeros((ticks, 2)))

    @classmethod
    def stack(cls, actions: Sequence[Action]) -> Actions:
        """Single actions as arrays."""
        stacked = cls.null(len(actions))
        for tick, action in enumerate(actions):
            stacked.buttons[tick, [BUTTON_INDEX[name] for name in action.pressed]] = 1
            stacked.camera[tick] = action.pitch, action.yaw
        return stacked

    @property
    def policy_buttons(self) -> npt.NDArray[np.uint8]:
        """uint8 [N, 20]: the buttons a policy can press, columns as ``BUTTONS``."""
        return self.buttons[:, : len(BUTTONS)]

    def column(self, button: str) -> npt.NDArray[np.uint8]:
        """uint8 [N]: in which ticks `button` is held."""
        return self.buttons[:, BUTTON_INDEX[button]]

    def span(self, start: int, stop: int) -> Actions:
        """The actions of ticks `start` to `stop` (exclusive), as views."""
        return Actions(self.buttons[start:stop], self.camera[start:stop])

    def __len__(self) -> int:
        return len(self.buttons)

    def __getitem__(self, tick: Any) -> Any:
        if isinstance(tick, slice):
            return Actions(self.buttons[tick], self.camera[tick])
        names = frozenset(ENVIRONMENT_BUTTONS[index] for index in np.flatnonzero(self.buttons[tick]))
        return Action(names, float(self.camera[tick, 0]), float(self.camera[tick, 1]))

    def __iter__(self) -> Iterator[Action]:
        return (self[tick] for tick in range(len(self)))
