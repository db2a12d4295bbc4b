"""When Python looks for garbage: in the GUI thread alone, and never for longer than a frame.

Left to itself Python does so in whichever thread happens to make the next object: a widget deleted by
another thread than its own can bring Qt down, and looking through all that was ever imported takes 60 to
80 ms (measured), in which nothing is painted.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer

_EACH_MS = 500
_THRESHOLDS = gc.get_threshold()


class GarbageCollection(QObject):
    """Takes Python's garbage collection over until :meth:`stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._modules = len(sys.modules)
        self._timer = QTimer(self, interval=_EACH_MS)
        self._timer.timeout.connect(self._look)
        gc.disable()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        if len(sys.modules) != self._modules:  # modules stay for good: no need to look through them again
            self._modules = len(sys.modules)
            gc.collect(1)
            gc.freeze()
        due = [count > limit for count, limit in zip(gc.get_count(), _THRESHOLDS, strict=True)]
        for generation in (2, 1, 0):
            if due[generation] and _THRESHOLDS[generation]:
                gc.collect(generation)
                return
