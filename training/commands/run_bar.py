"""A line that says how far a run is: steps of steps or minutes of minutes, and what is left."""

from __future__ import annotations

import os
import shutil
import sys

import click

from training.runs import RunRecord, RunState
from vpt_studio.commands.console import PROGRESS_VARIABLE, progress
from vpt_studio.words import duration_words

_BAR_WIDTH = 24
_SHARES = 1000  # what programs that read the progress are told it is of
_BEFORE = frozenset({RunState.QUEUED, RunState.STARTING})


def is_before_the_first_step(record: RunRecord) -> bool:
    """Whether the run still prepares."""
    return record.state in _BEFORE


def share_done(record: RunRecord, total_seconds: float | None) -> float:
    """How much of the training is done, 0..1."""
    share = 0.0
    if record.total_steps:
        share = record.step / record.total_steps
    if total_seconds:
        share = max(share, record.training_seconds / total_seconds)
    return min(share, 1.0)


def progress_line(record: RunRecord, total_seconds: float | None) -> str:
    """The line without its bar: ``12/30 steps, 1 min 05 s left``."""
    if is_before_the_first_step(record):
        return f"preparing {record.prepared or 0.0:.0%}"
    words = []
    if total_seconds:
        words.append(f"{record.training_seconds / 60:.1f}/{total_seconds / 60:g} min")
    if record.total_steps:
        words.append(f"{record.step:,}/{record.total_steps:,} steps")
    else:
        words.append(f"step {record.step:,}")
    if record.doing is not None:
        words.append(record.doing)
    elif record.state is not RunState.RUNNING:
        words.append(record.state.value)
    elif record.eta_seconds is not None:
        words.append(f"{duration_words(record.eta_seconds)} left")
    return ", ".join(words)


class RunBar:
    """Shows a run on standard error: as a line that is replaced, or as lines for a program."""

    def __init__(self, total_seconds: float | None, *, hidden: bool) -> None:
        self._total_seconds = total_seconds
        self._hidden = hidden
        self._is_terminal = sys.stderr.isatty() and not hidden
        self._for_program = os.environ.get(PROGRESS_VARIABLE) == "lines"
        self._told: dict[str, int] = {}
        self._last = ""

    def show(self, record: RunRecord) -> None:
        """Show how the run stands."""
        if self._for_program:
            self._tell_program(record)
        elif self._is_terminal:
            self._draw(record)

    def end(self) -> None:
        """Leave the line as it stands and begin another."""
        if self._last:
            click.echo(err=True)
            self._last = ""

    def _draw(self, record: RunRecord) -> None:
        before = is_before_the_first_step(record)
        share = (record.prepared or 0.0) if before else share_done(record, self._total_seconds)
        full = round(share * _BAR_WIDTH)
        line = f"{record.id}  [{'#' * full}{'-' * (_BAR_WIDTH - full)}]"
        line += f"  {progress_line(record, self._total_seconds)}"
        line = line[: shutil.get_terminal_size().columns - 1]
        if line != self._last:
            click.echo(f"\r{line}{' ' * max(0, len(self._last) - len(line))}", nl=False, err=True)
            self._last = line

    def _tell_program(self, record: RunRecord) -> None:
        if is_before_the_first_step(record):
            self._tell("Preparing", record.prepared or 0.0)
        else:
            self._tell("Preparing", 1.0)
            self._tell(record.id, share_done(record, self._total_seconds))

    def _tell(self, label: str, share: float) -> None:
        done = int(share * _SHARES)
        if done > self._told.get(label, 0):
            self._told[label] = done
            with progress(label, _SHARES) as bar:
                bar.update(done)
