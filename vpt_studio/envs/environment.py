"""The interface of every world one can play in: the built-in one, MineRL, a game on the desktop."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt

#: What :meth:`Environment.reset` and :meth:`Environment.step` give: arrays and numbers by name.
Observation = dict[str, Any]


class Environment(gymnasium.Env[Observation, Mapping[str, Any]]):
    """A first-person world with Gymnasium's semantics and MineRL v1's content.

    A person and an agent play through the same two calls: :meth:`reset` once, then :meth:`step` for every
    tick of 50 ms, until it says that the episode is over.

    **Action.** A dictionary of MineRL v1's 24 keys: 23 buttons, 0 or 1, and ``camera``, two angles in
    degrees: pitch (down is positive) and yaw (right is positive), each from -180 to 180. Keys left out count
    as not pressed. Buttons are levels: one that is 1 in two successive actions was held, not pressed twice.
    While a screen is open the camera moves the pointer instead of the view, by 1 pixel of the 640x360
    picture per 0.15 degrees; `attack` and `use` are the mouse's left and right button, nothing walks, and
    `inventory` or `ESC` closes the screen.

    **Observation.** A dictionary; every array in it is new, contiguous and the caller's to keep:

    ==================  ==================  ===========================================================
    key                 space               meaning
    ==================  ==================  ===========================================================
    ``pov``             uint8 [H, W, 3]     what is on screen, RGB; 640x360 unless said otherwise
    ``inventory``       int32 scalars       how many of each item the player carries, by MineRL's names
    ``isGuiOpen``       0 or 1              whether a screen is open
    ``location_stats``  scalars             place in metres, view in degrees, light; as in MineRL v1
    ``life_stats``      scalars             health, air; as in MineRL v1
    ==================  ==================  ===========================================================

    **Tick.** The observation that a call returns is what is on screen when the next action is decided:
    frame k and action k belong together in a recording, and action k is what frame k + 1 answers to.

    **Who may call what, when.** :meth:`step`, :meth:`whole_picture` and :meth:`snapshot` need a :meth:`reset`
    or :meth:`restore` before them. After ``terminated`` or ``truncated`` only :meth:`reset`, :meth:`restore`
    and :meth:`close` make sense. An environment is used by one thread at a time, which may change.

    **Errors.** What an environment cannot do is refused with a :class:`~vpt_studio.errors.StudioError` that
    names it, before anything has changed.
    """

    @abstractmethod
    def whole_picture(self, *, pointer: bool) -> npt.NDArray[np.uint8]:
        """What is on screen now, whatever size `pov` has: uint8 [360, 640, 3], RGB, the caller's to keep.

        Args:
            pointer: Whether the mouse pointer is drawn on open screens. Recordings are made without it.
        """

    @abstractmethod
    def snapshot(self) -> bytes:
        """The whole state; equal states give equal bytes.

        Raises:
            StudioError: This kind of world cannot be saved.
        """

    @abstractmethod
    def restore(self, snapshot: bytes) -> tuple[Observation, dict[str, Any]]:
        """Go over to the state of `snapshot`; the same actions then lead to the same future.

        Returns:
            The observation and info of that moment.

        Raises:
            StudioError: These bytes are no snapshot of this kind of world.
        """
