"""An X screen of a test's own, with windows on it and a hand on its keyboard and mouse."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable

from Xlib import XK, X, Xatom, display
from Xlib.ext import xtest

GAME_COLOUR, OTHER_COLOUR = 0x20A040, 0xFF00FF


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this never came true"
        time.sleep(0.005)


class DesktopStage:
    """Xvfb with a window called "The game" (640 x 360 at 100, 50) and one called "Letters" beside it."""

    def __init__(self) -> None:
        read, write = os.pipe()
        screen = ["-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), *screen], pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as told:
            self.name = f":{told.readline().strip()}"
        self._display = display.Display(self.name)
        self.game = self._open("The game", 100, 50, 640, 360, GAME_COLOUR)
        self.other = self._open("Letters", 800, 100, 300, 300, OTHER_COLOUR)
        self._lock = threading.Lock()
        self.focus(self.game)

    def _open(self, title: str, left: int, top: int, width: int, height: int, colour: int):
        root = self._display.screen().root
        window = root.create_window(left, top, width, height, 0, X.CopyFromParent, background_pixel=colour)
        window.set_wm_name(title)
        window.map()
        self._display.sync()
        return window

    def focus(self, window) -> None:
        with self._lock:
            window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
            self._display.sync()

    def close_window(self, window) -> None:
        with self._lock:
            window.destroy()
            self._display.sync()

    def hide(self, window) -> None:
        """As a window manager does that minimises it."""
        with self._lock:
            window.unmap()
            self._display.sync()

    def manage(self, *windows) -> None:
        """Say what a window manager says: which windows there are, topmost last."""
        with self._lock:
            root = self._display.screen().root
            check = root.create_window(-9, -9, 1, 1, 0, 0)
            mark, listed = map(
                self._display.intern_atom, ("_NET_SUPPORTING_WM_CHECK", "_NET_CLIENT_LIST_STACKING")
            )
            for one in (root, check):
                one.change_property(mark, Xatom.WINDOW, 32, [check.id])
            root.change_property(listed, Xatom.WINDOW, 32, [window.id for window in windows])
            self._display.sync()

    def place(self, window, left: int, top: int) -> None:
        with self._lock:
            window.configure(x=left, y=top)
            self._display.sync()

    def resize(self, window, width: int, height: int) -> None:
        with self._lock:
            window.configure(width=width, height=height)
            self._display.sync()

    def paint(self, colour: int) -> None:
        """Fill the game with a colour."""
        with self._lock:
            self.game.change_attributes(background_pixel=colour)
            self.game.clear_area()
            self._display.sync()

    def key(self, name: str, down: bool | None = None) -> None:
        """Press a key, let go of it, or both."""
        with self._lock:
            code = self._display.keysym_to_keycode(XK.string_to_keysym(name))
            for way in (True, False) if down is None else (down,):
                xtest.fake_input(self._display, X.KeyPress if way else X.KeyRelease, code)
            self._display.sync()

    def button(self, number: int, down: bool | None = None) -> None:
        with self._lock:
            for way in (True, False) if down is None else (down,):
                xtest.fake_input(self._display, X.ButtonPress if way else X.ButtonRelease, number)
            self._display.sync()

    def move(self, dx: int, dy: int) -> None:
        with self._lock:
            xtest.fake_input(self._display, X.MotionNotify, detail=1, x=dx, y=dy)
            self._display.sync()

    def warp(self, x: int, y: int) -> None:
        """Put the pointer somewhere, as games do."""
        with self._lock:
            self._display.screen().root.warp_pointer(x, y)
            self._display.sync()

    def close(self) -> None:
        self._display.close()
        self.server.terminate()
        self.server.wait(timeout=30)
