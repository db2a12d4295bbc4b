"""Keyboards and mice of Windows through Raw Input, also while another program is in front.

Not yet tried on that system. Windows tells no program what is done in one that runs as administrator, unless
it runs as one too. Times are those of reading: Windows has none of its own that are better than 16 ms.
"""

from __future__ import annotations

import ctypes
import queue
import sys
import threading
import time
from collections.abc import Callable
from ctypes import wintypes

from recorder.devices.events import InputEvent
from recorder.devices.windows_reading import Screens, WindowsReading, message_time
from recorder.key_names import SCAN_CODE_NAMES
from vpt_studio.errors import StudioError

assert sys.platform == "win32"  # also tells the type checker where the rest is meant for

_WM_INPUT, _WM_QUIT = 0x00FF, 0x0012
_RID_INPUT = 0x10000003
_RIDEV_INPUTSINK = 0x00000100
_GENERIC_DESKTOP, _MOUSE, _KEYBOARD = 1, 2, 6
_HWND_MESSAGE = -3
_MAPVK_VSC_TO_VK_EX = 3
_SM_CXSCREEN, _SM_CYSCREEN, _SM_SWAPBUTTON, _SM_CXVIRTUALSCREEN, _SM_CYVIRTUALSCREEN = 0, 1, 23, 78, 79
_BUTTON_KEYS = {"0": 0x01, "1": 0x02, "2": 0x04, "3": 0x05, "4": 0x06}
_SWAPPED_BUTTON_KEYS = {**_BUTTON_KEYS, "0": 0x02, "1": 0x01}
_BUFFER = 1024
_SHOWING = 1

_UNTRIED = "hearing the mouse of Windows has not been proved exact yet"


class _RawInputDevice(ctypes.Structure):
    _fields_ = (
        ("page", wintypes.USHORT),
        ("usage", wintypes.USHORT),
        ("flags", wintypes.DWORD),
        ("target", wintypes.HWND),
    )


class _CursorInfo(ctypes.Structure):
    _fields_ = (
        ("size", wintypes.DWORD),
        ("flags", wintypes.DWORD),
        ("cursor", wintypes.HANDLE),
        ("place", wintypes.POINT),
    )


def _user32() -> ctypes.WinDLL:
    library = ctypes.WinDLL("user32", use_last_error=True)
    library.CreateWindowExW.restype = wintypes.HWND
    library.CreateWindowExW.argtypes = (
        wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD,
        ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int,
        wintypes.HWND, wintypes.HMENU, wintypes.HINSTANCE, wintypes.LPVOID,
    )  # fmt: skip
    library.DestroyWindow.argtypes = (wintypes.HWND,)
    library.RegisterRawInputDevices.argtypes = (
        ctypes.POINTER(_RawInputDevice), wintypes.UINT, wintypes.UINT
    )  # fmt: skip
    library.GetRawInputData.restype = wintypes.UINT
    library.GetRawInputData.argtypes = (
        wintypes.HANDLE, wintypes.UINT, wintypes.LPVOID, ctypes.POINTER(wintypes.UINT), wintypes.UINT
    )  # fmt: skip
    library.GetMessageW.argtypes = (
        ctypes.POINTER(wintypes.MSG), wintypes.HWND, wintypes.UINT, wintypes.UINT
    )  # fmt: skip
    library.DefWindowProcW.restype = wintypes.LPARAM
    library.DefWindowProcW.argtypes = (wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
    library.GetMessageTime.restype = wintypes.LONG
    library.GetAsyncKeyState.restype = wintypes.SHORT
    return library


class WindowsInputSource:
    """See :class:`recorder.devices.source.InputSource`."""

    name = "Raw Input"

    def __init__(self) -> None:
        self._user32 = _user32()
        self._tick_count = ctypes.WinDLL("kernel32").GetTickCount
        self._tick_count.restype = wintypes.DWORD
        metric = self._user32.GetSystemMetrics
        self._is_swapped = bool(metric(_SM_SWAPBUTTON))
        self._screens = Screens(
            (metric(_SM_CXSCREEN), metric(_SM_CYSCREEN)),
            (metric(_SM_CXVIRTUALSCREEN), metric(_SM_CYVIRTUALSCREEN)),
        )
        self._virtual_keys = {
            name: virtual
            for number, name in SCAN_CODE_NAMES.items()
            if (virtual := self._user32.MapVirtualKeyW(_prefixed(number), _MAPVK_VSC_TO_VK_EX))
        }
        self._reading: WindowsReading | None = None
        self._thread: threading.Thread | None = None

    @property
    def untrusted(self) -> str:
        """Why camera labels are not exact."""
        return (self._reading.untrusted if self._reading is not None else "") or _UNTRIED

    def start(self, receive: Callable[[InputEvent], None]) -> None:
        """Hear from now on; once. `receive` is called in a thread of the source.

        Raises:
            StudioError: Windows does not let us.
        """
        self._reading = WindowsReading(
            self.held(),
            self._screens,
            is_swapped=self._is_swapped,
            pointer_size=ctypes.sizeof(ctypes.c_void_p),
        )
        ready: queue.Queue[int] = queue.Queue()
        self._thread = threading.Thread(
            target=self._hear, args=(self._reading, receive, ready), name="raw-input", daemon=True
        )
        self._thread.start()
        if failure := ready.get():
            self._thread.join()
            self._thread = None
            raise StudioError(
                f"Windows does not let us hear keyboard and mouse ({ctypes.FormatError(failure).strip()})",
                mend="Start VPT Studio again; a program that guards games may forbid it",
            )

    def held(self) -> frozenset[str]:
        """Codes of the keys and buttons that are down now."""
        buttons = _SWAPPED_BUTTON_KEYS if self._is_swapped else _BUTTON_KEYS
        keys = {**self._virtual_keys, **buttons}
        return frozenset(code for code, key in keys.items() if self._user32.GetAsyncKeyState(key) < 0)

    def pointer(self) -> tuple[int, int]:
        """Column and row of the pointer, in pixels of the whole desktop."""
        place = wintypes.POINT()
        self._user32.GetCursorPos(ctypes.byref(place))
        return place.x, place.y

    def pointer_is_shown(self) -> bool | None:
        """Whether the pointer is to be seen; None where Windows does not say."""
        told = _CursorInfo(size=ctypes.sizeof(_CursorInfo))
        return bool(told.flags & _SHOWING) if self._user32.GetCursorInfo(ctypes.byref(told)) else None

    def stop(self) -> None:
        """Hear no longer."""
        if self._thread is not None:
            self._user32.PostThreadMessageW(self._thread.native_id, _WM_QUIT, 0, 0)
            self._thread.join()
            self._thread = None

    def _hear(
        self, reading: WindowsReading, receive: Callable[[InputEvent], None], ready: queue.Queue[int]
    ) -> None:
        # Messages come to the thread that made the window, which is none to be seen.
        window = self._user32.CreateWindowExW(
            0, "STATIC", None, 0, 0, 0, 0, 0, _HWND_MESSAGE, None, None, None
        )
        wanted = (_RawInputDevice * 2)(
            _RawInputDevice(_GENERIC_DESKTOP, _MOUSE, _RIDEV_INPUTSINK, window),
            _RawInputDevice(_GENERIC_DESKTOP, _KEYBOARD, _RIDEV_INPUTSINK, window),
        )
        size = ctypes.sizeof(_RawInputDevice)
        if not window or not self._user32.RegisterRawInputDevices(wanted, len(wanted), size):
            ready.put(ctypes.get_last_error() or -1)
            return
        ready.put(0)
        message = wintypes.MSG()
        while self._user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message == _WM_INPUT:
                now = time.monotonic_ns()
                at = message_time(now, self._tick_count(), self._user32.GetMessageTime())
                for event in reading.read(self._raw_input(message.lParam), at, now):
                    receive(event)
            self._user32.DefWindowProcW(message.hWnd, message.message, message.wParam, message.lParam)
        self._user32.DestroyWindow(window)

    def _raw_input(self, handle: int) -> bytes:
        buffer = ctypes.create_string_buffer(_BUFFER)
        size = wintypes.UINT(_BUFFER)
        head = 8 + 2 * ctypes.sizeof(ctypes.c_void_p)
        self._user32.GetRawInputData(handle, _RID_INPUT, buffer, ctypes.byref(size), head)
        return buffer.raw


def _prefixed(number: int) -> int:
    """A scan code of ours as Windows writes those with the prefix E0."""
    return 0xE000 | number & 0xFF if number & 0x100 else number
