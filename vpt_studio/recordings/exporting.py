"""Exporting a recording as the files OpenAI's loader reads: `<stem>.mp4` and `<stem>.jsonl`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from pathlib import Path

import cv2
import numpy as np

from vpt_studio.atomic_files import already_there, created, make_folder
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.span_lines import span_lines
from vpt_studio.recordings.video_writer import VideoWriter

#: Stored picture of the contractor format.
EXPORT_WIDTH, EXPORT_HEIGHT = 640, 360


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        video: The video; the tick lines lie beside it.
        ticks: Number of ticks.
        rendered: Whether the pictures were encoded anew.
        warnings: What whoever uses the files should know.
    """

    video: Path
    ticks: int
    rendered: bool
    warnings: tuple[str, ...]


def export(
    path: Path,
    out: Path,
    *,
    start: int = 0,
    stop: int | None = None,
    recorder_version: str = "",
    tell: Callable[[int], None] | None = None,
) -> Exported:
    """Write the recording at `path` into the folder `out` in the contractor format.

    A video that already is as the format wants it is copied as it is; any other (another size or
    rate, a crop, a span) is rendered to 640x360 at 20 Hz. Frames are written without the pointer, which
    the loader draws itself.

    Args:
        path: The recording.
        out: A folder, made where missing; nothing in it is overwritten.
        start: First tick.
        stop: One past the last tick; None for the end.
        recorder_version: As in :meth:`Recording.open`.
        tell: Called with the number of ticks that have just been written.

    Raises:
        StudioError: There are no actions, a file is already there, or a frame cannot be decoded.
    """
    with Recording.open(path, recorder_version=recorder_version) as recording:
        if recording.ticks is None:
            raise StudioError(
                "a recording without actions cannot be exported",
                where=path,
                mend="Predict them first: vpt-studio idm predict",
            )
        stop = len(recording) if stop is None else stop
        if not 0 <= start < stop <= len(recording):
            raise StudioError(f"ticks {start} to {stop} are not in it: it has {len(recording)}", where=path)
        # Up to its first dot is a recording's name for the published loader.
        stem = recording.name.replace(".", "_")
        video, lines = out / f"{stem}.mp4", out / f"{stem}.jsonl"
        for target in (video, lines):
            if os.path.lexists(target):
                raise already_there(target)
        make_folder(out)
        whole = start == 0 and stop == len(recording)
        as_it_is = whole and _is_in_format(recording)
        # Both or neither: a failure in the middle must not leave a file that is in the way next time.
        with created(video) as new_video, created(lines) as new_lines:
            facts = recording.video.facts
            part = recording.sidecar.crop or (0, 0, facts.width, facts.height)
            texts = span_lines(recording, start, stop, part, (EXPORT_WIDTH, EXPORT_HEIGHT))
            with _written_to(lines):
                new_lines.write_bytes(b"".join(text + b"\n" for text in texts))
            if as_it_is:
                with _written_to(video):
                    shutil.copyfile(recording.video_path, new_video)
            else:
                _render(recording, new_video, video, start, stop, tell)
        return Exported(video, stop - start, not as_it_is, _warnings(recording, start, stop))


def _is_in_format(recording: Recording) -> bool:
    facts = recording.video.facts
    return (
        recording.video_path.suffix.lower() == ".mp4"
        and (facts.width, facts.height, facts.codec) == (EXPORT_WIDTH, EXPORT_HEIGHT, "h264")
        and recording.sidecar.crop is None
        and abs(facts.rate - TICK_RATE) < 1
    )


@contextmanager
def _written_to(target: Path) -> Iterator[None]:
    """Where the disk of `target` is full, say that of `target`: the system names the file copied from."""
    try:
        yield
    except OSError as error:
        if error.errno not in (ENOSPC, EDQUOT):
            raise
        reason = (error.strerror or str(error)).lower()
        raise StudioError(
            f"the file cannot be written ({reason})", where=target, mend="Free some space"
        ) from error


def _render(
    recording: Recording,
    target: Path,
    shown: Path,
    start: int,
    stop: int,
    tell: Callable[[int], None] | None,
) -> None:
    with VideoWriter(target, EXPORT_WIDTH, EXPORT_HEIGHT, rate=TICK_RATE, shown=shown) as writer:
        for picture in recording.pictures(start, stop, pointer=False):
            # The area filter averages what a smaller picture cannot hold, as the recorder does.
            small = cv2.resize(picture, (EXPORT_WIDTH, EXPORT_HEIGHT), interpolation=cv2.INTER_AREA)
            writer.write(small.astype(np.uint8, copy=False))
            if tell is not None:
                tell(1)


def _warnings(recording: Recording, start: int, stop: int) -> tuple[str, ...]:
    warnings = []
    shown = recording.ticks.raw.gui_open[start:stop].any() if recording.ticks is not None else False
    if recording.sidecar.cursor_in_video and shown:
        warnings.append("the pointer is burnt into the pictures; OpenAI's loader draws a second one over it")
    slots = recording.ticks.raw.hotbar[start:stop] if recording.ticks is not None else np.empty(0, np.int8)
    if slots.size and slots[0] > 0:
        warnings.append(
            f"it begins on hot-bar slot {slots[0] + 1}; OpenAI's loader reads that as a press of"
            f" hotbar.{slots[0] + 1} in its first tick"
        )
    unknown = int((~recording.known[start:stop]).sum())
    if unknown:
        warnings.append(f"{unknown} lines are damaged, and OpenAI's loader fails on the first; repair first")
    return tuple(warnings)
