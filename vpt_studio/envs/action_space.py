"""The action an environment takes: MineRL v1's 24 keys, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces

from vpt_studio.actions import ENVIRONMENT_BUTTONS, ENVIRONMENT_KEYS, Action
from vpt_studio.errors import StudioError

#: The furthest the camera turns in one tick, in degrees, up or down and left or right.
CAMERA_LIMIT = 180.0

_BUTTONS = frozenset(ENVIRONMENT_BUTTONS)


def action_space() -> spaces.Dict:
    """23 buttons as ``Discrete(2)`` and ``camera``, a float32 Box [2] of degrees (pitch, yaw)."""
    camera = spaces.Box(-CAMERA_LIMIT, CAMERA_LIMIT, (2,), np.float32)
    return spaces.Dict({key: camera if key == "camera" else spaces.Discrete(2) for key in ENVIRONMENT_KEYS})


def checked_action(action: Mapping[str, Any]) -> Action:
    """`action` as a value, if an environment can do it.

    Args:
        action: Some of the 24 keys. What is left out is not pressed, and does not turn the camera.

    Raises:
        StudioError: It is no mapping, a key is unknown, a button is neither 0 nor 1, or the camera is not
            two finite angles from -180 to 180 degrees.
    """
    if not isinstance(action, Mapping):
        raise StudioError(
            f"an action is a dictionary, not {type(action).__name__}",
            mend=f"Give some of the keys {', '.join(ENVIRONMENT_KEYS)}",
        )
    pressed = []
    for key, value in action.items():
        if key == "camera":
            continue
        if key not in _BUTTONS:
            raise StudioError(
                f"an action has no key {key!r}", mend=f"Its keys are {', '.join(ENVIRONMENT_KEYS)}"
            )
        if _is_pressed(key, value):
            pressed.append(key)
    pitch, yaw = _camera(action.get("camera"))
    return Action(frozenset(pressed), pitch, yaw)


def _is_pressed(key: str, value: Any) -> bool:
    # The plain cases first: this runs 23 times a tick.
    if value is True or value is False:
        return value
    if isinstance(value, int | np.integer | np.bool_) and value in (0, 1):
        return bool(value)
    array = np.asarray(value)
    if array.ndim == 0 and array.dtype.kind in "iub" and array in (0, 1):
        return bool(array)
    raise StudioError(f"button {key!r} is {value!r}", mend="A button is 0 (not pressed) or 1 (pressed)")


def _camera(value: Any) -> tuple[float, float]:
    if value is None:
        return 0.0, 0.0
    try:
        camera = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        camera = np.empty(0)
    if camera.shape != (2,):
        raise StudioError(
            f"the camera is {value!r}", mend="Give two angles in degrees: pitch (down) and yaw (right)"
        )
    pitch, yaw = camera.tolist()
    if not (abs(pitch) <= CAMERA_LIMIT and abs(yaw) <= CAMERA_LIMIT):  # also where one is not a number
        raise StudioError(
            f"the camera turns by ({pitch:g}, {yaw:g}) degrees",
            mend=f"Each angle lies between -{CAMERA_LIMIT:g} and {CAMERA_LIMIT:g}",
        )
    return pitch, yaw
