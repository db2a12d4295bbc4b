"""Drives a real play process through its pipes, as the window does."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from process_driver import ProcessDriver

from recorder.pictures import PictureBoard
from recorder.play.schedule import TICK_SECONDS


class PlayDriver(ProcessDriver):
    """A play process, and all that it said."""

    def __init__(self, folder: Path) -> None:
        self._pictures = folder / "pictures"
        words = ["-m", "recorder.play", "--pictures", str(self._pictures)]
        super().__init__(folder, *words, NUMBA_NUM_THREADS="1")

    @property
    def board(self) -> PictureBoard:
        return PictureBoard(self._pictures)

    def give(self, at: float, **event: Any) -> None:
        self.send({"at": at, **event})

    def ticks(self, count: int) -> list[dict[str, Any]]:
        return [self.until("tick") for _ in range(count)]

    def begin(self, seed: int = 4, *, record: str = "") -> None:
        """Enter a world, and record there from the first tick on where `record` names a take."""
        self.do("reset", preset="brisk", seed=seed)
        self.until("ready")
        if record:
            self.do("record", folder=str(self.folder), name=record, sidecar={"person": "amber"})
            self.until("recording")
        self.do("resume")

    def after(self, ticks: float) -> float:
        """A moment so many ticks from now."""
        return time.monotonic() + ticks * TICK_SECONDS
