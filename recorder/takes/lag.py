"""How many frames after the mouse the picture moves, measured from a recording itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recorder.takes.picture_scan import PictureScan, scan_pictures
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording

#: A game shows what is done within 150 ms (35 ms at the median, 120 ms at worst were measured of Luanti, on a
#: machine with too much to do), so two frames later at most, or three where it is slow.
LONGEST_OFFSET_MS = 150.0
#: Lags that are tried, in frames: half a second either way.
LONGEST_LAG = 10
#: Below so many ticks with the mouse and the world both moving, chance speaks too loudly.
_FEWEST_MOVING = 100
#: How far the best lag's likeness must stand out: of the spread that chance gives, and over every lag that is
#: not its neighbour. With these no stretch of 15 s or more of the development recordings, shifted by known
#: lags, was given a wrong lag (0 of 716 that were told; of 50 s and more, all but one in twenty were told),
#: nor any with the mouse of another recording a lag at all (0 of 510).
_SPREADS, _TIMES = 4.0, 1.4
#: Pictures whose motion was seen less clearly than this count as still.
_SHARP = 0.05


@dataclass(frozen=True)
class Lag:
    """What was found.

    Attributes:
        frames: The lag: 0 where the action of tick k is seen in frame k + 1, the next one. Below 0 the
            picture moves before the mouse. None where it cannot be told.
        likeness: How alike the two motions are at that lag, -1 to 1; 0 where it cannot be told.
        moving: Ticks in which the mouse moved and no screen was open.
        why: Why it cannot be told, as a clause; "" where it is told.
    """

    frames: int | None
    likeness: float
    moving: int
    why: str = ""


def lag_of(recording: Recording, tell: Callable[[int], None] | None = None) -> Lag:
    """The lag of a recording with actions; it is decoded once.

    Args:
        recording: The recording.
        tell: Called with the number of ticks that have just been looked at.

    Raises:
        StudioError: It has no actions, or its video cannot be read.
    """
    if recording.ticks is None:
        raise StudioError("this recording has no actions", where=recording.video_path)
    scan = scan_pictures(recording, tell)
    raw = recording.ticks.raw
    return measure_lag(raw.motion[: len(scan)], scan, recording.known & ~recording.screen_open)


def measure_lag(motion: npt.NDArray[np.float64], scan: PictureScan, usable: npt.NDArray[np.bool_]) -> Lag:
    """The lag at which the mouse's motion and that of the picture are most alike.

    Both are compared by how they change from tick to tick: motion itself goes on for many ticks, and is much
    alike at neighbouring lags. Roots are taken, so that a few flicks do not decide alone.

    Args:
        motion: float [N, 2], mouse counts to the right and downwards.
        scan: What the pictures are like.
        usable: bool [N]; false where the mouse does not turn the view.
    """
    count = len(motion)
    moving = int((usable & motion.any(axis=1)).sum())
    if moving < _FEWEST_MOVING:
        return Lag(None, 0.0, moving, "the mouse moved too little")
    seen = scan.seen & (scan.sharp >= _SHARP)
    mouse = _changes(motion)
    # Who looks to the right sees the world go to the left.
    world = _changes(np.where(seen[:, None], -scan.shift, 0.0))
    likeness = np.zeros(2 * LONGEST_LAG + 1)
    compared = np.zeros(len(likeness))
    for place, lag in enumerate(range(-LONGEST_LAG, LONGEST_LAG + 1)):
        ticks = np.arange(max(0, lag), min(count, count + lag))
        ticks = ticks[usable[ticks] & usable[ticks - lag]]
        first, second = world[ticks], mouse[ticks - lag]
        strength = np.sqrt((first**2).sum() * (second**2).sum())
        if strength > 0:
            likeness[place] = (first * second).sum() / strength
            compared[place] = np.count_nonzero(first.any(axis=1) & second.any(axis=1))
    best = int(likeness.argmax())
    others = np.delete(likeness, slice(max(0, best - 1), best + 2)).max()
    if compared[best] < _FEWEST_MOVING:
        return Lag(None, 0.0, moving, "the picture moved too little")
    stands_out = likeness[best] * np.sqrt(compared[best]) >= _SPREADS and likeness[best] >= _TIMES * others
    if not stands_out:
        return Lag(None, 0.0, moving, "picture and mouse do not move alike at any lag")
    return Lag(best - LONGEST_LAG, float(likeness[best]), moving)


def _changes(motion: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    rooted = np.sign(motion) * np.sqrt(np.abs(motion))
    return np.asarray(np.diff(rooted, axis=0, prepend=rooted[:1]), float)
