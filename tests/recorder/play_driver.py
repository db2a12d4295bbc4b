"""Drives a real play process through its pipes, as the window does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from recorder.play_pictures import PictureBoard
from recorder.play_schedule import TICK_SECONDS

_ROOT = Path(__file__).resolve().parents[2]


class PlayDriver:
    """A play process, and all that it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        pictures = folder / "pictures"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "recorder.play", "--pictures", str(pictures)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(os.environ, NUMBA_NUM_THREADS="1"),
        )
        self.said: list[dict[str, Any]] = []
        self._pictures = pictures

    @property
    def board(self) -> PictureBoard:
        return PictureBoard(self._pictures)

    def do(self, command: str, **facts: Any) -> None:
        self._send({"do": command, **facts})

    def give(self, at: float, **event: Any) -> None:
        self._send({"at": at, **event})

    def read(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        assert line, "the play process ended"
        self.said.append(json.loads(line))
        return self.said[-1]

    def until(self, what: str, **facts: Any) -> dict[str, Any]:
        while True:
            told = self.read()
            if told["is"] == what and all(told.get(name) == value for name, value in facts.items()):
                return told

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

    def end(self) -> None:
        """Close its input, as a window that goes away does, and wait for its end."""
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=60)
        self.process.stdin.close()
        self.process.stdout.close()

    def _send(self, message: dict[str, Any]) -> None:
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()
