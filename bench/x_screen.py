"""An X server of one's own, and a hand on its keyboard and mouse (XTEST)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import XK, X, display
from Xlib.ext import xtest


@contextmanager
def own_screen(size: str = "1280x800x24") -> Iterator[str]:
    """Run a virtual X server (Xvfb) and give its name, such as ``:100``; ``DISPLAY`` is left alone."""
    reader, writer = os.pipe()
    # The server picks a free number itself, and says it once it can be asked things.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        pass_fds=(writer,),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with open(reader, "rb") as said:
        number = said.readline().strip().decode()
    try:
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


class XHand:
    """Moves, presses and releases. What it does has happened when a method returns."""

    def __init__(self, screen: str) -> None:
        self._display = display.Display(screen)

    def move(self, dx: int, dy: int, *, sync: bool = True) -> None:
        """Move the mouse by so many counts."""
        xtest.fake_input(self._display, X.MotionNotify, detail=1, x=dx, y=dy)
        self._done(sync)

    def place(self, x: int, y: int) -> None:
        """Put the pointer somewhere, without a motion of the mouse."""
        self._display.screen().root.warp_pointer(x, y)
        self._display.sync()

    def button(self, number: int, down: bool, *, sync: bool = True) -> None:
        """Press or release a button as X numbers it; 4 and 5 turn the wheel."""
        xtest.fake_input(self._display, X.ButtonPress if down else X.ButtonRelease, number)
        self._done(sync)

    def key(self, name: str, down: bool, *, sync: bool = True) -> None:
        """Press or release a key by the name X gives it."""
        code = self._display.keysym_to_keycode(XK.string_to_keysym(name))
        self.keycode(code, down, sync=sync)

    def keycode(self, code: int, down: bool, *, sync: bool = True) -> None:
        """Press or release a key by its place."""
        xtest.fake_input(self._display, X.KeyPress if down else X.KeyRelease, code)
        self._done(sync)

    def finish(self) -> None:
        """Wait until all that was done without `sync` has happened."""
        self._display.sync()

    def close(self) -> None:
        """Let go of the X server."""
        self._display.close()

    def _done(self, sync: bool) -> None:
        if sync:
            self._display.sync()
        else:
            self._display.flush()
