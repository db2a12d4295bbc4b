"""The windows of an X server, with a window manager or without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from Xlib import X, error

from recorder.desktop.window import DesktopWindow
from recorder.desktop.x_display import close_x_display, connection_lost, open_x_display
from recorder.desktop.x_keyboard_grab import KeyboardGrab

_T = TypeVar("_T")
#: Parts of the desktop itself, which their window manager lists as windows.
_NO_WINDOWS = ("_NET_WM_WINDOW_TYPE_DESKTOP", "_NET_WM_WINDOW_TYPE_DOCK")


class XDesktop:
    """See :class:`recorder.desktop.window.Desktop`."""

    def __init__(self) -> None:
        """Connect.

        Raises:
            StudioError: There is no X server, or only the one of a Wayland desktop.
        """
        self._display = open_x_display()
        self._root = self._display.screen().root
        self._atom = self._display.intern_atom
        self._no_windows = {self._atom(name) for name in _NO_WINDOWS}
        self._grab = KeyboardGrab(self._display)

    def windows(self) -> list[DesktopWindow]:
        """What a person would call windows, topmost first."""
        return self._ask(lambda: [seen for number in self._ids() if (seen := self._look(number))])

    def find(self, id: int) -> DesktopWindow | None:  # noqa: A002
        """A window as it is now; None when it is gone."""
        return self._ask(lambda: self._look(id))

    def in_front(self) -> int | None:
        """The window that has the keyboard; None while something grabbed it away from that window."""
        return self._ask(self._with_keyboard)

    def close(self) -> None:
        """Let go of the X server."""
        close_x_display(self._display)

    def _ask(self, question: Callable[[], _T]) -> _T:
        try:
            return question()
        except error.ConnectionClosedError:
            raise connection_lost(self._display.get_display_name()) from None

    def _ids(self) -> list[int]:
        managed = self._managed()
        if managed is None:
            children = self._root.query_tree().children
            return [child.id for child in reversed(children) if self._looks_like_a_window(child)]
        return [number for number in reversed(managed) if not self._is_desktop_part(number)]

    def _managed(self) -> list[int] | None:
        """What the window manager calls windows, topmost last; None where there is no window manager."""
        for name in ("_NET_CLIENT_LIST_STACKING", "_NET_CLIENT_LIST"):
            told = self._property(self._root, name)
            if told is not None:
                return list(told)
        return None

    def _property(self, window: Any, name: str) -> Any:
        told = window.get_full_property(self._atom(name), X.AnyPropertyType)
        return None if told is None else told.value

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
        try:
            kinds = self._property(self._window(number), "_NET_WM_WINDOW_TYPE")
        except error.XError:
            return True
        return kinds is not None and not self._no_windows.isdisjoint(kinds)

    def _window(self, number: int) -> Any:
        return self._display.create_resource_object("window", number)

    def _look(self, number: int) -> DesktopWindow | None:
        window = self._window(number)
        try:
            size = window.get_geometry()
            place = window.translate_coords(self._root, 0, 0)
            return DesktopWindow(
                number,
                self._title(window),
                self._program(window),
                -place.x,
                -place.y,
                size.width,
                size.height,
            )
        except error.XError:
            return None

    def _title(self, window: Any) -> str:
        told = self._property(window, "_NET_WM_NAME")
        if told:
            return _words(told, "utf-8")
        return _words(self._property(window, "WM_NAME") or b"", "latin-1")

    def _program(self, window: Any) -> str:
        names = _words(self._property(window, "WM_CLASS") or b"", "latin-1").split("\0")
        return names[1] if len(names) > 1 and names[1] else names[0]

    def _with_keyboard(self) -> int | None:
        focus = self._display.get_input_focus().focus
        if focus == X.PointerRoot:
            focus = self._root.query_pointer().child
        if isinstance(focus, int) or focus.id == self._root.id:
            return None
        try:
            number = self._whole_window(focus)
        except error.XError:
            return None
        if number is None or self._grab.is_away_from(number):
            return None
        return number

    def _whole_window(self, window: Any) -> int | None:
        """The window that a person sees, of which `window` is it or some part."""
        managed = self._managed()
        while managed is None or window.id not in managed:
            parent = window.query_tree().parent
            if isinstance(parent, int) or parent.id == self._root.id:
                # A frame's own focus, or a window that the window manager does not manage, is nobody's.
                return int(window.id) if managed is None else None
            window = parent
        return int(window.id)


def _words(told: bytes | str, encoding: str) -> str:
    return told if isinstance(told, str) else bytes(told).decode(encoding, "replace")
