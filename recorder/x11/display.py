"""A connection to the X server of this desktop, or why there is none, in words."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from Xlib import display, error

from vpt_studio.errors import StudioError

_WAYLAND = "this desktop is a Wayland one, where no program can see the windows or hear the keys of another"
_WAYLAND_MEND = (
    'Log out and choose the session called "X11" or "Xorg" on the login screen; or play inside an X server of'
    " its own: start Xephyr :9 -screen 1280x720, then both the game and VPT Studio with DISPLAY=:9"
)


def open_x_display() -> Any:
    """Connect to the X server that ``DISPLAY`` names.

    Returns:
        A python-xlib display. Connections are not shared between threads: each thread opens its own.

    Raises:
        StudioError: There is none, it does not let us in, or it is the one that Wayland desktops run for old
            programs, which hides everything else.
    """
    if not os.environ.get("DISPLAY"):
        if os.environ.get("WAYLAND_DISPLAY"):
            raise StudioError(_WAYLAND, mend=_WAYLAND_MEND)
        raise StudioError(
            "there is no screen to record (DISPLAY is not set)",
            mend="Start VPT Studio on the desktop where the game runs, or set DISPLAY to its screen (:0)",
        )
    name = os.environ["DISPLAY"]
    try:
        opened = display.Display(name)
    except (error.DisplayError, error.XauthError, OSError) as refusal:
        raise StudioError(
            f"the X server does not let us in ({refusal})",
            where=name,
            mend="Start VPT Studio as the user, and on the computer, whose screen this is",
        ) from None
    if is_xwayland(opened):
        opened.close()
        raise StudioError(_WAYLAND, mend=_WAYLAND_MEND)
    return opened


def is_xwayland(opened: Any) -> bool:
    """Whether a Wayland desktop is behind this X server: it then hears and shows X programs only."""
    if opened.query_extension("XWAYLAND") is not None:
        return True
    if not opened.has_extension("XInputExtension"):
        return False
    # Servers before 23.1 have no such extension; their mouse is called xwayland-pointer, however.
    return any(device.name.startswith("xwayland-") for device in opened.xinput_query_device(0).devices)


def close_x_display(opened: Any) -> None:
    """Let go of an X server; nothing happens where that was done before, or where it is gone."""
    with suppress(error.ConnectionClosedError):
        opened.close()


def connection_lost(where: str) -> StudioError:
    """What to raise where the X server went away."""
    return StudioError("the X server has ended", where=where, mend="Log in again, then start VPT Studio")
