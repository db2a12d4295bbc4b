"""Cold start: from starting the process until Home of a project is painted with its content."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import orjson

from bench.comparing import Figure

AIM_MS = 1500


def measure_start(folder: Path, rounds: int) -> list[Figure]:
    """Start the window `rounds` times, each in a process of its own; one start before that warms the disk."""
    starts = [_start_once(folder) for _ in range(rounds + 1)][1:]
    best = min(starts, key=lambda start: start["content"])
    middle = statistics.median(start["content"] for start in starts)
    return [
        Figure("start: Python itself", best["python"], "ms"),
        Figure("start: imports", best["imported"] - best["python"], "ms"),
        Figure("start: window made and shown", best["shown"] - best["imported"], "ms"),
        Figure("start: project opened, content painted", best["content"] - best["shown"], "ms"),
        Figure(
            f"start until Home is there, best of {rounds}", best["content"], "ms", aim=AIM_MS, at_most=True
        ),
        Figure(f"start until Home is there, median of {rounds}", middle, "ms", aim=AIM_MS, at_most=True),
    ]


def _start_once(folder: Path) -> dict[str, float]:
    """Milliseconds since the process was started, at each of its stations."""
    begin = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "bench.window.started", str(folder)], stdout=subprocess.PIPE, check=True
    )
    stations: dict[str, float] = orjson.loads(ended.stdout.splitlines()[-1])
    return {name: 1000 * (moment - begin) for name, moment in stations.items()}
