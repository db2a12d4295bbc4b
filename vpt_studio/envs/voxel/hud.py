"""What lies over the world while one plays: the hot-bar, hearts, bubbles of air and the crosshair.

Everything is where MineRL has it, at GUI scale 1 of the 640x360 picture. There is no hunger in this world,
so the bubbles take the place of the food above the hot-bar's right half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from vpt_studio.envs.voxel.art.gui_stacks import stack_sprite
from vpt_studio.envs.voxel.art.gui_symbols import (
    SLOT_STEP,
    bubble_row,
    crosshair,
    heart_row,
    hotbar,
    offhand_slot,
    selection,
)
from vpt_studio.envs.voxel.canvas import Canvas
from vpt_studio.envs.voxel.items import Stack

#: Upper left corners in the 640x360 picture, (x, y).
HOTBAR: Final = (229, 338)
FIRST_ICON: Final = (232, 341)
OFFHAND_SLOT: Final = (200, 338)
HEARTS: Final = (229, 321)
BUBBLES: Final = (330, 321)
CROSSHAIR: Final = (312, 172)

_FULL_AIR = 300


@dataclass(frozen=True, slots=True)
class HudState:
    """What the player sees of the own state.

    Attributes:
        hotbar: What lies in slots 1 to 9.
        offhand: What the left hand holds.
        selected: The slot in hand, 0 to 8.
        health: Half hearts, 0 to 20.
        hurt: Whether a blow fell a moment ago.
        air: Ticks until the head needs air, up to 300.
    """

    hotbar: tuple[Stack | None, ...]
    offhand: Stack | None
    selected: int
    health: int
    hurt: bool
    air: int


def draw_hud(canvas: Canvas, state: HudState, *, aiming: bool = True) -> None:
    """Lay `state` over the picture.

    Args:
        canvas: Where the world is already drawn.
        state: What to show.
        aiming: Whether there is a crosshair; not while a screen is open.
    """
    if aiming:
        canvas.blend(crosshair(), *CROSSHAIR)
    canvas.blend(heart_row(state.health, state.hurt), *HEARTS)
    _draw_air(canvas, state.air)
    canvas.blend(hotbar(), *HOTBAR)
    canvas.blend(selection(), HOTBAR[0] - 1 + SLOT_STEP * state.selected, HOTBAR[1] - 1)
    for slot, stack in enumerate(state.hotbar):
        if stack is not None:
            canvas.blend(stack_sprite(stack), FIRST_ICON[0] + SLOT_STEP * slot, FIRST_ICON[1])
    if state.offhand is not None:
        canvas.blend(offhand_slot(), *OFFHAND_SLOT)
        canvas.blend(stack_sprite(state.offhand), OFFHAND_SLOT[0] + 3, OFFHAND_SLOT[1] + 3)


def _draw_air(canvas: Canvas, air: int) -> None:
    """A bubble for every tenth of the air that is left; each bursts for two ticks, as in Minecraft."""
    if air >= _FULL_AIR:
        return
    full = max(0, math.ceil((air - 2) * 10 / _FULL_AIR))
    bursting = max(0, math.ceil(air * 10 / _FULL_AIR)) - full
    canvas.blend(bubble_row(full, bursting > 0), *BUBBLES)
