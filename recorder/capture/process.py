"""The capture: twenty times a second a picture of the game, and between them what the devices said.

It is a process of its own, `python -m recorder`. It says lines of JSON on its standard output, each with
`is`: ``countdown`` (`left`: whole seconds; `place` of the window: [left, top, width, height]), ``recording``
(`name`, `size` of the pictures, `input`, `untrusted`), ``status`` twice a second (see :meth:`Capture._tell`),
``closed`` (`why` nothing is recorded from now on; "" when it is again), ``marked``, ``cut`` (how many `ticks`
are left, how many `seconds` are gone), ``disk`` (`minutes` left), ``saving``, ``taken`` (`video`, `ticks`,
`ended`: why), ``discarded`` (also where a countdown was broken off), and ``failed`` (the `command` that did,
and a StudioError's fields as `error`).

It is told lines with `do`: ``pause``, ``resume``, ``mark``, ``cut`` (with `minutes`), ``stop``, ``discard``,
``quit``. The end of its input is a ``quit``: the take is kept.
"""

from __future__ import annotations

import math
import queue
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recorder.capture.desktop_take import DesktopTake
from recorder.capture.desktop_ticking import DesktopTicking
from recorder.devices.source import InputSource
from recorder.game.disk_room import KEEP_FREE_BYTES, WARN_MINUTES
from recorder.game.frame_schedule import TICK_NS
from recorder.game.hotkeys import Hotkeys
from recorder.game.privacy_gate import IDLE_NS, PAUSED, PrivacyGate
from recorder.game.window import GameWindow
from recorder.game_profiles import GameProfile
from recorder.messages import Speaker
from vpt_studio.atomic_files import make_folder
from vpt_studio.errors import StudioError
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.take_lock import TakeLock

#: What the hotkey deletes.
CUT_MINUTES = 2.0
#: What sidecars say of how open screens were known: by the pointer, which games show there.
SCREENS_TOLD = "told by the pointer"
_DRAIN_SECONDS = 0.01
_SECOND_NS = 1_000_000_000
_TELL_NS = _SECOND_NS // 2


@dataclass(frozen=True)
class TakeOrder:
    """What is to be recorded.

    Attributes:
        folder: Where the take lies.
        name: Its name.
        profile: The game's keys.
        sidecar: What is true of the whole take.
        seconds: How long it may last; None without a limit.
        idle_ns: After so long without input nothing is recorded until there is some.
        keep_free: Bytes of the disk that must stay free.
        countdown: Seconds from when all is ready until the take begins.
        ignore_cover: Record also what lies over the game.
    """

    folder: Path
    name: str
    profile: GameProfile
    sidecar: Sidecar
    seconds: float | None = None
    idle_ns: int = IDLE_NS
    keep_free: int = KEEP_FREE_BYTES
    countdown: float = 0.0
    ignore_cover: bool = False


class Capture:
    """One take from its begin to its end."""

    def __init__(
        self, order: TakeOrder, window: GameWindow, source: InputSource, hotkeys: Hotkeys, speaker: Speaker
    ) -> None:
        """Nothing is recorded before :meth:`run`."""
        self.commands: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        self._order, self._window, self._source = order, window, source
        self._hotkeys, self._speaker = hotkeys, speaker
        now = time.monotonic_ns()
        self._gate = PrivacyGate(order.profile, now, idle_ns=order.idle_ns)
        self._ticking = DesktopTicking(
            order.profile,
            window,
            source,
            self._gate,
            on_hotkey=lambda hotkey: self.commands.put({"do": hotkey, "by": "hotkey"}),
            ignore_cover=order.ignore_cover,
        )
        self._told_at, self._told_disk, self._told_closed = now, False, ""
        self._keeps, self._ended = True, ""
        self._take: DesktopTake
        self._clocks: dict[str, dict[str, int]]

    def run(self) -> None:
        """Record until told to stop.

        Raises:
            StudioError: The take cannot be begun, or not be finished; what there is of it stays.
        """
        order = self._order
        make_folder(order.folder)
        with TakeLock(order.folder, order.name):
            self._source.start(self._ticking.heard.append)
            try:
                if not self._count_down():
                    self._speaker.tell("discarded")
                    return
                self._take = self._begin()
                self._record()
            finally:
                self._source.stop()
            self._finish()

    def _count_down(self) -> bool:
        """Give the player time to get into the game; whether the take is to be begun."""
        end, told = time.monotonic() + self._order.countdown, 0
        while (left := math.ceil(end - time.monotonic())) > 0:
            if left != told:
                told = left
                self._speaker.tell("countdown", left=left, place=self._place())
            self._ticking.wait()
            self._ticking.pass_by()
            self._hotkeys.refused()  # the scout may let go of them only now
            if self._window.is_gone:
                raise StudioError("the game's window was closed", mend="Start the game again")
            while not self.commands.empty():
                # There is nothing yet that any other command could be about.
                if self.commands.get().get("do") in ("stop", "discard", "quit"):
                    return False
        return True

    def _place(self) -> list[int]:
        place = self._window.place
        return [place.left, place.top, place.width, place.height]

    def _begin(self) -> DesktopTake:
        order, source = self._order, self._source
        clock = _clock()
        self._clocks = {"begin": clock}
        take = DesktopTake(
            order.folder,
            order.name,
            order.sidecar,
            self._window.size,
            heading={"kind": "source", "name": source.name, "untrusted": source.untrusted, **clock},
            on_cut=lambda ticks, seconds: self._speaker.tell("cut", ticks=ticks, seconds=round(seconds, 3)),
            keep_free=order.keep_free,
        )
        self._speaker.tell(
            "recording",
            name=order.name,
            size=self._window.size,
            input=source.name,
            untrusted=source.untrusted,
        )
        return take

    def _record(self) -> None:
        ticking = self._ticking
        try:
            ticking.begin()  # opening files took as long as the disk liked; no frame was due meanwhile
            while not self._ended:
                ticking.wait()
                ticking.shoot()
                self._write_ready()
                self._obey_all()
                self._watch_over()
            while ticking.is_waiting:  # what belongs to the last ticks may still be on its way
                time.sleep(_DRAIN_SECONDS)
                self._write_ready()
        except BaseException:
            self._take.leave()
            raise

    def _write_ready(self) -> None:
        for tick in self._ticking.ready():
            self._take.write(tick)

    def _obey_all(self) -> None:
        while not self.commands.empty() and not self._ended:
            command = self.commands.get()
            try:
                self._obey(command)
            except (StudioError, TypeError, ValueError, OverflowError) as error:
                told = error if isinstance(error, StudioError) else StudioError(str(error))
                self._speaker.tell("failed", command=command.get("do"), error=told.as_json())

    def _obey(self, command: Mapping[str, Any]) -> None:
        now = time.monotonic_ns()
        match command.get("do"):
            case "pause":
                self._gate.close(PAUSED, now)
            case "resume":
                self._gate.open(PAUSED, now)
            case "mark":
                self._take.mark(now)
                self._speaker.tell("marked", ticks=self._take.ticks)
            case "cut":
                self._cut(now - round(float(command.get("minutes", CUT_MINUTES)) * 60 * _SECOND_NS))
            case "stop":
                self._end(str(command.get("by", "command")))
            case "discard":
                self._keeps = False
                self._end("command")
            case "quit":
                self._end(str(command.get("by", "whoever started it is gone")))
            case other:
                raise StudioError(f"there is no command {other!r}")

    def _cut(self, since: int) -> None:
        self._take.delete_since(since)
        self._ticking.forget_since(since)

    def _end(self, why: str) -> None:
        self._ended = self._ended or why

    def _watch_over(self) -> None:
        """Say how it goes, and stop where it cannot go on."""
        if self._window.is_gone:
            self._end("the window was closed")
        if self._ticking.closed != self._told_closed:
            self._told_closed = self._ticking.closed
            self._speaker.tell("closed", why=self._told_closed)
        if self._take.failure is not None:
            raise self._take.failure
        recorded = (self._take.ticks + self._take.backlog) * TICK_NS / _SECOND_NS
        if self._order.seconds is not None and recorded >= self._order.seconds:
            self._end("the time is up")
        now = time.monotonic_ns()
        if now - self._told_at >= _TELL_NS:
            self._tell()
            self._told_at = now

    def _tell(self) -> None:
        """Say how it goes: the heartbeat, and what the devices say, as far as it is recorded.

        `ticks` on the disk and `backlog` still on its way there, `missed` frames, why it is `closed`,
        `disk_minutes`, `trouble` with the pictures in words, `place` of the window, what lies over it
        (`covered`), `hotkeys_of_others` that another program has, and :meth:`CaptureMeter.told`.
        """
        minutes = self._take.minutes_left()
        if minutes < WARN_MINUTES and not self._told_disk:
            self._told_disk = True
            self._speaker.tell("disk", minutes=round(minutes, 1))
        if not minutes:
            self._end("the disk is full")
        self._speaker.tell(
            "status",
            ticks=self._take.ticks,
            closed=self._told_closed,
            missed=self._take.missed,
            backlog=self._take.backlog,
            disk_minutes=round(minutes, 1),
            trouble=self._ticking.trouble(),
            place=self._place(),
            covered=self._ticking.covered,
            hotkeys_of_others=sorted(self._hotkeys.refused() or ()),
            **self._ticking.meter.told(),
        )

    def _finish(self) -> None:
        if not self._keeps:
            self._take.discard()
            self._speaker.tell("discarded")
            return
        self._speaker.tell("saving")
        self._clocks["end"] = _clock()
        ticking = self._ticking
        told = {"screens": SCREENS_TOLD} if ticking.tells_screens else {}
        notes = {"clock": self._clocks, "ended": self._ended, **ticking.meter.summary(), **told}
        video = self._take.close(notes)
        self._speaker.tell("taken", video=str(video), ticks=self._take.ticks, ended=self._ended)


def _clock() -> dict[str, int]:
    """Now, by the clock of ticks and by that of the wall."""
    return {"monotonic_ns": time.monotonic_ns(), "unix_ns": time.time_ns()}
