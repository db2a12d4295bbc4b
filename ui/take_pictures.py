"""Pictures of takes, and what was done in them, brought off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtGui import QImage

from ui.widgets.overlay_keyboard import TickShown
from vpt_studio.actions import Actions
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording

_FILM_WIDTH, _FILM_HEIGHT = 128, 72


class TakePictures:
    """Reads takes, each file only while it is read: whoever mends one must be able to move it.

    Used by one thread. The lines of the last take that was asked for are kept.
    """

    def __init__(self) -> None:
        self._of: tuple[Path, int] | None = None
        self._actions: Actions | None = None
        self._screens: list[bool] = []

    def picture(self, video: Path, tick: int) -> tuple[QImage | None, TickShown | None]:
        """The picture of a tick, None where it cannot be decoded; and what was done in it.

        Raises:
            StudioError: The take cannot be read.
        """
        with Recording.open(video) as recording:
            self._read(recording, video)
            try:
                image = _image(recording.picture(tick))
            except (StudioError, IndexError):
                image = None
        if self._actions is None or tick >= len(self._screens):
            return image, None
        pressed = self._actions.policy_buttons[tick] > 0
        return image, TickShown(pressed, self._actions.camera[tick], screen_open=self._screens[tick])

    def film(self, video: Path, ticks: Sequence[int]) -> dict[int, QImage]:
        """Small pictures of `ticks`; those that cannot be decoded are left out.

        Raises:
            StudioError: The take cannot be read.
        """
        made: dict[int, QImage] = {}
        with Recording.open(video) as recording:
            for tick in ticks:
                try:
                    picture = recording.picture(tick)
                except (StudioError, IndexError):
                    continue
                small = cv2.resize(picture, (_FILM_WIDTH, _FILM_HEIGHT), interpolation=cv2.INTER_AREA)
                made[tick] = _image(np.asarray(small, np.uint8))
        return made

    def _read(self, recording: Recording, video: Path) -> None:
        of = video, video.stat().st_mtime_ns
        if of == self._of:
            return
        self._of, self._actions, self._screens = of, None, []
        if recording.ticks is not None:
            self._actions = recording.converted().actions
            self._screens = recording.screen_open.tolist()


def _image(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> QImage:
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
