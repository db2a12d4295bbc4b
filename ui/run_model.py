"""What the run page shows of one run, read piece by piece, without Qt."""

from __future__ import annotations

import contextlib
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.configs import read_settings
from training.runs import (
    RunPlaces,
    RunSummary,
    list_runs,
    present_metrics,
    read_log,
    read_metrics,
    summarise_run,
)
from vpt_studio.errors import StudioError

LOG_LINES = 5000
_LARGEST_POWER = 60  # of ten, by which a value is weighed within one sum
_LOG_LINE = re.compile(r"^(\S+Z) (DEBUG|INFO|WARNING|ERROR|CRITICAL) ([\w.]+): (.*)$")


@dataclass(frozen=True)
class Series:
    """One measurement over a run.

    Attributes:
        steps: int64 [n], rising.
        minutes: float64 [n], minutes since the run's first measurement.
        values: float64 [n]; not-a-number where it was not finite.
    """

    steps: npt.NDArray[np.int64]
    minutes: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]


@dataclass(frozen=True)
class LogLine:
    """One line of a log; ``at`` and ``level`` are empty for lines that follow another's."""

    at: str
    level: str
    text: str


@dataclass(frozen=True)
class SavedModel:
    """A checkpoint, or a model that a run has written out.

    Attributes:
        path: Its file or folder.
        kind: ``model`` (to predict with) or ``checkpoint`` (to resume from).
        step: The training step it was saved at; None where the name does not say.
        size: Bytes.
        saved: When, local time.
    """

    path: Path
    kind: str
    step: int | None
    size: int
    saved: datetime


@dataclass(frozen=True)
class RunLook:
    """A run as it was at one moment.

    Attributes:
        summary: Its row.
        series: Measurements by name.
        new_lines: Log lines since the last look; all there are (at most ``LOG_LINES``) at the first.
        log_restarted: The log began anew; what was shown before is gone.
        config: Settings by dotted key; empty where they cannot be read.
        config_text: The settings as they stand in the file, or why they cannot be read.
        forebear: Name of the run of the same stage made before it; empty for the first.
        changes: Settings that differ from the forebear's: key, then, now.
        saved: What was saved, newest first.
    """

    summary: RunSummary
    series: dict[str, Series] = field(default_factory=dict)
    new_lines: list[LogLine] = field(default_factory=list)
    log_restarted: bool = False
    config: dict[str, Any] = field(default_factory=dict)
    config_text: str = ""
    forebear: str = ""
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    saved: list[SavedModel] = field(default_factory=list)


class RunReader:
    """Reads one run again and again, only what is new; used by one thread at a time."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir
        self._rows: list[dict[str, Any]] = []
        self._metrics_offset = 0
        self._log_offset = 0
        self._series: dict[str, Series] = {}
        self._config: tuple[dict[str, Any], str] | None = None
        self._forebear: tuple[str, list[tuple[str, Any, Any]]] | None = None

    def look(self) -> RunLook:
        """The run now.

        Raises:
            StudioError: Its measurements or its log cannot be read.
        """
        self._read_metrics()
        first = self._log_offset == 0
        log = read_log(self.run_dir, self._log_offset)
        self._log_offset = log.offset
        lines = [parse_log_line(line) for line in log.text.splitlines()]
        config, config_text = self._settings()
        forebear, changes = self._compared(config)
        return RunLook(
            summary=summarise_run(self.run_dir),
            series=self._series,
            new_lines=lines[-LOG_LINES:],
            log_restarted=log.restarted and not first,
            config=config,
            config_text=config_text,
            forebear=forebear,
            changes=changes,
            saved=saved_models(self.run_dir),
        )

    def _read_metrics(self) -> None:
        read = read_metrics(self.run_dir, self._metrics_offset)
        self._metrics_offset = read.offset
        if read.restarted:
            self._rows = []
        if read.rows or read.restarted:
            self._rows = present_metrics([*self._rows, *read.rows])
            self._series = series_of(self._rows)

    def _settings(self) -> tuple[dict[str, Any], str]:
        if self._config is None:
            path = RunPlaces(self.run_dir).config
            try:
                self._config = flattened(read_settings(path)), path.read_text("utf-8")
            except (StudioError, OSError) as error:
                return {}, str(error)
        return self._config

    def _compared(self, config: dict[str, Any]) -> tuple[str, list[tuple[str, Any, Any]]]:
        if self._forebear is None:
            self._forebear = compared_with_forebear(self.run_dir, config)
        return self._forebear


def series_of(rows: Sequence[dict[str, Any]]) -> dict[str, Series]:
    """Measurements by name, out of the rows of ``metrics.jsonl``."""
    if not rows:
        return {}
    began = float(rows[0]["time"])
    found: dict[str, list[tuple[int, float, float]]] = {}
    for row in rows:
        at = (int(row["step"]), (float(row["time"]) - began) / 60)
        for name, value in row.items():
            if "/" in name:
                found.setdefault(name, []).append((*at, float(value)))
    made = {}
    for name, points in found.items():
        table = np.array(points, np.float64)
        made[name] = Series(table[:, 0].astype(np.int64), table[:, 1], table[:, 2])
    return made


def smoothed(values: npt.NDArray[np.float64], strength: float) -> npt.NDArray[np.float64]:
    """An exponential running average without the pull towards its beginning (as Adam's moments are mended).

    Args:
        values: float64 [n]; those that are not finite are passed over.
        strength: 0 (as it is) to below 1.

    Returns:
        float64 [n].
    """
    if strength <= 0:
        return values
    values = np.asarray(values)
    is_finite = np.isfinite(values)
    averages = _running_averages(values[is_finite], strength)
    newest = np.cumsum(is_finite) - 1  # which average stands at each place; -1 before the first
    return np.concatenate([averages, [np.nan]])[newest]


def _running_averages(values: npt.NDArray[np.float64], strength: float) -> npt.NDArray[np.float64]:
    """The mended averages of values that are all finite.

    An average is a sum over all values before it, each weighed by a power of `strength`. Sums are cumulative
    within stretches so short that those powers stay numbers; what a stretch ends with is carried to the next.
    """
    count = len(values)
    length = max(1, min(count, int(_LARGEST_POWER / -math.log10(strength))))
    stretches = np.zeros((-(-count // length), length))
    stretches.reshape(-1)[:count] = (1 - strength) * values
    fading = strength ** np.arange(1, length + 1, dtype=np.float64)
    within = np.cumsum(stretches / fading, axis=1) * fading
    carried, carries = 0.0, np.empty(len(stretches))
    for place, last in enumerate(within[:, -1].tolist()):
        carries[place] = carried
        carried = carried * float(fading[-1]) + last
    averages = (within + carries[:, None] * fading).reshape(-1)[:count]
    weights = -np.expm1(np.arange(1, count + 1) * math.log(strength))
    mended: npt.NDArray[np.float64] = averages / weights
    return mended


def parse_log_line(line: str) -> LogLine:
    """A line of ``log.txt``, its time in local time."""
    match = _LOG_LINE.match(line)
    if match is None:
        return LogLine("", "", line)
    at = datetime.strptime(match[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).astimezone()
    return LogLine(f"{at:%H:%M:%S}", match[2], match[4])


def flattened(tree: dict[str, Any], above: str = "") -> dict[str, Any]:
    """A tree of settings as dotted keys."""
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict) and value:
            flat |= flattened(value, f"{above}{name}.")
        else:
            flat[f"{above}{name}"] = value
    return flat


def compared_with_forebear(run_dir: Path, config: dict[str, Any]) -> tuple[str, list[tuple[str, Any, Any]]]:
    """The run of the same stage made before this one, and what was set differently there."""
    runs = list_runs(run_dir.parent)
    this = next((run for run in runs if run.id == run_dir.name), None)
    if this is None or this.created is None:
        return "", []
    made = this.created
    before = next(
        (run for run in runs if run.stage == this.stage and run.created is not None and run.created < made),
        None,
    )
    if before is None:
        return "", []
    try:
        old = flattened(read_settings(RunPlaces(before.path).config))
    except StudioError:
        return "", []
    keys = dict.fromkeys(itertools.chain(config, old))
    changes = [(key, old.get(key), config.get(key)) for key in keys if old.get(key) != config.get(key)]
    return before.name or before.id, changes


def saved_models(run_dir: Path) -> list[SavedModel]:
    """What the run has saved, newest first, models before checkpoints of the same step."""
    places = RunPlaces(run_dir)
    found = []
    for folder, kind in ((places.artifacts, "model"), (places.checkpoints, "checkpoint")):
        for path in folder.iterdir() if folder.is_dir() else ():
            if not path.name.startswith("."):
                with contextlib.suppress(FileNotFoundError):  # the run has just replaced it by a later one
                    found.append(_saved(path, kind))
    return sorted(found, key=lambda saved: (saved.saved, saved.kind), reverse=True)


def _saved(path: Path, kind: str) -> SavedModel:
    files = [path] if path.is_file() else [part for part in path.rglob("*") if part.is_file()]
    digits = re.search(r"step-(\d+)", path.name)
    return SavedModel(
        path=path,
        kind=kind,
        step=int(digits[1]) if digits else None,
        size=sum(part.stat().st_size for part in files),
        saved=datetime.fromtimestamp(path.stat().st_mtime).astimezone(),
    )
