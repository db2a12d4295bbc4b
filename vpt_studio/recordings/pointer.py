"""The mouse pointer, drawn onto frames that were stored without it, as the released models saw it."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import cv2
import numpy as np
import numpy.typing as npt

#: Height in pixels of the window in whose coordinates recordings store the pointer (1280 x 720).
POINTER_WINDOW_HEIGHT = 720


def draw_pointer(frame: npt.NDArray[np.uint8], x: float, y: float) -> None:
    """Blend the pointer into `frame` with its tip at `x`, `y`, in place.

    Follows the published loader: the position is cut to whole pixels, the pointer is clipped at the
    right and lower edge, each channel is blended by alpha / 255 and cut to uint8. A position left of
    or above the picture, on which the published loader fails, is moved to the edge.

    Args:
        frame: uint8 [H, W, 3]; channel order does not matter, the pointer is grey.
        x: Pointer position in the 1280 x 720 window; nan draws nothing.
        y: Likewise.
    """
    if not (np.isfinite(x) and np.isfinite(y)):
        return
    height, width = frame.shape[:2]
    scale = height / POINTER_WINDOW_HEIGHT
    draw_pointer_at(frame, int(np.clip(x * scale, 0, width)), int(np.clip(y * scale, 0, height)))


def draw_pointer_at(frame: npt.NDArray[np.uint8], column: int, row: int) -> None:
    """Blend the pointer into `frame` with its upper left pixel at `column`, `row`, in place."""
    grey, alpha = _pointer()
    column, row = max(column, 0), max(row, 0)
    target = frame[row : row + len(grey), column : column + grey.shape[1]]
    height, width = target.shape[:2]
    if height and width:
        share = alpha[:height, :width]
        target[:] = (target * (1 - share) + grey[:height, :width] * share).astype(np.uint8)


@lru_cache(maxsize=1)
def _pointer() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    data = files(__package__).joinpath("pointer_16x16.png").read_bytes()
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None, "the pointer picture that belongs to this package cannot be decoded"
    return picture[:, :, :3].astype(np.uint8), picture[:, :, 3:].astype(np.float64) / 255.0
