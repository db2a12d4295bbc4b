"""A take of a game on the desktop: pictures, lines and raw events, written beside the capture."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recorder.capture.desktop_ticks import event_lines
from recorder.capture.meter import middle_and_slowest
from recorder.capture.tick_binning import BinnedTick
from recorder.encoder_thread import EncoderThread, unwritable
from recorder.game.disk_room import KEEP_FREE_BYTES, room_beside
from recorder.game.frame_schedule import TICK_NS
from recorder.game.privacy_gate import PAUSED
from vpt_studio.errors import StudioError
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.take_writer import TAKE_SUFFIX, TakeWriter
from vpt_studio.recordings.tick_writing import TickInput

#: A frame that was grabbed so long after it was due is called late.
LATE_NS = 10_000_000
#: Beyond this many pixels encoding has no time for x264's better preset (41 ms of 50 at 1280 x 720).
_LARGE = 640 * 360
_SYNC_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class DesktopTick:
    """One tick on its way to the disk.

    Attributes:
        picture: uint8 [H, W, 3], RGB, of the take's size; not changed any more.
        tick: What its line says.
        further: Further fields of the line.
        binned: What the devices said.
        late: Nanoseconds from when its frame was due to its grab.
        missed: How many frames were due after it and never grabbed: it lasts so much longer.
        gap: Why nothing was recorded just before; "" where the tick follows on the one before.
    """

    picture: npt.NDArray[np.uint8]
    tick: TickInput
    further: dict[str, Any]
    binned: BinnedTick
    late: int
    missed: int
    gap: str


@dataclass
class _Log:
    """What there is to tell of the ticks, by tick; all that is after a cut goes."""

    begins: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    late: array[int] = field(default_factory=lambda: array("q"))
    encode: array[int] = field(default_factory=lambda: array("q"))
    missed: list[tuple[int, int]] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)

    def cut(self, ticks: int) -> None:
        for times in (self.begins, self.ends, self.late, self.encode):
            del times[ticks:]
        self.missed = [(tick, count) for tick, count in self.missed if tick < ticks]
        self.gaps = [gap for gap in self.gaps if gap["tick"] < ticks]


class DesktopTake:
    """Writes a take in a thread of its own, so that no slow disk or picture delays a grab.

    The disk has all of it up to the last second at any time. When too much waits the capture does, and misses
    frames. Used by one thread.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        sidecar: Sidecar,
        size: tuple[int, int],
        *,
        heading: dict[str, Any],
        on_cut: Callable[[int, float], None],
        keep_free: int = KEEP_FREE_BYTES,
    ) -> None:
        """Begin the take.

        Args:
            folder: Where it lies; made where missing.
            name: Its name.
            sidecar: What is true of the whole.
            size: Width and height of its pictures.
            heading: The first event of `events.jsonl`: what is true of them all.
            on_cut: Called, in the take's thread, when its end was deleted: how many ticks stay, and how many
                seconds are gone.
            keep_free: Bytes of the disk that must stay free.

        Raises:
            StudioError: There is one of that name, or the disk refuses.
        """
        preset = "veryfast" if size[0] * size[1] <= _LARGE else "ultrafast"
        self._writer = TakeWriter(folder, name, sidecar, width=size[0], height=size[1], preset=preset)
        self._folder = folder / f"{name}{TAKE_SUFFIX}"
        self._heading, self._on_cut, self._keep_free = heading, on_cut, keep_free
        self._log = _Log()
        self._marks: list[int] = []
        self._synced = time.monotonic()
        self._encoder = EncoderThread[DesktopTick | int](self._folder, self._work)

    @property
    def failure(self) -> StudioError | None:
        """Why it cannot be written on; None while it can."""
        return self._encoder.failure

    @property
    def backlog(self) -> int:
        """How many ticks wait to be encoded."""
        return self._encoder.backlog

    @property
    def ticks(self) -> int:
        """How many are written."""
        return self._writer.ticks

    @property
    def missed(self) -> int:
        """How many frames were due in what is written and never grabbed."""
        return sum(count for _, count in self._log.missed)

    def write(self, tick: DesktopTick) -> None:
        """Have a tick written soon.

        Raises:
            StudioError: An earlier one could not be written.
        """
        if self.failure is not None:
            raise self.failure
        self._encoder.put(tick)

    def mark(self, at: int) -> None:
        """Remember the moment `at` (``time.monotonic_ns()``) for whoever looks at the take."""
        self._marks.append(at)

    def delete_since(self, at: int) -> None:
        """Have all ticks deleted that end after `at`, from every file; ``on_cut`` is told when it is done."""
        self._encoder.put(at)

    def minutes_left(self) -> float:
        """How many more minutes the disk has room for; 0 when it is time to stop."""
        return room_beside(self._folder, self.ticks * TICK_NS / 1e9, self._keep_free)

    def close(self, notes: dict[str, Any]) -> Path:
        """Write what waits, and finish the recording.

        Args:
            notes: What else is to be told in the sidecar.

        Returns:
            Its video.

        Raises:
            StudioError: Nothing was recorded; or it cannot be written, and the take stays.
        """
        self._encoder.finish()
        if self.failure is not None:
            raise self.failure
        if not self._writer.ticks:
            self._writer.discard()
            raise StudioError("nothing was recorded", mend="Click into the game, and play")
        try:
            return self._writer.close({**notes, **self._summary()})
        except OSError as error:
            raise unwritable(self._folder, error) from error

    def discard(self) -> None:
        """Throw away what was recorded."""
        self._encoder.finish()
        self._writer.discard()

    def leave(self) -> None:
        """Write what waits and stop; the take stays as it is, to be recovered."""
        self._encoder.finish()
        with suppress(StudioError):  # what cannot be finished is recovered as far as it goes
            self._writer.leave()

    def _summary(self) -> dict[str, Any]:
        log = self._log
        return {
            "missed": [{"tick": tick, "frames": count} for tick, count in log.missed],
            "late": sum(late >= LATE_NS for late in log.late),
            "late_ms": middle_and_slowest(log.late),
            "encode_ms": middle_and_slowest(log.encode),
            "gaps": log.gaps,
            "pauses": [gap["tick"] for gap in log.gaps if gap["why"] == PAUSED],
            "marks": sorted({max(bisect_right(log.begins, at) - 1, 0) for at in self._marks}),
        }

    def _work(self, waiting: DesktopTick | int) -> None:
        if isinstance(waiting, int):
            self._cut(waiting)
        else:
            self._write(waiting)

    def _write(self, tick: DesktopTick) -> None:
        number, log, binned = self._writer.ticks, self._log, tick.binned
        further = dict(tick.further)
        if tick.late >= LATE_NS:
            further["late_ms"] = round(tick.late / 1e6, 1)
        if tick.missed:
            further["missed"] = tick.missed
            log.missed.append((number, tick.missed))
        events = [] if number else [self._heading]
        if tick.gap or not number:
            events.append({"kind": "held", "at": binned.begin, "codes": sorted(binned.held_before)})
        if tick.gap and number:
            lasted = binned.begin - log.ends[-1]
            further["gap"] = {"why": tick.gap, "seconds": round(lasted / 1e9, 3)}
            log.gaps.append({"tick": number, **further["gap"]})
        events.append({"kind": "frame", "at": binned.begin, "until": binned.end})
        self._writer.write_events([*events, *event_lines(binned.events)])
        begin = time.monotonic_ns()
        self._writer.write(tick.picture, tick.tick, further)
        log.encode.append(time.monotonic_ns() - begin)
        log.begins.append(binned.begin)
        log.ends.append(binned.end)
        log.late.append(tick.late)
        if time.monotonic() - self._synced >= _SYNC_SECONDS:
            self._writer.sync()
            self._synced = time.monotonic()

    def _cut(self, since: int) -> None:
        log, before = self._log, self._writer.ticks
        kept = bisect_left(log.ends, since + 1)
        gone = (log.ends[-1] - log.begins[kept]) / 1e9 if kept < before else 0.0
        self._writer.cut(kept)
        log.cut(kept)
        self._marks = [at for at in self._marks if at < since]
        self._on_cut(kept, gone)
