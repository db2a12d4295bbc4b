"""Whether the pointer is to be seen on an X screen: games hide it while they hold it."""

from __future__ import annotations

from typing import Any

_DISPLAYED_CURSOR_CHANGES = 1  # the mask of XFIXES' CursorNotify


class XCursor:
    """Looks at the pointer's picture when it changed. Used by the thread of its display."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._is_known = display.has_extension("XFIXES")
        self._is_shown: bool | None = None
        if self._is_known:
            display.xfixes_query_version()
            display.xfixes_select_cursor_input(display.screen().root, _DISPLAYED_CURSOR_CHANGES)

    def notice(self, event: Any) -> None:
        """An event came that may be about the pointer's picture."""
        changes = getattr(self._display.extension_event, "DisplayCursorNotify", None)
        if changes is not None and (event.type, event.sub_code) == changes:
            self._is_shown = None

    def is_shown(self) -> bool | None:
        """Whether anything of it is opaque; None where the server does not tell."""
        if self._is_known and self._is_shown is None:
            told = self._display.xfixes_get_cursor_image(self._display.screen().root)
            self._is_shown = any(pixel >> 24 for pixel in told.cursor_image)  # ARGB
        return self._is_shown
