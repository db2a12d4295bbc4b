"""Windows' Raw Input (``RAWINPUT`` as bytes) as events of the recorder. Not yet tried on that system.

Source: Microsoft's descriptions of RAWINPUTHEADER, RAWMOUSE and RAWKEYBOARD.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recorder.devices.events import InputEvent
from recorder.devices.held_codes import HeldCodes
from recorder.key_names import SCAN_CODE_NAMES, unnamed

_MOUSE, _KEYBOARD = 0, 1
#: Type, size, device, and whether it came while another program was in front; by the size of a pointer.
_HEADS = {4: struct.Struct("<IIII"), 8: struct.Struct("<IIQQ")}
#: Flags, buttons that changed, the wheel, all buttons (unused), x, y, extra information.
_RAW_MOUSE = struct.Struct("<H2xHhIiiI")
#: Scan code, flags, reserved, virtual key, window message, extra information.
_RAW_KEYBOARD = struct.Struct("<HHHHII")

_ABSOLUTE, _WHOLE_DESKTOP = 0x01, 0x02
_ABSOLUTE_REACH = 65535
_WHEEL = 0x0400
_NOTCH = 120
_BUTTON_BITS = tuple((1 << 2 * place, 2 << 2 * place, str(place)) for place in range(5))
_SWAPPED = {"0": "1", "1": "0"}

_UP, _E0 = 0x01, 0x02
_EXTENDED = 0x100
_NOT_A_KEY = 0xFF
_BY_VIRTUAL_KEY = {0x13: "key.keyboard.pause", 0x90: "key.keyboard.num.lock"}
_FAKE_SHIFTS = (0x12A, 0x136)

_TABLET = (
    "the mouse tells where it is, not how far it moved, as remote desktops, tablets and virtual machines do:"
    " the camera cannot be known from it"
)
_MS = 1_000_000
_TICK_MS = 16  # GetTickCount and GetMessageTime go in steps of this


@dataclass(frozen=True)
class Screens:
    """Sizes in pixels that positions of tablets refer to: of the main screen, and of all together."""

    main: tuple[int, int]
    whole: tuple[int, int]


class WindowsReading:
    """What Raw Input means, one block after the other.

    Attributes:
        untrusted: Why motion is not exact; "" as long as it is.
    """

    def __init__(
        self, held: Iterable[str], screens: Screens, *, is_swapped: bool, pointer_size: int = 8
    ) -> None:
        """Begin.

        Args:
            held: Codes that are down already.
            screens: For tablets.
            is_swapped: The person has the main mouse button on the right.
            pointer_size: Of this program, in bytes.
        """
        self.untrusted = ""
        self._held = HeldCodes(held)
        self._screens = screens
        self._is_swapped = is_swapped
        self._head = _HEADS[pointer_size]
        self._places: dict[int, tuple[int, int]] = {}
        self._turned: dict[int, int] = {}

    def read(self, data: bytes, at: int, now: int) -> list[InputEvent]:
        """Everything that one block says: a mouse moves and clicks at once.

        Args:
            data: A RAWINPUT as ``GetRawInputData`` gives it.
            at: When it happened.
            now: When it was read.

        Raises:
            ValueError: The block is cut off.
        """
        try:
            kind, _size, device, _is_sink = self._head.unpack_from(data)
            if kind == _MOUSE:
                return self._mouse(device, _RAW_MOUSE.unpack_from(data, self._head.size), at, now)
            if kind == _KEYBOARD:
                return self._keyboard(device, _RAW_KEYBOARD.unpack_from(data, self._head.size), at, now)
        except struct.error as error:
            raise ValueError(f"raw input of {len(data)} bytes is cut off") from error
        return []

    def _mouse(self, device: int, told: tuple[int, ...], at: int, now: int) -> list[InputEvent]:
        flags, changed, wheel, _buttons, x, y, _extra = told
        # Touchpads have no device number either, so 0 does not prove that a program did it.
        common: dict[str, Any] = {
            "at": at, "received": now, "device": str(device), "is_injected": None if device == 0 else False
        }  # fmt: skip
        dx, dy = self._moved(device, flags, x, y) if flags & _ABSOLUTE else (float(x), float(y))
        events = [InputEvent("motion", dx=dx, dy=dy, **common)] if dx or dy else []
        for down, up, place in _BUTTON_BITS:
            code = _SWAPPED.get(place, place) if self._is_swapped else place
            for bit, is_down in ((down, True), (up, False)):
                if changed & bit and self._held.change(code, str(device), is_down):
                    events.append(InputEvent("button", code=code, is_down=is_down, **common))
        if changed & _WHEEL and (steps := self._notches(device, wheel)):
            events.append(InputEvent("wheel", steps=steps, **common))
        return events

    def _moved(self, device: int, flags: int, x: int, y: int) -> tuple[float, float]:
        """By how many pixels a device moved that says where it is."""
        self.untrusted = _TABLET
        width, height = self._screens.whole if flags & _WHOLE_DESKTOP else self._screens.main
        before = self._places.get(device, (x, y))
        self._places[device] = (x, y)
        return (x - before[0]) * width / _ABSOLUTE_REACH, (y - before[1]) * height / _ABSOLUTE_REACH

    def _notches(self, device: int, wheel: int) -> int:
        """Whole notches; wheels that turn smoothly say parts of one."""
        turned = self._turned.get(device, 0) + wheel
        steps = int(turned / _NOTCH)
        self._turned[device] = turned - steps * _NOTCH
        return steps

    def _keyboard(self, device: int, told: tuple[int, ...], at: int, now: int) -> list[InputEvent]:
        scan, flags, _reserved, virtual, _message, _extra = told
        number = scan | (_EXTENDED if flags & _E0 else 0)
        # Some keys come with made-up ones before them; an overrun says that too many are held.
        if virtual >= _NOT_A_KEY or scan == _NOT_A_KEY or number in _FAKE_SHIFTS:
            return []
        code = _BY_VIRTUAL_KEY.get(virtual) or SCAN_CODE_NAMES.get(number) or unnamed(number)
        is_down = not flags & _UP
        if not self._held.change(code, str(device), is_down):
            return []
        # Only SendInput speaks without a keyboard.
        return [
            InputEvent(
                "key", at, now, code=code, is_down=is_down, device=str(device), is_injected=device == 0
            )
        ]


def message_time(now: int, tick_count: int, told: int) -> int:
    """When a message was put into the queue, in nanoseconds of the clock of `now`.

    Windows tells it in steps of 16 ms, which is worse than the moment of reading unless the message waited.

    Args:
        now: When it was read.
        tick_count: ``GetTickCount()`` then, modulo 2^32 ms.
        told: ``GetMessageTime()``, which may be negative.
    """
    waited = (tick_count - told) % 2**32
    return now - waited * _MS if 2 * _TICK_MS <= waited < 2**31 else now
