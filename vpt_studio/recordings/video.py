"""Frames of a video file by number: exact seeking, smooth reading on, 128x128 frames without detours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import av.error
import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.errors import StudioError
from vpt_studio.recordings.sparse_resize import rgb_of, sparse_resizer

RgbFrame = npt.NDArray[np.uint8]

#: What a damaged or hostile header may claim before we refuse to allocate for it.
LARGEST_SIDE = 8192
#: Side of the models' input picture in pixels (released models).
MODEL_SIDE = 128


#: FFmpeg's names of the containers that are read. Playlists are none of them: they open other files.
_CONTAINERS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,asf,gif,ogg,nut"
_BT601 = (2, 5, 6)  # AVCOL_SPC_UNSPECIFIED, _BT470BG, _SMPTE170M: one table for swscale
_FULL_RANGE = 2  # AVCOL_RANGE_JPEG


class UnreadableVideoError(StudioError):
    """The file holds no video that can be read, or a frame in it cannot be decoded."""


@dataclass(frozen=True)
class VideoFacts:
    """What a video file says of itself.

    Attributes:
        width, height: Picture size in pixels.
        codec: Short name, such as ``h264``.
        pixel_format: Such as ``yuv420p``; empty where the header does not say.
        rate: Average frames per second; 0 where unknown.
    """

    width: int
    height: int
    codec: str
    pixel_format: str
    rate: float


class VideoReader:
    """One open video file whose frames are numbered in the order they are shown.

    Opening reads the packet table (not the pictures), so that every frame's time and every keyframe is
    known. Reading on from where the last read stopped costs no seek. One reader serves one thread.

    Attributes:
        path: The file.
        facts: Size, codec and rate.
        times: float64 [N]: when each frame is shown, in seconds from the first frame.
        keyframes: int64 [K]: numbers of the frames from which decoding can start.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        """Open `path`; `threads` is the number of decoder threads (0: as many as cores).

        Raises:
            UnreadableVideoError: There is no such file, or no video in it that can be read.
        """
        self.path = path
        self._container: av.container.InputContainer | None = None
        try:
            self._open(threads)
        except BaseException:
            self.close()
            raise

    def _open(self, threads: int) -> None:
        if not self.path.is_file():
            raise UnreadableVideoError("there is no such video", where=self.path)
        try:
            # Only local files: a playlist or URL inside a hostile file must not reach out.
            # Absolute, for `pipe:1.mp4` would mean a pipe, not a file of that name.
            self._container = av.open(
                str(self.path.absolute()),
                options={"protocol_whitelist": "file", "format_whitelist": _CONTAINERS},
            )
            if not self._container.streams.video:
                raise UnreadableVideoError("the file holds no video", where=self.path)
            self._stream = self._container.streams.video[0]
            self._set_up_decoder(threads)
            self._index()
        except (av.error.FFmpegError, ValueError, OverflowError, MemoryError) as error:
            raise UnreadableVideoError(
                f"the video cannot be read ({_reason(error)})",
                where=self.path,
                mend="Copy it again from its source, or leave it out",
            ) from error

    def _set_up_decoder(self, threads: int) -> None:
        context = self._stream.codec_context
        if context is None:
            raise UnreadableVideoError("no decoder knows this video's codec", where=self.path)
        if not (0 < context.width <= LARGEST_SIDE and 0 < context.height <= LARGEST_SIDE):
            raise UnreadableVideoError(
                f"a picture size of {context.width}x{context.height} is not plausible", where=self.path
            )
        context.thread_count = threads
        context.thread_type = "AUTO"
        rate = self._stream.average_rate or self._stream.guessed_rate or Fraction(0)
        self.facts = VideoFacts(
            context.width, context.height, context.name, str(context.pix_fmt or ""), float(rate)
        )

    def _index(self) -> None:
        """Learn every frame's time from the packet table, without decoding."""
        assert self._container is not None
        stamps: list[int] = []
        keyed: list[int] = []
        for packet in self._container.demux(self._stream):
            if packet.size == 0 or packet.is_discard:
                continue
            if packet.pts is None:
                raise UnreadableVideoError(
                    "frames carry no times",
                    where=self.path,
                    mend="Convert it to mp4 or Matroska, for instance with ffmpeg -i IN -c copy OUT.mkv",
                )
            stamps.append(packet.pts)
            if packet.is_keyframe:
                keyed.append(packet.pts)
        self._stamps = np.unique(np.array(stamps, dtype=np.int64))
        if not len(self._stamps):
            raise UnreadableVideoError("the video has no frames", where=self.path)
        self._number_at = {stamp: number for number, stamp in enumerate(self._stamps.tolist())}
        base = float(self._stream.time_base or Fraction(1))
        self.times: npt.NDArray[np.float64] = (self._stamps - self._stamps[0]) * base
        keys = np.unique(np.searchsorted(self._stamps, np.array(keyed, dtype=np.int64)))
        self.keyframes: npt.NDArray[np.int64] = keys if len(keys) and keys[0] == 0 else np.insert(keys, 0, 0)
        self._decoded: Iterator[tuple[int, av.VideoFrame]] | None = None
        self._next = 0

    def __len__(self) -> int:
        return len(self._stamps)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; reading after this is an error."""
        self._decoded = None
        if self._container is not None:
            self._container.close()
            self._container = None

    def frame(self, number: int) -> RgbFrame:
        """Frame `number` as uint8 [H, W, 3] RGB.

        Raises:
            UnreadableVideoError: The frame cannot be decoded.
            IndexError: There is no such frame.
        """
        return next(self.frames(number, number + 1))

    def frames(self, start: int = 0, stop: int | None = None) -> Iterator[RgbFrame]:
        """Frames `start` to `stop` (exclusive) as uint8 [H, W, 3] RGB.

        Raises:
            UnreadableVideoError: A frame cannot be decoded.
            IndexError: There are no such frames.
        """
        for _, decoded in self.decoded(start, stop):
            yield rgb_of(decoded)

    def decoded(
        self, start: int = 0, stop: int | None = None, *, skip_damage: bool = False
    ) -> Iterator[tuple[int, av.VideoFrame]]:
        """Frames `start` to `stop` (exclusive) as the decoder gives them, with their numbers.

        Args:
            start: First frame.
            stop: One past the last; None for the end.
            skip_damage: Leave out frames that cannot be decoded instead of raising.
        """
        stop = len(self) if stop is None else stop
        if not 0 <= start <= stop <= len(self):
            raise IndexError(f"frames {start} to {stop} of a video with {len(self)}")
        expected = start
        while expected < stop:
            found = self._advance_to(expected)
            if found is None or found[0] >= stop:
                if skip_damage:
                    return
                raise self._damage(expected)
            number, frame = found
            if number != expected and not skip_damage:
                raise self._damage(expected)
            yield number, frame
            expected = number + 1

    def _damage(self, number: int) -> UnreadableVideoError:
        self._decoded = None
        return UnreadableVideoError(
            f"frame {number} cannot be decoded",
            where=self.path,
            mend="Repair the recording, which leaves the damaged part out",
        )

    def _advance_to(self, number: int) -> tuple[int, av.VideoFrame] | None:
        """The first frame at or after `number` that decodes, None at the end of the video."""
        if self._decoded is None or self._next != number:
            position = int(np.searchsorted(self.keyframes, number, side="right")) - 1
            keyframe = int(self.keyframes[position])
            if self._decoded is None or not (keyframe <= self._next <= number):
                self._seek(keyframe, number)
        assert self._decoded is not None
        for found, frame in self._decoded:
            self._next = found + 1
            if found >= number:
                return found, frame
        self._decoded = None
        return None

    def _seek(self, keyframe: int, wanted: int) -> None:
        assert self._container is not None, "the video is closed"
        try:
            self._container.seek(int(self._stamps[keyframe]), stream=self._stream, backward=True)
        except (av.error.FFmpegError, OSError) as error:
            raise UnreadableVideoError(
                f"frame {wanted} cannot be sought ({_reason(error)})", where=self.path
            ) from error
        self._decoded = self._decode(int(self._stamps[wanted]))
        self._next = keyframe

    def _decode(self, wanted: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """Decode from the container's position on; frames before the stamp `wanted` may be left out."""
        assert self._container is not None
        context = self._stream.codec_context
        # Nobody depends on a non-reference frame, so before the wanted one they need not be decoded.
        context.skip_frame = "NONREF"
        skipping = True
        for packet in self._packets():
            if packet.is_discard:
                continue
            if skipping and (packet.pts is None or packet.pts >= wanted):
                context.skip_frame = "DEFAULT"
                skipping = False
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                continue  # the frames it held are missing, which the caller sees by their numbers
            for frame in frames:
                if frame.pts is None:
                    continue
                number = self._number_at.get(frame.pts)
                if number is not None:
                    yield number, frame

    def _packets(self) -> Iterator[av.Packet[av.VideoStream]]:
        """The packets from the container's position on; a file that breaks off simply ends."""
        assert self._container is not None
        try:
            yield from self._container.demux(self._stream)
        except (av.error.FFmpegError, OSError):
            return


def small_frame(frame: av.VideoFrame, out: RgbFrame) -> None:
    """Write `frame` as RGB into `out` (uint8 [H, W, 3]), equal to OpenCV's bilinear resize."""
    height, width = out.shape[:2]
    # The resizer knows the colours of most video only: BT.601 (or unsaid) in video range.
    if frame.format.name == "yuv420p" and frame.colorspace in _BT601 and frame.color_range != _FULL_RANGE:
        resizer = sparse_resizer(frame.width, frame.height, width, height)
        if resizer is not None:
            resizer(frame, out)
            return
    cv2.resize(rgb_of(frame), (width, height), dst=out, interpolation=cv2.INTER_LINEAR)


def _reason(error: BaseException) -> str:
    if isinstance(error, av.error.FFmpegError):
        return str(error.strerror or type(error).__name__).lower()
    return str(error) or type(error).__name__
