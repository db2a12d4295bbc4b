"""Keyboards and mice of an X server, through raw events of XInput 2.2.

They are exact: every count of the mouse, whatever the game does with the pointer, and at screen edges.
Two things X does not tell. Programs may place the pointer through XTEST's absolute motion (``xdotool
mousemove``); that looks like a motion by so many counts, and is known by `is_injected` only. And programs
that speak through the kernel (uinput) look like a device.
"""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from Xlib import X, error

from recorder.devices.events import InputEvent
from recorder.devices.x_cursor import XCursor
from recorder.devices.x_reading import XReading
from recorder.devices.x_time import compare_clocks, server_time
from recorder.x11.display import close_x_display, connection_lost, open_x_display
from recorder.x11.keys import XKeys, button_code
from recorder.x11.protocol import (
    devices,
    query_pointer,
    select_raw_input,
    understands_raw_input,
)
from vpt_studio.errors import StudioError

_OTHER_CLOCK = (
    "the X server runs on another computer, or keeps another clock: what was done may lie in the tick beside"
    " its own"
)
_T = TypeVar("_T")


def server_tells_raw_input() -> bool:
    """Whether the X server of this desktop is new enough for :class:`XInputSource`.

    Raises:
        StudioError: There is no X server, or only the one of a Wayland desktop.
    """
    display = open_x_display()
    try:
        return understands_raw_input(display)
    finally:
        display.close()


class XInputSource:
    """See :class:`recorder.devices.source.InputSource`."""

    name = "XInput 2.2"

    def __init__(self) -> None:
        """Connect, without hearing yet.

        Raises:
            StudioError: There is no X server, only the one of a Wayland desktop, or it is too old.
        """
        # One connection for the thread that hears, one for whoever asks.
        self._hearing = _open()
        self._asking = _open()
        self._asked = threading.Lock()
        self._keys, self._cursor = XKeys(self._asking), XCursor(self._asking)
        self._pointer = next(found.id for found in devices(self._asking).values() if found.is_master_pointer)
        self._clock = compare_clocks(lambda: server_time(self._hearing))
        self._reading: XReading | None = None
        self._wake, self._woken = socket.socketpair()
        self._thread: threading.Thread | None = None
        self._is_open = True

    @property
    def untrusted(self) -> str:
        """Why camera labels are not exact; "" where they are. Tablets are known when they first move."""
        if self._clock.offset:
            return _OTHER_CLOCK
        return "" if self._reading is None else self._reading.untrusted

    def start(self, receive: Callable[[InputEvent], None]) -> None:
        """Hear from now on; once. `receive` is called in a thread of the source."""
        select_raw_input(self._hearing)
        # What is held is asked for after events were selected: what is pressed in between comes twice, and
        # says nothing new the second time.
        self._reading = XReading(self._hearing, self._clock, self.held())
        self._thread = threading.Thread(
            target=self._hear, args=(self._reading, receive), name="x-input", daemon=True
        )
        self._thread.start()

    def held(self) -> frozenset[str]:
        """Codes of the keys and buttons that are down now, as the server has them."""

        def ask() -> frozenset[str]:
            down = self._asking.query_keymap()
            keys = (code for code in range(8 * len(down)) if down[code // 8] >> code % 8 & 1)
            _, buttons = query_pointer(self._asking, self._pointer)
            codes = [self._keys.key(keycode) for keycode in keys]
            return frozenset(codes + [code for number in buttons if (code := button_code(number))])

        return self._ask(ask)

    def pointer(self) -> tuple[int, int]:
        """Column and row of the pointer, in pixels of the whole desktop."""
        return self._ask(lambda: query_pointer(self._asking, self._pointer)[0])

    def pointer_is_shown(self) -> bool | None:
        """Whether the pointer is to be seen, as of the last :meth:`pointer`; None where X does not tell."""
        return self._ask(self._cursor.is_shown)

    def stop(self) -> None:
        """Hear no longer."""
        if not self._is_open:
            return
        self._is_open = False
        self._wake.send(b"\0")
        if self._thread is not None:
            self._thread.join()
        for display in (self._hearing, self._asking):
            close_x_display(display)
        for end in (self._wake, self._woken):
            end.close()

    def _ask(self, question: Callable[[], _T]) -> _T:
        with self._asked:
            try:
                while self._asking.pending_events():
                    event = self._asking.next_event()
                    if event.type == X.MappingNotify:
                        self._keys.mapping_changed(event)
                    else:
                        self._cursor.notice(event)
                answer = question()
            except error.ConnectionClosedError:
                raise connection_lost(self._asking.get_display_name()) from None
        if self._thread is not None and not self._thread.is_alive():
            # Whoever goes on asking would record pictures without what was done.
            raise StudioError(
                "the keyboard and the mouse are not heard any more", mend="Start recording again"
            )
        return answer

    def _hear(self, reading: XReading, receive: Callable[[InputEvent], None]) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self._hearing, selectors.EVENT_READ)
            ready.register(self._woken, selectors.EVENT_READ)
            try:
                while self._is_open:
                    waiting = self._hearing.pending_events()
                    for _ in range(waiting):
                        event = reading.read(self._hearing.next_event())
                        if event is not None:
                            receive(event)
                    if not waiting:
                        ready.select()
            except error.ConnectionClosedError:
                # Whoever asks the source next is told, in words.
                return


def _open() -> Any:
    display = open_x_display()
    if understands_raw_input(display):
        return display
    display.close()
    raise StudioError(
        "the X server is too old: it does not tell how far the mouse moved",
        where=display.get_display_name(),
        mend="Use one that speaks XInput 2.2, as all since 2012 do",
    )
