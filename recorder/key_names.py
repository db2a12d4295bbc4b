"""What the systems call a key, and what OpenAI's recordings do: Minecraft's names, by the place of the key.

A key is named by what stands on its place on an American keyboard, whatever the letter on it: so do Minecraft
and its window library, and a French player's forward key is ``key.keyboard.w`` as well. Keys without a name
are called ``scancode.`` and the system's own number.
"""

from __future__ import annotations

_PREFIX = "key.keyboard."
_ROWS = {
    1: "escape 1 2 3 4 5 6 7 8 9 0 minus equal backspace",
    15: "tab q w e r t y u i o p left.bracket right.bracket enter",
    29: "left.control a s d f g h j k l semicolon apostrophe grave.accent",
    42: "left.shift backslash z x c v b n m comma period slash right.shift",
    55: "keypad.multiply left.alt space caps.lock f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 num.lock scroll.lock",
    71: "keypad.7 keypad.8 keypad.9 keypad.subtract keypad.4 keypad.5 keypad.6 keypad.add",
    79: "keypad.1 keypad.2 keypad.3 keypad.0 keypad.decimal",
    87: "f11 f12",
}


def _numbered(rows: dict[int, str]) -> dict[int, str]:
    return {
        first + offset: _PREFIX + name
        for first, names in rows.items()
        for offset, name in enumerate(names.split())
    }


def unnamed(number: int) -> str:
    """The code of a key that has no name.

    Args:
        number: What the system calls it.
    """
    return f"scancode.{number}"


#: Linux's numbers (``linux/input-event-codes.h``); keycodes of an X server with "evdev" rules are 8 more.
EVDEV_NAMES: dict[int, str] = _numbered(
    {
        **_ROWS,
        86: "world.1",
        96: "keypad.enter right.control keypad.divide print.screen right.alt",
        102: "home up page.up left right end down page.down insert delete",
        117: "keypad.equal",
        119: "pause",
        125: "left.win right.win menu",
        183: "f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24",
    }
)

#: Scan codes of PC keyboards (set 1), as Windows' Raw Input gives them; 0x100 more with the prefix E0.
SCAN_CODE_NAMES: dict[int, str] = _numbered(
    {
        **_ROWS,
        0x54: "print.screen",  # with Alt
        0x56: "world.2",
        0x59: "keypad.equal",
        0x64: "f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23",
        0x76: "f24",
        0x11C: "keypad.enter right.control",
        0x135: "keypad.divide",
        0x137: "print.screen right.alt",
        0x146: "pause home up page.up",  # the first with Control
        0x14B: "left",
        0x14D: "right",
        0x14F: "end down page.down insert delete",
        0x15B: "left.win right.win menu",
    }
)

#: Virtual key codes of macOS (``HIToolbox/Events.h``), which are places as well.
MACOS_NAMES: dict[int, str] = _numbered(
    {
        0x00: "a s d f h g z x c v world.1 b q w e r y t",
        0x12: "1 2 3 4 6 5 equal 9 7 minus 8 0 right.bracket o u left.bracket i p enter l j apostrophe k",
        0x29: "semicolon backslash comma slash n m period tab space grave.accent backspace",
        0x35: "escape right.win left.win left.shift caps.lock left.alt left.control",
        0x3C: "right.shift right.alt right.control",
        0x40: "f17 keypad.decimal",
        0x43: "keypad.multiply",
        0x45: "keypad.add",
        0x47: "num.lock",
        0x4B: "keypad.divide keypad.enter",
        0x4E: "keypad.subtract f18 f19 keypad.equal keypad.0 keypad.1 keypad.2 keypad.3 keypad.4 keypad.5",
        0x58: "keypad.6 keypad.7 f20 keypad.8 keypad.9",
        0x60: "f5 f6 f7 f3 f8 f9",
        0x67: "f11",
        0x69: "f13 f16 f14",
        0x6D: "f10",
        0x6F: "f12",
        0x71: "f15 insert home page.up delete f4 end f2 page.down f1 left right down up",
    }
)

#: X keysyms of an unshifted American keyboard, for servers that number their keys in some way of their own.
KEYSYM_NAMES: dict[int, str] = _numbered(
    {
        0x20: "space",
        0x27: "apostrophe",
        0x2C: "comma minus period slash 0 1 2 3 4 5 6 7 8 9",
        0x3B: "semicolon",
        0x3D: "equal",
        0x5B: "left.bracket backslash right.bracket",
        0x60: "grave.accent a b c d e f g h i j k l m n o p q r s t u v w x y z",
        0xFF08: "backspace tab",
        0xFF0D: "enter",
        0xFF13: "pause scroll.lock",
        0xFF1B: "escape",
        0xFF50: "home left up right down page.up page.down end",
        0xFF61: "print.screen",
        0xFF63: "insert",
        0xFF67: "menu",
        0xFF7F: "num.lock",
        0xFF8D: "keypad.enter",
        # A keypad says these while Num Lock is off.
        0xFF95: "keypad.7 keypad.4 keypad.8 keypad.6 keypad.2 keypad.9 keypad.3 keypad.1 keypad.5",
        0xFF9E: "keypad.0 keypad.decimal",
        0xFFAA: "keypad.multiply keypad.add",
        0xFFAD: "keypad.subtract keypad.decimal keypad.divide",
        0xFFB0: "keypad.0 keypad.1 keypad.2 keypad.3 keypad.4 keypad.5 keypad.6 keypad.7 keypad.8 keypad.9",
        0xFFBD: "keypad.equal f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13 f14 f15 f16",
        0xFFCE: "f17 f18 f19 f20 f21 f22 f23 f24",
        0xFFE1: "left.shift right.shift left.control right.control caps.lock",
        0xFFE7: "left.alt right.alt left.alt right.alt left.win right.win",
        0xFFFF: "delete",
    }
)


_MOUSE_BUTTONS = {"0": "left button", "1": "right button", "2": "middle button"}
#: Keys whose own names are not what people call them.
_CALLED = {
    "left.control": "Ctrl", "left.shift": "Shift", "left.alt": "Alt", "left.win": "Win",
    "right.control": "Right Ctrl", "escape": "Esc", "slash": "/", "period": ".", "comma": ",",
    "minus": "-", "equal": "=", "grave.accent": "`",
}  # fmt: skip


def key_words(code: str) -> str:
    """What a person calls a key, or a mouse button by its number: ``F9``, ``Shift``, ``left button``."""
    if code.isdecimal():
        return _MOUSE_BUTTONS.get(code, f"mouse button {int(code) + 1}")
    name = code.removeprefix(_PREFIX)
    return _CALLED.get(name) or name.replace(".", " ").capitalize()
