"""An X screen on which no window manager gives the keyboard to a new window."""

from __future__ import annotations

import sys

from recorder.desktop.window import DesktopWindow


def give_keyboard(window: DesktopWindow) -> bool:
    """Give `window` the keyboard and put the pointer into its middle, where nobody else would.

    Returns:
        Whether it was needed: without a window manager, as on a screen of the game's own.
    """
    if not sys.platform.startswith("linux"):
        return False
    from Xlib import X

    from recorder.x11.display import close_x_display, open_x_display
    from recorder.x11.window_manager import window_manager

    screen = open_x_display()
    try:
        if window_manager(screen):
            return False
        target = screen.create_resource_object("window", window.id)
        target.set_input_focus(X.RevertToParent, X.CurrentTime)
        target.warp_pointer(window.width // 2, window.height // 2)
        screen.sync()
        return True
    finally:
        close_x_display(screen)
