"""What the benchmarks share: recordings to work on, rounds that take turns, and a table of ratios."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from vpt_studio.actions import RawTicks
from vpt_studio.recordings.tick_writing import tick_lines
from vpt_studio.recordings.video_writer import VideoWriter

SHARED_RECORDINGS = Path("../shared/data/recordings/contractor")
_SYNTHETIC_FRAMES = 1200


@dataclass(frozen=True)
class Figure:
    """One line of a benchmark's table.

    Attributes:
        what: What was measured.
        value: How much of it, in `unit`.
        unit: Such as ``frames/s``.
        baseline: What `ratio` compares with, empty where it compares with nothing.
        ratio: The value over the baseline's; above 1 is faster.
        aim: What `ratio` is to reach (`value` where there is no baseline); None without an aim.
        at_most: The aim is a limit that is not to be passed, as for a time.
    """

    what: str
    value: float
    unit: str
    baseline: str = ""
    ratio: float | None = None
    aim: float | None = None
    at_most: bool = False

    @property
    def verdict(self) -> str:
        """Whether the aim was met, empty without one."""
        if self.aim is None:
            return ""
        reached = self.value if self.ratio is None else self.ratio
        met = reached <= self.aim if self.at_most else reached >= self.aim
        return f"aim {'at most ' if self.at_most else ''}{self.aim:,}: {'met' if met else 'MISSED'}"


def common_options(description: str | None) -> argparse.ArgumentParser:
    """The options that every one of these benchmarks takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        help=f"recordings to use (default: {SHARED_RECORDINGS}, or a synthetic one)",
    )
    parser.add_argument("--rounds", type=int, default=7, help="times that each way is measured")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


@contextmanager
def recordings_in(folder: Path | None) -> Iterator[list[Path]]:
    """The videos in `folder` or, without one, in the shared folder; a synthetic clip where neither is."""
    if folder is None and SHARED_RECORDINGS.is_dir():
        folder = SHARED_RECORDINGS
    if folder is not None:
        videos = [folder] if folder.is_file() else sorted(folder.glob("*.mp4"))
        if not videos:
            raise SystemExit(f"{folder}: there are no recordings (*.mp4)")
        yield videos
        return
    with tempfile.TemporaryDirectory() as place:
        yield [write_synthetic_recording(Path(place) / "synthetic.mp4")]


def write_synthetic_recording(video: Path) -> Path:
    """Write a minute of a textured plane that drifts, with tick lines beside it."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (160, 160, 3), np.uint8)
    plane = coarse.repeat(8, axis=0).repeat(8, axis=1)
    raw = RawTicks.empty(_SYNTHETIC_FRAMES)
    raw.motion[:] = np.rint(rng.normal(0, 4, raw.motion.shape).cumsum(axis=0).clip(-12, 12))
    raw.held[:] = rng.random(raw.held.shape) < 0.05
    place = np.zeros(2)
    with VideoWriter(video, 640, 360) as writer:
        for dx, dy in raw.motion:
            place += dx, dy
            x, y = (int(at) % room for at, room in zip(place, (640, 920), strict=True))
            writer.write(plane[y : y + 360, x : x + 640])
    video.with_suffix(".jsonl").write_bytes(b"".join(tick_lines(raw)))
    return video


def take_turns(
    ways: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Seconds of each way in each round. Ways take turns, so that a busy machine slows all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begin = clock()
            way()
            seconds[name].append(clock() - begin)
    return seconds


def median_ratio(baseline: list[float], measured: list[float]) -> float:
    """How many times as fast as the baseline: the median over rounds of the ratio within a round."""
    return statistics.median(slow / fast for slow, fast in zip(baseline, measured, strict=True))


def print_figures(title: str, figures: list[Figure], *, as_json: bool) -> None:
    """Print `figures` as a table, or as JSON."""
    if as_json:
        rows = [asdict(figure) | {"verdict": figure.verdict} for figure in figures]
        print(json.dumps({"title": title, "figures": rows}, indent=2))
        return
    print(title)
    width = max(len(figure.what) for figure in figures)
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:8.2f} x {figure.baseline}"
        line = f"  {figure.what:{width}}  {figure.value:12,.1f} {figure.unit:10} {ratio}"
        print(f"{line}  ({figure.verdict})" if figure.verdict else line.rstrip())
