"""Names of an X server's keys and buttons."""

from __future__ import annotations

from typing import Any

from recorder.key_names import EVDEV_NAMES, KEYSYM_NAMES, unnamed

_EVDEV_OFFSET = 8
#: Left, middle and right as X numbers them; 4 to 7 are the wheel, and the further ones follow on "2".
_BUTTON_CODES = {1: "0", 2: "2", 3: "1"}
WHEEL_STEPS = {4: 1, 5: -1, 6: 0, 7: 0}
_AFTER_WHEEL = 5


class XKeys:
    """Knows the server's keyboard and button mapping. Used by the thread of its display."""

    def __init__(self, display: Any) -> None:
        self._display = display
        rules = display.screen().root.get_full_property(display.get_atom("_XKB_RULES_NAMES"), 0)
        self._is_evdev = rules is not None and bytes(rules.value).startswith(b"evdev\0")
        self._names = dict[int, str]()
        self._buttons = list(display.get_pointer_mapping())

    def mapping_changed(self, notice: Any) -> None:
        """The server says (MappingNotify) that keys or buttons mean something else from now on."""
        self._display.refresh_keyboard_mapping(notice)
        self._names.clear()
        self._buttons = list(self._display.get_pointer_mapping())

    def key(self, keycode: int) -> str:
        """The code of a key: ``key.keyboard.w``."""
        name = self._names.get(keycode)
        if name is None:
            name = self._names[keycode] = self._find(keycode)
        return name

    def mapped_button(self, physical: int) -> int:
        """The button as programs see it, such as the right one for a left-handed person's left one."""
        return self._buttons[physical - 1] if physical <= len(self._buttons) else physical

    def _find(self, keycode: int) -> str:
        if self._is_evdev and (name := EVDEV_NAMES.get(keycode - _EVDEV_OFFSET)):
            return name
        keysym = self._display.keycode_to_keysym(keycode, 0)
        return KEYSYM_NAMES.get(keysym) or unnamed(keycode)


def button_code(number: int) -> str | None:
    """The code of a mapped button; None for the wheel, and for a button that is switched off (0)."""
    if number in WHEEL_STEPS or number == 0:
        return None
    return _BUTTON_CODES.get(number) or str(number - _AFTER_WHEEL)
