"""Mending takes: parts of a take cut off, cut out, or split from each other.

The original is not changed: it goes to `takes/discarded` under a name of its own, and :func:`restore` brings
it back. Killed at any moment, either all of a mend is done or nothing of it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from recorder.takes.mended_notes import Span
from recorder.takes.moves import (
    DISCARDED,
    IN_ORDER,
    NUMBER_MARK,
    OUT_ORDER,
    Move,
    free_names,
    locked_take,
    move_all,
    work_folder,
)
from recorder.takes.span_video import Tell
from recorder.takes.spans import write_spans
from recorder.takes.waiting import Take, waiting_take, waiting_takes
from vpt_studio.atomic_files import make_folder
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.sidecar import Sidecar, read_sidecar
from vpt_studio.recordings.take_writer import TAKE_SUFFIX


@dataclass(frozen=True)
class Mended:
    """What a mend made.

    Attributes:
        original: The name under which the take as it was waits in `takes/discarded`.
        takes: What there is in its place.
    """

    original: str
    takes: list[Take]


def trim(take: Take, start: int, stop: int, *, tell: Tell | None = None) -> Mended:
    """Keep ticks `start` to `stop` (exclusive); what was before and after goes.

    Args:
        take: A whole take.
        start: First tick that stays.
        stop: One past the last.
        tell: Called with the number of ticks that have just been written.

    Raises:
        StudioError: Those are no ticks of the take; or it is in use, or cannot be read.
        OSError: The disk refuses; the take is as it was.
    """
    return _mend(take, "trim", {take.name: [(start, stop)]}, tell)


def cut(take: Take, spans: Sequence[Span], *, tell: Tell | None = None) -> Mended:
    """Cut `spans` (half-open) out; what is left stays one take, with a gap noted at each seam.

    Raises:
        StudioError: As for :func:`trim`; or the ticks at a seam cannot follow on one another, then a split
            helps.
        OSError: As for :func:`trim`.
    """
    return _mend(take, "cut", {take.name: kept_without(take.ticks, spans)}, tell)


def split(take: Take, parts: Sequence[Span], *, tell: Tell | None = None) -> Mended:
    """Make a take of each of `parts` (half-open); what is in none of them goes.

    Raises:
        StudioError: As for :func:`trim`.
        OSError: As for :func:`trim`.
    """
    if any(before > after for (_, before), (after, _) in pairwise(parts)):
        raise StudioError("the parts overlap", where=take.video, mend="Name them in rising order")
    names = (name for number in count(1) if not _files(take.folder, name := f"{take.name}-{number}"))
    return _mend(take, "split", {name: [part] for part, name in zip(parts, names, strict=False)}, tell)


def kept_without(ticks: int, spans: Iterable[Span]) -> list[Span]:
    """What of `ticks` ticks is in none of `spans`, in order."""
    kept, begin = [], 0
    for start, stop in sorted(spans):
        if start > begin:
            kept.append((begin, start))
        begin = max(begin, stop)
    if begin < ticks:
        kept.append((begin, ticks))
    return kept


def restore(folder: Path, name: str) -> Take:
    """Bring back what was put away: a discarded take, or the original of a mended one.

    Args:
        folder: The folder of takes.
        name: Of a discarded take; of an original, as :class:`Mended` has it; or of a mended take, whose
            original is meant then. What was made of an original is put away in its turn.

    Raises:
        StudioError: There is none, or a take of its name is there.
        OSError: The disk refuses.
    """
    away = folder / DISCARDED
    made = {take.name: note for take in waiting_takes(folder) if (note := _last_mend(take)) is not None}
    original = str(made[name]["of"]) if name in made and not _files(away, name) else name
    if not _files(away, original):
        raise StudioError(f"no take {name} was put away", where=away, mend="They are kept for a week")
    parts = [part for part, note in made.items() if note["of"] == original]
    own = _own_name(away, original)
    if _files(folder, own) and own not in parts:
        raise StudioError(
            f"a take {own} is there already", where=folder / own, mend="Keep or discard it first"
        )
    with ExitStack() as locks:
        for locked in {own, *parts}:
            locks.enter_context(locked_take(folder, locked))
        moves: list[Move] = []
        free = free_names(folder, own)
        for part in parts:
            moves += _moves_away(folder, part, next(free))
        moves += [
            (f"{DISCARDED}/{original}{suffix}", f"{own}{suffix}")
            for suffix in (*IN_ORDER, TAKE_SUFFIX)
            if (away / f"{original}{suffix}").exists()
        ]
        _touch(folder, parts)
        move_all(folder, own, moves)
    return waiting_take(folder, own)


def _mend(take: Take, what: str, made: dict[str, list[Span]], tell: Tell | None) -> Mended:
    if not take.is_whole:
        raise StudioError(
            f"the take {take.name} was cut off by a crash", where=take.folder, mend="Recover it first"
        )
    folder = take.folder
    with ExitStack() as locks:
        for name in {take.name, *made}:
            locks.enter_context(locked_take(folder, name))
        original = next(free_names(folder, take.name))
        work = work_folder(folder, take.name)
        shutil.rmtree(work, ignore_errors=True)
        make_folder(work)
        try:
            _make(take, what, made, original, work, tell)
            moves = _moves_away(folder, take.name, original)
            moves += [
                (f"{work.name}/{name}{suffix}", f"{name}{suffix}")
                for name in made
                for suffix in IN_ORDER
                if (work / f"{name}{suffix}").exists()
            ]
            _touch(folder, [take.name])
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        move_all(folder, take.name, moves)
    return Mended(original, [waiting_take(folder, name) for name in made])


def _make(
    take: Take, what: str, made: dict[str, list[Span]], original: str, work: Path, tell: Tell | None
) -> None:
    with Recording.open(take.video) as recording:
        ticks = len(recording)
        for name, spans in made.items():
            _demand_spans(take, spans, ticks)
            note = {"do": what, "of": original, "take": take.name, "kept": [list(span) for span in spans]}
            write_spans(recording, spans, work, name, note, tell)
    if not made:
        raise StudioError("nothing of the take would be left", where=take.video, mend="Discard it")


def _demand_spans(take: Take, spans: Sequence[Span], ticks: int) -> None:
    edges = [edge for span in spans for edge in span]
    # A span that begins where the one before ends is no cut: nothing would be missing there.
    in_order = all(first < second for first, second in pairwise(edges))
    if not edges:
        raise StudioError("nothing of the take would be left", where=take.video, mend="Discard it")
    if not in_order or edges[0] < 0 or edges[-1] > ticks:
        raise StudioError(
            f"those are not ticks of this take, which has {ticks}",
            where=take.video,
            mend=f"Name ticks from 0 to {ticks} in rising order ({TICK_RATE} are a second)",
        )


def _moves_away(folder: Path, name: str, away: str) -> list[Move]:
    return [
        (f"{name}{suffix}", f"{DISCARDED}/{away}{suffix}")
        for suffix in OUT_ORDER
        if (folder / f"{name}{suffix}").exists()
    ]


def _touch(folder: Path, names: Iterable[str]) -> None:
    """What is put away stays for a week from now."""
    for name in names:
        for path in _files(folder, name):
            os.utime(path)


def _files(folder: Path, name: str) -> list[Path]:
    paths = (folder / f"{name}{suffix}" for suffix in (*OUT_ORDER, TAKE_SUFFIX))
    return [path for path in paths if path.exists()]


def _own_name(away: Path, original: str) -> str:
    """What the take was called before it was mended, or discarded."""
    name, _, number = original.rpartition(NUMBER_MARK)
    return name if name and number.isdigit() and _files(away, original) else original


def _last_mend(take: Take) -> dict[str, Any] | None:
    """What the sidecar says of how this take was made of another; None where it was not."""
    if not take.is_whole:
        return None
    try:
        sidecar = read_sidecar(take.folder / f"{take.name}.json") or Sidecar()
    except StudioError:  # whoever looks at that take is told
        return None
    mended = sidecar.notes.get("mended")
    last = mended[-1] if isinstance(mended, list) and mended else None
    return last if isinstance(last, dict) and isinstance(last.get("of"), str) else None
