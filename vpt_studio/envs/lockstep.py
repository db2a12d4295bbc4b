"""Playing and recording in one step: the tick that is written is the tick that is played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from vpt_studio.actions import Action, played_buttons
from vpt_studio.actions.camera import DEGREES_PER_PIXEL
from vpt_studio.envs.environment import Observation
from vpt_studio.envs.voxel.canvas import WIDTH, Picture
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.simulation import advance, respawn
from vpt_studio.recordings.take_writer import TakeWriter
from vpt_studio.recordings.tick_writing import TickInput

#: What the sidecars of recordings made in here call the world, before the preset's name.
ENVIRONMENT = "vpt-studio voxel"

_WINDOW_WIDTH = 1280  # of the window that the contractor format's pointer speaks of


class LockstepTake:
    """A player's devices joined to the built-in world and, where wanted, to a recording.

    Frame k is what is on screen when the input of tick k is given, without the pointer; the world is stepped
    with that very input. So recorded actions and pictures are aligned by construction. An environment of
    whole pictures without the pointer draws each frame once; any other draws twice.
    """

    def __init__(self, environment: VoxelEnvironment, writer: TakeWriter | None = None) -> None:
        """Join them.

        Args:
            environment: A world after its reset.
            writer: Where the take is written; None to play without recording.
        """
        self.environment = environment
        self.writer = writer
        self._frame: npt.NDArray[np.uint8] | None = None

    @property
    def frame(self) -> npt.NDArray[np.uint8]:
        """What is on screen now, without the pointer: uint8 [360, 640, 3], RGB."""
        if self._frame is None:
            self._frame = self.environment.whole_picture(pointer=False)
        return self._frame

    def step(
        self, held: frozenset[str], dx: float, dy: float, extra: Mapping[str, Any] | None = None
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Record a tick and play it.

        Args:
            held: Names of the buttons held, of ``ENVIRONMENT_BUTTONS``.
            dx: Mouse counts to the right: 0.15 degrees each, or a pixel of the pointer's way. A mouse counts
                whole ones, a policy's angles lie between.
            dy: Mouse counts downwards.
            extra: Further fields of the tick's line, such as ``source``.

        Returns:
            As the environment's ``step``.
        """
        frame = None if self.writer is None else self.frame
        tick = self._tick(held, dx, dy)
        answer = self.environment.step(self._action(held, dx, dy).to_environment())
        if self.writer is not None and frame is not None:
            slot = self.environment.state.inventory.selected
            self.writer.write(frame, replace(tick, hotbar=slot), extra)
        drawn = self.environment.picture is Picture.FULL and not self.environment.pointer
        self._frame = answer[0]["pov"] if drawn else None
        return answer

    def pass_by(self, held: frozenset[str], dx: float, dy: float) -> bool:
        """Play a tick that is neither recorded nor drawn, as :meth:`step` would; a hundred times as fast.

        Returns:
            Whether the player died; then it is respawned already, unless the environment's `on_death` says
            otherwise.
        """
        state = self.environment.state
        died = advance(state, self._action(held, dx, dy))
        if died and self.environment.on_death == "respawn":
            respawn(state)
        self._frame = None
        return died

    def _action(self, held: frozenset[str], dx: float, dy: float) -> Action:
        played = played_buttons(held, self.environment.state.screen is not None)
        # Angles as an environment gets them, in single precision.
        pitch, yaw = (float(np.float32(counts * DEGREES_PER_PIXEL)) for counts in (dy, dx))
        return Action(played, pitch, yaw)

    def _tick(self, held: frozenset[str], dx: float, dy: float) -> TickInput:
        state = self.environment.state
        scale = _WINDOW_WIDTH / WIDTH
        return TickInput(
            held,
            float(dx),
            float(dy),
            (state.pointer[0] * scale, state.pointer[1] * scale),
            state.screen is not None,
        )
