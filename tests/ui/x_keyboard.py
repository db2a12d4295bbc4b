"""A keyboard on the X server itself (XTEST): its keys go to the window with the focus, as a person's do."""

from __future__ import annotations

from Xlib import XK, X, display
from Xlib.ext import xtest

_NAMED = {"/": "slash", "-": "minus", "_": "underscore", ".": "period", " ": "space", "?": "question"}


class XKeyboard:
    """Presses keys by the names X gives them."""

    def __init__(self) -> None:
        self._display = display.Display()

    def press(self, *names: str) -> None:
        """Hold all but the last, press the last, and let go: ``press("Control_L", "o")``."""
        codes = [self._code(name) for name in names]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def hold(self, name: str, down: bool = True) -> None:
        """Press a key, or let go of it."""
        xtest.fake_input(self._display, X.KeyPress if down else X.KeyRelease, self._code(name))
        self._display.sync()

    def type(self, text: str) -> None:
        """Type words."""
        for letter in text:
            name = _NAMED.get(letter, letter)
            keysym = XK.string_to_keysym(name)
            code = self._display.keysym_to_keycode(keysym)
            plain = self._display.keycode_to_keysym(code, 0) == keysym
            self.press(*([] if plain else ["Shift_L"]), name)

    def close(self) -> None:
        """Let go of the X server."""
        self._display.close()

    def _code(self, name: str) -> int:
        code = self._display.keysym_to_keycode(XK.string_to_keysym(name))
        assert code, f"the keyboard has no key {name}"
        return code
