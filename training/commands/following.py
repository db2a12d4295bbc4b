"""Watching a run from the command line: a bar with time left, then how it ended."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from training.launcher import kill, request_stop
from training.runs import ENDED, RunRecord, RunState, present_metrics, read_metrics, read_run
from vpt_studio.commands.console import duration_words, note, progress

_LOOK_SECONDS = 0.3


def follow(run_dir: Path, *, quiet: bool, total_seconds: float | None) -> RunRecord:
    """Show the run's progress until it ends. The first Ctrl-C stops the run and saves, the second kills it.

    Args:
        run_dir: The run.
        quiet: Show nothing.
        total_seconds: Training time after which it is done, where time decides.
    """
    interrupts = 0
    record = read_run(run_dir)
    with progress(record.id, 1000, hidden=quiet) as bar:
        shown = 0
        while True:
            try:
                record = read_run(run_dir)
                done = _done(record, total_seconds)
                bar.update(done - shown)
                shown = done
                if record.state in ENDED:
                    return record
                time.sleep(_LOOK_SECONDS)
            except KeyboardInterrupt:
                interrupts += 1
                if interrupts > 1:
                    return kill(run_dir)
                if record.state not in ENDED:
                    request_stop(run_dir)
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


def _done(record: RunRecord, total_seconds: float | None) -> int:
    share = 0.0
    if record.total_steps:
        share = record.step / record.total_steps
    if total_seconds:
        share = max(share, record.training_seconds / total_seconds)
    return min(int(share * 1000), 1000)


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
