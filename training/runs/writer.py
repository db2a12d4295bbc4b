"""Writing a run from inside its worker: state, measurements, log, heartbeat, and the requests it obeys."""

from __future__ import annotations

import dataclasses
import logging
import math
import os
import platform
import socket
import time
from contextlib import contextmanager
from importlib import metadata
from typing import TYPE_CHECKING, Any, Self

import psutil

from training.runs.heartbeat import Heartbeat
from training.runs.lock import RunLock
from training.runs.pace import Pace
from training.runs.reader import as_lost, read_run
from training.runs.record import (
    BestMetric,
    Cause,
    LeftOut,
    RunPlaces,
    RunRecord,
    WorkerProcess,
    load_record,
    save_record,
    utc_now,
)
from training.runs.states import RunState
from training.runs.storage import LineFile
from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tensorboardX import SummaryWriter

SAVE_SECONDS = 1.0  # how often progress reaches the disk; changes of state always do
PAUSE_POLL_SECONDS = 0.2
TENSORBOARD_FLUSH_SECONDS = 10
VERSIONED = ("vpt-studio", "torch", "numpy", "av", "opencv-python-headless", "pydantic")
OWN_METRIC_FIELDS = frozenset({"step", "time", "attempt"})

logger = logging.getLogger(__name__)


class StopRequestedError(Exception):
    """The run was asked to stop before its first step; a stage lets this pass, the worker ends the run."""


class RunWriter:
    """A run in the hands of the one process that may write it.

    A stage is written around four calls::

        run.begin(step=step, total_steps=steps, total_seconds=seconds)
        while run.keep_going(step, before_pause=save):
            ...
            step += 1
            run.metric(step, loss=loss)
        save()

    Methods are for one thread; the heartbeat has its own. ``stop_soon`` may be called from a signal handler.

    Attributes:
        path: The run's folder.
        places: Where its parts lie: ``places.checkpoints`` and ``places.artifacts`` belong to the stage.
    """

    def __init__(self, run_dir: Path, *, launch: str = "") -> None:
        """Take the run up: lock it, count a new attempt, and be ``starting``.

        Raises:
            StudioError: The folder is no run, another process writes it, or its state cannot start.
        """
        self.path = run_dir
        self.places = RunPlaces(run_dir)
        load_record(run_dir)  # before the lock, which would leave its file in a folder that is no run
        self._lock = RunLock(run_dir)
        try:
            found = _found(run_dir)
            worker = WorkerProcess(
                pid=os.getpid(),
                started=psutil.Process().create_time(),
                host=socket.gethostname(),
                launch=launch,
            )
            record = found.moved(RunState.STARTING, worker=worker)
        except BaseException:
            self._lock.release()
            raise
        self._record = dataclasses.replace(record, versions=_versions(), left_out=())
        self._stop_reason: str | None = None
        self._board: SummaryWriter | None = None
        self._total_seconds: float | None = None
        self._clock = time.monotonic()  # when training time was last counted
        self._saved = -math.inf
        self._pace = Pace()
        self._trained_enough = False
        for request in (self.places.stop_request, self.places.pause_request):
            request.unlink(missing_ok=True)  # they were meant for an earlier attempt
        for replaced in (self.places.state, self.places.heartbeat):
            for draft in run_dir.glob(f".{replaced.stem}.{'[0-9a-f]' * 8}{replaced.suffix}"):
                draft.unlink()  # left by a kill in the middle of a replacement
        self._events = LineFile(self.places.events)
        self._metrics = LineFile(self.places.metrics)
        self._log = _open_log(self.places.log)
        self._heartbeat = Heartbeat(self.places.heartbeat)
        if found.state is RunState.LOST and found.cause is not None:
            self.event("lost", sentence=found.cause.sentence, attempt_lost=found.attempt)
        self._save(self._record)
        self.event("state", old=found.state, new=RunState.STARTING)
        logger.info("attempt %d took up the run in process %d", record.attempt, worker.pid)

    @property
    def record(self) -> RunRecord:
        """The run's record as it stands in this process."""
        return self._record

    @property
    def stopping(self) -> bool:
        """Whether the run was asked to stop and has begun to."""
        return self._record.state is RunState.STOPPING

    @property
    def stop_wanted(self) -> bool:
        """Whether the run is asked to stop, by a request or a signal."""
        if self._stop_reason is None and self.places.stop_request.exists():
            self._stop_reason = "requested"
        return self._stop_reason is not None

    @property
    def training_seconds(self) -> float:
        """Seconds of training done in all attempts; pauses, evaluating and saving are not counted."""
        return self._record.training_seconds + self._uncounted()

    def _uncounted(self) -> float:
        """Seconds of training since they were counted last."""
        is_training = self._record.state is RunState.RUNNING and self._record.doing is None
        return time.monotonic() - self._clock if is_training and not self._trained_enough else 0.0

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """While inside, the run's record says that it does `what`, and time is not counted as training.

        Raises:
            OSError: The record could not be saved.
        """
        self._count_seconds()
        eta = None if self._trained_enough else self._record.eta_seconds
        self._save(dataclasses.replace(self._record, doing=what, eta_seconds=eta))
        try:
            yield
        except BaseException:
            # Nothing is written here: where the disk is full, that would hide what went wrong.
            self._record = dataclasses.replace(self._record, doing=None)
            raise
        finally:
            self._clock = time.monotonic()
        self._save(dataclasses.replace(self._record, doing=None))
        self._clock = time.monotonic()

    def leave_out(self, left_out: LeftOut) -> None:
        """Say in log, events and record that the run does without a recording.

        Raises:
            OSError: The disk did not take it.
        """
        logger.warning("%s", left_out)
        self.event("left_out", **dataclasses.asdict(left_out))
        self._save(dataclasses.replace(self._record, left_out=(*self._record.left_out, left_out)))

    def stop_now(self) -> None:
        """Training is done, but the run was asked to stop before all the rest was: be ``stopping``."""
        self._move(RunState.STOPPING)

    def preparing(self, done: int, total: int) -> None:
        """Say how much of what comes before ``begin`` is done; a stage that prepares for long says it often.

        A pause that is asked for meanwhile comes at the first step boundary.

        Raises:
            StopRequestedError: The run is asked to stop, and is ``stopping`` now.
            StudioError: The run has begun already.
            OSError: The record could not be saved.
        """
        if self._record.state is not RunState.STARTING:
            raise StudioError(f"a run that is {self._record.state} prepares nothing", mend="Begin after it")
        if self.stop_wanted:
            self._move(RunState.STOPPING)
            raise StopRequestedError
        share = min(1.0, done / total) if total > 0 else 0.0
        self._record = dataclasses.replace(self._record, prepared=share)
        if time.monotonic() - self._saved >= SAVE_SECONDS:
            self._save(self._record)

    def begin(
        self,
        *,
        step: int = 0,
        total_steps: int | None = None,
        total_seconds: float | None = None,
        training_seconds: float | None = None,
    ) -> None:
        """Everything is loaded and the first step comes next: be ``running``.

        Args:
            step: Steps already done, from the checkpoint that was restored.
            total_steps: Steps at which the run is done; none when time decides.
            total_seconds: Seconds of training, in all attempts, at which it is done; none when steps decide.
            training_seconds: Seconds of training that the restored checkpoint holds; what the last attempt
                had reached when none.

        Raises:
            StudioError: The run is not ``starting``.
            ValueError: Neither steps nor seconds end the run.
        """
        if total_steps is None and total_seconds is None:
            raise ValueError("a run needs total_steps or total_seconds")
        seconds = training_seconds
        if seconds is None:
            seconds = self._record.training_seconds if step > 0 else 0.0
        self._total_seconds = total_seconds
        self._record = dataclasses.replace(
            self._record, step=step, total_steps=total_steps, training_seconds=seconds
        )
        self._move(RunState.RUNNING)

    def keep_going(self, step: int, *, before_pause: Callable[[], object] | None = None) -> bool:
        """Say at a step boundary that ``step`` steps are done, and ask whether to do another.

        While a pause is requested it waits here, and the waiting is not counted as training.

        Args:
            step: Steps done in all.
            before_pause: Saves a checkpoint, so that a run whose process dies in a pause loses nothing.

        Returns:
            False when the run is done, or was asked to stop: save and return then.

        Raises:
            StudioError: ``begin`` was not called.
            OSError: The record could not be saved.
        """
        self._count_time(step)
        if self._is_done():
            self._trained_enough = True
            self._save(self._record)
            return False
        if self.places.pause_request.exists() and not self.stop_wanted:
            if before_pause is not None:
                before_pause()
            self._pause()
        if self.stop_wanted:
            self._move(RunState.STOPPING)
            return False
        if time.monotonic() - self._saved >= SAVE_SECONDS:
            self._save(self._record)
        return True

    def metric(self, step: int, **values: float) -> None:
        """Write measurements at ``step`` to ``metrics.jsonl`` and TensorBoard; a name may be ``group/name``.

        Raises:
            ValueError: A value is named ``step``, ``time`` or ``attempt``.
            OSError: The disk did not take it.
        """
        if taken := OWN_METRIC_FIELDS & values.keys():
            raise ValueError(f"a metric cannot be named {sorted(taken)[0]}")
        numbers = {name: float(value) for name, value in values.items()}
        now = time.time()
        self._metrics.append({"step": step, "time": now, "attempt": self._record.attempt, **numbers})
        if self._board is None:
            self._board = self._open_board(step)
        for name, number in numbers.items():
            self._board.add_scalar(name, number, step, now)

    def record_best(self, step: int, name: str, value: float, *, higher_is_better: bool) -> bool:
        """Compare ``value`` with the best so far; true when it is the new best, which a stage then keeps.

        A value that is not a number never is.
        """
        best = self._record.best
        if math.isnan(value):
            return False
        if best is not None and best.name == name:
            better = value > best.value if higher_is_better else value < best.value
            if not better:
                return False
        self._save(
            dataclasses.replace(self._record, best=BestMetric(name=name, value=float(value), step=step))
        )
        self.event("best", step=step, name=name, value=value)
        return True

    def event(self, event: str, **details: Any) -> None:
        """Write what happened to ``events.jsonl``; ``details`` must be JSON.

        Raises:
            OSError: The disk did not take it.
        """
        self._events.append({"time": time.time(), "attempt": self._record.attempt, "event": event, **details})

    def stop_soon(self, reason: str) -> None:
        """Stop at the next step boundary, as if ``requests/stop`` had appeared; safe in a signal handler."""
        self._stop_reason = reason

    def finish(self) -> RunState:
        """The stage returned: be ``finished``, or ``stopped`` when it was asked to stop before it was done.

        Raises:
            StudioError: The stage never began.
        """
        self._move(RunState.STOPPED if self.stopping else RunState.FINISHED)
        return self._record.state

    def fail(self, cause: Cause) -> None:
        """The stage cannot go on: be ``failed``.

        Raises:
            StudioError: The run has already ended.
            OSError: The disk did not take the record.
        """
        self._move(RunState.FAILED, cause)

    def close(self) -> None:
        """Release the run: end heartbeat, log and TensorBoard, and let others write."""
        self._heartbeat.end()
        if self._board is not None:
            self._board.close()
        self._events.close()
        self._metrics.close()
        logging.getLogger().removeHandler(self._log)
        self._log.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _move(self, state: RunState, cause: Cause | None = None) -> None:
        old = self._record.state
        seconds = self.training_seconds
        self._save(dataclasses.replace(self._record.moved(state, cause=cause), training_seconds=seconds))
        self._clock = time.monotonic()
        details = (
            {} if cause is None else {"cause": cause.kind, "sentence": cause.sentence, "remedy": cause.remedy}
        )
        self.event("state", old=old, new=state, step=self._record.step, **details)
        logger.info("the run is %s at step %d", state, self._record.step)

    def _save(self, record: RunRecord) -> None:
        record = dataclasses.replace(record, updated=utc_now())
        save_record(self.path, record)
        # Only now: a state that the disk refused was never reached; the run can still fail from the old one.
        self._record = record
        self._saved = time.monotonic()

    def _count_time(self, step: int) -> None:
        if self._record.state is not RunState.RUNNING:
            raise StudioError(f"a run that is {self._record.state} has no next step", mend="Call begin first")
        self._count_seconds()
        self._pace.count(step - self._record.step)
        seconds = self._record.training_seconds
        self._record = dataclasses.replace(self._record, step=step, eta_seconds=self._estimate(step, seconds))

    def _count_seconds(self) -> None:
        spent = self._uncounted()
        self._clock = time.monotonic()
        self._pace.spend(spent)
        self._record = dataclasses.replace(
            self._record, training_seconds=self._record.training_seconds + spent
        )

    def _estimate(self, step: int, seconds: float) -> float | None:
        ends = []
        if self._total_seconds is not None:
            ends.append(max(0.0, self._total_seconds - seconds))
        if self._record.total_steps is not None:
            by_steps = self._pace.seconds_for(self._record.total_steps - step)
            ends += [] if by_steps is None else [by_steps]
        return min(ends, default=None)

    def _is_done(self) -> bool:
        total_steps, total_seconds = self._record.total_steps, self._total_seconds
        steps_done = total_steps is not None and self._record.step >= total_steps
        return steps_done or (total_seconds is not None and self._record.training_seconds >= total_seconds)

    def _pause(self) -> None:
        self._move(RunState.PAUSED)
        while self.places.pause_request.exists():
            if self.stop_wanted:
                return
            time.sleep(PAUSE_POLL_SECONDS)
        self._move(RunState.RUNNING)

    def _open_board(self, step: int) -> SummaryWriter:
        # Heavy (two seconds) and of no use to readers, who import this package too.
        from tensorboardX import SummaryWriter

        # What an earlier attempt showed from this step on is measured again, so it is hidden.
        return SummaryWriter(
            str(self.places.tensorboard), purge_step=step, flush_secs=TENSORBOARD_FLUSH_SECONDS
        )


def _found(run_dir: Path) -> RunRecord:
    """The record that a new attempt starts from; to be called with the lock held."""
    record = load_record(run_dir)
    if record.has_worker and record.worker is not None and record.worker.host == socket.gethostname():
        # Whoever wrote it has let go of the lock, so it is gone even where its process id seems to live on.
        return as_lost(run_dir, record)
    # Not every shared disk carries locks from machine to machine, so a fresh heartbeat there still counts.
    return read_run(run_dir)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for package in VERSIONED:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _open_log(path: Path) -> logging.Handler:
    handler = logging.FileHandler(path, encoding="utf-8")
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    if root.getEffectiveLevel() > logging.INFO:
        root.setLevel(logging.INFO)
    return handler
