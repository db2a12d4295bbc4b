"""Writing a recording while it happens, so that a kill at any moment loses at most its last second.

While it grows, a take is a folder `<name>.take` with `video.mkv`, `ticks.jsonl` and `sidecar.json`. Frames
and lines reach the disk as they come; closing turns them into the recording's own files beside the folder.
What a crash leaves behind, :func:`recover_take` turns into a recording.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import av.error
import numpy as np
import numpy.typing as npt

from vpt_studio.atomic_files import already_there, created, make_folder, replaced
from vpt_studio.errors import StudioError
from vpt_studio.recordings.sidecar import Sidecar, read_sidecar, write_sidecar
from vpt_studio.recordings.tick_writing import TickInput, TickLineMaker
from vpt_studio.recordings.video_writer import VideoWriter

#: What the name of a take's folder ends in.
TAKE_SUFFIX = ".take"

_VIDEO, _LINES, _SIDECAR = "video.mkv", "ticks.jsonl", "sidecar.json"


class TakeWriter:
    """A recording under way: one frame and one line per tick.

    As a context it is closed at the end, if it is not yet; after an error what was written stays, to be
    recovered.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        sidecar: Sidecar,
        *,
        width: int = 640,
        height: int = 360,
        quality: int = 23,
    ) -> None:
        """Begin the recording `name` in `folder`.

        Args:
            folder: Where its files will be; made where missing.
            name: Its name, without a suffix.
            sidecar: What is true of the whole recording.
            width: Of its frames, in pixels.
            height: Of its frames, in pixels.
            quality: x264's constant rate factor.

        Raises:
            StudioError: There is a recording or a take of that name, or the disk refuses.
        """
        make_folder(folder)
        self._stem = folder / name
        for suffix in (".mp4", ".jsonl", ".json", TAKE_SUFFIX):
            if os.path.lexists(_with(self._stem, suffix)):
                raise already_there(_with(self._stem, suffix))
        self._take = _with(self._stem, TAKE_SUFFIX)
        self._take.mkdir()
        write_sidecar(self._take / _SIDECAR, sidecar)
        self._maker = TickLineMaker()
        self._lines = (self._take / _LINES).open("wb", buffering=0)
        self._video = VideoWriter(self._take / _VIDEO, width, height, quality=quality, streamed=True)
        self._sidecar = sidecar
        self._ended = False
        self.ticks = 0

    def write(
        self, frame: npt.NDArray[np.uint8], tick: TickInput, extra: Mapping[str, Any] | None = None
    ) -> None:
        """Append a tick: what was on screen, and what was done then.

        Args:
            frame: uint8 [H, W, 3], RGB, without the pointer.
            tick: The input of the 50 ms that followed.
            extra: Further fields of its line, such as ``source``.

        Raises:
            StudioError: The disk is full, or the files cannot be written any more.
        """
        self._video.write(frame)
        self._lines.write(self._maker.line(tick, extra))
        self.ticks += 1

    def close(self, notes: Mapping[str, Any] | None = None) -> Path:
        """Finish the recording.

        Args:
            notes: What else is to be told in the sidecar, now that the play is over.

        Returns:
            Its video; lines and sidecar lie beside it.

        Raises:
            StudioError: Nothing was recorded, or the disk refuses; the take stays then.
        """
        self._stop()
        sidecar = replace(self._sidecar, notes={**self._sidecar.notes, **(notes or {})})
        write_sidecar(self._take / _SIDECAR, sidecar)
        return recover_take(self._take)

    def discard(self) -> None:
        """Throw away what was recorded."""
        self._stop()
        shutil.rmtree(self._take)

    def _stop(self) -> None:
        self._ended = True
        self._lines.close()
        self._video.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stop()
        elif not self._ended:
            self.close()


def unfinished_takes(folder: Path) -> list[Path]:
    """The takes below `folder` that were neither closed nor recovered, oldest name first.

    Those of a recorder that is still at work are among them: only it knows.
    """
    return sorted(path for path in folder.glob(f"*{TAKE_SUFFIX}") if path.is_dir())


def recover_take(take: Path) -> Path:
    """Make a recording of a take that was not closed, from all that reached the disk.

    The pictures are not encoded again. A line without a frame or a frame without a line is left out.

    Args:
        take: The folder `<name>.take`; it is gone when the recording is there.

    Returns:
        The recording's video.

    Raises:
        StudioError: No tick reached the disk, or a recording of that name is there; the take stays.
    """
    stem = take.with_suffix("")
    lines = (take / _LINES).read_bytes().splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        del lines[-1]
    sidecar = read_sidecar(take / _SIDECAR) or Sidecar()
    # The video comes last: a recording is there once its video is. Lines without one are what a crash in here
    # left, and are replaced.
    with created(_with(stem, ".mp4")) as video, ExitStack() as others:
        frames = _remux(take / _VIDEO, video, most=len(lines))
        if not frames:
            raise StudioError("no tick of this take reached the disk", where=take, mend="Record it again")
        others.enter_context(replaced(_with(stem, ".jsonl"))).write_bytes(b"".join(lines[:frames]))
        write_sidecar(others.enter_context(replaced(_with(stem, ".json"))), sidecar)
    shutil.rmtree(take)
    return _with(stem, ".mp4")


def _with(stem: Path, suffix: str) -> Path:
    return stem.with_name(stem.name + suffix)


def _remux(source: Path, target: Path, most: int) -> int:
    """Copy up to `most` frames as they are encoded; return how many there were."""
    frames = 0
    if not source.is_file():  # it is made with the first frame
        return frames
    try:
        with av.open(str(source)) as old, av.open(str(target), "w", format="mp4") as new:
            stream = new.add_stream_from_template(old.streams.video[0])
            try:
                for packet in old.demux(old.streams.video[0]):
                    if packet.size and frames < most:
                        packet.stream = stream
                        new.mux(packet)
                        frames += 1
            except av.error.FFmpegError:
                pass  # the last packet was cut off by the crash; what came before it is whole
    except av.error.FFmpegError as error:
        raise StudioError(
            f"the take's video cannot be read ({error.strerror})", where=source, mend="Record it again"
        ) from error
    return frames
