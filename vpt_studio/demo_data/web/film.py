"""The file that is uploaded: pictures at its own rate and clock, in the containers and codecs of the web."""

from __future__ import annotations

from errno import ENOSPC
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import av.error
import numpy as np
from av.video.reformatter import Colorspace

from vpt_studio.demo_data.web.brush import Picture
from vpt_studio.demo_data.web.design import Format
from vpt_studio.errors import StudioError

#: Seconds that one step of each container's clock takes. Frame times are whole steps.
_CLOCKS = {
    ".mp4": Fraction(1, 90000),
    ".mov": Fraction(1, 90000),
    ".mkv": Fraction(1, 1000),
    ".webm": Fraction(1, 1000),
}
_OPTIONS = {
    "libx264": {"preset": "superfast"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
}
_SOUND_RATE = 48000
_BT709 = 1  # AVCOL_SPC_BT709


class Film:
    """A video file under way, as a context manager; it is complete only after the block ended well.

    Attributes:
        frames: Number of pictures written.
        next_time: When the next picture will be shown, in seconds from the first, exactly as the container
            stores it. For a constant rate it is frame / rate, rounded to the container's clock: 1 ms in
            Matroska and WebM, exact in mp4 and mov. A variable rate leaves out frames of that grid by chance.
    """

    def __init__(self, path: Path, file: Format, seed: int, shown: Path) -> None:
        """Begin the file `path`; errors name `shown`, for `path` is temporary.

        Raises:
            StudioError: The file cannot be made.
        """
        self.frames = 0
        self._format = file
        self._shown = shown
        self._chance = np.random.default_rng([seed, 4])
        self._clock = _CLOCKS[file.suffix]
        self._grid = 0
        self._last: tuple[Picture, av.VideoFrame] | None = None
        try:
            # Exact to the bit: no identifiers by chance, and nothing about the library.
            self._container = av.open(str(path), "w", options={"fflags": "+bitexact"})
            self._add_picture_track()
            self._add_sound_track()
        except (av.error.FFmpegError, OSError) as error:
            raise self._failure(error) from error

    def _add_picture_track(self) -> None:
        file = self._format
        options = dict(_OPTIONS[file.codec]) | {"crf": str(file.quality)}
        if file.codec == "libx264":
            options["bf"] = "3" if file.b_frames else "0"
        stream = self._container.add_stream(file.codec, rate=file.rate, options=options)
        assert isinstance(stream, av.VideoStream)
        self._stream = stream
        stream.width, stream.height, stream.pix_fmt = file.width, file.height, "yuv420p"
        stream.time_base = self._clock
        context = stream.codec_context
        context.time_base = self._clock
        context.thread_count = 1  # the same file on every machine
        context.gop_size = round(4 * file.rate)
        # The bound that makes libvpx heed the quality; 0 lets its VP9 choose freely.
        context.bit_rate = {"libx264": 0, "libvpx-vp9": 0, "libvpx": 8_000_000}[file.codec]
        if file.high_definition_colours:
            context.colorspace = _BT709

    def _add_sound_track(self) -> None:
        self._sound: av.AudioStream | None = None
        if self._format.silent_sound:
            codec = "libopus" if self._format.suffix == ".webm" else "aac"
            sound = self._container.add_stream(codec, rate=_SOUND_RATE, layout="stereo")
            assert isinstance(sound, av.AudioStream)
            self._sound = sound
            self._sounded = 0

    @property
    def next_time(self) -> Fraction:
        """When the next picture will be shown."""
        return self._steps() * self._clock

    def _steps(self) -> int:
        return round(self._grid / self._format.rate / self._clock)

    def write(self, picture: Picture) -> None:
        """Show `picture` at :attr:`next_time`; it must not be changed afterwards.

        Raises:
            StudioError: The disk is full or the file can no longer be written.
        """
        if self._last is None or self._last[0] is not picture:
            self._last = picture, self._converted(picture)
        frame = self._last[1]
        start = round(self._format.start_seconds / self._clock)
        frame.pts, frame.time_base = start + self._steps(), self._clock
        self._write_sound(self.next_time)
        self._mux(frame)
        self.frames += 1
        self._grid += 1
        if self._format.variable_rate:
            self._grid += int(self._chance.choice([0, 1, 2], p=[0.75, 0.2, 0.05]))

    def _converted(self, picture: Picture) -> av.VideoFrame:
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        if self._format.high_definition_colours:
            return frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
        return frame.reformat(format="yuv420p")

    def _write_sound(self, until: Fraction) -> None:
        """Silence up to `until`, so that both tracks grow together."""
        if self._sound is None:
            return
        start = round(self._format.start_seconds * _SOUND_RATE)
        while self._sounded < until * _SOUND_RATE:
            silence = np.zeros((1, 2 * 960), np.int16)
            block = av.AudioFrame.from_ndarray(silence, format="s16", layout="stereo")
            block.sample_rate, block.pts = _SOUND_RATE, start + self._sounded
            block.time_base = Fraction(1, _SOUND_RATE)
            self._container.mux(self._sound.encode(block))
            self._sounded += 960

    def _mux(self, frame: av.VideoFrame | None) -> None:
        try:
            self._container.mux(self._stream.encode(frame))
        except (av.error.FFmpegError, OSError) as error:
            raise self._failure(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._mux(None)
                if self._sound is not None:
                    self._container.mux(self._sound.encode(None))
        finally:
            self._container.close()

    def _failure(self, error: av.error.FFmpegError | OSError) -> StudioError:
        reason = (error.strerror or str(error)).lower()
        mend = "Free some space" if error.errno == ENOSPC else None
        return StudioError(f"the web video cannot be written ({reason})", where=self._shown, mend=mend)
