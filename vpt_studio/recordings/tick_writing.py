"""Tick lines as OpenAI's loader reads them, from raw input or from actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import orjson

from vpt_studio.actions import Actions, RawTicks
from vpt_studio.actions.buttons import (
    BUTTON_INDEX,
    BUTTON_TO_KEY,
    BUTTON_TO_MOUSE,
    ENVIRONMENT_BUTTONS,
    HOTBAR_BUTTONS,
)
from vpt_studio.actions.camera import DEGREES_PER_PIXEL

_FIRST_SLOT = BUTTON_INDEX[HOTBAR_BUTTONS[0]]
_WINDOW_CENTRE = (640.0, 360.0)  # of the 1280 x 720 window the format speaks of


def raw_from_actions(actions: Actions) -> RawTicks:
    """Raw input that converts (by the exact rules) to `actions` again.

    Escape must not be pressed while a screen is open: the rules make it the inventory key. Nothing says
    which screen is open, so none is.
    """
    raw = RawTicks.empty(len(actions))
    raw.held[:] = actions.buttons
    raw.motion[:] = actions.camera[:, ::-1] / DEGREES_PER_PIXEL
    raw.hotbar[:] = _slots(actions)
    attack = actions.column("attack").astype(bool)
    # Whether the first tick's attack is new is not known; called new, it would count as stuck.
    raw.attack_pressed[1:] = attack[1:] & ~attack[:-1]
    use, pick = (actions.column(name).astype(bool) for name in ("use", "pickItem"))
    other_new = np.zeros(len(actions), bool)
    other_new[1:] = (use[1:] & ~use[:-1]) | (pick[1:] & ~pick[:-1])
    raw.only_attack_pressed[:] = raw.attack_pressed & ~other_new
    return raw


def tick_lines(raw: RawTicks, extra: Sequence[dict[str, Any]] | None = None) -> Iterator[bytes]:
    """`raw` as lines of the contractor format, each with its line end.

    Args:
        raw: The ticks from the recording's first on.
        extra: Further fields for each line, such as ``source`` and ``confidence``.
    """
    keys_before: list[str] = []
    buttons_before: list[int] = []
    for index in range(len(raw)):
        held = [ENVIRONMENT_BUTTONS[column] for column in np.flatnonzero(raw.held[index])]
        keys = [BUTTON_TO_KEY[button] for button in held if button in BUTTON_TO_KEY]
        buttons = sorted(BUTTON_TO_MOUSE[button] for button in held if button in BUTTON_TO_MOUSE)
        # The first line's other buttons are new only where attack is not the only new one (stuck, if so).
        others = bool(index) or bool(raw.attack_pressed[0] and not raw.only_attack_pressed[0])
        new_buttons = [n for n in buttons if n not in buttons_before and n != 0 and others]
        if raw.attack_pressed[index]:
            new_buttons.insert(0, 0)
        x, y = (float(place) for place in raw.pointer[index])
        if np.isnan(x) or np.isnan(y):
            x, y = _WINDOW_CENTRE
        line = {
            "mouse": {
                "x": x,
                "y": y,
                "dx": float(raw.motion[index, 0]),
                "dy": float(raw.motion[index, 1]),
                "scaledX": x - _WINDOW_CENTRE[0],
                "scaledY": y - _WINDOW_CENTRE[1],
                "dwheel": 0.0,
                "buttons": buttons,
                "newButtons": new_buttons,
            },
            "keyboard": {
                "keys": keys,
                "newKeys": [key for key in keys if key not in keys_before],
                "chars": "",
            },
            "isGuiOpen": bool(raw.gui_open[index]),
            "isGuiInventory": bool(raw.gui_open[index]),
            "hotbar": max(int(raw.hotbar[index]), 0),
            "tick": index,
            **(extra[index] if extra is not None else {}),
        }
        keys_before, buttons_before = keys, buttons
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _slots(actions: Actions) -> list[int]:
    """The slot selected after each tick, if slot 0 is where play starts."""
    slots, slot = [], 0
    for pressed in actions.buttons[:, _FIRST_SLOT : _FIRST_SLOT + 9]:
        held = np.flatnonzero(pressed)
        slot = int(held[-1]) if len(held) else slot
        slots.append(slot)
    return slots
