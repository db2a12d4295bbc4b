"""The windows of macOS. Not yet tried on that system."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from recorder.desktop.window import DesktopWindow
from vpt_studio.errors import StudioError


class MacDesktop:
    """See :class:`recorder.desktop.window.Desktop`."""

    def __init__(self) -> None:
        """Ask for the permission to see other programs' windows.

        Raises:
            StudioError: It was not given, or pyobjc is missing.
        """
        try:
            self._quartz: Any = importlib.import_module("Quartz")
        except ImportError:
            raise StudioError(
                "seeing the windows of macOS needs pyobjc", mend="pip install pyobjc-framework-Quartz"
            ) from None
        if not self._quartz.CGPreflightScreenCaptureAccess():
            self._quartz.CGRequestScreenCaptureAccess()
            raise StudioError(
                "macOS does not let us see other programs' windows",
                mend="Open System Settings, Privacy & Security, allow VPT Studio (or the terminal that"
                " started it) Screen Recording, and start it again",
            )

    def windows(self) -> list[DesktopWindow]:
        """What a person would call windows, topmost first; minimised ones are not told."""
        shown = (
            self._quartz.kCGWindowListOptionOnScreenOnly | self._quartz.kCGWindowListExcludeDesktopElements
        )
        return [window for told in self._ask(shown, 0) if (window := read_window(told)) is not None]

    def find(self, id: int) -> DesktopWindow | None:  # noqa: A002
        """A window as it is now; None when it is gone."""
        told = self._ask(self._quartz.kCGWindowListOptionIncludingWindow, id)
        return next((window for one in told if (window := read_window(one)) is not None), None)

    def in_front(self) -> int | None:
        """The topmost window, which has the keyboard; None while the screen is locked."""
        session = self._quartz.CGSessionCopyCurrentDictionary()
        if session is None or session.get("CGSSessionScreenIsLocked"):
            return None
        return next((window.id for window in self.windows()), None)

    def close(self) -> None:
        """There is nothing to let go of."""

    def _ask(self, options: int, window: int) -> list[Mapping[str, Any]]:
        return list(self._quartz.CGWindowListCopyWindowInfo(options, window) or ())


def read_window(told: Mapping[str, Any]) -> DesktopWindow | None:
    """A window from what CGWindowListCopyWindowInfo tells; None where people would not call it one.

    Menus, the dock and overlays lie in layers of their own; what is transparent is there to catch clicks.
    """
    if told.get("kCGWindowLayer", 0) != 0 or told.get("kCGWindowAlpha", 1) == 0:
        return None
    box = told["kCGWindowBounds"]
    return DesktopWindow(
        int(told["kCGWindowNumber"]),
        str(told.get("kCGWindowName") or ""),
        str(told.get("kCGWindowOwnerName") or ""),
        int(box["X"]),
        int(box["Y"]),
        int(box["Width"]),
        int(box["Height"]),
    )
