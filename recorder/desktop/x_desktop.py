"""The windows of an X server, with a window manager or without one."""

from __future__ import annotations

import time
from collections.abc import Callable, Set
from typing import Any, TypeVar

from Xlib import X, error

from recorder.desktop.window import DesktopWindow, Picture, Place
from recorder.desktop.x_keyboard_grab import KeyboardGrab
from recorder.desktop.x_own_pictures import XOwnPictures
from recorder.desktop.x_processes import XProcesses
from recorder.desktop.x_stack import XStack
from recorder.desktop.x_taken_keys import XTakenKeys
from recorder.desktop.x_window_list import XWindowList
from recorder.x11.display import close_x_display, connection_lost, open_x_display

_T = TypeVar("_T")
#: Windows may change their shape without a word: what lies over one is asked anew after so long.
_STACK_SECONDS = 1.0


class XDesktop:
    """See :class:`recorder.desktop.window.Desktop`."""

    def __init__(self) -> None:
        """Connect.

        Raises:
            StudioError: There is no X server, or only the one of a Wayland desktop.
        """
        self._display = open_x_display()
        self._root = self._display.screen().root
        self._root.change_attributes(event_mask=X.SubstructureNotifyMask | X.PropertyChangeMask)
        self._grab, self._taken_keys = KeyboardGrab(self._display), XTakenKeys(self._display)
        self._processes, self._stack = XProcesses(self._display), XStack(self._display)
        self._list = XWindowList(self._display, self._stack)
        self._covers: dict[tuple[int, bool], DesktopWindow | None] = {}
        self._covers_at = 0.0
        self._own_pictures: XOwnPictures | None = None

    def windows(self) -> list[DesktopWindow]:
        """What a person would call windows, topmost first."""

        def ask() -> list[DesktopWindow]:
            self._display.sync()
            self._hear()
            return [seen for number in self._list.ids() if (seen := self._look(number))]

        return self._ask(ask)

    def find(self, id: int) -> DesktopWindow | None:  # noqa: A002
        """A window as it is now; None when it is gone."""
        return self._ask(lambda: self._look(id))

    def place(self, id: int) -> Place | None:  # noqa: A002
        """Where a window is; None when it is gone."""
        return self._ask(lambda: self._place(id))

    def whole(self) -> Place:
        """All screens together."""
        return self._ask(lambda: self._stack.screen().place)

    def in_front(self) -> int | None:
        """The window that has the keyboard; None while something grabbed it away from that window."""

        def ask() -> int | None:
            number = self._with_keyboard()
            self._taken_keys.look(number)
            return number

        return self._ask(ask)

    @property
    def tells_cover(self) -> bool:
        """It does."""
        return True

    def is_shown(self, id: int) -> bool:  # noqa: A002
        """Whether a window is on the desktop, in sight or below others."""

        def ask() -> bool:
            try:
                return bool(self._window(id).get_attributes().map_state == X.IsViewable)
            except error.XError:
                return False

        return self._ask(ask)

    def covering(self, id: int, *, foreign: bool = True) -> DesktopWindow | None:  # noqa: A002
        """The topmost window that lies over part of this one; of another process where `foreign` is set."""
        return self._ask(lambda: self._covering(id, foreign))

    def own_picture(self, id: int) -> Picture | None:  # noqa: A002
        """What is in a window, whatever lies over it; None where it is not known."""

        def ask() -> Picture | None:
            self._own_pictures = self._own_pictures or XOwnPictures()
            return self._own_pictures.picture(id)

        return self._ask(ask)

    def take_keys(self, codes: Set[str], game: int) -> frozenset[str] | None:
        """Have keys go to nobody until :meth:`close`; those that another program has."""
        return self._ask(lambda: self._taken_keys.take(codes, game))

    def close(self) -> None:
        """Let go of the X server."""
        close_x_display(self._display)
        if self._own_pictures is not None:
            self._own_pictures.close()

    def _ask(self, question: Callable[[], _T]) -> _T:
        try:
            return question()
        except error.ConnectionClosedError:
            raise connection_lost(self._display.get_display_name()) from None

    def _hear(self) -> None:
        """Deal with all that happened before the server's last answer."""
        while self._display.pending_events():
            event = self._display.next_event()
            self._grab.note(event)
            self._taken_keys.note(event)
            self._list.note(event)
            if self._stack.changes(event):
                self._covers.clear()

    def _covering(self, number: int, foreign: bool) -> DesktopWindow | None:
        self._display.sync()
        self._hear()
        now = time.monotonic()
        if now - self._covers_at >= _STACK_SECONDS:
            self._covers.clear()
            self._covers_at = now
            if self._own_pictures is not None:
                self._own_pictures.forget_unasked()
        if (number, foreign) not in self._covers:
            self._covers[number, foreign] = self._find_cover(number, foreign)
        return self._covers[number, foreign]

    def _find_cover(self, number: int, foreign: bool) -> DesktopWindow | None:
        try:
            for part, _ in self._stack.over(number):
                window = self._list.window_in(part)
                if not (foreign and self._processes.are_of_one(number, window)):
                    return self._look(window)
        except error.XError:
            pass  # one of both is gone; whoever follows the window is told so when it is looked for
        return None

    def _window(self, number: int) -> Any:
        return self._display.create_resource_object("window", number)

    def _place(self, number: int) -> Place | None:
        try:
            content = self._stack.content(number)
        except error.XError:
            return None
        return content.place

    def _look(self, number: int) -> DesktopWindow | None:
        window, place = self._window(number), self._place(number)
        if place is None:
            return None
        try:
            title, program = self._title(window), self._program(window)
        except error.XError:
            return None
        return DesktopWindow(number, title, program, *place, self._processes.of(number))

    def _property(self, window: Any, name: str) -> Any:
        told = window.get_full_property(self._display.get_atom(name), X.AnyPropertyType)
        return None if told is None else told.value

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
        self._hear()
        if focus == X.PointerRoot:
            focus = self._root.query_pointer().child
        if isinstance(focus, int) or focus.id == self._root.id:
            return None
        try:
            number = self._list.whole_window(focus)
        except error.XError:
            return None
        if number is None or self._grab.is_away_from(number):
            return None
        return number


def _words(told: bytes | str, encoding: str) -> str:
    return told if isinstance(told, str) else bytes(told).decode(encoding, "replace")
