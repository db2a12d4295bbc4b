"""Drives a real capture process through its pipes, as a window does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]


class CaptureDriver:
    """A capture process, and all that it said."""

    def __init__(self, folder: Path, display: str, *words: str, title: str = "game") -> None:
        arguments = ["--folder", str(folder), "--name", "take", "--consent", "1", "--title", title]
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "recorder", *arguments, *words],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(os.environ, DISPLAY=display),
        )
        self.said: list[dict[str, Any]] = []

    def do(self, command: str, **facts: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": command, **facts}).encode() + b"\n")
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the capture ended"
        self.said.append(json.loads(line))
        return self.said[-1]

    def until(self, what: str, **facts: Any) -> dict[str, Any]:
        while True:
            told = self.read()
            if told["is"] == what and all(told.get(name) == value for name, value in facts.items()):
                return told

    def ticks(self, more: int) -> int:
        """Wait until so many more ticks are written; how many there are."""
        wanted = self.until("status")["ticks"] + more
        while (now := self.until("status")["ticks"]) < wanted:
            pass
        return now

    def stop(self) -> Path:
        """Stop; the take's video."""
        self.do("stop")
        video = Path(self.until("taken")["video"])
        self.end()
        return video

    def end(self) -> None:
        """Close its input and wait for its end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.said += map(json.loads, self.process.stdout)
        self.process.stdout.close()

    def kill(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.kill()
        self.process.wait(timeout=60)
        self.said += map(json.loads, filter(lambda line: line.endswith(b"\n"), self.process.stdout))
        self.process.stdin.close()
        self.process.stdout.close()
