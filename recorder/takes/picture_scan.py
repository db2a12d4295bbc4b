"""One look at every picture of a take: how bright it is, whether it changed, and how far it moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import av
import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.recordings.recording import Recording

#: Pictures are looked at in this size. A turn of 1 degree moves one of 70 degrees across by two pixels.
_WIDTH, _HEIGHT = 160, 90
#: The part in which the world is to be seen: bars, hands and hearts at the bottom and names at the top stay
#: where they are when the view turns.
_TOP, _BOTTOM = 9, 63
#: Black in video is 16 of 255, and what a screen calls 12 of 255 is 26: a night still has its bar and hand.
_DARKEST = 26
#: A picture that is the same again differs by what encoding does to it: by 4 and 0.6 at most, at key frames.
_SAME_MOST, _SAME_MEAN = 6, 1.0


@dataclass(frozen=True, eq=False)
class PictureScan:
    """What the pictures of N ticks are like.

    Attributes:
        seen: bool [N]; false where the picture cannot be decoded. All else means nothing there.
        black: bool [N]; nothing in it is brighter than black.
        same: bool [N]; it is the picture of the tick before.
        shift: float64 [N, 2]; how far the world moved from this picture to that of the next tick, to the
            right and downwards, as shares of the picture's width; 0 in the last tick.
        sharp: float64 [N]; how clearly that was to be seen, 0 to 1.
    """

    seen: npt.NDArray[np.bool_]
    black: npt.NDArray[np.bool_]
    same: npt.NDArray[np.bool_]
    shift: npt.NDArray[np.float64]
    sharp: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.seen)


def scan_pictures(recording: Recording, tell: Callable[[int], None] | None = None) -> PictureScan:
    """Decode a recording with a frame per tick once, and look at its pictures at a reduced size.

    Args:
        recording: The recording.
        tell: Called with the number of ticks that have just been looked at.

    Raises:
        UnreadableVideoError: The video cannot be read at all.
    """
    count = len(recording)
    scan = PictureScan(
        np.zeros(count, bool),
        np.zeros(count, bool),
        np.zeros(count, bool),
        np.zeros((count, 2)),
        np.zeros(count),
    )
    ticks_of = _ticks_of(recording.frame_of_tick)
    window = np.asarray(cv2.createHanningWindow((_WIDTH, _BOTTOM - _TOP), cv2.CV_32F), np.float32)
    before: npt.NDArray[np.uint8] | None = None
    at = -1
    if not count:
        return scan
    frames = recording.frame_of_tick
    for number, frame in recording.video.decoded(int(frames[0]), int(frames[-1]) + 1, skip_damage=True):
        for tick in ticks_of.get(number, ()):
            small = _small(frame)
            scan.seen[tick] = True
            scan.black[tick] = small.max() <= _DARKEST
            if before is not None and at == tick - 1:
                difference = cv2.absdiff(small, before)
                scan.same[tick] = difference.max() <= _SAME_MOST and difference.mean() <= _SAME_MEAN
                if not scan.same[tick]:
                    _measure(scan, at, before, small, window)
            before, at = small, tick
            if tell is not None:
                tell(1)
    return scan


def _ticks_of(frames: npt.NDArray[np.int64]) -> dict[int, list[int]]:
    ticks: dict[int, list[int]] = {}
    for tick, frame in enumerate(frames.tolist()):
        ticks.setdefault(frame, []).append(tick)
    return ticks


def _small(frame: av.VideoFrame) -> npt.NDArray[np.uint8]:
    """The brightness of a frame, uint8 [_HEIGHT, _WIDTH]."""
    if frame.format.name in ("yuv420p", "yuvj420p", "yuv444p", "nv12"):  # brightness has a plane of its own
        plane = frame.planes[0]
        bright = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    else:
        bright = np.asarray(frame.to_ndarray(format="gray"), np.uint8)
    rows = bright[: frame.height, : frame.width]
    made: npt.NDArray[np.uint8] = np.asarray(
        cv2.resize(rows, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA), np.uint8
    )
    return made


def _measure(
    scan: PictureScan,
    tick: int,
    before: npt.NDArray[np.uint8],
    after: npt.NDArray[np.uint8],
    window: npt.NDArray[np.float32],
) -> None:
    first, second = (picture[_TOP:_BOTTOM].astype(np.float32) for picture in (before, after))
    (right, down), sharp = cv2.phaseCorrelate(first, second, window)
    scan.shift[tick] = right / _WIDTH, down / _WIDTH
    scan.sharp[tick] = min(max(sharp, 0.0), 1.0)
