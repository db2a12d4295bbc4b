"""A game's window that moves all the time: new pictures at a steady rate, a mouse that is held and put back.

Prints the number of its window once it is shown. Every picture carries its own number; `--log` gets two int64
for each: when drawing it began and ended, in nanoseconds of ``time.monotonic_ns()``. Ends with its input, and
prints how often it put the pointer back.
"""

from __future__ import annotations

import argparse
import selectors
import sys
import time
from array import array
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from Xlib import X, display

#: A picture's number stands in its top row of cells, the lowest bit first, black or white.
BITS = 18  # an hour of 60 pictures a second
CELL = (32, 24)
_LABEL = (BITS * CELL[0], CELL[1])
_BEYOND = (960, 240)  # how much wider and higher the world is than the window
_TURN = 7  # pixels that the picture moves by itself from one to the next
_UPLOAD_ROWS = 16


def world_picture(width: int, height: int) -> npt.NDArray[np.uint8]:
    """Something as rich in detail as a game's landscape.

    Returns:
        uint8 [height, width, 3], the same each time.
    """
    rng = np.random.default_rng(5)
    picture = np.full((height, width, 3), 120, np.float32)
    for step, strength in ((160, 70), (40, 35), (16, 25), (4, 12)):
        sharp = cv2.INTER_NEAREST if step == 16 else cv2.INTER_CUBIC  # blocks among the hills
        for colours, share in ((1, 1.0), (3, 0.3)):  # much of light and shade, little of colour
            coarse = rng.normal(0, share * strength, (height // step + 2, width // step + 2, colours))
            smooth = cv2.resize(coarse.astype(np.float32), (width, height), interpolation=sharp)
            picture += smooth.reshape(height, width, colours)
    return np.clip(picture, 30, 225).astype(np.uint8)


class MovingGame:
    """The window. Used by one thread."""

    def __init__(self, width: int, height: int, title: str) -> None:
        """Show it, and wait until it is to be seen."""
        self._display = display.Display()
        screen = self._display.screen()
        self._size, self._middle = (width, height), (width // 2, height // 2)
        self.window = screen.root.create_window(
            0, 0, width, height, 0, screen.root_depth, event_mask=X.StructureNotifyMask
        )
        self.window.set_wm_name(title)
        self.window.set_wm_class("moving", "Moving game")
        self._ink = self.window.create_gc(foreground=screen.white_pixel, graphics_exposures=False)
        self._paper = self.window.create_gc(foreground=screen.black_pixel, graphics_exposures=False)
        nothing = self.window.create_pixmap(1, 1, 1)
        nobody = nothing.create_cursor(nothing, (0, 0, 0), (0, 0, 0), 0, 0)
        self.window.change_attributes(cursor=nobody)  # who holds the mouse hides the pointer
        self._world = self._upload(world_picture(width + _BEYOND[0], height + _BEYOND[1]))
        self._label = self.window.create_pixmap(*_LABEL, screen.root_depth)
        self._turned = [0, 0]
        self.drawn = array("q")
        self.warps = 0
        self.window.map()
        while self._display.next_event().type != X.MapNotify:
            pass
        self.window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self.window.warp_pointer(*self._middle)
        self.draw()

    def _upload(self, picture: npt.NDArray[np.uint8]) -> Any:
        height, width = picture.shape[:2]
        depth = self._display.screen().root_depth
        pixmap = self.window.create_pixmap(width, height, depth)
        pixels = cv2.cvtColor(picture, cv2.COLOR_RGB2BGRA)
        for row in range(0, height, _UPLOAD_ROWS):
            part = pixels[row : row + _UPLOAD_ROWS]
            pixmap.put_image(self._ink, 0, row, width, len(part), X.ZPixmap, depth, 0, part.tobytes())
        return pixmap

    def draw(self) -> None:
        """Turn by what the mouse was moved, put the pointer back, and show the next picture."""
        place = self.window.query_pointer()
        went = (place.win_x - self._middle[0], place.win_y - self._middle[1])
        if went != (0, 0):
            self.window.warp_pointer(*self._middle)
            self.warps += 1
        number = len(self.drawn) // 2
        self._turned = [self._turned[0] + went[0] + _TURN, self._turned[1] + went[1]]
        left, top = (
            abs(turned % (2 * room) - room) for turned, room in zip(self._turned, _BEYOND, strict=True)
        )
        begin = time.monotonic_ns()
        cells = [(CELL[0] * bit, 0, *CELL) for bit in range(BITS) if number >> bit & 1]
        self._label.fill_rectangle(self._paper, 0, 0, *_LABEL)
        self._label.poly_fill_rectangle(self._ink, cells)
        # Whoever looks between two of these sees an old or a new number, never what is none.
        width, height = self._size
        self._show(self._world, left, top + _LABEL[1], 0, _LABEL[1], width, height - _LABEL[1])
        self._show(self._world, left + _LABEL[0], top, _LABEL[0], 0, width - _LABEL[0], _LABEL[1])
        self._show(self._label, 0, 0, 0, 0, *_LABEL)
        self._display.sync()
        self.drawn.extend((begin, time.monotonic_ns()))

    def _show(self, source: Any, left: int, top: int, column: int, row: int, width: int, height: int) -> None:
        self.window.copy_area(self._ink, source, left, top, width, height, column, row)

    def run(self, rate: float) -> None:
        """Draw so many pictures a second until the input ends."""
        begin, first = time.monotonic(), len(self.drawn) // 2
        with selectors.DefaultSelector() as ready:
            ready.register(sys.stdin, selectors.EVENT_READ)
            while True:
                due = begin + (len(self.drawn) // 2 - first) / rate
                if ready.select(max(0.0, due - time.monotonic())):
                    return
                self.draw()


def number_in(light: npt.NDArray[np.uint8], width: int) -> int:
    """The number of a picture, in whatever size it was stored.

    Args:
        light: uint8 [H, W], its luma.
        width: Of the window.
    """
    scale = light.shape[1] / width
    row = round(CELL[1] / 2 * scale)
    columns = [round((bit + 0.5) * CELL[0] * scale) for bit in range(BITS)]
    return sum(1 << bit for bit, column in enumerate(columns) if light[row, column] > 127)


def main() -> None:
    """Show the window until the input ends."""
    options = argparse.ArgumentParser(prog="python -m bench.moving_game", description=__doc__)
    options.add_argument("--width", type=int, default=1280)
    options.add_argument("--height", type=int, default=720)
    options.add_argument("--title", default="A moving game")
    options.add_argument("--rate", type=float, default=60.0, help="pictures a second")
    options.add_argument("--log", type=Path)
    chosen = options.parse_args()
    game = MovingGame(chosen.width, chosen.height, chosen.title)
    print(game.window.id, flush=True)
    game.run(chosen.rate)
    print(game.warps, flush=True)
    if chosen.log is not None:
        chosen.log.write_bytes(game.drawn.tobytes())


if __name__ == "__main__":
    main()
