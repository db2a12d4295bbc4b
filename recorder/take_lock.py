"""The lock that says a take is being written: while it is held, nobody takes the take for a crashed one."""

from __future__ import annotations

import os
import sys
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
            StudioError: Another process is writing that take.
        """
        self._path = folder / f".{name}.lock"
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if sys.platform == "win32":
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise StudioError(
                "this take is being recorded just now", where=folder / name, mend="Stop the recording first"
            ) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others have it."""
        if sys.platform != "win32":
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)
        if sys.platform == "win32":
            self._path.unlink(missing_ok=True)

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
