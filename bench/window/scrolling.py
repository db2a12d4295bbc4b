"""The Library of a large project: how soon it is there, and how long frames take while it is scrolled."""

from __future__ import annotations

import subprocess
import sys
import time

from PySide6.QtCore import QEvent

from bench.comparing import Figure
from bench.window.gui_thread import EventWatch, Heartbeat, PaintWatch, wait_seconds, wait_until
from ui.pages.library import LibraryPage
from ui.window import MainWindow

AIM_SHOWN_MS = 1000
AIM_FRAME_MS = 33
_QUIET_SECONDS = 0.2


def measure_library(window: MainWindow, count: int, seconds: float) -> list[Figure]:
    """Go to the Library of `count` recordings, then turn the mouse's wheel over it for `seconds`."""
    watch = PaintWatch(window)
    begin = time.monotonic()
    window.studio.go("library")
    page = window.current_page()
    assert isinstance(page, LibraryPage)
    there: list[float] = []

    def note(_begin: float, end: float) -> None:
        if page.table.model().rowCount() == count:
            there.append(end)

    watch.painted = note
    wait_until(lambda: bool(there), "the first screen of the Library")
    wait_until(
        lambda: window.studio.background.is_idle and time.monotonic() > watch.last + _QUIET_SECONDS,
        "the Library's thumbnails",
    )
    watch.stop()
    figures = [
        Figure("library: first screen", 1000 * (there[0] - begin), "ms", aim=AIM_SHOWN_MS, at_most=True),
        Figure("library: thumbnails of the first screen too", 1000 * (watch.last - begin), "ms"),
    ]
    return figures + _scroll(window, page, seconds)


def _scroll(window: MainWindow, page: LibraryPage, seconds: float) -> list[Figure]:
    frames: list[float] = []
    turned: list[float] = []
    paints: list[float] = []

    def painted(begin: float, end: float) -> None:
        paints.append(end - begin)
        if turned:
            frames.append(end - turned[0])
            turned.clear()

    wheel = EventWatch(page.table.viewport(), QEvent.Type.Wheel, turned.append)
    watch = PaintWatch(window, painted)
    middle = page.table.viewport().mapToGlobal(page.table.viewport().rect().center())
    place = [str(middle.x()), str(middle.y()), str(seconds)]
    turning = subprocess.Popen([sys.executable, "-m", "bench.window.wheel", *place])
    wait_until(lambda: bool(frames), "the first turn of the wheel")
    with Heartbeat() as heartbeat:
        wait_until(lambda: turning.poll() is not None, "the wheel", seconds + 30)
        wait_seconds(0.2)
    watch.stop()
    wheel.deleteLater()
    bar = page.table.verticalScrollBar()
    if turning.returncode or not frames:
        raise SystemExit("the wheel did not turn")
    ordered = sorted(frames)
    return [
        Figure("library: frames while scrolling", len(frames), "frames"),
        Figure("library: scrolled past", 100 * bar.value() / bar.maximum(), "% of rows"),
        Figure("library: median frame", 1000 * ordered[len(ordered) // 2], "ms"),
        Figure("library: 99 of 100 frames within", 1000 * ordered[len(ordered) * 99 // 100], "ms"),
        Figure("library: longest frame", 1000 * ordered[-1], "ms", aim=AIM_FRAME_MS, at_most=True),
        Figure("library: longest repainting alone", 1000 * max(paints), "ms"),
        Figure("library: longest block of the GUI thread", 1000 * max(heartbeat.gaps), "ms"),
    ]
