"""Pictures from a process of the recorder to the window: through memory that both have, without waiting."""

from __future__ import annotations

import mmap
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vpt_studio.recordings.pointer import draw_pointer_at

WIDTH, HEIGHT = 640, 360
_SLOTS = 3
_HEAD = 64  # bytes before each picture: the number it had when writing began, and when it was done
_SLOT = _HEAD + WIDTH * HEIGHT * 3
SIZE = _SLOTS * _SLOT

Picture = npt.NDArray[np.uint8]


class PictureBoard:
    """A file in memory with the newest three pictures. One process shows, another one looks.

    Neither waits for the other. Pictures are numbered from 1; a reader asks for a number that it was told,
    and gets nothing where that picture was overwritten meanwhile: never one half of each.
    """

    def __init__(self, path: Path, *, make: bool = False) -> None:
        """Map the file at `path`, making it where `make` is set; who makes it takes it away when it closes.

        Raises:
            OSError: It cannot be made, or is not there.
        """
        with path.open("w+b" if make else "r+b") as file:
            if make:
                file.truncate(SIZE)
            self._memory = mmap.mmap(file.fileno(), SIZE)
        self._made = path if make else None
        self._shown = 0

    def show(self, picture: Picture, pointer: tuple[float, float] | None) -> int:
        """Show a picture, with the mouse pointer drawn onto it where there is one.

        Args:
            picture: uint8 [360, 640, 3], RGB; it is not changed.
            pointer: Column and row of the pointer.

        Returns:
            The picture's number.
        """
        self._shown += 1
        numbers, pixels = self._slot(self._shown)
        numbers[0] = self._shown
        pixels[:] = picture
        if pointer is not None:
            draw_pointer_at(pixels, int(pointer[0]), int(pointer[1]))
        numbers[1] = self._shown
        return self._shown

    def look(self, number: int) -> Picture | None:
        """A copy of picture `number`; None where newer ones took its place."""
        numbers, pixels = self._slot(number)
        if numbers[1] != number:
            return None
        copy = pixels.copy()
        return copy if numbers[0] == number else None

    def close(self) -> None:
        """Let go of the memory, and take away the file that was made for it."""
        self._memory.close()
        if self._made is not None:
            with suppress(OSError):  # Windows keeps it for as long as somebody looks
                self._made.unlink(missing_ok=True)

    def _slot(self, number: int) -> tuple[npt.NDArray[np.uint64], Picture]:
        begin = number % _SLOTS * _SLOT
        numbers = np.frombuffer(self._memory, np.uint64, 2, begin)
        pixels = np.frombuffer(self._memory, np.uint8, _SLOT - _HEAD, begin + _HEAD)
        return numbers, pixels.reshape(HEIGHT, WIDTH, 3)
