"""Runs in words and chips, as every page shows them."""

from __future__ import annotations

from training.runs import RunState, RunSummary
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


def run_share(run: RunSummary) -> float | None:
    """How much of the run is done, 0..1; None where it does not say."""
    if run.total_steps:
        return min(1.0, run.step / run.total_steps)
    if run.eta_seconds is not None and run.training_seconds + run.eta_seconds > 0:
        return run.training_seconds / (run.training_seconds + run.eta_seconds)
    return 1.0 if run.state is RunState.FINISHED else None


def progress_words(run: RunSummary) -> str:
    """How far it is, or how it ended, in a few words."""
    match run.state:
        case None:
            return run.problem or ""
        case RunState.RUNNING | RunState.PAUSED if run.eta_seconds is not None:
            return time_left_in_words(run.eta_seconds)
        case RunState.FINISHED:
            return f"took {time_in_words(run.training_seconds)}"
        case RunState.STOPPED:
            return f"saved at step {run.step:,}"
        case RunState.STOPPING:
            return "saving at the end of this step"
        case RunState.FAILED | RunState.LOST:
            return run.cause.sentence if run.cause else ""
    return f"step {run.step:,}" if run.step else ""
