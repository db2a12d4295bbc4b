"""The video of a take while it grows: Matroska files one after another, so that its end can be cut off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import av
import av.error
import numpy as np
import numpy.typing as npt

from vpt_studio.atomic_files import replaced
from vpt_studio.errors import StudioError
from vpt_studio.recordings.video_writer import VideoWriter

#: Frames in one file: five minutes. A cut copies what it keeps of one file, and no more.
FILE_FRAMES = 6000

_FIRST = "video.mkv"


class TakeVideo:
    """Writes the video of one take into its folder.

    Each file but the first is named by the number of its first frame: a file that lost its end in a crash
    can never move those that follow to other ticks.
    """

    def __init__(self, take: Path, width: int, height: int, *, quality: int, preset: str) -> None:
        """Begin in the folder `take`; the other arguments are as for :class:`VideoWriter`.

        Raises:
            StudioError: The encoder cannot be opened, or the disk refuses the file.
        """
        self._take, self._size = take, (width, height)
        self._quality, self._preset = quality, preset
        self.frames = 0
        self._file: VideoWriter | None = self._next_file()

    def write(self, frame: npt.NDArray[np.uint8]) -> None:
        """Append `frame`, uint8 [H, W, 3] RGB.

        Raises:
            StudioError: The disk is full or the file can no longer be written.
        """
        if self._file is not None and self.frames - self._begin == FILE_FRAMES:
            self.close()
        if self._file is None:
            self._file = self._next_file()
        self._file.write(frame)
        self.frames += 1

    def cut(self, frames: int) -> None:
        """Keep the first `frames` frames; the others are on the disk no longer.

        Raises:
            StudioError: What is kept of the last file cannot be copied.
        """
        self.close()
        for begin, path in reversed(video_files(self._take)):
            if begin >= frames:
                path.unlink()
                continue
            with replaced(path) as shorter:
                copy_frames([(0, path)], shorter, frames - begin, form="matroska")
            break
        self.frames = frames

    def sync(self) -> None:
        """Wait until the disk has what was written so far."""
        if self._file is not None and self._file.path.exists():  # it is made with its first frame
            with self._file.path.open("rb+") as stream:
                os.fsync(stream.fileno())

    def close(self) -> None:
        """Finish the file under way; once is enough.

        Raises:
            StudioError: It cannot be finished.
        """
        if self._file is not None:
            file, self._file = self._file, None
            file.close()

    def _next_file(self) -> VideoWriter:
        self._begin = self.frames
        name = _FIRST if not self.frames else f"video-{self.frames:09}.mkv"
        return VideoWriter(
            self._take / name, *self._size, quality=self._quality, preset=self._preset, streamed=True
        )


def video_files(take: Path) -> list[tuple[int, Path]]:
    """The files of a take's video with the number of the first frame of each, in order."""
    found = [(int(path.stem.removeprefix("video-")), path) for path in take.glob("video-*.mkv")]
    if (take / _FIRST).is_file():
        found.append((0, take / _FIRST))
    return sorted(found)


def copy_frames(files: list[tuple[int, Path]], target: Path, most: int, *, form: str = "mp4") -> int:
    """Copy up to `most` frames of `files` into one video, as they are encoded.

    Where a file lost frames at its end, those of the files after it belong to later ticks: they are left out.

    Args:
        files: As from :func:`video_files`.
        target: The new video.
        most: How many frames at most.
        form: FFmpeg's name of the container.

    Returns:
        How many there were.

    Raises:
        StudioError: The first file cannot be read, or the disk refuses the new one.
    """
    try:
        return _copied(files, target, most, form)
    except (av.error.FFmpegError, OSError) as error:  # what cannot be read is told by then
        reason = (error.strerror or str(error)).lower()
        raise StudioError(
            f"the take's video cannot be copied ({reason})",
            where=target,
            mend="Free some space, and try again; the take is kept",
        ) from error


def _copied(files: list[tuple[int, Path]], target: Path, most: int, form: str) -> int:
    copied = 0
    with av.open(str(target), "w", format=form) as new:
        stream: av.VideoStream | None = None
        for number, (begin, path) in enumerate(files):
            if begin != copied or copied >= most:
                break
            last = min(most, files[number + 1][0]) if number + 1 < len(files) else most
            try:
                old = av.open(str(path))
            except av.error.EOFError:  # killed before its first picture reached the disk
                break
            except av.error.FFmpegError as error:
                if copied:
                    break
                raise StudioError(
                    f"the take's video cannot be read ({error.strerror})", where=path, mend="Record it again"
                ) from error
            with old:
                if not old.streams.video:  # its very head was cut off
                    break
                if stream is None:
                    stream = new.add_stream_from_template(old.streams.video[0])
                for packet in _whole_packets(old, last - copied):
                    # Counted anew: a frame's number is its time, and the encoder lets none wait for another.
                    packet.pts = packet.dts = copied
                    packet.stream = stream
                    new.mux(packet)
                    copied += 1
    return copied


def _whole_packets(old: av.container.InputContainer, most: int) -> Iterator[av.Packet[av.VideoStream]]:
    """Up to `most` packets in order, each a frame; the last one that a crash cut off is left out."""
    source = old.streams.video[0]
    assert source.average_rate is not None
    packets = old.demux(source)
    for _ in range(most):
        try:
            packet = next(packets)
            while not packet.size:
                packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        # The container's own figure is in other units; with it the last frame would last for seconds.
        packet.time_base, packet.duration = 1 / source.average_rate, 1
        yield packet
