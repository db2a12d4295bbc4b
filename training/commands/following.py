"""Watching a run from the command line: a bar with time left, then how it ended."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from training.commands.run_bar import RunBar
from training.launcher import kill, request_stop
from training.runs import ENDED, RunRecord, RunState, present_metrics, read_metrics, read_run
from vpt_studio.commands.console import ExitCode, note
from vpt_studio.errors import StudioError
from vpt_studio.words import duration_words

_LOOK_SECONDS = 0.3


@dataclass(frozen=True)
class Followed:
    """How following a run ended.

    Attributes:
        record: The run's record.
        interrupted: Whether a person pressed Ctrl-C.
    """

    record: RunRecord
    interrupted: bool

    @property
    def exit_code(self) -> ExitCode:
        """What the command's exit status should say."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        failed = self.record.state in {RunState.FAILED, RunState.LOST}
        return ExitCode.FAILED if failed else ExitCode.DONE


def follow(run_dir: Path, *, quiet: bool, total_seconds: float | None) -> Followed:
    """Show the run's progress until it ends. The first Ctrl-C stops the run and saves, the second kills it.

    Args:
        run_dir: The run.
        quiet: Show nothing.
        total_seconds: Training time after which it is done, where time decides.
    """
    bar = RunBar(total_seconds, hidden=quiet)
    told = obeyed = 0
    with _interrupts() as pressed:
        while True:
            record = read_run(run_dir)
            if not quiet:
                for left_out in record.left_out[told:]:
                    bar.end()
                    note(str(left_out))
            told = len(record.left_out)
            bar.show(record)
            if record.state in ENDED:
                bar.end()
                return Followed(record, bool(pressed))
            if len(pressed) > obeyed:
                obeyed = len(pressed)
                bar.end()
                _obey(run_dir, obeyed)
            else:
                time.sleep(_LOOK_SECONDS)


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Each Ctrl-C, noted instead of raised: a second one must not cut off what the first does."""
    pressed: list[int] = []
    if threading.current_thread() is not threading.main_thread():  # no signal ever comes there
        yield pressed
        return
    before = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _obey(run_dir: Path, presses: int) -> None:
    with suppress(StudioError):  # it may have come to its end in this moment
        if presses > 1:
            kill(run_dir)
        else:
            request_stop(run_dir)
            note("Stopping: it saves and ends; Ctrl-C again kills the run.")


def ending_text(record: RunRecord, run_dir: Path) -> str:
    """How the run ended, in words, with what to do next."""
    words = f"{run_words(record)} {record.state.value} at step {record.step:,}"
    words += f" after {duration_words(record.training_seconds)} of training"
    if record.cause is not None:
        words += f"\n{record.cause.sentence}. {record.cause.remedy}."
    if record.state is RunState.STOPPED:
        words += f"\nGo on with: vpt-studio runs resume {record.id}"
    scores = latest_scores(run_dir)
    if scores:
        words += "\nheld out: " + ", ".join(f"{name} {value:.3f}" for name, value in scores.items())
    return words


def run_words(record: RunRecord) -> str:
    """The run's id, and the name a person gave it."""
    return record.id if record.name in {"", record.id} else f"{record.id} ({record.name})"


def latest_scores(run_dir: Path) -> dict[str, float]:
    """The last held-out scores the run has measured, by name."""
    latest: dict[str, Any] = {}
    for row in present_metrics(read_metrics(run_dir).rows):
        latest.update({name: value for name, value in row.items() if name.startswith("held_out/")})
    return {name.removeprefix("held_out/"): value for name, value in latest.items()}


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
