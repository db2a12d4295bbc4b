"""The windows of macOS. Not yet tried on that system."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Set
from typing import Any

from recorder.desktop.window import DesktopWindow, Picture, Place
from vpt_studio.errors import StudioError

_MOST_SCREENS = 32


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

    def place(self, id: int) -> Place | None:  # noqa: A002
        """Where a window is; None when it is gone."""
        found = self.find(id)
        return None if found is None else found.place

    def whole(self) -> Place:
        """All screens together."""
        _, displays, count = self._quartz.CGGetActiveDisplayList(_MOST_SCREENS, None, None)
        boxes = [self._quartz.CGDisplayBounds(display) for display in displays[:count]]
        left, top = (min(getattr(box.origin, axis) for box in boxes) for axis in "xy")
        right = max(box.origin.x + box.size.width for box in boxes)
        bottom = max(box.origin.y + box.size.height for box in boxes)
        return int(left), int(top), int(right - left), int(bottom - top)

    def in_front(self) -> int | None:
        """The topmost window, which has the keyboard; None while the screen is locked."""
        session = self._quartz.CGSessionCopyCurrentDictionary()
        if session is None or session.get("CGSSessionScreenIsLocked"):
            return None
        return next((window.id for window in self.windows()), None)

    @property
    def tells_cover(self) -> bool:
        """It is not asked on this system."""
        return False

    def is_shown(self, id: int) -> bool:  # noqa: A002
        """Whether a window is on the desktop, in sight or below others."""
        told = self._ask(self._quartz.kCGWindowListOptionIncludingWindow, id)
        return any(one.get("kCGWindowIsOnscreen") for one in told)

    def covering(self, id: int, *, foreign: bool = True) -> DesktopWindow | None:  # noqa: A002, ARG002
        """It is not asked on this system."""
        return None

    def own_picture(self, id: int) -> Picture | None:  # noqa: A002, ARG002
        """It is not asked for on this system."""
        return None

    def take_keys(self, codes: Set[str], game: int) -> frozenset[str] | None:  # noqa: ARG002
        """This system does not let us."""
        return None

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
        int(told.get("kCGWindowOwnerPID", 0)),
    )
