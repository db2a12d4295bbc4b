"""A window that does with the mouse what games do: holds it, and puts it back to the middle at every motion.

Prints the number of its window once it is shown. Ends with its input, and prints how often it put the pointer
back and by how many pixels it was turned.
"""

from __future__ import annotations

import argparse
import selectors
import sys

from Xlib import X, display


def run(width: int, height: int, title: str, *, is_warping: bool) -> None:
    """Show the window until the input ends."""
    screen = display.Display()
    root = screen.screen().root
    window = root.create_window(
        0,
        0,
        width,
        height,
        0,
        screen.screen().root_depth,
        background_pixel=0x3366CC,
        event_mask=X.PointerMotionMask | X.ButtonPressMask | X.StructureNotifyMask,
    )
    window.set_wm_name(title)
    window.set_wm_class("warping", "Warping game")
    window.map()
    while screen.next_event().type != X.MapNotify:
        pass
    window.set_input_focus(X.RevertToParent, X.CurrentTime)
    middle = (width // 2, height // 2)
    if is_warping:
        window.warp_pointer(*middle)
        window.grab_pointer(
            True, X.PointerMotionMask, X.GrabModeAsync, X.GrabModeAsync, window, X.NONE, X.CurrentTime
        )
    screen.sync()
    print(window.id, flush=True)
    warps, turned = 0, [0, 0]
    with selectors.DefaultSelector() as ready:
        ready.register(screen, selectors.EVENT_READ)
        ready.register(sys.stdin, selectors.EVENT_READ)
        while screen.pending_events() or sys.stdin not in [key.fileobj for key, _ in ready.select()]:
            for _ in range(screen.pending_events()):
                screen.next_event()
            place = window.query_pointer()
            if is_warping and (place.win_x, place.win_y) != middle:
                turned[0] += place.win_x - middle[0]
                turned[1] += place.win_y - middle[1]
                warps += 1
                window.warp_pointer(*middle)
                screen.sync()
    print(warps, *turned, flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="python -m bench.warping_game", description=__doc__)
    options.add_argument("--width", type=int, default=640)
    options.add_argument("--height", type=int, default=360)
    options.add_argument("--title", default="A game")
    options.add_argument("--still", action="store_true", help="leave the pointer alone")
    chosen = options.parse_args()
    run(chosen.width, chosen.height, chosen.title, is_warping=not chosen.still)
