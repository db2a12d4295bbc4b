"""Looking for damaged pictures: those that cannot be decoded, and those that the decoder only guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import av.logging
import numpy as np
import numpy.typing as npt

from vpt_studio.recordings.video import VideoReader

# A complaint is heard while some picture is handed out; the picture it is about may be a few away, because
# decoders reorder pictures and work on several at once.
_BEFORE, _AFTER = 4, 16


@dataclass(frozen=True)
class PictureDamage:
    """What was found in a span of frames.

    Attributes:
        missing: Frames that cannot be decoded, rising.
        complaints: How often the decoder complained, by the frame that came next. Decoders hide damage: they
            fill it in from the pictures around it, and only their log says so.
    """

    missing: list[int] = field(default_factory=list)
    complaints: dict[int, int] = field(default_factory=dict)

    def doubtful(self, video: VideoReader) -> npt.NDArray[np.bool_]:
        """The frames not to be trusted: bool [frames].

        Those are the missing ones, and from each complaint all up to the next key frame: a guess lives on in
        the pictures that refer to it.
        """
        wrong = np.zeros(len(video), bool)
        wrong[self.missing] = True
        for number in self.complaints:
            later = video.keyframes[video.keyframes > number + _AFTER]
            wrong[max(0, number - _BEFORE) : int(later[0]) if later.size else len(video)] = True
        return wrong


def find_damage(
    video: VideoReader, start: int, stop: int, tell: Callable[[int], None] | None = None
) -> PictureDamage:
    """Decode frames `start` to `stop` (exclusive) and note what is wrong with them.

    Args:
        video: The video.
        start: First frame.
        stop: One past the last.
        tell: Called with the number of frames that have just been looked at.
    """
    found = PictureDamage()
    seen = np.zeros(stop - start, bool)
    with _complaints_heard() as log:
        for number, _ in video.decoded(start, stop, skip_damage=True):
            seen[number - start] = True
            if log:
                found.complaints[number] = len(log)
                log.clear()
            if tell is not None:
                tell(1)
    found.missing.extend((np.flatnonzero(~seen) + start).tolist())
    return found


@contextmanager
def _complaints_heard() -> Iterator[list[tuple[int, str, str]]]:
    """The decoder's complaints in this thread, each of them, as they come."""
    level, skips = av.logging.get_level(), av.logging.get_skip_repeated()
    av.logging.set_level(av.logging.ERROR)
    # Skipped would be any message equal to the last one of this process, which may be of another file.
    av.logging.set_skip_repeated(False)
    try:
        with av.logging.Capture() as log:
            yield log
    finally:
        av.logging.set_skip_repeated(skips)
        av.logging.set_level(level)
