"""Tick lines as OpenAI's loader reads them, from raw input or from actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from vpt_studio.recordings.tick_lines import HOTBAR_KNOWN

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


@dataclass(frozen=True, slots=True)
class TickInput:
    """What the devices said in one tick, and what was on screen when it began.

    Attributes:
        held: Names of the buttons held, of ``ENVIRONMENT_BUTTONS``; also of one let go in the tick in which
            it was pressed.
        dx: Mouse counts to the right.
        dy: Mouse counts downwards.
        pointer: Where the pointer was, in the 1280 x 720 window.
        gui_open: A screen was open.
        hotbar: The slot that is selected when the tick is over, 0 to 8: a slot that changes is a key pressed
            in this very tick. None where it is not known.
        pressed: Those of `held` that went down in this tick, also when they were down in the one before; None
            where nobody says: then those that were not held in the tick before.
        wheel: Notches of the wheel, + is up.
    """

    held: frozenset[str]
    dx: float = 0.0
    dy: float = 0.0
    pointer: tuple[float, float] = _WINDOW_CENTRE
    gui_open: bool = False
    hotbar: int | None = 0
    pressed: frozenset[str] | None = None
    wheel: float = 0.0


class TickLineMaker:
    """Makes the lines of one recording, tick by tick; it remembers which keys are newly pressed."""

    def __init__(self) -> None:
        self._made = 0
        self._keys: list[str] = []
        self._buttons: list[int] = []

    def line(self, tick: TickInput, extra: Mapping[str, Any] | None = None) -> bytes:
        """The next line, with its line end.

        What is held in the first tick is not called new: loaders would take an attack for a stuck button.

        Args:
            tick: What it says.
            extra: Further fields, such as ``source``.
        """
        if not self._made:
            new = []
        elif tick.pressed is not None:
            new = _mouse_buttons(tick.pressed)
        else:
            new = [number for number in _mouse_buttons(tick.held) if number not in self._buttons]
        return self.line_of(tick, new, extra)

    def line_of(self, tick: TickInput, new_buttons: list[int], extra: Mapping[str, Any] | None) -> bytes:
        """The next line, where it is known already which mouse buttons are newly pressed."""
        keys = _keys(tick.held)
        if tick.pressed is not None:
            new_keys = _keys(tick.pressed)
        else:
            new_keys = [key for key in keys if key not in self._keys]
        x, y = tick.pointer
        line = {
            "mouse": {
                "x": x,
                "y": y,
                "dx": tick.dx,
                "dy": tick.dy,
                "scaledX": x - _WINDOW_CENTRE[0],
                "scaledY": y - _WINDOW_CENTRE[1],
                "dwheel": float(tick.wheel),
                "buttons": _mouse_buttons(tick.held),
                "newButtons": new_buttons,
            },
            "keyboard": {
                "keys": keys,
                "newKeys": new_keys,
                "chars": "",
            },
            "isGuiOpen": tick.gui_open,
            "isGuiInventory": tick.gui_open,
            "hotbar": tick.hotbar or 0,
            "tick": self._made,
            **(extra or {}),
        }
        if tick.hotbar is None:
            line[HOTBAR_KNOWN] = False  # beside a slot all the same, without which OpenAI's loader fails
        self._keys, self._buttons = keys, _mouse_buttons(tick.held)
        self._made += 1
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def tick_lines(raw: RawTicks, extra: Sequence[dict[str, Any]] | None = None) -> Iterator[bytes]:
    """`raw` as lines of the contractor format, each with its line end.

    Args:
        raw: The ticks from the recording's first on.
        extra: Further fields for each line, such as ``source`` and ``confidence``.
    """
    maker = TickLineMaker()
    before: list[int] = []
    for index in range(len(raw)):
        held = frozenset(ENVIRONMENT_BUTTONS[column] for column in np.flatnonzero(raw.held[index]))
        buttons = _mouse_buttons(held)
        # The first line's other buttons are new only where attack is not the only new one (stuck, if so).
        others = bool(index) or bool(raw.attack_pressed[0] and not raw.only_attack_pressed[0])
        new_buttons = [number for number in buttons if number not in before and number != 0 and others]
        if raw.attack_pressed[index]:
            new_buttons.insert(0, 0)
        x, y = (float(place) for place in raw.pointer[index])
        tick = TickInput(
            held,
            float(raw.motion[index, 0]),
            float(raw.motion[index, 1]),
            _WINDOW_CENTRE if np.isnan(x) or np.isnan(y) else (x, y),
            bool(raw.gui_open[index]),
            int(raw.hotbar[index]) if raw.hotbar[index] >= 0 else None,
        )
        before = buttons
        yield maker.line_of(tick, new_buttons, extra[index] if extra is not None else None)


def _keys(held: frozenset[str]) -> list[str]:
    # Sorted, for a set's own order differs from process to process.
    names = sorted(held, key=BUTTON_INDEX.__getitem__)
    return [BUTTON_TO_KEY[button] for button in names if button in BUTTON_TO_KEY]


def _mouse_buttons(held: frozenset[str]) -> list[int]:
    return sorted(BUTTON_TO_MOUSE[button] for button in held if button in BUTTON_TO_MOUSE)


def _slots(actions: Actions) -> list[int]:
    """The slot selected after each tick, if slot 0 is where play starts."""
    slots, slot = [], 0
    for pressed in actions.buttons[:, _FIRST_SLOT : _FIRST_SLOT + 9]:
        held = np.flatnonzero(pressed)
        slot = int(held[-1]) if len(held) else slot
        slots.append(slot)
    return slots
