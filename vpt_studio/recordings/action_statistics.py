"""What is done in recordings, counted: how often nothing, each button, and each bin of the camera."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vpt_studio.actions import BUTTONS, DEFAULT_CAMERA
from vpt_studio.recordings.recording import TICK_RATE, Recording

#: Share of ticks in which the paper's contractors did nothing; training left those out (VPT, appendix on
#: behavioural cloning). It gives no such figures for single keys or the camera.
PAPER_NULL_SHARE = 0.35


@dataclass(frozen=True)
class ActionStatistics:
    """Counts of the ticks whose actions are known.

    Attributes:
        ticks: How many those are.
        null: Ticks in which nothing is done, by the paper's rule: none of the policy's 20 buttons is held
            and the camera stays in its null bin.
        screen_open: Ticks with a screen open.
        mouse: Ticks in which the mouse moves, however little.
        held: int64 [20]: ticks in which each of ``BUTTONS`` is held.
        pressed: int64 [20]: how often each of them goes down.
        pitch, yaw: int64 [11]: ticks in each bin of the camera, with no screen open.
    """

    ticks: int
    null: int
    screen_open: int
    mouse: int
    held: npt.NDArray[np.int64]
    pressed: npt.NDArray[np.int64]
    pitch: npt.NDArray[np.int64]
    yaw: npt.NDArray[np.int64]

    @classmethod
    def of(cls, recording: Recording) -> ActionStatistics:
        """Count one recording's actions, as converted exactly.

        Raises:
            StudioError: Its tick lines cannot be read.
            ValueError: It has no actions.
        """
        converted = recording.converted()
        known, screens = recording.known, recording.screen_open
        buttons = converted.actions.policy_buttons.astype(bool)
        # A key that was down before the recording began, or over ticks nobody knows, is no new press.
        goes_down = np.zeros_like(buttons)
        goes_down[1:] = buttons[1:] & ~buttons[:-1] & (known[1:] & known[:-1])[:, None]
        bins = DEFAULT_CAMERA.encode(converted.actions.camera[known & ~screens])
        return cls(
            ticks=int(known.sum()),
            null=int(converted.null[known].sum()),
            screen_open=int(screens[known].sum()),
            mouse=int(converted.actions.camera[known].any(axis=1).sum()),
            held=buttons[known].sum(axis=0, dtype=np.int64),
            pressed=goes_down.sum(axis=0, dtype=np.int64),
            pitch=np.bincount(bins[:, 0], minlength=DEFAULT_CAMERA.bins).astype(np.int64),
            yaw=np.bincount(bins[:, 1], minlength=DEFAULT_CAMERA.bins).astype(np.int64),
        )

    @classmethod
    def together(cls, parts: Iterable[ActionStatistics]) -> ActionStatistics:
        """The counts of all `parts`."""
        none = np.zeros(len(BUTTONS), np.int64)
        bins = np.zeros(DEFAULT_CAMERA.bins, np.int64)
        total = cls(0, 0, 0, 0, none, none, bins, bins)
        for part in parts:
            total = cls(*(getattr(total, name) + getattr(part, name) for name in cls.__dataclass_fields__))
        return total

    def share(self, count: int) -> float:
        """`count` as a share of the known ticks; 0 where there are none."""
        return count / self.ticks if self.ticks else 0.0

    @property
    def held_shares(self) -> dict[str, float]:
        """Share of ticks in which each button is held."""
        return {name: self.share(int(count)) for name, count in zip(BUTTONS, self.held, strict=True)}

    @property
    def presses_per_minute(self) -> dict[str, float]:
        """How often each button goes down in a minute."""
        minutes = max(self.ticks, 1) / TICK_RATE / 60
        return {name: int(count) / minutes for name, count in zip(BUTTONS, self.pressed, strict=True)}

    @property
    def pitch_shares(self) -> npt.NDArray[np.float64]:
        """float64 [11]: share of each pitch bin among the ticks without a screen."""
        return self.pitch / max(int(self.pitch.sum()), 1)

    @property
    def yaw_shares(self) -> npt.NDArray[np.float64]:
        """float64 [11]: share of each yaw bin among the ticks without a screen."""
        return self.yaw / max(int(self.yaw.sum()), 1)
