"""Pictures of the screen, each with the moment at which it was taken."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import NamedTuple

import cv2
import mss
import numpy as np
import numpy.typing as npt
from mss.exception import ScreenShotError

from vpt_studio.errors import StudioError

Picture = npt.NDArray[np.uint8]

# Where the X server is gone, mss only asserts that it answered.
_LOST = (ScreenShotError, AssertionError)


#: How long the size of the desktop is taken as known.
_TRUSTED_SECONDS = 1.0


class _Box(NamedTuple):
    left: int
    top: int
    width: int
    height: int

    def part_within(self, other: _Box) -> _Box:
        """What both share; without width or height where that is nothing."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right = min(self.left + self.width, other.left + other.width)
        bottom = min(self.top + self.height, other.top + other.height)
        return _Box(left, top, right - left, bottom - top)


class ScreenFrames:
    """Takes pictures of a part of the desktop. Used by the thread that made it."""

    def __init__(self) -> None:
        """Open the screen.

        Raises:
            StudioError: There is none, or it may not be seen.
        """
        self._open()

    def grab(self, left: int, top: int, width: int, height: int) -> tuple[Picture, int]:
        """Take a picture without the mouse pointer; what lies beyond the desktop is black.

        Args:
            left: First column, in pixels of the whole desktop.
            top: First row.
            width: Columns, at least 1.
            height: Rows, at least 1.

        Returns:
            uint8 [height, width, 3], RGB, which is the caller's; and when it was taken, in nanoseconds of
            ``time.monotonic_ns()``'s clock: the middle of the time that the system took for it.

        Raises:
            StudioError: The screen cannot be seen any more.
        """
        box = _Box(left, top, width, height)
        is_old = time.monotonic() - self._opened >= _TRUSTED_SECONDS
        if is_old and box.part_within(self._desktop) != box:
            # What lay beyond the desktop may be on it since the screen changed its size.
            self._reopen()
        try:
            return self._grab(box)
        except _LOST:
            # A screen that changed its size needs a new connection; one that is gone says so when opened.
            self._reopen()
        try:
            return self._grab(box)
        except _LOST as error:
            raise _unseen(error) from None

    def close(self) -> None:
        """Let go of the screen."""
        with suppress(ScreenShotError):
            self._screen.close()

    def _open(self) -> None:
        try:
            self._screen = mss.MSS()
            whole = self._screen.monitors[0]
        except _LOST as error:
            raise _unseen(error) from None
        self._desktop = _Box(whole["left"], whole["top"], whole["width"], whole["height"])
        self._opened = time.monotonic()

    def _reopen(self) -> None:
        self.close()
        self._open()

    def _grab(self, box: _Box) -> tuple[Picture, int]:
        part = box.part_within(self._desktop)
        if part.width <= 0 or part.height <= 0:
            return np.zeros((box.height, box.width, 3), np.uint8), time.monotonic_ns()
        begin = time.monotonic_ns()
        shot = self._screen.grab(part._asdict())
        at = (begin + time.monotonic_ns()) // 2
        shape = (shot.height, shot.width, 4)
        seen = cv2.cvtColor(np.frombuffer(shot.raw, np.uint8).reshape(shape), cv2.COLOR_BGRA2RGB)
        if (shot.width, shot.height) != (part.width, part.height):
            # Screens of macOS give several pixels for each point that windows are measured in.
            seen = cv2.resize(seen, (part.width, part.height), interpolation=cv2.INTER_AREA)
        if part != box:
            column, row = part.left - box.left, part.top - box.top
            whole = np.zeros((box.height, box.width, 3), np.uint8)
            whole[row : row + part.height, column : column + part.width] = seen
            seen = whole
        return seen.astype(np.uint8, copy=False), at


def _unseen(reason: object) -> StudioError:
    return StudioError(
        f"the screen cannot be seen ({reason})",
        mend="Start VPT Studio on the desktop where the game runs; on macOS also allow it Screen Recording in"
        " the privacy settings",
    )
