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
_FASTEST = 8.0  # degrees per tick; beyond, neighbouring frames have too little in common
_LONGEST_STROKE = 8  # ticks; longer ones are cut
_SMALLEST_STROKE = 1.5  # degrees
_FEWEST_STROKES = 20
_WEAKEST, _STRONGEST = 0.2, 4.0  # pixels per degree, of the 128x128 frame
_SLACK = (0.5, 0.1)  # pixels, and share of the shift, by which a stroke may differ
_WEAKEST_AGREEMENT = 0.15
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

    Shifts come from phase correlation of neighbouring frames, summed over strokes of the mouse. Games
    differ (MineRL shows a turn in the next frame, a game behind a compositor later) and so do fields of
    view; the recordings know.

    Args:
        footage: The recordings.
        tell: Called with the number of ticks that have just been looked at, of :func:`measured_ticks` in all.
            What it raises ends the work.

    Returns:
        None where shifts and turns do not go together (no camera, or hardly any motion).
    """
    parts = []
    for part in footage:
        shifts = _shifts(part)
        parts.append((part.degrees[: len(shifts)][:, ::-1], shifts))  # yaw, pitch as shifts are x, y
        if tell is not None:
            tell(len(shifts))
    best: tuple[float, CameraResponse] | None = None
    for delay in range(_LONGEST_DELAY + 1):
        strokes = np.concatenate([_strokes(turned, shifted, delay) for turned, shifted in parts])
        across, along = (_agreed(strokes[:, axis, 0], strokes[:, axis, 1]) for axis in (0, 1))
        if across is None or along is None:
            continue
        agreement = min(across[0], along[0])
        if best is None or agreement > best[0]:
            best = agreement, CameraResponse(delay, (across[1], along[1]))
    if best is None or best[0] < _WEAKEST_AGREEMENT:
        logger.info("the picture's motion hardly follows the mouse")
        return None
    found = best[1]
    logger.info(
        "the picture answers the mouse after %d ticks, %.2f and %.2f pixels per degree across and down"
        " (agreement %.2f)",
        found.delay,
        *found.pixels_per_degree,
        best[0],
    )
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


def _strokes(
    turned: npt.NDArray[np.float64], shifted: npt.NDArray[np.float64], delay: int
) -> npt.NDArray[np.float64]:
    """Turn and shift of every stroke of the mouse, float64 [n, 2, 2]: axis, then degrees and pixels.

    Whole strokes, because a game may show one tick's turn partly in this frame and partly in the next.
    """
    ticks = len(turned) - delay
    moving = turned[:ticks].any(axis=1)
    answered = shifted[delay : delay + ticks]
    usable = moving & ~np.isnan(answered).any(axis=1) & (np.abs(turned[:ticks]).max(axis=1) < _FASTEST)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], moving, [False]]).astype(np.int8)))
    found = []
    for begin, end in edges.reshape(-1, 2):
        for start in range(begin, end, _LONGEST_STROKE):
            span = slice(start, min(start + _LONGEST_STROKE, end))
            if usable[span].all():
                found.append(np.stack([turned[span].sum(axis=0), answered[span].sum(axis=0)], axis=1))
    return np.array(found).reshape(-1, 2, 2)


def _agreed(degrees: npt.NDArray[np.float64], pixels: npt.NDArray[np.float64]) -> tuple[float, float] | None:
    """The share of strokes that agree on one response, and that response in pixels per degree.

    Least squares would not do: near walls, in the dark and behind a hand that stands still, phase correlation
    often finds no motion or a wrong one, and would draw the response towards zero.

    Returns:
        None where there are too few strokes.
    """
    large = np.abs(degrees) > _SMALLEST_STROKE
    if large.sum() < _FEWEST_STROKES:
        return None
    degrees, pixels = degrees[large], pixels[large]
    tried = np.arange(_WEAKEST, _STRONGEST, 0.01)
    tried = np.concatenate([-tried[::-1], tried])[:, None]
    off = np.abs(pixels - tried * degrees) / (_SLACK[0] + _SLACK[1] * np.abs(tried * degrees))
    agreement = np.clip(1 - off * off, 0, None).mean(axis=1)
    best = int(agreement.argmax())
    return float(agreement[best]), float(tried[best, 0])
