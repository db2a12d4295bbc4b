"""A game's window on the X server, owned by a process of its own, as a game is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from Xlib import X, display


class XGame:
    """Opens a window and does to it what it is told."""

    def __init__(self, title: str, left: int, top: int, width: int, height: int) -> None:
        place = map(str, (left, top, width, height))
        self._process = subprocess.Popen(
            [sys.executable, __file__, title, *place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.id = int(self._process.stdout.readline())

    def focus(self) -> None:
        """Give it the keyboard."""
        self._tell("focus")

    def place(self, left: int, top: int) -> None:
        """Move it."""
        self._tell("place", left, top)

    def paint(self, colour: int) -> None:
        """Fill it with a colour."""
        self._tell("paint", colour)

    def close(self) -> None:
        """Close the window, and the game with it."""
        if self._process.poll() is None:
            self._process.stdin.close()
            self._process.wait(timeout=30)
            self._process.stdout.close()

    def _tell(self, what: str, *numbers: int) -> None:
        self._process.stdin.write(" ".join(map(str, (what, *numbers))) + "\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"


def _main(title: str, place: Sequence[int]) -> None:
    screen = display.Display()
    window = screen.screen().root.create_window(*place, 0, X.CopyFromParent, background_pixel=0x20A040)
    window.set_wm_name(title)
    window.set_wm_class("the-game", "the-game")
    window.map()
    screen.sync()
    _say(window.id)
    for line in sys.stdin:
        what, *numbers = line.split()
        if what == "focus":
            window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        elif what == "place":
            window.configure(x=int(numbers[0]), y=int(numbers[1]))
        else:
            window.change_attributes(background_pixel=int(numbers[0]))
            window.clear_area()
        screen.sync()
        _say("done")


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _main(sys.argv[1], [int(number) for number in sys.argv[2:]])
