"""Starting, steering and ending the process that carries a run, from whatever process wishes it."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

import training
from training.runs import (
    ENDED,
    RESUMABLE,
    Cause,
    CauseKind,
    RunPlaces,
    RunRecord,
    RunState,
    load_record,
    read_run,
    settle_run,
)
from training.runs.reader import worker_process
from training.runs.storage import read_last_lines
from vpt_studio.atomic_files import write_atomically
from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Collection

POLL_SECONDS = 0.05
START_TIMEOUT_SECONDS = 60.0
KILL_TIMEOUT_SECONDS = 10.0
LOG_LINES_IN_ERROR = 5

# What keeps a worker alive when its starter, or the terminal it sat in, goes away.
APART: dict[str, Any]
if sys.platform == "win32":
    APART = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
else:
    APART = {"start_new_session": True}


def start(run_dir: Path, *, timeout: float = START_TIMEOUT_SECONDS) -> RunRecord:
    """Start a queued run in a process of its own, which outlives this one.

    Args:
        run_dir: The run's folder.
        timeout: Seconds to wait for the worker's first word.

    Returns:
        The record once the worker has taken the run up.

    Raises:
        StudioError: The run is not queued, or its worker ended before it could take the run up.
    """
    record = read_run(run_dir)
    if record.state is not RunState.QUEUED:
        mend = "Resume it instead" if record.state in RESUMABLE else None
        raise StudioError(
            f"only a queued run can be started; this one is {record.state}", where=run_dir, mend=mend
        )
    return _launch(run_dir, timeout)


def resume(run_dir: Path, *, timeout: float = START_TIMEOUT_SECONDS) -> RunRecord:
    """Start a new attempt at a run that was stopped, failed or lost; the stage restores its last checkpoint.

    Args:
        run_dir: The run's folder.
        timeout: Seconds to wait for the worker's first word.

    Returns:
        The record once the worker has taken the run up.

    Raises:
        StudioError: The run is alive, queued or finished, or its worker ended before taking it up.
    """
    record = read_run(run_dir)
    if record.state not in RESUMABLE:
        mend = {RunState.QUEUED: "Start it instead", RunState.PAUSED: "Let it continue instead"}.get(
            record.state
        )
        raise StudioError(
            f"only a stopped, failed or lost run can be resumed; this one is {record.state}",
            where=run_dir,
            mend=mend,
        )
    return _launch(run_dir, timeout)


def request_stop(run_dir: Path) -> None:
    """Ask a run to save at the next step boundary and stop; a queued run is stopped at once.

    Raises:
        StudioError: The run has already ended, or its process is gone.
    """
    record = _steerable(run_dir, "stop")
    if record.state is RunState.QUEUED:
        settle_run(run_dir, RunState.STOPPED)
        return
    _request(RunPlaces(run_dir).stop_request)


def request_pause(run_dir: Path) -> None:
    """Ask a run to wait at the next step boundary, its process and memory kept.

    Raises:
        StudioError: The run is not alive, or is already stopping.
    """
    record = _steerable(run_dir, "pause")
    if record.state in {RunState.QUEUED, RunState.STOPPING}:
        raise StudioError(f"a run that is {record.state} cannot pause", where=run_dir)
    _request(RunPlaces(run_dir).pause_request)


def request_continue(run_dir: Path) -> None:
    """Withdraw the request to pause: a waiting run goes on.

    Raises:
        StudioError: The run has ended, or its process is gone.
    """
    _steerable(run_dir, "continue")
    RunPlaces(run_dir).pause_request.unlink(missing_ok=True)


def kill(run_dir: Path) -> RunRecord:
    """End a run's process and its children at once; work since the last checkpoint is gone.

    Returns:
        The record, ``lost`` with ``killed`` as its cause, from which the run may be resumed.

    Raises:
        StudioError: The run is not alive, lives on another machine, or could not be killed.
    """
    record = _steerable(run_dir, "kill")
    process = None if record.worker is None else worker_process(record.worker)
    if process is None:
        mend = f"Kill it on {record.worker.host}" if record.worker else "Stop it instead"
        raise StudioError("no process on this machine carries the run", where=run_dir, mend=mend)
    _kill_tree(process)
    record = read_run(run_dir)
    if record.state is not RunState.LOST:
        return record  # it came to its end before the kill reached it
    cause = Cause(
        kind=CauseKind.KILLED,
        sentence=f"the run was killed on request at step {record.step:,}",
        remedy="Resume it: it continues from its last checkpoint",
    )
    return settle_run(run_dir, RunState.LOST, cause)


def wait(
    run_dir: Path,
    *,
    until: Collection[RunState] = ENDED,
    timeout: float | None = None,
    poll: float = POLL_SECONDS,
) -> RunRecord:
    """Wait until a run is in one of the states ``until``.

    Args:
        run_dir: The run's folder.
        until: The states waited for; by default any end.
        timeout: Seconds after which waiting is an error; none waits for ever.
        poll: Seconds between looks.

    Raises:
        StudioError: Time is up, the run ended in another state, or it cannot be read.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    while True:
        record = read_run(run_dir)
        if record.state in until:
            return record
        wanted = " or ".join(sorted(until))
        if record.state in ENDED:
            why = f": {record.cause.sentence}" if record.cause else ""
            raise StudioError(f"the run is {record.state}, and will not be {wanted}{why}", where=run_dir)
        if deadline is not None and time.monotonic() > deadline:
            raise StudioError(
                f"the run is still {record.state}, not {wanted}", where=run_dir, mend="Wait longer"
            )
        time.sleep(poll)


def _steerable(run_dir: Path, wish: str) -> RunRecord:
    record = read_run(run_dir)
    if record.state in ENDED:
        mend = "It can be resumed" if record.state in RESUMABLE else None
        raise StudioError(f"the run is {record.state}: there is nothing to {wish}", where=run_dir, mend=mend)
    return record


def _request(path: Path) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, b"", durable=False)
    except OSError as error:
        raise StudioError(
            f"the request could not be left ({error.strerror})",
            where=path,
            mend="Check the folder's permissions",
        ) from error


def _launch(run_dir: Path, timeout: float) -> RunRecord:
    mark = secrets.token_hex(8)
    process = _spawn(run_dir.resolve(), mark)
    try:
        return _taken_up(run_dir, process, mark, timeout)
    except KeyboardInterrupt:  # or it would go on where nobody knows of it
        process.kill()
        process.wait()
        with contextlib.suppress(StudioError):
            if load_record(run_dir).state is RunState.QUEUED:
                settle_run(run_dir, RunState.STOPPED)
        raise


def _taken_up(run_dir: Path, process: subprocess.Popen[bytes], mark: str, timeout: float) -> RunRecord:
    deadline = time.monotonic() + timeout
    while True:
        # The order matters: whatever an ended worker wrote, it wrote before it ended.
        code = process.poll()
        record = load_record(run_dir)
        if record.worker is not None and record.worker.launch == mark:
            # Nobody else waits for it; unreaped it would look alive to other readers for as long as we live.
            threading.Thread(target=process.wait, name=f"reap {record.id}", daemon=True).start()
            return record
        if code is not None:
            raise _early_end(run_dir, record, code)
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise _early_end(run_dir, record, None)
        time.sleep(POLL_SECONDS)


def _spawn(run_dir: Path, mark: str) -> subprocess.Popen[bytes]:
    environment = dict(os.environ)
    # The worker must import the same code from any working directory.
    root = str(Path(training.__file__).resolve().parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, environment.get("PYTHONPATH")]))
    # -P: the run's folder is the working directory, and nothing in it may be taken for a module.
    command = [sys.executable, "-P", "-u", "-m", "training.worker", str(run_dir), "--launch", mark]
    try:
        with RunPlaces(run_dir).log.open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=run_dir,
                env=environment,
                **APART,
            )
    except OSError as error:
        raise StudioError(
            f"the worker could not be started ({error.strerror})",
            where=run_dir,
            mend="Check that the folder can be written and the installation is whole",
        ) from error


def _early_end(run_dir: Path, record: RunRecord, code: int | None) -> StudioError:
    log = RunPlaces(run_dir).log
    tail = [line.strip() for line in read_last_lines(log, LOG_LINES_IN_ERROR) if line.strip()]
    how = "did not begin in time and was ended" if code is None else f"ended at once with code {code}"
    said = f": {tail[-1].removesuffix('.')}" if tail else ""
    error = StudioError(
        f"the worker {how}{said}", where=log, mend="Read the log, mend the cause and start again"
    )
    if record.state is RunState.QUEUED:
        cause = Cause(
            kind=CauseKind.LAUNCH_FAILED,
            sentence=error.what,
            remedy="Read the log, mend the cause and resume",
        )
        # Refused when another worker was quicker and has the run; then its state is for that one to write.
        with contextlib.suppress(StudioError):
            settle_run(run_dir, RunState.FAILED, cause)
    return error


def _kill_tree(process: psutil.Process) -> None:
    family = [process]
    with contextlib.suppress(psutil.NoSuchProcess):
        family += process.children(recursive=True)
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    _, alive = psutil.wait_procs(family, timeout=KILL_TIMEOUT_SECONDS)
    still = [
        member.pid for member in alive if member.is_running() and member.status() != psutil.STATUS_ZOMBIE
    ]
    if still:
        raise StudioError(
            f"process {still[0]} did not die",
            mend="It may wait for a disk or a driver; try again in a moment",
        )
