"""A window of another program, such as a notification, which goes when its input ends."""

from __future__ import annotations

import os
import subprocess
import sys

_PROGRAM = """
import sys
from Xlib import X, display
screen = display.Display()
left, top, width, height = map(int, sys.argv[2:6])
window = screen.screen().root.create_window(
    left, top, width, height, 0, X.CopyFromParent, background_pixel=0xFF00FF, override_redirect=True
)
window.set_wm_name(sys.argv[1])
window.map()
if len(sys.argv) > 6:
    screen.screen().root.grab_key(int(sys.argv[6]), 0, False, X.GrabModeAsync, X.GrabModeAsync)
screen.sync()
print("shown", flush=True)
sys.stdin.read()
"""


class Notice:
    """Shown when made; `keycode` is a key that its program takes for itself."""

    def __init__(
        self, screen: str, place: tuple[int, ...], title: str = "Mail", keycode: int | None = None
    ) -> None:
        words = [title, *map(str, place), *([] if keycode is None else [str(keycode)])]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(os.environ, DISPLAY=screen),
        )
        assert self.process.stdout.readline() == b"shown\n"

    def close(self) -> None:
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()
