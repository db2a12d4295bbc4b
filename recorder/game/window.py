"""The window that is recorded: followed where it goes, and photographed only while it is in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from recorder.desktop.window import Desktop, DesktopWindow, Place, WindowPlace
from vpt_studio.errors import StudioError

#: What recordings have, whatever the window's size.
STORED = (640, 360)


class Frames(Protocol):
    """Where pictures come from; :class:`recorder.desktop.frames.ScreenFrames` is one."""

    def grab(self, left: int, top: int, width: int, height: int) -> tuple[npt.NDArray[np.uint8], int]:
        """A part of the desktop, uint8 [height, width, 3] RGB, and when it was seen, in nanoseconds."""
        ...


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of the game.

    Attributes:
        picture: uint8 [H, W, 3], RGB, of the stored size.
        at: When it was taken, nanoseconds of ``time.monotonic_ns()``.
        place: Where the window was.
    """

    picture: npt.NDArray[np.uint8]
    at: int
    place: WindowPlace


class GameWindow:
    """One window of the desktop. Used by one thread.

    Attributes:
        place: Where it was when last looked at.
        is_gone: It was closed.
    """

    def __init__(self, desktop: Desktop, frames: Frames, window: DesktopWindow, *, native: bool) -> None:
        """Follow `window`; `native` stores its own size, as it is now, instead of 640 x 360."""
        self._desktop, self._frames, self._id = desktop, frames, window.id
        self.place = _filled(window.place)
        self.is_gone = False
        # H.264 holds even sizes only.
        self.size = (max(window.width & ~1, 2), max(window.height & ~1, 2)) if native else STORED

    def is_in_front(self) -> bool:
        """Whether it has the keyboard."""
        return self._desktop.in_front() == self._id

    def cover(self) -> DesktopWindow | None:
        """Another program's window that lies over it; None without one, and where that is not told."""
        return self._desktop.covering(self._id)

    def look(self) -> None:
        """See where it is, and whether it is there at all."""
        place = self._desktop.place(self._id)
        if place is None:
            self.is_gone = True
        else:
            self.place = _filled(place)

    def shoot(self) -> Shot | None:
        """Take a picture; None where the window is gone, or was somewhere else when the picture was taken."""
        place = self.place
        picture, at = self._frames.grab(place.left, place.top, place.width, place.height)
        self.look()
        if self.is_gone or self.place != place:
            return None
        return Shot(self.stored(picture), at, place)

    def stored(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """A picture, uint8 [height, width, 3], in the size that recordings have."""
        height, width = picture.shape[:2]
        if (width, height) == self.size:
            return picture
        shrinks = width >= self.size[0] and height >= self.size[1]
        resized = cv2.resize(
            picture, self.size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        )
        return resized.astype(np.uint8, copy=False)


def _filled(place: Place) -> WindowPlace:
    left, top, width, height = place
    return WindowPlace(left, top, max(width, 1), max(height, 1))


def words_for(window: DesktopWindow) -> str:
    """What a person would call a window."""
    return window.title or window.program or "A window without a title"


def choose_window(desktop: Desktop, window_id: int | None, titles: Sequence[str]) -> DesktopWindow:
    """The window of this number, else the topmost one whose title holds one of `titles`, in any spelling.

    Raises:
        StudioError: There is none; it says which there are.
    """
    if window_id is not None:
        found = desktop.find(window_id)
        if found is None:
            raise StudioError(f"there is no window {window_id}", mend=_choices(desktop.windows()))
        return found
    windows = desktop.windows()
    for window in windows:
        if any(title.casefold() in window.title.casefold() for title in titles):
            return window
    called = " or ".join(map(repr, titles))
    what = f"no window is called {called}" if titles else "it is not said which window to record"
    raise StudioError(what, mend=_choices(windows))


def _choices(windows: list[DesktopWindow]) -> str:
    if not windows:
        return "There is no window at all: start the game first"
    return "There are: " + ", ".join(f"{window.title or '(no title)'} ({window.id})" for window in windows)
