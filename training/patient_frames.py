"""Frames of a damaged video: what cannot be decoded is passed over, and which ticks that were is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.video import RgbFrame, UnreadableVideoError


class PatientFrames:
    """Gives a recording's frames as models see them; where one is missing, the last before it stands still.

    Attributes:
        missing: bool [N]: ticks asked for so far whose frame cannot be decoded.
        damage: The first error; None while there was none.
    """

    def __init__(self, pictures: Recording) -> None:
        self._pictures = pictures
        self.missing = np.zeros(len(pictures), bool)
        self.damage: UnreadableVideoError | None = None

    def __call__(self, start: int, stop: int) -> RgbFrame:
        """Frames of the ticks `start` to `stop` (exclusive): uint8 [n, 128, 128, 3] RGB."""
        try:
            return self._pictures.model_frames(start, stop)
        except UnreadableVideoError as error:
            self.damage = self.damage or error
        numbers = self._pictures.frame_of_tick[start:stop]
        there = {
            number
            for number, _ in self._pictures.video.decoded(
                int(numbers[0]), int(numbers[-1]) + 1, skip_damage=True
            )
        }
        self.missing[start:stop] = [int(number) not in there for number in numbers]
        return self._filled(start, stop)

    def doubtful(self) -> npt.NDArray[np.bool_]:
        """bool [N]: the missing ticks and those after them up to the next key frame, which build on them."""
        numbers, keyframes = self._pictures.frame_of_tick, self._pictures.video.keyframes
        doubtful = np.zeros(len(numbers), bool)
        for tick in np.flatnonzero(self.missing):
            later = keyframes[keyframes > numbers[tick]]
            end = int(np.searchsorted(numbers, later[0])) if len(later) else len(numbers)
            doubtful[tick:end] = True
        return doubtful

    def _filled(self, start: int, stop: int) -> RgbFrame:
        frames = np.zeros((stop - start, *self._pictures.model_frames(0, 0).shape[1:]), np.uint8)
        edges = np.flatnonzero(np.diff(self.missing[start:stop])) + 1
        for first, last in zip([0, *edges], [*edges, stop - start], strict=True):
            if not self.missing[start + first]:
                self._pictures.model_frames(start + first, start + last, out=frames[first:last])
            elif first:
                frames[first:last] = frames[first - 1]
        return frames
