"""Writing a recording while it happens, so that a kill at any moment loses at most its last second.

While it grows, a take is a folder `<name>.take` with `video.mkv` (and further ones), `ticks.jsonl`,
`sidecar.json` and, where devices say more than lines hold, `events.jsonl`. Frames and lines reach the disk as
they come; closing turns them into the recording's own files beside the folder. What a crash leaves behind,
:func:`recover_take` turns into a recording.
"""

from __future__ import annotations

import glob
import os
import shutil
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from errno import ENOSPC
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import orjson

from vpt_studio.atomic_files import already_there, created, make_folder, replaced
from vpt_studio.errors import StudioError
from vpt_studio.recordings.sidecar import Sidecar, read_sidecar, write_sidecar
from vpt_studio.recordings.take_video import TakeVideo, copy_frames, video_files
from vpt_studio.recordings.tick_writing import TickInput, TickLineMaker

#: What the name of a take's folder ends in.
TAKE_SUFFIX = ".take"

_LINES, _EVENTS, _SIDECAR = "ticks.jsonl", "events.jsonl", "sidecar.json"
_LINE = orjson.OPT_APPEND_NEWLINE
_TICK_BEGINS = b'{"tick":'


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
        preset: str = "veryfast",
    ) -> None:
        """Begin the recording `name` in `folder`.

        Args:
            folder: Where its files will be; made where missing.
            name: Its name, without a suffix.
            sidecar: What is true of the whole recording.
            width: Of its frames, in pixels.
            height: Of its frames, in pixels.
            quality: x264's constant rate factor.
            preset: x264's name for how much time it takes.

        Raises:
            StudioError: There is a recording or a take of that name, or the disk refuses.
        """
        make_folder(folder)
        self._stem = folder / name
        for suffix in (".mp4", ".jsonl", ".json", ".events.jsonl", TAKE_SUFFIX):
            if os.path.lexists(_with(self._stem, suffix)):
                raise already_there(_with(self._stem, suffix))
        self._take = _with(self._stem, TAKE_SUFFIX)
        try:
            self._take.mkdir()
            write_sidecar(self._take / _SIDECAR, sidecar)
            self._lines: IO[bytes] = (self._take / _LINES).open("wb", buffering=0)
            self._video = TakeVideo(self._take, width, height, quality=quality, preset=preset)
        except (OSError, StudioError) as error:
            shutil.rmtree(self._take, ignore_errors=True)  # nothing is in it that could be recovered
            raise _refused("begun", self._take, error) from error
        self._maker = TickLineMaker()
        self._events: IO[bytes] | None = None
        self._failure: StudioError | None = None
        self._sidecar = sidecar
        self._line_ends, self._event_begins = array("Q"), array("Q")  # bytes, by tick
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
        if self._failure is not None:  # a frame without its line would move all that follow
            raise self._failure
        try:
            self._video.write(frame)
            _append(self._lines, self._maker.line(tick, {"tick": self.ticks, **(extra or {})}))
        except (OSError, StudioError) as error:
            self._failure = _refused("written on", self._take, error)
            raise self._failure from error
        self._line_ends.append(self._lines.tell())
        self.ticks += 1
        if len(self._event_begins) < self.ticks:
            self._event_begins.append(self._events.tell() if self._events is not None else 0)

    def write_events(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Append what the devices said in the tick that is written next, as lines of `events.jsonl`.

        They follow a line with the tick's number, by which they are cut off where the tick is.

        Raises:
            StudioError: The disk is full.
        """
        said = [{"tick": self.ticks}, *events]
        try:
            if self._events is None:
                self._events = (self._take / _EVENTS).open("wb", buffering=0)
            begin = self._events.tell()
            _append(self._events, b"".join(orjson.dumps(event, option=_LINE) for event in said))
        except OSError as error:
            self._failure = _refused("written on", self._take, error)
            raise self._failure from error
        self._event_begins.append(begin)

    def note(self, notes: Mapping[str, Any]) -> None:
        """Have the sidecar say more from now on, so that it is known of a recovered take, too.

        Raises:
            StudioError: The notes cannot be written as JSON.
            OSError: The disk refuses.
        """
        self._sidecar = replace(self._sidecar, notes={**self._sidecar.notes, **notes})
        write_sidecar(self._take / _SIDECAR, self._sidecar)

    def sync(self) -> None:
        """Wait until the disk has what was written so far, so that a power cut spares it."""
        self._video.sync()
        for file in (self._lines, self._events):
            if file is not None:
                os.fsync(file.fileno())

    def cut(self, ticks: int) -> None:
        """Keep the first `ticks` ticks; of the others nothing stays in any file. Writing may go on.

        Raises:
            StudioError: What is kept cannot be copied; then no tick may be written any more.
        """
        if ticks >= self.ticks:
            return
        # Lines first: without its line no frame comes out of a recovery.
        self._lines.truncate(self._line_ends[ticks - 1] if ticks else 0)
        self._lines.seek(0, os.SEEK_END)
        if self._events is not None:
            self._events.truncate(self._event_begins[ticks])
            self._events.seek(0, os.SEEK_END)
        del self._line_ends[ticks:], self._event_begins[ticks:]
        self._video.cut(ticks)
        self.ticks = ticks
        self._maker = TickLineMaker()  # what is held then was pressed in a tick that is gone
        self.sync()

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
        self.note(notes or {})
        return recover_take(self._take)

    def discard(self) -> None:
        """Throw away what was recorded."""
        self.leave()
        _put_away(self._take)

    def leave(self) -> None:
        """Stop; the take stays as it is, to be recovered."""
        with suppress(StudioError):  # a video that cannot be finished can be recovered all the same
            self._stop()

    def _stop(self) -> None:
        self._ended = True
        self._lines.close()
        if self._events is not None:
            self._events.close()
        self._video.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.leave()
        elif not self._ended:
            self.close()


def unfinished_takes(folder: Path) -> list[Path]:
    """The takes below `folder` that were neither closed nor recovered, oldest name first.

    Those of a recorder that is still at work are among them: only it knows. What a kill left of a take whose
    recording is whole already is put away on the way.
    """
    found = []
    for path in sorted(path for path in folder.glob(f"*{TAKE_SUFFIX}") if path.is_dir()):
        if is_recorded(path):
            _put_away(path)
        else:
            found.append(path)
    return found


def is_recorded(take: Path) -> bool:
    """Whether the recording beside `take` was made of it: a kill came between that and its end."""
    stem = take.with_suffix("")
    lines = _with(stem, ".jsonl")
    if not (_with(stem, ".mp4").is_file() and lines.is_file() and (take / _LINES).is_file()):
        return False
    recorded = lines.read_bytes()
    return bool(recorded) and (take / _LINES).read_bytes().startswith(recorded)


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
    if is_recorded(take):
        _put_away(take)
        return _with(stem, ".mp4")
    lines = _whole_lines(take / _LINES)
    sidecar = read_sidecar(take / _SIDECAR) or Sidecar()
    # The video comes last: a recording is there once its video is. Lines without one are what a crash in here
    # left, and are replaced.
    with created(_with(stem, ".mp4")) as video, ExitStack() as others:
        files = video_files(take)
        frames = copy_frames(files, video, most=len(lines)) if files else 0
        if not frames:
            raise StudioError("no tick of this take reached the disk", where=take, mend="Record it again")
        others.enter_context(replaced(_with(stem, ".jsonl"))).write_bytes(b"".join(lines[:frames]))
        if (take / _EVENTS).is_file():
            events = others.enter_context(replaced(_with(stem, ".events.jsonl")))
            events.write_bytes(b"".join(_events_of(_whole_lines(take / _EVENTS), frames)))
        write_sidecar(others.enter_context(replaced(_with(stem, ".json"))), sidecar)
    _put_away(take)
    return _with(stem, ".mp4")


def _put_away(take: Path) -> None:
    """Delete a take. Its name goes first: what a kill leaves then is no take any more."""
    aside = take.with_name(f".{take.stem}.{uuid4().hex[:8]}.gone")
    with suppress(FileNotFoundError):  # somebody else puts it away
        take.rename(aside)
    for gone in take.parent.glob(f".{glob.escape(take.stem)}.*.gone"):
        shutil.rmtree(gone, ignore_errors=True)


def _append(file: IO[bytes], data: bytes) -> None:
    """Write `data` at the end, or nothing of it.

    Raises:
        OSError: The disk has no room for all of it.
    """
    begin = file.tell()
    try:
        if file.write(data) != len(data):  # the disk took a part
            raise OSError(ENOSPC, os.strerror(ENOSPC))
    except OSError:
        with suppress(OSError):
            file.truncate(begin)
            file.seek(begin)
        raise


def _refused(done: str, take: Path, error: OSError | StudioError) -> StudioError:
    if isinstance(error, StudioError):
        return error
    reason = (error.strerror or str(error)).lower()
    mend = "Free some space" if error.errno == ENOSPC else "Choose a folder in which you may write"
    return StudioError(f"the take cannot be {done} ({reason})", where=take, mend=mend)


def _with(stem: Path, suffix: str) -> Path:
    return stem.with_name(stem.name + suffix)


def _whole_lines(path: Path) -> list[bytes]:
    """The lines of a file but a last one that was cut off."""
    lines = path.read_bytes().splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        del lines[-1]
    return lines


def _events_of(lines: list[bytes], ticks: int) -> Iterator[bytes]:
    """Those of the first `ticks` ticks."""
    for line in lines:
        if line.startswith(_TICK_BEGINS) and orjson.loads(line)["tick"] >= ticks:
            return
        yield line
