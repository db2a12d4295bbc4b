"""The desktop that this program runs on."""

from __future__ import annotations

import sys

from recorder.desktop.window import Desktop


def this_desktop() -> Desktop:
    """The windows of this computer's desktop.

    Raises:
        StudioError: There is none, or it hides its windows, with what to do about it.
    """
    if sys.platform == "win32":
        from recorder.desktop.windows_desktop import WindowsDesktop as ThisDesktop
    elif sys.platform == "darwin":
        from recorder.desktop.macos_desktop import MacDesktop as ThisDesktop
    else:
        from recorder.desktop.x_desktop import XDesktop as ThisDesktop
    return ThisDesktop()
