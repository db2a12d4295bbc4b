"""Raw events of XInput as events of the recorder."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from Xlib import X

from recorder.devices.events import EventKind, InputEvent
from recorder.devices.held_codes import HeldCodes
from recorder.devices.x_time import XClock
from recorder.x11.keys import WHEEL_STEPS, XKeys, button_code
from recorder.x11.protocol import (
    BUTTON_PRESS,
    BUTTON_RELEASE,
    HIERARCHY_CHANGED,
    KEY_PRESS,
    KEY_RELEASE,
    MOTION,
    RawEvent,
    XDevice,
    devices,
    parse_raw_event,
)

_GENERIC_EVENT = 35
_ABSOLUTE = (
    "the mouse tells where it is, not how far it moved, as tablets, touch screens and virtual machines do:"
    " the camera cannot be known from it"
)


class XReading:
    """What the server's events mean, one after the other. Used by the thread of its display.

    Attributes:
        untrusted: Why motion is not exact; "" as long as it is.
    """

    def __init__(self, display: Any, clock: XClock, held: Iterable[str]) -> None:
        """Begin.

        Args:
            display: Asked for devices and keys.
            clock: Of the server.
            held: Codes that are down already.
        """
        self.untrusted = ""
        self._display = display
        self._clock = clock
        self._held = HeldCodes(held)
        self._keys = XKeys(display)
        self._devices: dict[int, XDevice | None] = {}
        self._places: dict[tuple[int, int], float] = {}
        size = display.screen()
        self._size = (size.width_in_pixels, size.height_in_pixels)

    def read(self, event: Any) -> InputEvent | None:
        """An event of the recorder; None where it says nothing new, or nothing of input."""
        now = time.monotonic_ns()
        if event.type == X.MappingNotify:
            self._keys.mapping_changed(event)
        if event.type != _GENERIC_EVENT:
            return None
        if event.evtype == HIERARCHY_CHANGED:
            self._devices.clear()
            return None
        told = parse_raw_event(bytes(event.data))
        if event.evtype == MOTION:
            return self._motion(told, now)
        if event.evtype in (KEY_PRESS, KEY_RELEASE):
            return self._change("key", self._keys.key(told.detail), event.evtype == KEY_PRESS, told, now)
        if event.evtype in (BUTTON_PRESS, BUTTON_RELEASE):
            return self._button(told, event.evtype == BUTTON_PRESS, now)
        return None

    def _motion(self, told: RawEvent, now: int) -> InputEvent | None:
        if not told.raw.keys() & {0, 1}:
            return None  # a wheel that turns smoothly is an axis, too; its notches come as buttons
        device = self._device(told.source)
        if device is not None and device.absolute:
            self.untrusted = _ABSOLUTE
            dx, dy = (self._moved(device, axis, told.raw.get(axis)) for axis in (0, 1))
            accelerated = None
        else:
            dx, dy = told.raw.get(0, 0.0), told.raw.get(1, 0.0)
            accelerated = (told.accelerated.get(0, 0.0), told.accelerated.get(1, 0.0))
        return self._event("motion", told, now, dx=dx, dy=dy, accelerated=accelerated)

    def _moved(self, device: XDevice, axis: int, place: float | None) -> float:
        """How many pixels an axis moved that says where it is."""
        if place is None or axis not in device.absolute:
            return 0.0
        before = self._places.get((device.id, axis), place)
        self._places[device.id, axis] = place
        reach = device.absolute[axis].most - device.absolute[axis].least
        return (place - before) * self._size[axis] / reach if reach > 0 else place - before

    def _button(self, told: RawEvent, is_down: bool, now: int) -> InputEvent | None:
        number = self._keys.mapped_button(told.detail)
        code = button_code(number)
        if code is not None:
            return self._change("button", code, is_down, told, now)
        steps = WHEEL_STEPS.get(number, 0)
        return self._event("wheel", told, now, steps=steps) if steps and is_down else None

    def _change(
        self, kind: EventKind, code: str, is_down: bool, told: RawEvent, now: int
    ) -> InputEvent | None:
        if not self._held.change(code, str(told.source), is_down):
            return None
        return self._event(kind, told, now, code=code, is_down=is_down)

    def _event(self, kind: EventKind, told: RawEvent, now: int, **what: Any) -> InputEvent:
        device = self._device(told.source)
        return InputEvent(
            kind,
            at=self._clock.nanoseconds(told.time, now),
            received=now,
            device=str(told.source) if device is None else device.name,
            is_injected=None if device is None else device.is_injected,
            **what,
        )

    def _device(self, number: int) -> XDevice | None:
        if number not in self._devices:
            # One that went away since it spoke has no name any more.
            self._devices = {number: None, **devices(self._display)}
        return self._devices[number]
