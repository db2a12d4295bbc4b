"""Pictures that a process of the recorder shows to the window, through a file in memory that both have."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from PySide6.QtGui import QImage

from recorder.pictures import HEIGHT, WIDTH, PictureBoard


class SharedPictures:
    """The window's end of a :class:`PictureBoard`.

    Attributes:
        path: The file, for the process that makes the board in it.
    """

    def __init__(self) -> None:
        """Take a name for the file."""
        descriptor, name = tempfile.mkstemp(prefix="vpt-studio-pictures-", dir=_memory_folder())
        os.close(descriptor)
        self.path = Path(name)
        self._board: PictureBoard | None = None

    def open(self) -> None:
        """The process has made its board."""
        if self._board is None:
            self._board = PictureBoard(self.path)
            if sys.platform != "win32":  # both have it by now, and need its name no longer
                self.path.unlink(missing_ok=True)

    def picture(self, number: int) -> QImage | None:
        """Picture `number`; None where newer ones took its place."""
        if self._board is None:
            return None
        pixels = self._board.look(number)
        if pixels is None:
            return None
        # A copy, or it would point into an array that nobody holds.
        return QImage(pixels.data, WIDTH, HEIGHT, 3 * WIDTH, QImage.Format.Format_RGB888).copy()

    def close(self) -> None:
        """Let go of the memory."""
        if self._board is not None:
            self._board.close()
            self._board = None
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def _memory_folder() -> str | None:
    """A folder that lies in memory where the system has one; None for the usual temporary one."""
    for folder in (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm"):  # noqa: S108  # memory, by definition
        if folder and os.access(folder, os.W_OK):
            return folder
    return None
