"""``vpt-studio studio FOLDER``, with notes of when it reached what. Started by ``bench.window.start``.

Everything goes through the front door; only the window's class is replaced by one that watches itself.
"""

import time

STATIONS = {"python": time.monotonic()}

# The imports are what is measured, so they come after the clock.
# ruff: noqa: E402
import json
import sys
from typing import Any

import main
from ui import application

STATIONS["imported"] = time.monotonic()

from PySide6.QtCore import QTimer

from bench.window.gui_thread import PaintWatch
from ui.window import MainWindow

_QUIET_SECONDS = 0.3
_POLL_MS = 20


class WatchedWindow(MainWindow):
    """Notes its first picture and the one after which nothing more came; then closes."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._watch = PaintWatch(self, self._painted)
        self._polling = QTimer(self, interval=_POLL_MS)
        self._polling.timeout.connect(self._look)
        self._polling.start()

    def _painted(self, _begin: float, end: float) -> None:
        STATIONS.setdefault("shown", end)

    def _look(self) -> None:
        is_here = self.studio.session.project is not None and self.page == "home"
        is_quiet = time.monotonic() > self._watch.last + _QUIET_SECONDS
        if is_here and self.studio.background.is_idle and is_quiet:
            STATIONS["content"] = self._watch.last
            self._polling.stop()
            self.close_now()


vars(application)["MainWindow"] = WatchedWindow
try:
    main.cli(["studio", sys.argv[1]], standalone_mode=False)
finally:
    print(json.dumps(STATIONS))
