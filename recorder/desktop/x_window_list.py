"""Which windows of an X server a person would call windows, with a window manager or without one."""

from __future__ import annotations

from typing import Any

from Xlib import X, error

from recorder.desktop.x_stack import XStack
from recorder.x11.window_manager import CHECK, window_manager

#: Parts of the desktop itself, which their window manager lists as windows.
_NO_WINDOWS = ("_NET_WM_WINDOW_TYPE_DESKTOP", "_NET_WM_WINDOW_TYPE_DOCK")
#: Where window managers list what they manage, topmost last.
_LISTS = ("_NET_CLIENT_LIST_STACKING", "_NET_CLIENT_LIST")


class XWindowList:
    """Asks the window manager once for each time that it says something new. Used by its display's thread."""

    def __init__(self, display: Any, stack: XStack) -> None:
        """Events of `display`, which has to select the root's properties, are to be shown to :meth:`note`."""
        self._display, self._stack = display, stack
        self._root = display.screen().root
        self._atom = display.get_atom
        self._no_windows = {self._atom(name) for name in _NO_WINDOWS}
        self._lists = [self._atom(name) for name in _LISTS]
        self._watched = {*self._lists, self._atom(CHECK)}
        self._managed: list[int] | None = None
        self._manager = 0
        self._is_known = False

    def note(self, event: Any) -> None:
        """An event of the display."""
        is_list = event.type == X.PropertyNotify and event.atom in self._watched
        if is_list or (event.type == X.DestroyNotify and event.window.id == self._manager):
            self._is_known = False

    def ids(self) -> list[int]:
        """The windows, topmost first."""
        managed = self.managed()
        if managed is None:
            children = self._root.query_tree().children
            return [child.id for child in reversed(children) if self._looks_like_a_window(child)]
        return [number for number in reversed(managed) if not self._is_desktop_part(number)]

    def managed(self) -> list[int] | None:
        """What the window manager calls windows, topmost last; None where there is no window manager."""
        if not self._is_known:
            self._manager, self._managed = window_manager(self._display), None
            if self._manager:
                told = (self._root.get_full_property(atom, X.AnyPropertyType) for atom in self._lists)
                self._managed = next((list(one.value) for one in told if one is not None), None)
            self._is_known = True
        return self._managed

    def whole_window(self, window: Any) -> int | None:
        """The window that a person sees, of which `window` is it or some part.

        Raises:
            XError: It is gone.
        """
        managed = self.managed()
        while managed is None or window.id not in managed:
            parent = window.query_tree().parent
            if isinstance(parent, int) or parent.id == self._root.id:
                # A frame's own focus, or a window that the window manager does not manage, is nobody's.
                return int(window.id) if managed is None else None
            window = parent
        return int(window.id)

    def window_in(self, frame: int) -> int:
        """The window in a window manager's frame; `frame` itself where it is none."""
        for number in self.managed() or ():
            try:
                if self._stack.outermost(number) == frame:
                    return number
            except error.XError:
                continue
        return frame

    def _looks_like_a_window(self, child: Any) -> bool:
        """Shown, with something in it, and no menu: programs see to those without a window manager."""
        try:
            seen = child.get_attributes()
        except error.XError:
            return False
        return bool(
            seen.map_state == X.IsViewable and seen.win_class == X.InputOutput and not seen.override_redirect
        )

    def _is_desktop_part(self, number: int) -> bool:
        window = self._display.create_resource_object("window", number)
        try:
            kinds = window.get_full_property(self._atom("_NET_WM_WINDOW_TYPE"), X.AnyPropertyType)
        except error.XError:
            return True
        return kinds is not None and not self._no_windows.isdisjoint(kinds.value)
