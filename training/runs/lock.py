"""The lock that lets one process at a time write a run."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
from typing import TYPE_CHECKING, Self

from training.runs.record import RunPlaces
from vpt_studio.errors import StudioError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path

BUSY = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
LOCKED_BYTE = 1 << 20  # beyond the text, which Windows would otherwise make unreadable while it is locked

# The system's lock is per process: it neither refuses a second take in this one, nor survives its release.
_held_here: set[str] = set()
_held_guard = threading.Lock()


class RunLock:
    """The right to write a run, held until ``release`` or until this process dies, however it dies.

    The system keeps the lock, not a file's existence, so there is nothing stale to clean up after a kill. A
    forked child (a data loader's) does not inherit it and cannot keep a dead run locked.

    Raises:
        StudioError: Another process, or this one, already holds it; or the file system cannot lock.
    """

    def __init__(self, run_dir: Path) -> None:
        self._path = RunPlaces(run_dir).lock
        self._name = os.path.realpath(self._path)
        with _held_guard:
            if self._name in _held_here:
                raise self._refusal()
            self._descriptor = self._take()
            _held_here.add(self._name)

    def _take(self) -> int:
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StudioError(
                f"the run cannot be written ({error.strerror})",
                where=self._path,
                mend="Check the folder's permissions",
            ) from error
        try:
            if sys.platform == "win32":
                os.lseek(descriptor, LOCKED_BYTE, os.SEEK_SET)
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, LOCKED_BYTE)
        except OSError as error:
            refusal = self._refusal() if error.errno in BUSY else None
            os.close(descriptor)
            if refusal is not None:
                raise refusal from error
            raise StudioError(
                f"this file system cannot lock files ({error.strerror})",
                where=self._path,
                mend="Keep runs on a disk or share that supports locking",
            ) from error
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, f"process {os.getpid()} on {socket.gethostname()}".encode())
        return descriptor

    def _refusal(self) -> StudioError:
        if self._name in _held_here:
            holder = "this process"
        else:
            holder = self._path.read_text("utf-8", errors="replace") or "another process"
        return StudioError(
            f"the run is already being written by {holder}",
            where=self._path.parent,
            mend="Wait until it ends, or stop it first",
        )

    def release(self) -> None:
        """Let others write. Closing the file is what releases it."""
        with _held_guard:
            os.close(self._descriptor)
            _held_here.discard(self._name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
