"""Processes that work in turns: each measures its own time and memory, none beside another that works."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch

from bench.inference_ways import WAYS, Case, Result


@dataclass(frozen=True)
class Measured:
    """What one worker did.

    Attributes:
        seconds: Of each piece.
        ready_mb: Memory in use when it was ready for the first piece: weights and program.
        peak_mb: The most that it used, from its start to its end.
        result: What it computed.
    """

    seconds: list[float]
    ready_mb: float
    peak_mb: float
    result: Result


def in_turns(kind: str, case: Case, threads: int) -> Mapping[str, Measured]:
    """Let the ways of `kind` do the pieces of `case` in turns, each in a process of its own.

    Args:
        kind: Name in :data:`~bench.inference_ways.WAYS`.
        case: The pieces.
        threads: Threads that each may compute with.
    """
    spawning = multiprocessing.get_context("spawn")
    pipes: dict[str, Connection] = {}
    workers = []
    for way in WAYS[kind]:
        ours, theirs = spawning.Pipe()
        worker = spawning.Process(target=_work, args=(kind, way, case, threads, theirs), daemon=True)
        worker.start()
        theirs.close()
        pipes[way] = ours
        workers.append(worker)
        ours.recv()  # one after the other: both building weights at once would take more memory
    seconds: dict[str, list[float]] = {way: [] for way in pipes}
    for _ in range(case.rounds):
        for way, pipe in pipes.items():
            pipe.send("go")
            seconds[way].append(pipe.recv())
    ended: dict[str, Any] = {}
    for way, pipe in pipes.items():
        pipe.send("end")
        ended[way] = pipe.recv()
    for worker in workers:
        worker.join()
    return {way: Measured(seconds[way], *ended[way]) for way in pipes}


def _work(kind: str, way: str, case: Case, threads: int, pipe: Connection) -> None:
    torch.set_num_threads(threads)
    begun: float | None = None
    ready_mb = 0.0

    def report() -> None:
        """Say how long the piece took that has just ended (the first time: that all is ready), and wait."""
        nonlocal begun, ready_mb
        now = time.perf_counter()
        if begun is None:
            ready_mb = psutil.Process().memory_info().rss / 1e6
        pipe.send(0.0 if begun is None else now - begun)
        pipe.recv()
        begun = time.perf_counter()

    result = WAYS[kind][way](case, report)
    report()
    pipe.send((ready_mb, _peak_mb(), result))


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():  # what `getrusage` says on Linux starts from the parent's memory
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    bytes_each = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * bytes_each / 1e6


def largest_difference(measured: Mapping[str, Measured]) -> float:
    """Of any number that both ways computed."""
    ours, plain = measured["ours"].result, measured["plain"].result
    both = ~np.isnan(plain)
    assert both.any()
    return float(np.abs(ours[both] - plain[both]).max())
