"""The X server's time as this program's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from Xlib import X, Xatom

_MS = 1_000_000
_WRAP = 2**32  # the server's milliseconds begin anew every 50 days
#: A server of this computer may read a clock that ticks this slowly.
_COARSE = 10 * _MS
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class XClock:
    """Makes nanoseconds of ``time.monotonic_ns()``'s clock out of the server's milliseconds.

    Attributes:
        offset: Nanoseconds to add; 0 where the server reads the same clock, as it does on the same Linux.
    """

    offset: int = 0

    def nanoseconds(self, server: int, now: int) -> int:
        """When something happened, to the millisecond below.

        Args:
            server: The server's time, modulo 2^32 ms.
            now: About now, within 24 days, on our clock.
        """
        near = (now - self.offset) // _MS
        ago = (near - server + _WRAP // 2) % _WRAP - _WRAP // 2
        return (near - ago) * _MS + self.offset


def compare_clocks(ask_server: Callable[[], int], ask_us: Callable[[], int] = time.monotonic_ns) -> XClock:
    """Find out how the server's clock and ours lie to each other.

    Args:
        ask_server: Asks the server for its time, in milliseconds modulo 2^32.
        ask_us: Our own clock.
    """
    samples = []
    for _ in range(_SAMPLES):
        before = ask_us()
        server = ask_server()
        after = ask_us()
        if before - _COARSE <= XClock().nanoseconds(server, after) <= after:
            return XClock()
        samples.append((after - before, (before + after) // 2 - server * _MS))
    return XClock(min(samples)[1])


def server_time(display: Any) -> int:
    """The X server's time in milliseconds, modulo 2^32; other events that wait are dropped."""
    window = display.screen().root.create_window(
        0, 0, 1, 1, 0, 0, X.InputOnly, event_mask=X.PropertyChangeMask
    )
    window.change_property(Xatom.WM_NAME, Xatom.STRING, 8, b"")
    while (event := display.next_event()).type != X.PropertyNotify:
        pass
    window.destroy()
    return int(event.time)
