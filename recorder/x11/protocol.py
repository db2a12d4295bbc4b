"""What XInput 2.2 says on the wire, and how to ask it: the parts that python-xlib lacks or has wrong.

Version 2.2 matters. Clients of 2.0, which is what python-xlib asks for, hear neither motion nor releases
while a button is held, which is all the time in a game where one digs.

Sources: the protocol's description (XI2proto.txt of X.Org) and its headers' layouts.
"""

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass
from typing import Any

from Xlib.ext import xinput
from Xlib.protocol import rq

KEY_PRESS, KEY_RELEASE = xinput.RawKeyPress, xinput.RawKeyRelease
BUTTON_PRESS, BUTTON_RELEASE = xinput.RawButtonPress, xinput.RawButtonRelease
MOTION = xinput.RawMotion
HIERARCHY_CHANGED = xinput.HierarchyChanged

_RAW_KINDS = (KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE, MOTION)
#: Of the event after its first ten bytes: device, time, detail, source, words of the mask, flags, padding.
_HEAD = struct.Struct("=HIIHHI4x")


@dataclass(frozen=True, slots=True)
class RawEvent:
    """A raw event of XInput 2.

    Attributes:
        time: The server's milliseconds, modulo 2^32.
        detail: Keycode or number of the button, before the server's button mapping.
        source: Number of the device that it came from.
        accelerated: By axis, what the server made of it.
        raw: By axis, what the device said: how far it moved, or where it is, by the mode of the axis.
    """

    time: int
    detail: int
    source: int
    accelerated: dict[int, float]
    raw: dict[int, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of a device that says where it is, as tablets do, from `least` to `most`."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class XDevice:
    """A keyboard or a mouse.

    Attributes:
        id: The server's number.
        name: What it calls itself.
        is_injected: It is no device: programs speak through it (the XTEST extension).
        is_master_pointer: It is the pointer on the screen, which several mice move.
        absolute: Its first two axes by number, as far as they say where they are, not how far they moved.
    """

    id: int
    name: str
    is_injected: bool
    is_master_pointer: bool
    absolute: dict[int, Axis]


def parse_raw_event(data: bytes) -> RawEvent:
    """Read a raw event.

    Args:
        data: The event without its first ten bytes, in this computer's order of bytes.

    Raises:
        ValueError: It is too short for what it says it holds.
    """
    try:
        _device, time, detail, source, words, _flags = _HEAD.unpack_from(data)
        mask = int.from_bytes(_exactly(data, _HEAD.size, 4 * words), sys.byteorder)
        axes = [number for number in range(32 * words) if mask >> number & 1]
        numbers = struct.unpack_from(f"={'iI' * (2 * len(axes))}", data, _HEAD.size + 4 * words)
    except struct.error as error:
        raise ValueError(f"a raw event of {len(data)} bytes is cut off") from error
    values = [whole + part / 2**32 for whole, part in zip(numbers[::2], numbers[1::2], strict=True)]
    return RawEvent(
        time,
        detail,
        source,
        dict(zip(axes, values[: len(axes)], strict=True)),
        dict(zip(axes, values[len(axes) :], strict=True)),
    )


def _exactly(data: bytes, begin: int, size: int) -> bytes:
    if len(data) < begin + size:
        raise struct.error
    return data[begin : begin + size]


def understands_raw_input(display: Any) -> bool:
    """Say that we speak XInput 2.2, as the first thing of a connection; whether the server does."""
    opcode = display.display.get_extension_major(xinput.extname)
    if opcode is None:
        return False
    told = xinput.XIQueryVersion(display=display.display, opcode=opcode, major_version=2, minor_version=2)
    return bool((told.major_version, told.minor_version) >= (2, 2))


def select_raw_input(display: Any) -> None:
    """Have every raw event of every screen's devices sent, once each, whatever grabs them."""
    mask = sum(1 << kind for kind in _RAW_KINDS)
    display.screen().root.xinput_select_events(
        # With AllDevices for the raw ones all would come twice: from the device and from its master.
        [(xinput.AllDevices, 1 << HIERARCHY_CHANGED), (xinput.AllMasterDevices, mask)]
    )
    display.sync()


def devices(display: Any) -> dict[int, XDevice]:
    """All devices by number."""
    return {told.deviceid: _device(told) for told in display.xinput_query_device(xinput.AllDevices).devices}


def _device(told: Any) -> XDevice:
    absolute = {
        axis.number: Axis(axis.min, axis.max)
        for axis in told.classes
        if axis.type == xinput.ValuatorClass and axis.mode == xinput.ModeAbsolute and axis.number < 2
    }
    return XDevice(
        told.deviceid,
        told.name,
        told.name.endswith(("XTEST pointer", "XTEST keyboard")),
        told.use == xinput.MasterPointer,
        absolute,
    )


class _QueryPointer(rq.ReplyRequest):  # type: ignore[misc]  # python-xlib has no types
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(40),
        rq.RequestLength(),
        rq.Window("window"),
        rq.Card16("deviceid"),
        rq.Pad(2),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Window("root"),
        rq.Window("child"),
        xinput.FP1616("root_x"),
        xinput.FP1616("root_y"),
        xinput.FP1616("win_x"),
        xinput.FP1616("win_y"),
        rq.Bool("same_screen"),
        rq.Pad(1),
        rq.LengthOf("buttons", 2),
        rq.Pad(20),  # modifiers and group
        rq.List("buttons", rq.Card32),
    )


def query_pointer(display: Any, pointer: int) -> tuple[tuple[int, int], list[int]]:
    """Where a master pointer is, in pixels, and the numbers of its buttons that are down, after mapping."""
    told = _QueryPointer(
        display=display.display,
        opcode=display.display.get_extension_major(xinput.extname),
        window=display.screen().root,
        deviceid=pointer,
    )
    mask = sum(word << 32 * place for place, word in enumerate(told.buttons))
    down = [number for number in range(mask.bit_length()) if mask >> number & 1]
    return (int(told.root_x), int(told.root_y)), down
