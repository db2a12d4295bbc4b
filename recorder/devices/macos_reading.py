"""What macOS's event tap gives, as events of the recorder. Not yet tried on that system.

Source: Apple's descriptions of CGEventType, CGEventField and the device bits of IOLLEvent.h.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recorder.devices.events import InputEvent
from recorder.devices.held_codes import HeldCodes
from recorder.key_names import MACOS_NAMES, unnamed

#: CGEventType.
BUTTON_DOWN, BUTTON_UP = (1, 3, 25), (2, 4, 26)
MOVED = (5, 6, 7, 27)
KEY_DOWN, KEY_UP, MODIFIERS_CHANGED = 10, 11, 12
WHEEL = 22
LISTENED = (*BUTTON_DOWN, *BUTTON_UP, *MOVED, KEY_DOWN, KEY_UP, MODIFIERS_CHANGED, WHEEL)

#: The bit of the flags that says of a modifier key whether it is down, left and right apart.
_MODIFIER_BITS = {
    59: 0x00000001,
    56: 0x00000002,
    60: 0x00000004,
    55: 0x00000008,
    54: 0x00000010,
    58: 0x00000020,
    61: 0x00000040,
    62: 0x00002000,
}


@dataclass(frozen=True, slots=True)
class TapEvent:
    """What one event of the tap holds.

    Attributes:
        kind: Its CGEventType.
        dx: kCGMouseEventDeltaX.
        dy: kCGMouseEventDeltaY, + downwards.
        button: kCGMouseEventButtonNumber: 0 left, 1 right, 2 middle.
        keycode: kCGKeyboardEventKeycode.
        flags: CGEventGetFlags.
        lines: kCGScrollWheelEventDeltaAxis1, + up.
        process: kCGEventSourceUnixProcessID: which program made it; 0 for devices.
    """

    kind: int
    dx: int = 0
    dy: int = 0
    button: int = 0
    keycode: int = 0
    flags: int = 0
    lines: int = 0
    process: int = 0


class MacReading:
    """What the tap's events mean, one after the other."""

    def __init__(self, held: Iterable[str]) -> None:
        """Begin with the codes that are down already."""
        self._held = HeldCodes(held)

    def read(self, told: TapEvent, at: int, now: int) -> InputEvent | None:
        """An event of the recorder; None where it says nothing new.

        Args:
            told: What the tap gave.
            at: When it happened.
            now: When it was read.
        """
        common: dict[str, Any] = {"at": at, "received": now, "is_injected": told.process != 0}
        if told.kind in MOVED:
            if not (told.dx or told.dy):
                return None
            pixels = (float(told.dx), float(told.dy))
            return InputEvent("motion", dx=pixels[0], dy=pixels[1], accelerated=pixels, **common)
        if told.kind == WHEEL:
            return InputEvent("wheel", steps=told.lines, **common) if told.lines else None
        if told.kind in BUTTON_DOWN or told.kind in BUTTON_UP:
            return self._change("button", str(told.button), told.kind in BUTTON_DOWN, common)
        if told.kind in (KEY_DOWN, KEY_UP):
            return self._change("key", key_code(told.keycode), told.kind == KEY_DOWN, common)
        # Caps Lock says only that it is on, never that it was let go of.
        if told.kind == MODIFIERS_CHANGED and (bit := _MODIFIER_BITS.get(told.keycode)):
            return self._change("key", key_code(told.keycode), bool(told.flags & bit), common)
        return None

    def _change(self, kind: Any, code: str, is_down: bool, common: dict[str, Any]) -> InputEvent | None:
        # The tap does not say which keyboard it was: that two hold one key cannot be known.
        if not self._held.change(code, "", is_down):
            return None
        return InputEvent(kind, code=code, is_down=is_down, **common)


def key_code(number: int) -> str:
    """The code of a virtual key."""
    return MACOS_NAMES.get(number) or unnamed(number)


def event_time(stamp: int, now: int, numerator: int, denominator: int) -> int:
    """When an event happened, in nanoseconds of the clock of `now`.

    Some systems stamp events in nanoseconds, some in ticks of the processor's clock: what lies nearer to now
    is meant.

    Args:
        stamp: CGEventGetTimestamp.
        now: When it was read.
        numerator: Of ``mach_timebase_info``: nanoseconds per tick.
        denominator: Its other part.
    """
    as_ticks = stamp * numerator // denominator
    at = min((stamp, as_ticks), key=lambda candidate: abs(now - candidate))
    return min(at, now)
