"""The lock that says a take is being written: while it is held, nobody takes the take for a crashed one."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from vpt_studio.errors import StudioError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class TakeLock:
    """The right to write the take `name` in `folder`, held until :meth:`release` or the process's death.

    The system keeps the lock, not the file, so a kill leaves nothing that would have to be cleared away.
    """

    def __init__(self, folder: Path, name: str) -> None:
        """Take it.

        Raises:
            StudioError: Another process is writing that take, or no lock can be made in that folder.
        """
        self._path = folder / f".{name}.lock"
        self._descriptor = self._locked(folder / name)

    def release(self) -> None:
        """Let others have it."""
        if sys.platform == "win32":
            os.close(self._descriptor)
            with suppress(OSError):  # somebody who asks for it has it open; they take it away
                self._path.unlink()
            return
        with suppress(OSError):  # the folder is gone; what is closed is free all the same
            self._path.unlink()
        os.close(self._descriptor)

    def _locked(self, take: Path) -> int:
        """Open the file and lock it, until what is locked is the file that others find there."""
        while True:
            try:
                descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            except OSError as error:
                raise StudioError(
                    f"the take cannot be locked ({(error.strerror or str(error)).lower()})",
                    where=take,
                    mend="Choose a folder in which you may write",
                ) from error
            try:
                if sys.platform == "win32":
                    msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
                else:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(descriptor)
                raise StudioError(
                    "this take is being recorded just now",
                    where=take,
                    mend="Stop the recording first, or wait until it is done",
                ) from error
            # Who held it may have taken the file away since we opened it; then the next one locks another.
            if _is_at(self._path, descriptor):
                return descriptor
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def is_being_written(folder: Path, name: str) -> bool:
    """Whether a process holds the lock of this take."""
    if not (folder / f".{name}.lock").exists():
        return False
    try:
        TakeLock(folder, name).release()
    except StudioError:
        return True
    return False


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
