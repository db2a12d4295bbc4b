"""The windows of the desktop with a small picture of each, as a person chooses among them."""

from __future__ import annotations

import base64
from typing import Any

import cv2

from recorder.desktop.window import Desktop, DesktopWindow, Picture
from recorder.game.window import Frames
from recorder.game_profiles import GameProfile, profile_names, read_profile

#: No thumbnail is larger.
THUMBNAIL = (240, 135)
#: What a window is taken for that no profile knows.
ANY_GAME = "generic"
_QUALITY = 80


class ScoutWindows:
    """Looks at all windows. Used by one thread."""

    def __init__(self, desktop: Desktop, frames: Frames, hidden_process: int) -> None:
        """Windows of `hidden_process` are not told; 0 hides none."""
        self._desktop, self._frames, self._hidden_process = desktop, frames, hidden_process
        self._profiles = {name: read_profile(name) for name in profile_names()}

    def told(self) -> list[dict[str, Any]]:
        """The windows, topmost first, as the scout's message ``windows`` has them."""
        front = self._desktop.in_front()
        return [
            {
                "window": window.id,
                "title": window.title,
                "program": window.program,
                "process": window.process,
                "size": [window.width, window.height],
                "profile": guess_profile(self._profiles, window.title),
                "thumbnail": self._thumbnail(window, window.id == front),
            }
            for window in self._desktop.windows()
            if not self._hidden_process or window.process != self._hidden_process
        ]

    def _thumbnail(self, window: DesktopWindow, is_in_front: bool) -> str | None:
        picture = picture_of(self._desktop, self._frames, window, is_in_front=is_in_front)
        return None if picture is None else _as_text(picture)


def guess_profile(profiles: dict[str, GameProfile], title: str) -> str:
    """The name of the profile one of whose `window` is in `title`: of several, the one with the longest."""
    fitting = [
        (len(part), name)
        for name, profile in profiles.items()
        for part in profile.window
        if part.casefold() in title.casefold()
    ]
    return max(fitting)[1] if fitting else ANY_GAME


def picture_of(
    desktop: Desktop, frames: Frames, window: DesktopWindow, *, is_in_front: bool
) -> Picture | None:
    """What is in a window, never what lies over it.

    Args:
        desktop: Has the window.
        frames: Take pictures of the same desktop.
        window: As it is now.
        is_in_front: It has the keyboard; where the system does not tell what lies over a window, pictures are
            only taken of that one.

    Returns:
        uint8 [height, width, 3], RGB; None where that cannot be known.

    Raises:
        StudioError: The desktop is gone.
    """
    if window.width < 1 or window.height < 1 or not desktop.is_shown(window.id):
        return None
    if not desktop.tells_cover and not is_in_front:
        return None
    if desktop.covering(window.id, foreign=False) is None:
        picture, _ = frames.grab(window.left, window.top, window.width, window.height)
        # What came over it, or where it went, while the picture was taken, is in the picture.
        is_still_there = desktop.place(window.id) == window.place and desktop.is_shown(window.id)
        if is_still_there and desktop.covering(window.id, foreign=False) is None:
            return picture
    return desktop.own_picture(window.id)


def _as_text(picture: Picture) -> str:
    """A small JPEG as base64."""
    height, width = picture.shape[:2]
    scale = min(THUMBNAIL[0] / width, THUMBNAIL[1] / height, 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    return base64.b64encode(jpeg.tobytes()).decode("ascii")
