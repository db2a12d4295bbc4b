"""The windows of Windows. Not yet tried on that system."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Set
from ctypes import wintypes

import psutil

from recorder.desktop.window import DesktopWindow, Picture, Place

assert sys.platform == "win32"  # also tells the type checker where the rest is meant for

_GA_ROOT, _GW_OWNER = 2, 4
_GWL_EXSTYLE, _WS_EX_TOOLWINDOW = -20, 0x80
_DWMWA_CLOAKED = 14
_PER_MONITOR_AWARE = -4
_SM_VIRTUAL_SCREEN = (76, 77, 78, 79)  # left, top, width, height


class WindowsDesktop:
    """See :class:`recorder.desktop.window.Desktop`."""

    def __init__(self) -> None:
        self._user32 = user32 = ctypes.WinDLL("user32")
        self._dwm = ctypes.WinDLL("dwmapi")
        for name in ("GetForegroundWindow", "GetAncestor", "GetWindow"):
            getattr(user32, name).restype = wintypes.HWND
        for name in ("IsWindow", "IsWindowVisible", "IsIconic", "GetWindowTextLengthW"):
            getattr(user32, name).argtypes = (wintypes.HWND,)
        user32.GetAncestor.argtypes = (wintypes.HWND, wintypes.UINT)
        user32.GetWindow.argtypes = (wintypes.HWND, wintypes.UINT)
        user32.GetWindowLongW.argtypes = (wintypes.HWND, ctypes.c_int)
        user32.GetWindowTextW.argtypes = (wintypes.HWND, wintypes.LPWSTR, ctypes.c_int)
        user32.GetClientRect.argtypes = (wintypes.HWND, ctypes.POINTER(wintypes.RECT))
        user32.ClientToScreen.argtypes = (wintypes.HWND, ctypes.POINTER(wintypes.POINT))
        user32.GetWindowThreadProcessId.argtypes = (wintypes.HWND, ctypes.POINTER(wintypes.DWORD))
        self._dwm.DwmGetWindowAttribute.argtypes = (
            wintypes.HWND,
            wintypes.DWORD,
            wintypes.LPVOID,
            wintypes.DWORD,
        )
        # Places are told in the pixels of each screen, as pictures of it are; old systems have no such call.
        if hasattr(user32, "SetProcessDpiAwarenessContext"):
            user32.SetProcessDpiAwarenessContext(ctypes.c_void_p(_PER_MONITOR_AWARE))

    def windows(self) -> list[DesktopWindow]:
        """What a person would call windows, topmost first."""
        handles: list[int] = []

        def note(handle: int, _parameter: int) -> bool:
            handles.append(handle)
            return True

        kind = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)
        self._user32.EnumWindows(kind(note), 0)
        return [seen for handle in handles if self._is_for_people(handle) and (seen := self.find(handle))]

    def find(self, id: int) -> DesktopWindow | None:  # noqa: A002
        """A window as it is now; None when it is gone."""
        if not self._user32.IsWindow(id):
            return None
        box, corner = wintypes.RECT(), wintypes.POINT(0, 0)
        self._user32.GetClientRect(id, ctypes.byref(box))
        self._user32.ClientToScreen(id, ctypes.byref(corner))
        process = self._process(id)
        return DesktopWindow(
            id, self._title(id), _program(process), corner.x, corner.y, box.right, box.bottom, process
        )

    def place(self, id: int) -> Place | None:  # noqa: A002
        """Where a window is; None when it is gone."""
        found = self.find(id)
        return None if found is None else found.place

    def whole(self) -> Place:
        """All screens together."""
        left, top, width, height = map(self._user32.GetSystemMetrics, _SM_VIRTUAL_SCREEN)
        return left, top, width, height

    def in_front(self) -> int | None:
        """The window that has the keyboard; None on the lock screen and while Windows asks for permission."""
        front = self._user32.GetForegroundWindow()
        return self._user32.GetAncestor(front, _GA_ROOT) if front else None

    @property
    def tells_cover(self) -> bool:
        """It is not asked on this system."""
        return False

    def is_shown(self, id: int) -> bool:  # noqa: A002
        """Whether a window is on the desktop, in sight or below others."""
        return bool(self._user32.IsWindowVisible(id) and not self._user32.IsIconic(id))

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

    def _is_for_people(self, handle: int) -> bool:
        """Shown, with a title, of its own; store programs that sleep are shown but cloaked."""
        user32 = self._user32
        cloaked = wintypes.DWORD(0)
        self._dwm.DwmGetWindowAttribute(handle, _DWMWA_CLOAKED, ctypes.byref(cloaked), ctypes.sizeof(cloaked))
        return bool(
            user32.IsWindowVisible(handle)
            and user32.GetWindowTextLengthW(handle)
            and not user32.GetWindow(handle, _GW_OWNER)
            and not user32.GetWindowLongW(handle, _GWL_EXSTYLE) & _WS_EX_TOOLWINDOW
            and not cloaked.value
        )

    def _title(self, handle: int) -> str:
        size = self._user32.GetWindowTextLengthW(handle) + 1
        text = ctypes.create_unicode_buffer(size)
        self._user32.GetWindowTextW(handle, text, size)
        return text.value

    def _process(self, handle: int) -> int:
        number = wintypes.DWORD(0)
        self._user32.GetWindowThreadProcessId(handle, ctypes.byref(number))
        return number.value


def _program(process: int) -> str:
    try:
        return psutil.Process(process).name()
    except psutil.Error:
        return ""
