"""Runs: one training job each, whose folder is the truth about it. Knows no torch."""

from training.runs.lock import RunLock
from training.runs.naming import run_called
from training.runs.reader import (
    LogPart,
    Rows,
    RunSummary,
    list_runs,
    present_metrics,
    read_events,
    read_log,
    read_metrics,
    read_run,
    summarise_run,
)
from training.runs.record import (
    BestMetric,
    Cause,
    CauseKind,
    LeftOut,
    RunPlaces,
    RunRecord,
    WorkerProcess,
    create_run,
    load_record,
)
from training.runs.settling import settle_run
from training.runs.states import ENDED, LIVING, NEXT_STATES, RESUMABLE, RunState, check_transition
from training.runs.writer import RunWriter, StopRequestedError

__all__ = [
    "ENDED",
    "LIVING",
    "NEXT_STATES",
    "RESUMABLE",
    "BestMetric",
    "Cause",
    "CauseKind",
    "LeftOut",
    "LogPart",
    "Rows",
    "RunLock",
    "RunPlaces",
    "RunRecord",
    "RunState",
    "RunSummary",
    "RunWriter",
    "StopRequestedError",
    "WorkerProcess",
    "check_transition",
    "create_run",
    "list_runs",
    "load_record",
    "present_metrics",
    "read_events",
    "read_log",
    "read_metrics",
    "read_run",
    "run_called",
    "settle_run",
    "summarise_run",
]
