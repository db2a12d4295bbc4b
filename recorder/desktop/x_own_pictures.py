"""Pictures of windows of an X server as they are themselves, whatever lies over them.

The server is asked to keep a window's picture apart (the Composite extension). It then copies what is on the
screen, and asks the program to draw what was hidden; until that has happened (the Damage extension tells),
the hidden part still shows somebody else's pixels, and no picture is given.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from Xlib import X, error
from Xlib.ext import composite, damage

from recorder.desktop.window import Picture
from recorder.desktop.x_stack import XStack
from recorder.x11.display import close_x_display, open_x_display

#: Rows asked for at once: python-xlib takes much longer over one large answer than over small ones.
_ROWS = 64
_PIXEL = 4
#: Whose picture is kept apart costs a game some of its pace: so long after the last look it is no longer.
_KEPT_SECONDS = 3.0


@dataclass
class _Kept:
    """A window whose picture is kept apart: what of it was hidden, and has not been drawn since."""

    foreign: npt.NDArray[np.bool_]
    damage: int
    asked_at: float


class XOwnPictures:
    """Used by one thread. Closing it, or the end of the process, undoes all that the server was asked."""

    def __init__(self) -> None:
        """Connect.

        Raises:
            StudioError: There is no X server any more.
        """
        self._display = open_x_display()
        # What is refused without a question was about a window that is gone meanwhile.
        self._display.set_error_handler(lambda *_: None)
        self._stack = XStack(self._display)
        self._kept: dict[int, _Kept] = {}
        self._can = all(map(self._display.has_extension, (composite.extname, damage.extname)))
        if self._can:
            self._display.composite_query_version()
            self._display.damage_query_version()
            self._drawn = self._display.extension_event.DamageNotify

    def picture(self, window: int) -> Picture | None:
        """What is in a window: uint8 [height, width, 3], RGB; None where that cannot be known."""
        if not self._can:
            return None
        try:
            return self._picture(window)
        except error.XError:
            self._let_go(window)
            return None

    def forget_unasked(self) -> None:
        """Have the server go on as before with windows that were not asked for lately."""
        before = time.monotonic() - _KEPT_SECONDS
        for window in [one for one, kept in self._kept.items() if kept.asked_at < before]:
            self._let_go(window)
        self._display.flush()

    def close(self) -> None:
        """Let go of the X server, which undoes everything."""
        close_x_display(self._display)

    def _picture(self, window: int) -> Picture | None:
        asked = self._display.create_resource_object("window", window)
        size = asked.get_geometry()
        if asked.get_attributes().map_state != X.IsViewable:
            self._let_go(window)
            return None
        kept = self._kept.get(window)
        if kept is not None and kept.foreign.shape != (size.height, size.width):
            self._let_go(window)  # its new picture began with what was on the screen, too
            kept = None
        if kept is None:
            kept = self._kept[window] = self._keep(asked, size)
        kept.asked_at = time.monotonic()
        self._hear()
        if kept.foreign.any():
            return None
        return self._shot(asked, size)

    def _keep(self, asked: Any, size: Any) -> _Kept:
        if self._is_composited():
            hidden = np.zeros((size.height, size.width), np.bool_)
            asked.composite_redirect_window(composite.RedirectAutomatic)
            return _Kept(hidden, 0, 0.0)
        hidden = self._hidden(asked.id, size)
        # Told of each rectangle as it is drawn; asked for first, as drawing may begin at once.
        number = asked.damage_create(damage.DamageReportRawRectangles)
        asked.composite_redirect_window(composite.RedirectAutomatic)
        asked.change_attributes(event_mask=X.StructureNotifyMask)
        # What came over it meanwhile was copied, too.
        return _Kept(hidden | self._hidden(asked.id, size), number, 0.0)

    def _is_composited(self) -> bool:
        """Whether a compositing manager keeps every window's picture apart already."""
        manager = self._display.get_atom(f"_NET_WM_CM_S{self._display.get_default_screen()}")
        return bool(self._display.get_selection_owner(manager) != X.NONE)

    def _hidden(self, window: int, size: Any) -> npt.NDArray[np.bool_]:
        """Where a window cannot be seen: bool [height, width]."""
        content, hidden = self._stack.content(window), np.ones((size.height, size.width), np.bool_)
        seen = content.within(self._stack.screen())
        if seen is not None:
            hidden[
                seen.top - content.top : seen.bottom - content.top,
                seen.left - content.left : seen.right - content.left,
            ] = False
        for _, area in self._stack.over(window):
            hidden[
                area.top - content.top : area.bottom - content.top,
                area.left - content.left : area.right - content.left,
            ] = True
        return hidden

    def _hear(self) -> None:
        self._display.sync()
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.UnmapNotify and event.event.id == event.window.id:
                self._let_go(event.window.id)
            elif event.type == self._drawn and (kept := self._kept.get(event.drawable.id)):
                area = event.area
                rows, columns = (
                    slice(max(begin, 0), max(begin + length, 0))
                    for begin, length in ((area.y, area.height), (area.x, area.width))
                )
                kept.foreign[rows, columns] = False
                if kept.damage and not kept.foreign.any():
                    self._display.damage_destroy(kept.damage)
                    kept.damage = 0

    def _shot(self, asked: Any, size: Any) -> Picture | None:
        pixmap = asked.composite_name_window_pixmap()
        edge = size.border_width
        seen = np.empty((size.height, size.width, 3), np.uint8)
        try:
            for row in range(0, size.height, _ROWS):
                rows = min(_ROWS, size.height - row)
                told = pixmap.get_image(edge, edge + row, size.width, rows, X.ZPixmap, 0xFFFFFFFF)
                if len(told.data) != size.width * rows * _PIXEL:
                    return None  # screens of fewer colours
                pixels = np.frombuffer(told.data, np.uint8).reshape(rows, size.width, _PIXEL)
                seen[row : row + rows] = pixels[..., 2::-1]
        finally:
            pixmap.free()
        return seen

    def _let_go(self, window: int) -> None:
        kept = self._kept.pop(window, None)
        if kept is None:
            return
        asked = self._display.create_resource_object("window", window)
        if kept.damage:
            self._display.damage_destroy(kept.damage)
        asked.composite_unredirect_window(composite.RedirectAutomatic)
