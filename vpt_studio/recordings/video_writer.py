"""Writing H.264 video at the tick rate, as the contractor format has it."""

from __future__ import annotations

from errno import ENOSPC
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import av.error
import numpy as np
import numpy.typing as npt

from vpt_studio.errors import StudioError

# The encoder holds no frame back for what follows, and the muxer none for its next cluster.
_NO_DELAY: dict[str, object] = {"tune": "zerolatency", "g": "100"}
_AT_ONCE: dict[str, str] = {"flush_packets": "1", "cluster_time_limit": "200"}


class VideoWriter:
    """Encodes RGB frames of one size to H.264, yuv420p, constant rate, one frame per tick.

    Use as a context manager; the file is complete only after the block has ended without an error.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        *,
        rate: int = 20,
        quality: int = 20,
        preset: str = "veryfast",
        shown: Path | None = None,
        streamed: bool = False,
    ) -> None:
        """Create `path`; `quality` is x264's constant rate factor (0 lossless to 51 worst).

        A `streamed` file (Matroska) can be read up to its last half second at any moment, also after a kill,
        and is a little larger. Errors name `shown` where it is given: what the person asked for, while `path`
        is temporary.

        Raises:
            StudioError: The encoder cannot be opened, or the disk refuses the file.
        """
        if width % 2 or height % 2:
            raise ValueError("H.264 with yuv420p needs an even width and height")
        self.path = path
        self._shown = shown or path
        try:
            self._container = av.open(str(path), "w", options=_AT_ONCE if streamed else {})
            self._stream = self._container.add_stream("libx264", rate=rate)
        except (av.error.FFmpegError, OSError) as error:
            raise self._failure("written", error) from error
        self._stream.width = width
        self._stream.height = height
        self._stream.pix_fmt = "yuv420p"
        if streamed:
            # Without delay the encoder cuts pictures into as many slices as it has threads: one, so that the
            # same play gives the same pictures on every machine.
            self._stream.codec_context.thread_count = 1
        self._stream.options = {"crf": str(quality), "preset": preset} | (_NO_DELAY if streamed else {})
        self._written = 0
        self._closed = False

    def write(self, frame: npt.NDArray[np.uint8]) -> None:
        """Append `frame`, uint8 [H, W, 3] RGB.

        Raises:
            StudioError: The disk is full or the file can no longer be written.
        """
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        picture.pts = self._written
        self._written += 1
        self._mux(picture)

    def _mux(self, picture: av.VideoFrame | None) -> None:
        try:
            for packet in self._stream.encode(picture):
                self._container.mux(packet)
        except (av.error.FFmpegError, OSError) as error:
            raise self._failure("written on", error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._mux(None)
        finally:
            self._end(told=kind is None)

    def close(self) -> None:
        """Finish the file, outside of a context; once is enough."""
        if not self._closed:
            self.__exit__(None, None, None)

    def _end(self, *, told: bool) -> None:
        self._closed = True
        try:
            self._container.close()
        except (av.error.FFmpegError, OSError) as failure:
            if told:
                raise self._failure("finished", failure) from failure

    def _failure(self, done: str, error: av.error.FFmpegError | OSError) -> StudioError:
        reason = (error.strerror or str(error)).lower()
        mend = "Free some space" if error.errno == ENOSPC else None
        return StudioError(f"the video cannot be {done} ({reason})", where=self._shown, mend=mend)
