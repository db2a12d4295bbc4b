"""Drives one of the recorder's processes through its pipes, as a window does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]


class ProcessDriver:
    """A process that is told lines and says lines, and all that it said."""

    def __init__(self, folder: Path, *words: str, **environment: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, *words],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(os.environ, **environment),
        )
        self.said: list[dict[str, Any]] = []

    def do(self, command: str, **facts: Any) -> None:
        self.send({"do": command, **facts})

    def send(self, message: dict[str, Any]) -> None:
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        assert line, "the process ended"
        self.said.append(json.loads(line))
        return self.said[-1]

    def until(self, what: str, /, **facts: Any) -> dict[str, Any]:
        while True:
            told = self.read()
            if told["is"] == what and all(told.get(name) == value for name, value in facts.items()):
                return told

    def end(self) -> None:
        """Close its input, as a window that goes away does, and wait for its end."""
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.said += map(json.loads, self.process.stdout)
        self.process.stdout.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=60)
        self.said += map(json.loads, filter(lambda line: line.endswith(b"\n"), self.process.stdout))
        self.process.stdin.close()
        self.process.stdout.close()
