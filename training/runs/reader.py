"""Reading runs from outside: their true state, their list, and what they have written since the last look."""

from __future__ import annotations

import dataclasses
import math
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import psutil

from training.runs.record import (
    BestMetric,
    Cause,
    CauseKind,
    LeftOut,
    RunPlaces,
    RunRecord,
    WorkerProcess,
    load_record,
)
from training.runs.states import RESUMABLE, RunState
from training.runs.storage import read_last_lines, read_lines
from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

HEARTBEAT_STALE_SECONDS = 60.0
START_TIME_TOLERANCE_SECONDS = 2.0  # systems derive it from the boot time, which moves when the clock is set
LOW_MEMORY_SHARE = 0.03
CRASH_MARKS = ("Fatal Python error:", "Windows fatal exception:")  # how faulthandler begins


def read_run(run_dir: Path) -> RunRecord:
    """The run's record, with ``lost`` and its cause in place of a living state whose process is gone.

    Raises:
        StudioError: The record is missing, damaged or of a later format.
    """
    record = load_record(run_dir)
    if not record.has_worker or is_alive(run_dir, record):
        return record
    # The worker may have written its end and left between our two looks.
    record = load_record(run_dir)
    if not record.has_worker or is_alive(run_dir, record):
        return record
    return as_lost(run_dir, record)


def as_lost(run_dir: Path, record: RunRecord) -> RunRecord:
    """The record of a run whose process is gone: ``lost``, with its cause, since its last sign of life."""
    lost = record.moved(RunState.LOST, cause=cause_of_loss(run_dir, record))
    return dataclasses.replace(lost, updated=record.updated, ended=last_sign_of_life(run_dir, record))


def is_alive(run_dir: Path, record: RunRecord) -> bool:
    """Whether the process that the record names still lives.

    On this machine the process itself is asked; its start time tells it from a later one with the same id. Of
    another machine only the heartbeat can tell, so that a loss there shows after ``HEARTBEAT_STALE_SECONDS``.
    """
    worker = record.worker
    if worker is None:
        return False
    if worker.host != socket.gethostname():
        return _has_fresh_heartbeat(run_dir, record)
    process = worker_process(worker)
    if process is not None:
        return True
    # Where the clock was set since, start times disagree about the same process; its heartbeat does not.
    return (
        psutil.pid_exists(worker.pid) and not _is_zombie(worker.pid) and _has_fresh_heartbeat(run_dir, record)
    )


def worker_process(worker: WorkerProcess) -> psutil.Process | None:
    """The living process on this machine that ``worker`` names, told from others by its start time."""
    try:
        process = psutil.Process(worker.pid)
        same = abs(process.create_time() - worker.started) <= START_TIME_TOLERANCE_SECONDS
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _has_fresh_heartbeat(run_dir: Path, record: RunRecord) -> bool:
    age = datetime.now(UTC) - last_sign_of_life(run_dir, record)
    return age.total_seconds() < HEARTBEAT_STALE_SECONDS


def last_sign_of_life(run_dir: Path, record: RunRecord) -> datetime:
    """When the worker was last known to live: its heartbeat or its last record, whichever is later."""
    try:
        beat = datetime.fromtimestamp(RunPlaces(run_dir).heartbeat.stat().st_mtime, UTC)
    except FileNotFoundError:
        return record.updated
    return max(beat, record.updated)


def cause_of_loss(run_dir: Path, record: RunRecord) -> Cause:
    """Why the process of a living state may be gone, from the traces it left: log, heartbeat, time."""
    worker = record.worker
    process = "the process" if worker is None else f"process {worker.pid} on {worker.host}"
    seen = last_sign_of_life(run_dir, record).astimezone()
    at = f"last sign of life {seen:%Y-%m-%d %H:%M:%S} at step {record.step:,}"
    resume = "Resume it: it continues from its last checkpoint"
    if worker is not None and worker.host != socket.gethostname():
        return Cause(
            kind=CauseKind.VANISHED,
            sentence=f"{process} has been silent for more than {HEARTBEAT_STALE_SECONDS:.0f} seconds, {at}",
            remedy=f"See whether {worker.host} is up and reachable; resume if the process is gone there",
        )
    crash = _crash_told_by(read_last_lines(RunPlaces(run_dir).log, 200))
    if crash is not None:
        return Cause(
            kind=CauseKind.CRASHED,
            sentence=f"{process} crashed ({crash}), {at}",
            remedy="Read the end of the log for where it was; resuming continues from the last checkpoint",
        )
    free = _memory_free_at_last_heartbeat(run_dir)
    if free is not None and free[0] < LOW_MEMORY_SHARE * free[1]:
        return Cause(
            kind=CauseKind.OUT_OF_MEMORY,
            sentence=f"{process} was killed, probably for lack of memory ({free[0] >> 20:,} MB free), {at}",
            remedy="Take smaller batches or a smaller cache, or close other programs, then resume",
        )
    return Cause(
        kind=CauseKind.KILLED,
        sentence=f"{process} was killed or the machine went down, {at}",
        remedy=resume,
    )


def _crash_told_by(lines: Sequence[str]) -> str | None:
    for line in reversed(lines):
        if "attempt" in line and "took up the run" in line:
            return None  # what stands above belongs to an earlier attempt
        for mark in CRASH_MARKS:
            if line.startswith(mark):
                return line.removeprefix(mark).strip()
    return None


def _memory_free_at_last_heartbeat(run_dir: Path) -> tuple[int, int] | None:
    try:
        beat = orjson.loads(RunPlaces(run_dir).heartbeat.read_bytes())
        return int(beat["memory_free"]), int(beat["memory_total"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One row of a list of runs. Times are UTC.

    Attributes:
        path: The run's folder.
        id: The folder's name.
        problem: Why the run cannot be read; then all that follows is empty.
        name: What a person calls it.
        stage: What it carries out.
        state: What it is doing, ``lost`` computed.
        created: When it was made.
        started: When its present attempt began.
        ended: When it ended.
        attempt: How many times it was taken up.
        step: Steps done.
        total_steps: Steps to do; none when time decides.
        training_seconds: Seconds of training done.
        eta_seconds: Estimated seconds to go.
        doing: What it does instead of training, as in ``RunRecord``.
        left_out: Recordings it does without, as in ``RunRecord``.
        best: The best metric so far.
        cause: Why it failed or was lost.
    """

    path: Path
    id: str
    problem: str | None = None
    name: str = ""
    stage: str = ""
    state: RunState | None = None
    created: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    attempt: int = 0
    step: int = 0
    total_steps: int | None = None
    training_seconds: float = 0.0
    eta_seconds: float | None = None
    doing: str | None = None
    left_out: tuple[LeftOut, ...] = ()
    best: BestMetric | None = None
    cause: Cause | None = None

    @property
    def can_resume(self) -> bool:
        """Whether a new attempt may start."""
        return self.state in RESUMABLE


def summarise_run(run_dir: Path) -> RunSummary:
    """The row of one run; a run that cannot be read gives a row that says so."""
    try:
        record = read_run(run_dir)
    except StudioError as error:
        return RunSummary(path=run_dir, id=run_dir.name, problem=str(error))
    shared = {field.name for field in dataclasses.fields(RunSummary)} & {
        f.name for f in dataclasses.fields(RunRecord)
    }
    return RunSummary(path=run_dir, **{name: getattr(record, name) for name in shared})


def list_runs(folder: Path) -> list[RunSummary]:
    """The runs in ``folder``, newest first, unreadable ones last; empty when the folder does not exist.

    Raises:
        StudioError: The folder exists and cannot be listed.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StudioError(
            f"the runs cannot be listed ({error.strerror})",
            where=folder,
            mend="Check the folder's permissions",
        ) from error
    rows = [summarise_run(folder / name) for name in names]
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(rows, key=lambda row: (row.created or oldest, row.id), reverse=True)


@dataclass(frozen=True)
class Rows:
    """JSON lines read from a run.

    Attributes:
        rows: The objects, oldest first.
        offset: The byte offset to read on from.
        damaged: How many whole lines were no JSON objects and were left out.
        restarted: The file was shorter than the offset asked for; ``rows`` begin at its start again.
    """

    rows: list[dict[str, Any]]
    offset: int
    damaged: int
    restarted: bool


def read_metrics(run_dir: Path, offset: int = 0) -> Rows:
    """Measurements from byte ``offset`` on: ``step``, ``time`` (seconds since 1970), ``attempt``, values.

    A value that was not finite comes back as not-a-number. After a resume, steps may come again; see
    ``present_metrics``.

    Raises:
        StudioError: The file cannot be read.
    """
    read = _read_rows(RunPlaces(run_dir).metrics, offset)
    for row in read.rows:
        for name, value in row.items():
            if value is None:
                row[name] = math.nan
    return read


def read_events(run_dir: Path, offset: int = 0) -> Rows:
    """Events from byte ``offset`` on: ``time`` (seconds since 1970), ``attempt``, ``event`` and its details.

    Raises:
        StudioError: The file cannot be read.
    """
    return _read_rows(RunPlaces(run_dir).events, offset)


def _read_rows(path: Path, offset: int) -> Rows:
    try:
        read = read_lines(path, offset)
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", where=path, mend="Check its permissions"
        ) from error
    rows: list[dict[str, Any]] = []
    for line in read.lines:
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return Rows(rows, read.offset, len(read.lines) - len(rows), read.restarted)


def present_metrics(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without those that a later attempt, continuing from an earlier step, measured again."""
    kept: list[dict[str, Any]] = []
    attempt = 0
    for row in rows:
        if row["attempt"] > attempt:
            attempt = row["attempt"]
            while kept and kept[-1]["step"] >= row["step"]:
                kept.pop()
        kept.append(row)
    return kept


@dataclass(frozen=True)
class LogPart:
    """Text read from a run's log.

    Attributes:
        text: Whole lines.
        offset: The byte offset to read on from.
        restarted: The log was shorter than the offset asked for; ``text`` begins at its start again.
    """

    text: str
    offset: int
    restarted: bool


def read_log(run_dir: Path, offset: int = 0) -> LogPart:
    """The log's whole lines from byte ``offset`` on.

    Raises:
        StudioError: The log cannot be read.
    """
    path = RunPlaces(run_dir).log
    try:
        read = read_lines(path, offset)
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", where=path, mend="Check its permissions"
        ) from error
    text = "".join(line.decode("utf-8", errors="replace") + "\n" for line in read.lines)
    return LogPart(text, read.offset, read.restarted)
