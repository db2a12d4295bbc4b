"""How a game's picture answers the mouse: after how many ticks, and by how many pixels per degree."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from training.clips import Footage

logger = logging.getLogger(__name__)

_LONGEST_DELAY = 3  # ticks
_MEASURED_TICKS = 1500  # per recording; more adds time, not precision
_WEAKEST_CORRELATION = 0.3
_VIEW_ROWS = slice(8, 104)  # of 128: without the hot-bar below, which stands still


@dataclass(frozen=True)
class CameraResponse:
    """What one degree of camera does to the picture.

    Attributes:
        delay: The turn of tick k shows between frames k + delay and k + delay + 1.
        pixels_per_degree: How far the picture's content moves per degree of yaw and of pitch, in pixels
            of the 128x128 frame, near its middle; negative: against the turn.
    """

    delay: int
    pixels_per_degree: tuple[float, float]


def measure_camera_response(
    footage: Sequence[Footage], tell: Callable[[int], None] | None = None
) -> CameraResponse | None:
    """Measure the response from recordings with known actions: picture shifts against recorded turns.

    Shifts come from phase correlation of neighbouring frames. Games differ (MineRL shows a turn in the
    next frame, a game behind a compositor later) and so do fields of view; the recordings know.

    Args:
        footage: The recordings.
        tell: Called with the number of ticks that have just been looked at, of :func:`measured_ticks` in all.
            What it raises ends the work.

    Returns:
        None where shifts and turns do not go together (no camera, or hardly any motion).
    """
    turns, shifts = [], []
    for part in footage:
        measured = _shifts(part)
        shifts.append(np.pad(measured, ((0, _LONGEST_DELAY), (0, 0)), constant_values=np.nan))
        turns.append(part.degrees[: len(measured)][:, ::-1])  # yaw, pitch as shifts are x, y
        if tell is not None:
            tell(len(measured))
    best: tuple[float, CameraResponse] | None = None
    for delay in range(_LONGEST_DELAY + 1):
        turned = np.concatenate(turns)
        shifted = np.concatenate(
            [shift[delay : delay + len(turn)] for shift, turn in zip(shifts, turns, strict=True)]
        )
        seen = ~np.isnan(shifted).any(axis=1) & (np.abs(turned).max(axis=1) < 8) & turned.any(axis=1)
        if seen.sum() < 50:
            return None
        across, along = (_fit(turned[seen, axis], shifted[seen, axis]) for axis in (0, 1))
        strength = min(abs(across[0]), abs(along[0]))
        if best is None or strength > best[0]:
            best = strength, CameraResponse(delay, (across[1], along[1]))
    assert best is not None
    if best[0] < _WEAKEST_CORRELATION:
        logger.info("the picture's motion hardly follows the mouse (correlation %.2f)", best[0])
        return None
    found = best[1]
    logger.info("the picture answers the mouse after %d ticks, %.2f and %.2f pixels per degree across and"
                " down (correlation %.2f)", found.delay, *found.pixels_per_degree, best[0])  # fmt: skip
    return found


def measured_ticks(footage: Sequence[Footage]) -> int:
    """How many ticks of `footage` a measurement looks at."""
    return sum(min(len(part), _MEASURED_TICKS) for part in footage)


def _shifts(part: Footage) -> npt.NDArray[np.float64]:
    """How the picture moves from each frame to the next, x and y in pixels; nan where it cannot be told."""
    ticks = min(len(part), _MEASURED_TICKS)
    grey = [
        cv2.cvtColor(np.asarray(frame[_VIEW_ROWS]), cv2.COLOR_RGB2GRAY).astype(np.float32)
        for frame in part.frames(0, ticks)
    ]
    window = cv2.createHanningWindow((grey[0].shape[1], grey[0].shape[0]), cv2.CV_32F)
    moved = np.full((ticks, 2), np.nan)
    for tick in range(ticks - 1):
        shift, response = cv2.phaseCorrelate(grey[tick], grey[tick + 1], window)
        # With a screen open the mouse moves the pointer, not the picture.
        if response > 0.1 and part.known[tick] and not part.screen_open[tick]:
            moved[tick] = shift
    return moved


def _fit(turned: npt.NDArray[np.float64], shifted: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Correlation, and pixels per degree by least squares through the origin."""
    if not turned.std() or not shifted.std():
        return 0.0, 0.0
    return float(np.corrcoef(turned, shifted)[0, 1]), float((turned @ shifted) / (turned @ turned))
