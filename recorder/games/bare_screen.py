"""An X screen on which no window manager gives the keyboard to a new window."""

from __future__ import annotations

import sys
from typing import Any

from recorder.desktop.window import DesktopWindow

_CHECK = "_NET_SUPPORTING_WM_CHECK"


def give_keyboard(window: DesktopWindow) -> bool:
    """Give `window` the keyboard and put the pointer into its middle, where nobody else would.

    Returns:
        Whether it was needed: without a window manager, as on a screen of the game's own.
    """
    if not sys.platform.startswith("linux"):
        return False
    from Xlib import X

    from recorder.desktop.x_display import close_x_display, open_x_display

    screen = open_x_display()
    try:
        if has_window_manager(screen):
            return False
        target = screen.create_resource_object("window", window.id)
        target.set_input_focus(X.RevertToParent, X.CurrentTime)
        target.warp_pointer(window.width // 2, window.height // 2)
        screen.sync()
        return True
    finally:
        close_x_display(screen)


def has_window_manager(screen: Any) -> bool:
    """Whether one runs on this X display: one that died leaves its mark, but not the window it names."""
    from Xlib import X, error

    atom = screen.intern_atom(_CHECK)
    told = screen.screen().root.get_full_property(atom, X.AnyPropertyType)
    if told is None or not told.value:
        return False
    named = screen.create_resource_object("window", told.value[0])
    try:
        own = named.get_full_property(atom, X.AnyPropertyType)
    except error.XError:
        return False
    return own is not None and list(own.value) == list(told.value)
