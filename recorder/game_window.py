"""The window that is recorded: followed where it goes, and photographed only while it is in front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from recorder.desktop.window import Desktop, DesktopWindow
from recorder.desktop_ticks import WindowPlace
from vpt_studio.errors import StudioError

#: What recordings have, whatever the window's size.
STORED = (640, 360)


class Frames(Protocol):
    """Where pictures come from; :class:`recorder.frames.ScreenFrames` is one."""

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
        self.place = _place_of(window)
        self.is_gone = False
        # H.264 holds even sizes only.
        self.size = (max(window.width & ~1, 2), max(window.height & ~1, 2)) if native else STORED

    def is_in_front(self) -> bool:
        """Whether it has the keyboard."""
        return self._desktop.in_front() == self._id

    def look(self) -> None:
        """See where it is, and whether it is there at all."""
        found = self._desktop.find(self._id)
        if found is None:
            self.is_gone = True
        else:
            self.place = _place_of(found)

    def shoot(self) -> Shot | None:
        """Take a picture; None where the window is gone, or was somewhere else when the picture was taken."""
        place = self.place
        picture, at = self._frames.grab(place.left, place.top, place.width, place.height)
        self.look()
        if self.is_gone or self.place != place:
            return None
        return Shot(self._stored(picture), at, place)

    def _stored(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        height, width = picture.shape[:2]
        if (width, height) == self.size:
            return picture
        shrinks = width >= self.size[0] and height >= self.size[1]
        resized = cv2.resize(
            picture, self.size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        )
        return resized.astype(np.uint8, copy=False)


def _place_of(window: DesktopWindow) -> WindowPlace:
    return WindowPlace(window.left, window.top, max(window.width, 1), max(window.height, 1))


def choose_window(desktop: Desktop, window_id: int | None, title: str) -> DesktopWindow:
    """The window of this number, else the topmost one whose title holds `title`, in any spelling.

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
        if title and title.casefold() in window.title.casefold():
            return window
    what = f"no window is called {title!r}" if title else "it is not said which window to record"
    raise StudioError(what, mend=_choices(windows))


def _choices(windows: list[DesktopWindow]) -> str:
    if not windows:
        return "There is no window at all: start the game first"
    return "There are: " + ", ".join(f"{window.title or '(no title)'} ({window.id})" for window in windows)
