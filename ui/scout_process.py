"""The scout process as the window has it: it looks at the desktop before a recording, and stores nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from ui.recorder_process import RecorderProcess
from ui.shared_pictures import SharedPictures

_PATIENCE_MS = 3_000


class ScoutProcess(RecorderProcess):
    """One scout; ``recorder.scout.process`` tells what its messages hold.

    Signals:
        told: Something it said: ``windows``, ``watching``, ``look``, ``hotkey``, ``sync``, ``synced``; with
            the message. Of several looks that came at a time only the newest is told whole; the others are
            in its ``before``, oldest first.
    """

    told = Signal(str, object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        """`folder` is where takes would lie."""
        self._pictures = SharedPictures()
        words = ["--folder", str(folder), "--pictures", str(self._pictures.path)]
        super().__init__("recorder.scout.process", [*words, "--hide-process", str(os.getpid())], parent)

    def picture(self, number: int) -> QImage | None:
        """Picture `number` of the watched window; None where newer ones took its place."""
        if number:
            self._pictures.open()
        return self._pictures.picture(number)

    def hear(self, messages: list[dict[str, Any]]) -> None:
        """Tell the window."""
        looks: list[dict[str, Any]] = []
        for place, message in enumerate(messages):
            if message["is"] != "look":
                self.told.emit(message["is"], message)
                continue
            looks.append(message)
            if place + 1 == len(messages) or messages[place + 1]["is"] != "look":
                self.told.emit("look", {**message, "before": looks[:-1]})
                looks = []

    def end(self) -> None:
        """Let it end, and see that it does: a capture waits for its hotkeys."""
        super().end()
        QTimer.singleShot(_PATIENCE_MS, self, self.kill)

    def let_go(self) -> None:
        """Let go of the pictures."""
        self._pictures.close()
