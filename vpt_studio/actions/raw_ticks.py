"""Raw input of many ticks as columns: what the contractor format says before any rule is applied."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from vpt_studio.actions.buttons import ENVIRONMENT_BUTTONS


@dataclass(frozen=True, eq=False)
class RawTicks:
    """The raw input of N ticks; ``null`` records of the recorder count as no input.

    Attributes:
        held: uint8 [N, 23], 0 or 1: keys and mouse buttons held, columns as ``ENVIRONMENT_BUTTONS``.
        attack_pressed: bool [N]: mouse button 0 is among the newly pressed ones.
        only_attack_pressed: bool [N]: it is the only newly pressed one.
        motion: float64 [N, 2]: mouse counts, dx (right is +) then dy (down is +).
        pointer: float64 [N, 2]: pointer x, y in the 1280 x 720 window; nan where not recorded.
        gui_open: bool [N]: a screen (inventory, crafting) is open in this tick's frame.
        hotbar: int8 [N]: selected slot 0..8; -1 where not recorded.
    """

    held: npt.NDArray[np.uint8]
    attack_pressed: npt.NDArray[np.bool_]
    only_attack_pressed: npt.NDArray[np.bool_]
    motion: npt.NDArray[np.float64]
    pointer: npt.NDArray[np.float64]
    gui_open: npt.NDArray[np.bool_]
    hotbar: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        if self.held.shape != (len(self), len(ENVIRONMENT_BUTTONS)):
            raise ValueError("held must be [N, 23]")
        if any(len(getattr(self, column.name)) != len(self) for column in fields(self)):
            raise ValueError("all columns must have the same number of ticks")

    @classmethod
    def empty(cls, ticks: int) -> RawTicks:
        """`ticks` ticks without input, with the pointer at the window's middle and slot 0 selected."""
        return cls(
            held=np.zeros((ticks, len(ENVIRONMENT_BUTTONS)), np.uint8),
            attack_pressed=np.zeros(ticks, bool),
            only_attack_pressed=np.zeros(ticks, bool),
            motion=np.zeros((ticks, 2)),
            pointer=np.tile(np.array([640.0, 360.0]), (ticks, 1)),
            gui_open=np.zeros(ticks, bool),
            hotbar=np.zeros(ticks, np.int8),
        )

    def span(self, start: int, stop: int) -> RawTicks:
        """Ticks `start` to `stop` (exclusive), as views."""
        return RawTicks(*(getattr(self, column.name)[start:stop] for column in fields(self)))

    def __len__(self) -> int:
        return len(self.held)
