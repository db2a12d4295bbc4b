"""A mended copy of a damaged recording: every stretch that has both a picture and a known action."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from vpt_studio.atomic_files import already_there, created, make_folder
from vpt_studio.errors import StudioError
from vpt_studio.recordings.damage import find_damage
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.sidecar import write_sidecar
from vpt_studio.recordings.span_lines import span_lines
from vpt_studio.recordings.validation import spans_of
from vpt_studio.recordings.video_writer import VideoWriter


@dataclass(frozen=True)
class Piece:
    """One whole stretch of a repaired recording.

    Attributes:
        video: The piece's video; its tick lines and sidecar lie beside it.
        start, stop: The ticks of the original that it holds (half-open).
    """

    video: Path
    start: int
    stop: int


def repair(
    path: Path,
    out: Path,
    *,
    shortest_seconds: float = 1.0,
    recorder_version: str = "",
    tell: Callable[[int], None] | None = None,
) -> list[Piece]:
    """Write the usable stretches of the recording at `path` into the folder `out`; the original stays.

    Frames that are damaged or that the decoder only guessed are left out, and so are unknown ticks. What is
    left falls into pieces, each a recording of its own (`<name>-part1` and so on; one piece keeps the name).
    Pictures are encoded again.

    Args:
        path: The recording.
        out: A folder, made where missing; nothing in it is overwritten.
        shortest_seconds: Stretches shorter than this are left out.
        recorder_version: As in :meth:`Recording.open`.
        tell: Called with the number of ticks that have just been looked at.

    Raises:
        StudioError: Nothing usable is left, or a file of that name is already there.
    """
    with Recording.open(path, recorder_version=recorder_version) as recording:
        spans = [
            (start, stop)
            for start, stop in _usable_spans(recording, tell)
            if stop - start >= shortest_seconds * TICK_RATE
        ]
        if not spans:
            raise StudioError(
                f"no stretch of {shortest_seconds:g} s or more has both pictures and actions",
                where=path,
                mend="Copy it again from its source",
            )
        make_folder(out)
        names = [
            recording.name if len(spans) == 1 else f"{recording.name}-part{number + 1}"
            for number in range(len(spans))
        ]
        for name in names:
            for suffix in (".mp4", ".jsonl", ".json"):
                if os.path.lexists(out / f"{name}{suffix}"):
                    raise already_there(out / f"{name}{suffix}")
        return [
            _write_piece(recording, out / f"{name}.mp4", start, stop)
            for name, (start, stop) in zip(names, spans, strict=True)
        ]


def _usable_spans(recording: Recording, tell: Callable[[int], None] | None) -> list[tuple[int, int]]:
    shown = recording.frame_of_tick
    video = recording.video
    usable = ~find_damage(video, 0, len(video), tell).doubtful(video)[shown]
    if recording.ticks is not None:
        usable &= recording.known
    return spans_of(usable)


def _write_piece(recording: Recording, video: Path, start: int, stop: int) -> Piece:
    height, width = recording.picture(start).shape[:2]
    height, width = height - height % 2, width - width % 2  # what the encoder can hold
    if not (width and height):
        raise StudioError("a picture of one pixel's width cannot be encoded", where=recording.video_path)
    note = {"repaired_from": recording.video_path.name, "ticks": [start, stop]}
    sidecar = replace(
        recording.sidecar, video=None, actions=None, crop=None, notes={**recording.sidecar.notes, **note}
    )
    # The video comes last: a recording is there once its video is.
    with created(video) as new_video, ExitStack() as others:
        with VideoWriter(new_video, width, height, rate=TICK_RATE, shown=video) as writer:
            for picture in recording.pictures(start, stop, pointer=False):
                writer.write(picture[:height, :width])
        if recording.ticks is not None:
            new_lines = others.enter_context(created(video.with_suffix(".jsonl")))
            corner = (0, 0) if recording.sidecar.crop is None else recording.sidecar.crop[:2]
            lines = span_lines(recording, start, stop, (*corner, width, height), (width, height))
            new_lines.write_bytes(b"".join(line + b"\n" for line in lines))
        write_sidecar(others.enter_context(created(video.with_suffix(".json"))), sidecar)
    return Piece(video, start, stop)
