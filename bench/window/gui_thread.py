"""Watches the GUI thread from inside: when it paints, how long a frame takes, how long it is blocked."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

_HEARTBEAT_MS = 5
_POLL_MS = 5
_TIMEOUT_SECONDS = 60.0


def wait_until(condition: Callable[[], bool], what: str, seconds: float = _TIMEOUT_SECONDS) -> None:
    """Run the event loop as the window does until `condition` holds.

    Raises:
        SystemExit: It did not come to hold within `seconds`; `what` says what was waited for.
    """
    loop, polling = QEventLoop(), QTimer(interval=_POLL_MS)
    give_up = time.monotonic() + seconds

    def look() -> None:
        if condition() or time.monotonic() > give_up:
            loop.quit()

    polling.timeout.connect(look)
    polling.start()
    loop.exec()
    polling.stop()
    if not condition():
        raise SystemExit(f"waited {seconds:.0f} s in vain for {what}")


def wait_seconds(seconds: float) -> None:
    """Run the event loop for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


class PaintWatch(QObject):
    """Tells of every time the window was painted, after the pixels were handed to the screen.

    Attributes:
        painted: Called with the times (``time.monotonic()``) at which painting began and ended.
        last: When painting ended last; 0.0 before the first time.
    """

    def __init__(self, window: QWidget, painted: Callable[[float, float], None] | None = None) -> None:
        super().__init__(window)
        self.painted = painted
        self.last = 0.0
        self._window = window
        window.installEventFilter(self)

    def stop(self) -> None:
        """Watch no longer."""
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the window carry out a request to paint, and note when it has."""
        if event.type() != QEvent.Type.UpdateRequest or watched is not self._window:
            return False
        begin = time.monotonic()
        self._window.event(event)
        self.last = time.monotonic()
        if self.painted is not None:
            self.painted(begin, self.last)
        return True


class EventWatch(QObject):
    """Calls `seen` with the time at which an event of one type reaches a widget."""

    def __init__(self, widget: QWidget, kind: QEvent.Type, seen: Callable[[float], None]) -> None:
        super().__init__(widget)
        self._kind, self._seen = kind, seen
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Note the event."""
        if event.type() == self._kind:
            self._seen(time.monotonic())
        return False


class Heartbeat:
    """A timer of 5 ms on the GUI thread; where a beat comes late, something blocked the thread.

    Attributes:
        gaps: Seconds between one beat and the next.
    """

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(interval=_HEARTBEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def __enter__(self) -> Heartbeat:
        self._last = time.monotonic()
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.monotonic()
        self.gaps.append(now - self._last)
        self._last = now
