"""F6: from one area of the window to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def focus_next_area(areas: Sequence[QWidget], focus: QWidget | None) -> None:
    """Give the focus to the area after the one that holds it, passing over those that cannot take it."""
    at = next((index for index, area in enumerate(areas) if focus and area.isAncestorOf(focus)), 0)
    for step in range(1, len(areas) + 1):
        first = _first_in(areas[(at + step) % len(areas)])
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
            return


def _first_in(area: QWidget) -> QWidget | None:
    found = area.nextInFocusChain()
    while found is not None and found is not area:
        takes = found.focusPolicy() & Qt.FocusPolicy.TabFocus
        if area.isAncestorOf(found) and found.isVisible() and found.isEnabled() and takes:
            return found
        found = found.nextInFocusChain()
    return None
