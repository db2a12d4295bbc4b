"""Keyboards and mice through pynput, for X servers too old to tell how far the mouse moved.

Keys, buttons and the wheel are right. Motion is what became of the pointer: a game that puts it back to the
middle of its window undoes all of it.
"""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable
from typing import Any

from recorder.devices.events import InputEvent
from recorder.devices.held_codes import HeldCodes
from recorder.key_names import KEYSYM_NAMES, unnamed
from recorder.x11.display import close_x_display, open_x_display
from recorder.x11.keys import XKeys, button_code
from vpt_studio.errors import StudioError

_SHIFTED = dict(zip('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./", strict=True))
_CORE_BUTTONS = 3


class PynputInputSource:
    """See :class:`recorder.devices.source.InputSource`."""

    name = "pynput"
    untrusted = (
        "this system tells where the pointer is, not how far the mouse moved: in games that hold the pointer"
        " the camera cannot be known from it"
    )

    def __init__(self) -> None:
        """Find pynput and the X server.

        Raises:
            StudioError: One of them is missing.
        """
        # pynput looks for the X server when it is imported, and says it in its own way.
        self._display = open_x_display()
        self._asked = threading.Lock()
        self._x_keys = XKeys(self._display)
        try:
            self._mouse: Any = importlib.import_module("pynput.mouse")
            self._keyboard: Any = importlib.import_module("pynput.keyboard")
        except ImportError as missing:
            self._display.close()
            raise StudioError(
                f"this X server is old, and hearing it needs pynput ({missing})", mend="pip install pynput"
            ) from None
        self._listeners: list[Any] = []
        self._receive: Callable[[InputEvent], None] | None = None
        self._held = HeldCodes()
        self._place: tuple[int, int] = (0, 0)
        self._telling = threading.Lock()

    def start(self, receive: Callable[[InputEvent], None]) -> None:
        """Hear from now on; once. `receive` is called in two threads, one at a time."""
        self._receive = receive
        self._held = HeldCodes(self.held())
        self._place = self.pointer()
        self._listeners = [
            self._mouse.Listener(on_move=self._moved, on_click=self._clicked, on_scroll=self._scrolled),
            self._keyboard.Listener(
                on_press=lambda key: self._pressed(key, True),
                on_release=lambda key: self._pressed(key, False),
            ),
        ]
        for listener in self._listeners:
            listener.start()
            listener.wait()

    def held(self) -> frozenset[str]:
        """Codes of the keys and of the first three buttons that are down now."""
        with self._asked:
            down = self._display.query_keymap()
            mask = self._display.screen().root.query_pointer().mask >> 8
            keys = [
                self._x_keys.key(code) for code in range(8 * len(down)) if down[code // 8] >> code % 8 & 1
            ]
        buttons = (button_code(number) for number in range(1, 1 + _CORE_BUTTONS) if mask >> number - 1 & 1)
        return frozenset([*keys, *(code for code in buttons if code)])

    def pointer(self) -> tuple[int, int]:
        """Column and row of the pointer, in pixels of the whole desktop."""
        with self._asked:
            told = self._display.screen().root.query_pointer()
        return int(told.root_x), int(told.root_y)

    def pointer_is_shown(self) -> bool | None:
        """Not known here."""
        return None

    def stop(self) -> None:
        """Hear no longer."""
        with self._telling:
            self._receive = None
        # Their threads are not waited for: some hang until the next event, and nobody hears them any more.
        while self._listeners:
            self._listeners.pop().stop()
        with self._asked:
            close_x_display(self._display)

    def _moved(self, x: int, y: int) -> None:
        with self._telling:
            before, self._place = self._place, (x, y)
            self._tell(kind="motion", dx=float(x - before[0]), dy=float(y - before[1]))

    def _clicked(self, _x: int, _y: int, button: Any, is_down: bool) -> None:
        code = button_code(button.value) if button.value else None
        with self._telling:
            if code is not None and self._held.change(code, "mouse", is_down):
                self._tell(kind="button", code=code, is_down=is_down)

    def _scrolled(self, _x: int, _y: int, _dx: int, steps: int) -> None:
        if steps:
            with self._telling:
                self._tell(kind="wheel", steps=steps)

    def _pressed(self, key: Any, is_down: bool) -> None:
        code = key_code(key)
        with self._telling:
            if code is not None and self._held.change(code, "keyboard", is_down):
                self._tell(kind="key", code=code, is_down=is_down)

    def _tell(self, **what: Any) -> None:
        now = time.monotonic_ns()
        if self._receive is not None:
            self._receive(InputEvent(at=now, received=now, **what))


def key_code(key: Any) -> str | None:
    """The code of what pynput calls a key; None where it knows none.

    Args:
        key: A ``Key``, or a ``KeyCode`` whose `vk` is the keysym with Shift applied.
    """
    keysym = getattr(getattr(key, "value", key), "vk", None)
    if keysym is None:
        return None
    sign = chr(keysym) if keysym < 0x80 else ""
    plain = ord(_SHIFTED.get(sign, sign.lower())) if sign else keysym
    return KEYSYM_NAMES.get(plain) or unnamed(keysym)
