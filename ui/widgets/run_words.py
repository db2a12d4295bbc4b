"""Runs in words and chips, as every page shows them."""

from __future__ import annotations

from datetime import datetime

from training.runs import RunState, RunSummary
from ui.run_charts import best_in_words
from ui.shell.job_list import time_in_words, time_left_in_words
from ui.widgets.chips import Chip

_STATES = {
    RunState.QUEUED: ("clock", "text_secondary"),
    RunState.STARTING: ("circle-dashed", "info"),
    RunState.RUNNING: ("play-circle", "info"),
    RunState.PAUSED: ("pause-circle", "warn"),
    RunState.STOPPING: ("circle-dashed", "warn"),
    RunState.FINISHED: ("check-circle", "ok"),
    RunState.STOPPED: ("stop-circle", "text_secondary"),
    RunState.FAILED: ("warning-circle", "danger"),
    RunState.LOST: ("question", "danger"),
}
STAGES = {"idm": "IDM"}


def state_chip(run: RunSummary) -> Chip:
    """What the run is doing."""
    if run.state is None:
        return Chip("Unreadable", "warning-circle", "danger")
    icon, token = _STATES[run.state]
    return Chip(str(run.state).capitalize(), icon, token)


def run_name(run: RunSummary) -> str:
    """What people call the run."""
    return run.name or run.id


def stage_in_words(stage: str) -> str:
    """The stage a run carries out."""
    return STAGES.get(stage, stage)


def best_of(run: RunSummary) -> tuple[str, str]:
    """The best value so far and what it is; a dash before there is one."""
    return ("—", "") if run.best is None else best_in_words(run.best.name, run.best.value)


def run_share(run: RunSummary) -> float | None:
    """How much of the run is done, 0..1; None where it does not say."""
    if run.state is RunState.FINISHED:
        return 1.0
    if run.total_steps:
        return min(1.0, run.step / run.total_steps)
    if run.eta_seconds is not None and run.training_seconds + run.eta_seconds > 0:
        return run.training_seconds / (run.training_seconds + run.eta_seconds)
    return None


def progress_words(run: RunSummary) -> str:
    """How far it is, or how it ended, in a few words."""
    match run.state:
        case None:
            return run.problem or ""
        case RunState.STARTING:
            return "loading data"
        case RunState.QUEUED:
            return "waits for its turn"
        case RunState.RUNNING if run.doing is not None:
            return run.doing
        case RunState.RUNNING if run.eta_seconds is not None:
            return time_left_in_words(run.eta_seconds)
        case RunState.PAUSED:
            left = "" if run.eta_seconds is None else f", {time_in_words(run.eta_seconds)} left"
            return f"waits at step {run.step:,}{left}"
        case RunState.FINISHED:
            return f"took {time_in_words(run.training_seconds)}"
        case RunState.STOPPED:
            return f"saved at step {run.step:,}" if run.step else "stopped before it began"
        case RunState.STOPPING:
            return run.doing or "saving at the end of this step"
        case RunState.FAILED | RunState.LOST:
            return run.cause.sentence if run.cause else ""
    return f"step {run.step:,}" if run.step else ""


def moment_in_words(moment: datetime | None) -> str:
    """A moment as clock, weekday or date: ``19:54``, ``Fri 14:02``, ``3 Nov 2026``."""
    if moment is None:
        return ""
    local, now = moment.astimezone(), datetime.now().astimezone()
    days = (now.date() - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    return f"{local:%a %H:%M}" if 0 < days < 7 else f"{local.day} {local:%b %Y}"
