"""What lies over a window of an X server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from Xlib import X, error
from Xlib.ext import shape

from recorder.desktop.window import Place

#: What is narrower or lower than this shows nothing: programs keep such windows to hear of things.
_LEAST = 8
_CHANGES = (
    X.MapNotify,
    X.UnmapNotify,
    X.ConfigureNotify,
    X.CirculateNotify,
    X.DestroyNotify,
    X.ReparentNotify,
)


@dataclass(frozen=True)
class Area:
    """A part of the desktop, in pixels, from its first column and row to before its last."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def place(self) -> Place:
        """The same, as desktops tell it."""
        return self.left, self.top, self.right - self.left, self.bottom - self.top

    def within(self, other: Area) -> Area | None:
        """What both share; None where that is too small to show anything."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        if right - left < _LEAST or bottom - top < _LEAST:
            return None
        return Area(left, top, right, bottom)


class XStack:
    """Knows the order of the windows that are the root's own: frames, and what no window manager manages."""

    def __init__(self, display: Any) -> None:
        """Ask the server of `display`."""
        self._display = display
        self._root = display.screen().root
        self._has_shapes = display.has_extension(shape.extname)

    @staticmethod
    def changes(event: Any) -> bool:
        """Whether after this event, of the root's children, something else may lie over a window."""
        return event.type in _CHANGES

    def over(self, window: int) -> Iterator[tuple[int, Area]]:
        """What lies over the content of a window, topmost first: its number, and what it hides.

        Raises:
            XError: The window is gone.
        """
        below, parts = self.outermost(window), self._root.query_tree().children
        content = self.content(window)
        for part in reversed(parts):
            if part.id == below:
                return
            hidden = self._shown(part)
            shared = hidden and hidden.within(content)
            if shared:
                yield part.id, shared

    def content(self, window: int) -> Area:
        """Where a window's content is.

        Raises:
            XError: The window is gone.
        """
        asked = self._display.create_resource_object("window", window)
        size, place = asked.get_geometry(), asked.translate_coords(self._root, 0, 0)
        return Area(-place.x, -place.y, size.width - place.x, size.height - place.y)

    def outermost(self, window: int) -> int:
        """The root's own window that `window` is, or lies in.

        Raises:
            XError: The window is gone.
        """
        asked = self._display.create_resource_object("window", window)
        while True:
            parent = asked.query_tree().parent
            if isinstance(parent, int) or parent.id == self._root.id:
                return int(asked.id)
            asked = parent

    def screen(self) -> Area:
        """The whole desktop."""
        size = self._root.get_geometry()
        return Area(0, 0, size.width, size.height)

    def _shown(self, part: Any) -> Area | None:
        """The area in which a window shows something; None where it shows nothing."""
        try:
            seen = part.get_attributes()
            if seen.map_state != X.IsViewable or seen.win_class != X.InputOutput:
                return None
            box = part.get_geometry()
            if self._has_shapes:
                told = part.shape_query_extents()
                if told.bounding_shaped:
                    left, top = box.x + box.border_width, box.y + box.border_width
                    left, top = left + told.bounding_shape_extents_x, top + told.bounding_shape_extents_y
                    width, height = told.bounding_shape_extents_width, told.bounding_shape_extents_height
                    return Area(left, top, left + width, top + height)
        except error.XError:
            return None
        border = 2 * box.border_width
        return Area(box.x, box.y, box.x + box.width + border, box.y + box.height + border)
