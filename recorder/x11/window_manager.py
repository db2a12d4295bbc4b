"""Whether a window manager runs on an X server."""

from __future__ import annotations

from typing import Any

from Xlib import X, error

#: The root's property that names the window by which a window manager says that it runs.
CHECK = "_NET_SUPPORTING_WM_CHECK"


def window_manager(display: Any) -> int:
    """That window's number; 0 without a window manager: one that died leaves its mark, but not its window."""
    check = display.get_atom(CHECK)
    told = display.screen().root.get_full_property(check, X.AnyPropertyType)
    if told is None or not len(told.value):
        return 0
    named = display.create_resource_object("window", told.value[0])
    try:
        own = named.get_full_property(check, X.AnyPropertyType)
    except error.XError:
        return 0
    return int(named.id) if own is not None and list(own.value) == [named.id] else 0
