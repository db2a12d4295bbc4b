"""Watching a run from the command line: a bar with time left, then how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from training.launcher import kill, request_stop
from training.runs import ENDED, RunRecord, RunState, present_metrics, read_metrics, read_run
from vpt_studio.commands.console import Progress, duration_words, note, progress

_LOOK_SECONDS = 0.3
_SHARES = 1000  # steps of a bar
_BEFORE = frozenset({RunState.QUEUED, RunState.STARTING})


def follow(run_dir: Path, *, quiet: bool, total_seconds: float | None) -> RunRecord:
    """Show the run's progress until it ends. The first Ctrl-C stops the run and saves, the second kills it.

    Args:
        run_dir: The run.
        quiet: Show nothing.
        total_seconds: Training time after which it is done, where time decides.
    """
    watch = _Watch(run_dir)
    with progress("Preparing", _SHARES, hidden=quiet) as bar:
        record = watch.until(lambda record: record.state not in _BEFORE, bar, _prepared)
    with progress(record.id, _SHARES, hidden=quiet) as bar:
        return watch.until(
            lambda record: record.state in ENDED, bar, lambda record: _done(record, total_seconds)
        )


class _Watch:
    """Looks at a run again and again, and hands Ctrl-C on to it."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir
        self._record = read_run(run_dir)
        self._interrupts = 0

    def until(
        self, over: Callable[[RunRecord], bool], bar: Progress, share: Callable[[RunRecord], float]
    ) -> RunRecord:
        """The run's record once it is `over`, or killed; `bar` shows the `share` until then."""
        shown = 0
        while True:
            try:
                self._record = record = read_run(self._run_dir)
                done = int(share(record) * _SHARES)
                bar.update(done - shown)
                shown = done
                if over(record):
                    return record
                time.sleep(_LOOK_SECONDS)
            except KeyboardInterrupt:
                self._interrupts += 1
                if self._interrupts > 1:
                    return kill(self._run_dir)
                if self._record.state not in ENDED:
                    request_stop(self._run_dir)
                    note("\nStopping and saving at the end of this step; Ctrl-C again kills the run.")


def ending_text(record: RunRecord, run_dir: Path) -> str:
    """How the run ended, in words, with what to do next."""
    words = f"{record.id} {record.state.value} at step {record.step:,}"
    words += f" after {duration_words(record.training_seconds)} of training"
    if record.cause is not None:
        words += f"\n{record.cause.sentence}. {record.cause.remedy}."
    if record.state is RunState.STOPPED:
        words += f"\nGo on with: vpt-studio runs resume {record.id}"
    scores = latest_scores(run_dir)
    if scores:
        words += "\nheld out: " + ", ".join(f"{name} {value:.3f}" for name, value in scores.items())
    return words


def latest_scores(run_dir: Path) -> dict[str, float]:
    """The last held-out scores the run has measured, by name."""
    latest: dict[str, Any] = {}
    for row in present_metrics(read_metrics(run_dir).rows):
        latest.update({name: value for name, value in row.items() if name.startswith("held_out/")})
    return {name.removeprefix("held_out/"): value for name, value in latest.items()}


def _prepared(record: RunRecord) -> float:
    return (record.prepared or 0.0) if record.state in _BEFORE else 1.0


def _done(record: RunRecord, total_seconds: float | None) -> float:
    share = 0.0
    if record.total_steps:
        share = record.step / record.total_steps
    if total_seconds:
        share = max(share, record.training_seconds / total_seconds)
    return min(share, 1.0)


def state_words(state: RunState | None) -> str:
    """The state as a coloured word, for a terminal."""
    colours = {
        RunState.RUNNING: "cyan",
        RunState.FINISHED: "green",
        RunState.FAILED: "red",
        RunState.LOST: "red",
        RunState.STOPPED: "yellow",
        RunState.PAUSED: "yellow",
    }
    return click.style(
        "unreadable" if state is None else state.value, fg=colours.get(state) if state else "red"
    )
