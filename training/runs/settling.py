"""Ending a run that has no worker to do it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from training.runs.lock import RunLock
from training.runs.record import Cause, RunPlaces, RunRecord, load_record, save_record
from training.runs.storage import LineFile

if TYPE_CHECKING:
    from pathlib import Path

    from training.runs.states import RunState


def settle_run(run_dir: Path, state: RunState, cause: Cause | None = None) -> RunRecord:
    """Write the end of a run that has no worker to write it: never started, or its process is gone.

    Args:
        run_dir: The run's folder.
        state: ``stopped`` or ``failed`` for a queued run, ``lost`` for one whose process is gone.
        cause: Why, for ``failed`` and ``lost``.

    Raises:
        StudioError: A worker holds the run, or the state may not follow.
        OSError: The disk did not take it.
    """
    with RunLock(run_dir):
        old = load_record(run_dir)
        record = old.moved(state, cause=cause)
        save_record(run_dir, record)
        events = LineFile(RunPlaces(run_dir).events)
        sentence = {} if cause is None else {"cause": cause.kind, "sentence": cause.sentence}
        events.append(
            {
                "time": time.time(),
                "attempt": old.attempt,
                "event": "state",
                "old": old.state,
                "new": state,
                **sentence,
            }
        )
        events.close()
        return record
