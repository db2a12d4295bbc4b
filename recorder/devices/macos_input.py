"""Keyboards and mice of macOS through an event tap that only listens. Not yet tried on that system.

Motion comes after the system's acceleration, which is what games there get, too. A tap needs the permission
"Input Monitoring", and hears no keys while a password field has the keyboard.
"""

from __future__ import annotations

import ctypes
import importlib
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from recorder.devices.events import InputEvent
from recorder.devices.macos_reading import LISTENED, MacReading, TapEvent, event_time
from recorder.key_names import MACOS_NAMES
from vpt_studio.errors import StudioError

_PERMISSION = (
    "Open System Settings, Privacy & Security, allow VPT Studio (or the terminal that started it) Input"
    " Monitoring, and start it again"
)
_BUTTONS = 5
#: The system switches a tap off that was slow once, and when secure input begins.
_TAP_DISABLED = (0xFFFFFFFE, 0xFFFFFFFF)


class _Timebase(ctypes.Structure):
    _fields_ = (("numerator", ctypes.c_uint32), ("denominator", ctypes.c_uint32))


class MacInputSource:
    """See :class:`recorder.devices.source.InputSource`."""

    name = "event tap"
    untrusted = (
        "macOS tells how far the mouse moved only after its acceleration, and hearing it has not been proved"
        " exact yet"
    )

    def __init__(self) -> None:
        """Ask for the permission to listen.

        Raises:
            StudioError: It was not given, or pyobjc is missing.
        """
        try:
            self._quartz: Any = importlib.import_module("Quartz")
        except ImportError:
            raise StudioError(
                "hearing the keyboard and the mouse of macOS needs pyobjc",
                mend="pip install pyobjc-framework-Quartz",
            ) from None
        if not self._quartz.CGPreflightListenEventAccess():
            self._quartz.CGRequestListenEventAccess()
            raise StudioError("macOS does not let us hear the keyboard and the mouse", mend=_PERMISSION)
        base = _Timebase()
        ctypes.CDLL(None).mach_timebase_info(ctypes.byref(base))
        self._timebase = (base.numerator, base.denominator)
        self._thread: threading.Thread | None = None
        self._loop: Any = None

    def start(self, receive: Callable[[InputEvent], None]) -> None:
        """Hear from now on; once. `receive` is called in a thread of the source.

        Raises:
            StudioError: The permission was taken away.
        """
        ready: queue.Queue[Any] = queue.Queue()
        self._thread = threading.Thread(
            target=self._hear, args=(MacReading(self.held()), receive, ready), name="event-tap", daemon=True
        )
        self._thread.start()
        self._loop = ready.get()
        if self._loop is None:
            self._thread.join()
            self._thread = None
            raise StudioError("macOS does not let us hear the keyboard and the mouse", mend=_PERMISSION)

    def held(self) -> frozenset[str]:
        """Codes of the keys and buttons that are down now."""
        quartz = self._quartz
        state = quartz.kCGEventSourceStateCombinedSessionState
        keys = [name for code, name in MACOS_NAMES.items() if quartz.CGEventSourceKeyState(state, code)]
        buttons = [str(n) for n in range(_BUTTONS) if quartz.CGEventSourceButtonState(state, n)]
        return frozenset(keys + buttons)

    def pointer(self) -> tuple[int, int]:
        """Column and row of the pointer, in points of the whole desktop."""
        place = self._quartz.CGEventGetLocation(self._quartz.CGEventCreate(None))
        return int(place.x), int(place.y)

    def pointer_is_shown(self) -> bool | None:
        """Not known here."""
        return None

    def stop(self) -> None:
        """Hear no longer."""
        if self._thread is not None:
            self._quartz.CFRunLoopStop(self._loop)
            self._thread.join()
            self._thread = None

    def _hear(
        self, reading: MacReading, receive: Callable[[InputEvent], None], ready: queue.Queue[Any]
    ) -> None:
        quartz = self._quartz
        tap: Any = None

        def listen(_proxy: Any, kind: int, event: Any, _extra: Any) -> Any:
            now = time.monotonic_ns()
            if kind in _TAP_DISABLED:
                quartz.CGEventTapEnable(tap, True)
                return event
            at = event_time(quartz.CGEventGetTimestamp(event), now, *self._timebase)
            heard = reading.read(self._told(kind, event), at, now)
            if heard is not None:
                receive(heard)
            return event

        tap = quartz.CGEventTapCreate(
            quartz.kCGSessionEventTap,
            quartz.kCGHeadInsertEventTap,
            quartz.kCGEventTapOptionListenOnly,
            sum(1 << kind for kind in LISTENED),
            listen,
            None,
        )
        if tap is None:
            ready.put(None)
            return
        loop = quartz.CFRunLoopGetCurrent()
        feed = quartz.CFMachPortCreateRunLoopSource(None, tap, 0)
        quartz.CFRunLoopAddSource(loop, feed, quartz.kCFRunLoopCommonModes)
        quartz.CGEventTapEnable(tap, True)
        ready.put(loop)
        quartz.CFRunLoopRun()
        quartz.CGEventTapEnable(tap, False)
        quartz.CFMachPortInvalidate(tap)

    def _told(self, kind: int, event: Any) -> TapEvent:
        quartz = self._quartz

        def field(name: str) -> int:
            return int(quartz.CGEventGetIntegerValueField(event, getattr(quartz, name)))

        return TapEvent(
            kind,
            dx=field("kCGMouseEventDeltaX"),
            dy=field("kCGMouseEventDeltaY"),
            button=field("kCGMouseEventButtonNumber"),
            keycode=field("kCGKeyboardEventKeycode"),
            flags=int(quartz.CGEventGetFlags(event)),
            lines=field("kCGScrollWheelEventDeltaAxis1"),
            process=field("kCGEventSourceUnixProcessID"),
        )
