"""Whether the keyboard really is with the window that has the focus.

Lock screens, launchers and password prompts do not ask for the focus: they grab the keyboard. The focus stays
where it was, but what is typed is not for that window. X tells of it in focus events, which every program may
select for.
"""

from __future__ import annotations

from typing import Any

from Xlib import X, error

_MASK = X.FocusChangeMask | X.StructureNotifyMask


class KeyboardGrab:
    """Watches the windows that had the focus. Used by the thread of its own display."""

    def __init__(self, display: Any) -> None:
        """All events of `display` are to be shown to :meth:`note`."""
        self._display = display
        self._watched = set[int]()
        self._is_away = False

    def is_away_from(self, number: int) -> bool:
        """Whether something outside `number`, the window with the focus, has grabbed the keyboard.

        A grab that began before any window was asked about is not known.
        """
        if number not in self._watched:
            window = self._display.create_resource_object("window", number)
            window.change_attributes(event_mask=_MASK, onerror=error.CatchError(error.BadWindow))
            self._watched.add(number)
            self._display.sync()
        return self._is_away

    def note(self, event: Any) -> None:
        """An event of the display."""
        if event.type == X.DestroyNotify:
            # Its number may be given to another window.
            self._watched.discard(event.window.id)
        elif event.type == X.FocusOut and event.mode == X.NotifyGrab:
            # Games grab the keyboard for parts of their own window.
            self._is_away = event.detail != X.NotifyInferior
        elif event.type == X.FocusIn and event.mode in (X.NotifyGrab, X.NotifyUngrab, X.NotifyNormal):
            self._is_away = False
        elif event.type == X.KeyPress:
            # A key that we took on the root, and grab while it is down: all others still are the window's.
            self._is_away = False
