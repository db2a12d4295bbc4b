"""Stretches of a take written as a take of their own: pictures, lines, raw events and sidecar together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from recorder.takes.mended_notes import Span, TickMap, mended_notes
from recorder.takes.span_video import Tell, write_video
from vpt_studio.actions.buttons import BUTTON_INDEX, HOTBAR_BUTTONS
from vpt_studio.atomic_files import replaced
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import write_sidecar
from vpt_studio.recordings.span_lines import span_lines

_ATTACK = BUTTON_INDEX["attack"]
_FIRST_SLOT = BUTTON_INDEX[HOTBAR_BUTTONS[0]]
_TICK_BEGINS = b'{"tick":'


def joins(recording: Recording, before: int, after: int) -> bool:
    """Whether tick `after` may follow tick `before` in one take.

    A hot-bar slot that differs would read as a key press that nobody made, for every reader of the format.
    """
    table = recording.ticks
    if table is None:
        return True
    slots = table.raw.hotbar[: len(recording)]
    said_before = np.flatnonzero(slots[: before + 1] >= 0)
    said_after = np.flatnonzero(slots[after:] >= 0)
    if not len(said_before) or not len(said_after):
        return True
    tick = after + int(said_after[0])
    slot = int(slots[tick])
    was_pressed = recording.converted().actions.buttons[tick, _FIRST_SLOT + slot]
    return slot == slots[said_before[-1]] or bool(was_pressed)


def write_spans(
    recording: Recording,
    spans: Sequence[Span],
    folder: Path,
    name: str,
    note: dict[str, Any],
    tell: Tell | None = None,
) -> None:
    """Write `spans` of a take, one after another, as the take `name` in `folder`.

    Actions stay what they were, tick by tick. Where a span follows on another its first line says `gap`,
    and so do the sidecar's notes; the raw events say there what was down.

    Args:
        recording: The take.
        spans: Half-open, in order, apart from each other.
        folder: Where its files are put; each is there whole.
        name: Its name.
        note: What is to be told under `mended` in the notes.
        tell: Called with the number of ticks that have just been written.

    Raises:
        StudioError: Two spans cannot follow on one another (see :func:`joins`), or the take cannot be read.
        OSError: The disk refuses.
    """
    for (_, before), (after, _) in pairwise(spans):
        if not joins(recording, before - 1, after):
            raise StudioError(
                f"tick {after} cannot follow on tick {before - 1}: another slot of the hot-bar is chosen",
                where=recording.video_path,
                mend="Split the take there",
            )
    ticks = TickMap(spans, recording)
    stem = folder / name
    with replaced(stem.with_name(f"{name}.jsonl")) as file:
        file.write_bytes(b"".join(line + b"\n" for line in _lines(recording, ticks)))
    if recording.files.events.is_file():
        with replaced(stem.with_name(f"{name}.events.jsonl")) as file:
            file.write_bytes(b"".join(line + b"\n" for line in _events(recording.files.events, ticks)))
    sidecar = replace(
        recording.sidecar,
        video=None,
        actions=None,
        crop=None,
        notes=mended_notes(recording.sidecar.notes, ticks, note),
    )
    with replaced(stem.with_name(f"{name}.json")) as file:
        write_sidecar(file, sidecar)
    with replaced(stem.with_name(f"{name}.mp4")) as file:
        write_video(recording, spans, file, tell)
    _prove(recording, spans, stem.with_name(f"{name}.mp4"))


def _prove(recording: Recording, spans: Sequence[Span], video: Path) -> None:
    """See that what was written has the ticks that were meant, each with the action it had."""
    kept = np.concatenate([np.arange(start, stop) for start, stop in spans])
    with Recording.open(video) as written:
        is_whole = len(written) == len(kept) == len(written.video)
        if is_whole and recording.ticks is not None:
            before, after = recording.converted().actions, written.converted().actions
            is_whole = bool(
                np.array_equal(recording.known[kept], written.known)
                and np.array_equal(before.buttons[kept], after.buttons)
                and np.array_equal(before.camera[kept], after.camera)
            )
    if not is_whole:
        raise StudioError(
            "what was written does not have the ticks that were meant",
            where=recording.video_path,
            mend="The take is as it was; keep it whole, and tell us of it",
        )


def _lines(recording: Recording, ticks: TickMap) -> Iterator[bytes]:
    table = recording.ticks
    if table is None:
        return
    actions = recording.converted().actions
    stuck = table.raw.held[:, _ATTACK][: len(actions)] > actions.buttons[:, _ATTACK]
    whole = (0, 0, recording.video.facts.width, recording.video.facts.height)
    for start, stop in ticks.spans:
        lines = span_lines(recording, start, stop, whole, whole[2:])
        for tick, line in enumerate(lines, start):
            if not table.known[tick]:
                yield line  # nobody knows what it says; it keeps its place
                continue
            content = orjson.loads(line)
            if "tick" in content:
                content["tick"] = int(ticks.after[tick])
            gap = ticks.gaps.get(tick)
            content.pop("gap", None)
            if gap is not None:
                content["gap"] = gap
            if stuck[tick]:  # the line that says so, or the press that ends it, may be gone
                _let_go(content, "buttons")
                _let_go(content, "newButtons")
            yield orjson.dumps(content)


def _let_go(content: dict[str, Any], name: str) -> None:
    content["mouse"][name] = [number for number in content["mouse"].get(name) or () if number != 0]


def _events(path: Path, ticks: TickMap) -> Iterator[bytes]:
    """The raw events of the kept ticks; those of the others go."""
    heading: bytes | None = None
    down: set[str] = set()
    tick, kept, begins = -1, False, False
    for line in path.read_bytes().splitlines():
        event = orjson.loads(line)
        if line.startswith(_TICK_BEGINS):
            tick = int(event["tick"])
            kept = 0 <= tick < len(ticks.after) and ticks.after[tick] >= 0
            begins = kept and tick in ticks.begins
            if kept:
                yield orjson.dumps({"tick": int(ticks.after[tick])})
                if begins and ticks.after[tick] == 0 and heading is not None:
                    yield heading
            continue
        kind = event.get("kind")
        if kind == "source":
            heading = heading or line
            if kept:
                yield line
            continue
        if kind == "held":
            down = set(event["codes"])
            if kept and not begins:
                yield line
            continue
        if kept and begins and kind == "frame":
            yield orjson.dumps({"kind": "held", "at": event["at"], "codes": sorted(down)})
            begins = False
        if kind in ("key", "button"):
            (down.add if event["is_down"] else down.discard)(event["code"])
        if kept:
            yield line
