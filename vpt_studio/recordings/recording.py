"""A recording: a video plus one action per tick plus where each action came from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.actions import Conversion, ConvertedTicks, convert_ticks
from vpt_studio.actions.tick_conversion import EXACT
from vpt_studio.errors import StudioError
from vpt_studio.recordings.files import VERSION, RecordingFiles, is_regular_file, missing_recording
from vpt_studio.recordings.pointer import draw_pointer
from vpt_studio.recordings.problems import shortened
from vpt_studio.recordings.sidecar import ForeignFile, Sidecar, read_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.sparse_resize import rgb_of
from vpt_studio.recordings.tick_lines import TickTable, read_tick_lines
from vpt_studio.recordings.video import MODEL_SIDE, RgbFrame, UnreadableVideoError, VideoReader, small_frame

#: Ticks per second, everywhere (VPT section 4.1; Minecraft's own rate).
TICK_RATE = 20
#: A video whose rate is this near to the tick rate has one frame per tick.
_RATE_TOLERANCE = 0.05
_LONGEST_SECONDS = 7 * 24 * 3600.0


class Recording:
    """One recording on disk, read lazily. One object serves one thread.

    Tick *k* is frame *k* and the action of the 50 ms that follow it. OpenAI's recorder writes one frame
    more than lines: that last frame has no action and is no tick.

    Attributes:
        files: Where it lies.
        sidecar: What is true of the whole.
    """

    def __init__(self, files: RecordingFiles, sidecar: Sidecar, video: Path, actions: Path | None) -> None:
        self.files = files
        self.sidecar = sidecar
        self._video_path = video
        self._actions_path = actions
        self._reader: VideoReader | None = None

    @classmethod
    def open(cls, path: Path, *, recorder_version: str = "") -> Recording:
        """Open the recording at `path`: any of its files, or their common name without a suffix.

        Args:
            path: Where the recording lies.
            recorder_version: Version of OpenAI's recorder, where known; the sidecar's word goes before,
                and without either the folder's name counts if it looks like a version (``6.9``).

        Raises:
            StudioError: There is no recording, or what it refers to is missing.
        """
        files = RecordingFiles.of(path)
        sidecar = read_sidecar(files.sidecar) or Sidecar()
        if not sidecar.recorder_version:
            version = files.folder.name if VERSION.fullmatch(files.folder.name) else ""
            sidecar = replace(sidecar, recorder_version=recorder_version or version)
        video = _foreign(files, sidecar.video, "video") if sidecar.video else files.video
        if video is None:
            raise missing_recording(path)
        actions = _foreign(files, sidecar.actions, "tick lines") if sidecar.actions else files.actions
        if not is_regular_file(actions):
            if os.path.lexists(actions):
                raise StudioError(
                    "the tick lines are not a file that can be read",
                    where=actions,
                    mend="Put the file itself in its place, or move it away to use the video alone",
                )
            return cls(files, sidecar, video, None)
        return cls(files, sidecar, video, actions)

    @property
    def name(self) -> str:
        """The recording's stem."""
        return self.files.stem

    @property
    def video_path(self) -> Path:
        """The video, here or elsewhere."""
        return self._video_path

    @property
    def actions_path(self) -> Path | None:
        """The tick lines, None where nobody recorded or predicted any."""
        return self._actions_path

    @cached_property
    def ticks(self) -> TickTable | None:
        """The tick lines as columns, None for a video without actions.

        Raises:
            StudioError: The lines cannot be read.
        """
        return None if self._actions_path is None else read_tick_lines(self._actions_path)

    def open_video(self, *, threads: int = 1) -> VideoReader:
        """A new reader of the video, which the caller closes.

        Raises:
            UnreadableVideoError: The video cannot be read.
        """
        return VideoReader(self._video_path, threads=threads)

    @property
    def video(self) -> VideoReader:
        """This recording's own reader; :meth:`close` closes it."""
        if self._reader is None:
            self._reader = self.open_video()
        return self._reader

    def close(self) -> None:
        """Close the reader, if one is open."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def has_frame_per_tick(self) -> bool:
        """Whether the video runs at 20 Hz, so that frame k belongs to tick k whatever its time."""
        frames, times = len(self.video), self.video.times
        return frames < 2 or bool(abs(times[-1] / (frames - 1) * TICK_RATE - 1) < _RATE_TOLERANCE)

    @cached_property
    def frames_shown(self) -> npt.NDArray[np.int64]:
        """int64: the frame at each tick of the video, whether or not the tick has a line.

        Frame k where the video runs at 20 Hz; else the last frame shown at or before k / 20 s.

        Raises:
            UnreadableVideoError: The frames' times claim a length that no recording has.
        """
        frames, times = len(self.video), self.video.times
        if self.has_frame_per_tick:
            return np.arange(frames, dtype=np.int64)
        # A tick lasts until the next; the last frame lasts as long as the mean frame.
        length = times[-1] * frames / (frames - 1)
        if not length <= _LONGEST_SECONDS:
            raise UnreadableVideoError(
                f"a length of {length / 3600:.0f} hours is not plausible", where=self._video_path
            )
        starts = np.arange(round(length * TICK_RATE - 0.4)) / TICK_RATE
        return (np.searchsorted(times, starts + 1e-6, side="right") - 1).astype(np.int64)

    @cached_property
    def frame_of_tick(self) -> npt.NDArray[np.int64]:
        """int64 [N]: the video frame of each tick; see :attr:`frames_shown`."""
        return self.frames_shown if self.ticks is None else self.frames_shown[: len(self.ticks)]

    def __len__(self) -> int:
        """Number of ticks: frames that have an action, or all frames of a video without actions."""
        return len(self.frame_of_tick)

    def converted(self, conversion: Conversion = EXACT) -> ConvertedTicks:
        """The actions of all ticks that have a frame.

        Raises:
            StudioError: The recording has no actions.
        """
        if self.ticks is None:
            raise StudioError(
                "this recording has no actions",
                where=self._video_path,
                mend="Predict them: vpt-studio idm predict",
            )
        everything = convert_ticks(self.ticks.raw, conversion, recorder_version=self.sidecar.recorder_release)
        ticks = len(self)
        return ConvertedTicks(everything.actions.span(0, ticks), everything.null[:ticks])

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """bool [N]: whether the tick's action is known."""
        if self.ticks is None:
            return np.zeros(len(self), bool)
        return self.ticks.known[: len(self)]

    @property
    def seams(self) -> npt.NDArray[np.int64]:
        """int64 [n]: ticks that did not follow on the one before, because nothing was recorded meanwhile."""
        if self.ticks is None:
            return np.zeros(0, np.int64)
        return np.flatnonzero(self.ticks.after_gap[: len(self)])

    @property
    def sources(self) -> list[Source]:
        """Who acted, per tick."""
        if self.ticks is None:
            return [Source.UNKNOWN] * len(self)
        return self.ticks.sources(self.sidecar.source)[: len(self)]

    @property
    def screen_open(self) -> npt.NDArray[np.bool_]:
        """bool [N]: ticks with a screen open, in which the mouse moves the pointer; false where unknown."""
        if self.ticks is None:
            return np.zeros(len(self), bool)
        return self.ticks.raw.gui_open[: len(self)]

    def pointer_ticks(self) -> npt.NDArray[np.bool_]:
        """bool [N]: ticks on whose frame the pointer must be drawn (a screen is open, none is burnt in)."""
        if self.ticks is None or self.sidecar.cursor_in_video:
            return np.zeros(len(self), bool)
        return self.ticks.raw.gui_open[: len(self)]

    def picture(self, tick: int, *, pointer: bool = True) -> RgbFrame:
        """What was on screen at `tick`: uint8 [H, W, 3] RGB, cropped as the sidecar says.

        Raises:
            UnreadableVideoError: The frame cannot be decoded.
        """
        return self._finished(self.video.frame(int(self.frame_of_tick[tick])), tick, pointer)

    def pictures(
        self, start: int = 0, stop: int | None = None, *, pointer: bool = True
    ) -> Iterator[RgbFrame]:
        """What was on screen at ticks `start` to `stop` (exclusive), one after another, as :meth:`picture`.

        Raises:
            UnreadableVideoError: A frame cannot be decoded.
        """
        stop = len(self) if stop is None else stop
        wanted = self.frame_of_tick[start:stop]
        if len(wanted) != stop - start:
            raise IndexError(f"ticks {start} to {stop} of a recording with {len(self)}")
        if not len(wanted):
            return
        position = 0
        for number, decoded in self.video.decoded(int(wanted[0]), int(wanted[-1]) + 1):
            while position < len(wanted) and wanted[position] == number:
                yield self._finished(rgb_of(decoded), start + position, pointer)
                position += 1

    def model_frames(
        self, start: int = 0, stop: int | None = None, *, out: RgbFrame | None = None, pointer: bool = True
    ) -> RgbFrame:
        """What a model sees at ticks `start` to `stop` (exclusive): uint8 [n, 128, 128, 3] RGB.

        Pixels equal the published loader's: pointer blended at full size on ticks with a screen open,
        then OpenCV's bilinear resize straight to 128 x 128.

        Args:
            start: First tick.
            stop: One past the last; None for the end.
            out: Where to write, instead of a new array.
            pointer: Whether to draw the pointer at all.

        Raises:
            UnreadableVideoError: A frame cannot be decoded.
        """
        stop = len(self) if stop is None else stop
        wanted = self.frame_of_tick[start:stop]
        if len(wanted) != stop - start:
            raise IndexError(f"ticks {start} to {stop} of a recording with {len(self)}")
        if out is None:
            out = np.empty((len(wanted), MODEL_SIDE, MODEL_SIDE, 3), np.uint8)
        if not len(wanted):
            return out
        drawn = self.pointer_ticks() if pointer else np.zeros(len(self), bool)
        position = 0
        for number, decoded in self.video.decoded(int(wanted[0]), int(wanted[-1]) + 1):
            while position < len(wanted) and wanted[position] == number:
                tick = start + position
                if drawn[tick] or self.sidecar.crop:
                    full = self._finished(rgb_of(decoded), tick, pointer)
                    cv2.resize(
                        full, (MODEL_SIDE, MODEL_SIDE), dst=out[position], interpolation=cv2.INTER_LINEAR
                    )
                else:
                    small_frame(decoded, out[position])
                position += 1
        return out

    def _finished(self, frame: RgbFrame, tick: int, pointer: bool) -> RgbFrame:
        if pointer and self.pointer_ticks()[tick]:
            assert self.ticks is not None
            draw_pointer(frame, *self.ticks.raw.pointer[tick])
        if self.sidecar.crop is None:
            return frame
        x, y, width, height = self.sidecar.crop
        if x + width > frame.shape[1] or y + height > frame.shape[0]:
            raise UnreadableVideoError(
                "the sidecar's crop reaches outside the picture", where=self.files.sidecar
            )
        return np.ascontiguousarray(frame[y : y + height, x : x + width])


def _foreign(files: RecordingFiles, foreign: ForeignFile, kind: str) -> Path:
    path = files.folder / foreign.path
    if not is_regular_file(path):
        raise StudioError(
            f"the {kind} it refers to, {shortened(foreign.path)}, is missing",
            where=files.sidecar,
            mend="Put the file back where it was, or import the recording again",
        )
    return path
