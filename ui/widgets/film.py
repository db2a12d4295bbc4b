"""The small pictures of a filmstrip, decoded off the GUI thread."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PySide6.QtGui import QImage

from ui.background import Task
from vpt_studio.errors import StudioError
from vpt_studio.project.references import open_recordings

WIDTH, HEIGHT = 128, 72


def film_pictures(folder: Path, recording: str, ticks: list[int], task: Task) -> dict[int, QImage]:
    """The pictures of some ticks; those that cannot be decoded are left out.

    Raises:
        StudioError: The recording cannot be opened.
    """
    made: dict[int, QImage] = {}
    (opened,) = open_recordings([recording], folder)
    with opened:
        for tick in ticks:
            if task.is_cancelled:
                break
            try:
                picture = opened.picture(tick)
            except (StudioError, IndexError):
                continue
            small = np.ascontiguousarray(cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA))
            made[tick] = QImage(small.data, WIDTH, HEIGHT, 3 * WIDTH, QImage.Format.Format_RGB888).copy()
    return made
