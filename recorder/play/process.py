"""The play process: owns the world, ticks it twenty times a second, and records what is played.

Run as ``python -m recorder.play --pictures FILE``. It knows nothing of windows: a person's window drives it
as well as a test does. When whoever drives it is gone, it ends; a take that was under way stays on
the disk, to be recovered.

To the process, on its standard input. Input carries `at`, the moment it happened (``time.monotonic()``)::

    {"at": 12.5, "press": "forward", "down": true}
    {"at": 12.5, "move": [3, -1]}
    {"at": 12.5, "wheel": 1}
    {"at": 12.5, "release": "all"}

Commands begin with `do`: ``record`` (with `folder`, `name` and a `sidecar`'s fields), ``stop``, ``discard``,
``pause``, ``resume``, ``reset`` (with `preset` and `seed`), ``quit``. The end of the input is a ``quit``.

From the process, on its standard output, each with `is`: ``warming`` (`part`, `done`, `total`), ``ready``,
``paused``, ``tick``, ``recording``, ``saving``, ``taken``, ``discarded``, and ``failed`` (the
`command` that did, ``tick`` where a take broke off while it was played, and the fields of a StudioError as
`error`).
"""

from __future__ import annotations

import argparse
import gc
import logging
import queue
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recorder.messages import TERMINAL_SIGNALS, Speaker, messages_from
from recorder.pictures import PictureBoard
from recorder.play.input import InputBuffer, TickDevices
from recorder.play.queued_take import QueuedTakeWriter, refusal
from recorder.play.schedule import TickSchedule
from vpt_studio.atomic_files import make_folder
from vpt_studio.envs.lockstep import ENVIRONMENT, LockstepTake
from vpt_studio.envs.voxel.environment import VoxelEnvironment, checked_seed
from vpt_studio.envs.voxel.warm_up import WarmUp
from vpt_studio.errors import StudioError
from vpt_studio.project.layout import DATABASE_NAME
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.take_lock import TakeLock

#: What the sidecars of these takes say made them.
MADE_BY = "vpt-studio play"
#: Threads take turns this often, so that an encoder that holds Python's lock delays no tick by 5 ms.
_SWITCH_SECONDS = 0.0005
_SLOTS = 9

logger = logging.getLogger(__name__)


class Play:
    """One world, one player's devices, and the take under way, if there is one."""

    def __init__(self, board: PictureBoard, speaker: Speaker) -> None:
        """`board` gets the pictures, `speaker` what there is to tell."""
        self.devices = InputBuffer()
        self.commands: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        self._board, self._speaker = board, speaker
        self._schedule = TickSchedule()
        self._take: LockstepTake | None = None
        self._writer: QueuedTakeWriter | None = None
        self._lock: TakeLock | None = None
        self._pauses: list[int] = []
        self._recorded = 0
        self._paused, self._ended = True, False

    def run(self) -> None:
        """Get the world's loops ready, then play until told to quit."""
        parts = WarmUp().parts
        for done, (part, make_ready) in enumerate(parts):
            self._speaker.tell("warming", part=part, done=done, total=len(parts) + 1)
            make_ready()
        while not self._ended:
            if not self._paused:
                self._schedule.wait()
            self._obey_all()
            if not (self._paused or self._ended):
                self._tick()
        self._leave_take()

    def _obey_all(self) -> None:
        """Obey what waits; while paused, wait for something to obey."""
        while self._paused and not self._ended:
            self._obey(self.commands.get())
        while not self.commands.empty():
            self._obey(self.commands.get())

    def _obey(self, command: Mapping[str, Any]) -> None:
        known = {
            "record": self._record,
            "stop": self._stop,
            "discard": self._discard,
            "pause": self._pause,
            "resume": self._resume,
            "reset": self._reset,
            "quit": self._quit,
        }
        name = command.get("do")
        try:
            if name not in known:
                raise StudioError(f"there is no command {name!r}")
            known[name](command)
        except StudioError as error:
            self._speaker.tell("failed", command=name, error=error.as_json())
        except OSError as error:  # the world goes on without its disk
            refused = refusal("the disk refuses it", error)
            self._speaker.tell("failed", command=name, error=refused.as_json())

    def _reset(self, command: Mapping[str, Any]) -> None:
        if self._writer is not None:
            raise StudioError("a take is under way in this world", mend="Stop it first")
        parts = len(WarmUp().parts)
        self._speaker.tell("warming", part="the world", done=parts, total=parts + 1)
        self._halt()
        self._take = None
        environment = VoxelEnvironment(command.get("preset", "survival"), pointer=False)
        environment.reset(seed=checked_seed(command.get("seed", 0)))
        self._take = LockstepTake(environment)
        self.devices.forget()
        # What is there now stays: the collector need not go through it again while somebody plays.
        gc.collect()
        gc.freeze()
        self._speaker.tell(
            "ready",
            preset=environment.preset.name,
            seed=environment.state.world.seed,
            picture=self._board.show(self._take.frame, None),
            size=environment.preset.size,
        )

    def _record(self, command: Mapping[str, Any]) -> None:
        take = self._demand_world()
        if self._writer is not None:
            raise StudioError("a take is under way already", mend="Stop it first")
        folder, name, state = Path(command["folder"]), str(command["name"]), take.environment.state
        told = command.get("sidecar", {})
        sidecar = Sidecar(
            source=Source.HUMAN,
            person=str(told.get("person", "")),
            environment=f"{ENVIRONMENT} {state.world.preset.name}",
            seed=state.world.seed,
            made_by=MADE_BY,
            notes={**told.get("notes", {}), "world_tick": state.tick, "pauses": []},
        )
        _demand_folder(folder)
        self._lock = TakeLock(folder, name)
        try:
            self._writer = take.writer = QueuedTakeWriter(folder, name, sidecar)
        except (StudioError, OSError):
            self._release()
            raise
        self._pauses, self._recorded = [], 0
        self._schedule.begin()  # opening files takes as long as the disk likes; no tick was due meanwhile
        self._schedule.begin_count()
        self._speaker.tell("recording", name=name)

    def _stop(self, _command: Mapping[str, Any]) -> None:
        writer = self._demand_writer()
        self._halt()
        self._speaker.tell("saving")
        notes = {
            "slipped": self._schedule.slipped,
            "late_ms": {
                "p50": round(1000 * self._schedule.quantile(0.5), 3),
                "p99": round(1000 * self._schedule.quantile(0.99), 3),
            },
            "pauses": self._pauses,
        }
        try:
            video = writer.close(notes)
        finally:
            self._release()
        self._speaker.tell("taken", video=str(video), ticks=self._recorded, **notes)

    def _discard(self, _command: Mapping[str, Any]) -> None:
        writer = self._demand_writer()
        self._halt()
        try:
            writer.discard()
        finally:
            self._release()
        self._speaker.tell("discarded")

    def _pause(self, _command: Mapping[str, Any]) -> None:
        is_new = not self._paused
        self._halt()
        if self._writer is not None and is_new:
            self._pauses = [*self._pauses, self._recorded]
            self._writer.note({"pauses": self._pauses})

    def _halt(self) -> None:
        if not self._paused:
            self._paused = True
            self._speaker.tell("paused")

    def _resume(self, _command: Mapping[str, Any]) -> None:
        self._demand_world()
        if self._paused:
            self._paused = False
            self._schedule.begin()

    def _quit(self, _command: Mapping[str, Any]) -> None:
        self._ended = True

    def _tick(self) -> None:
        take = self._demand_world()
        due, late = self._schedule.tick()
        said = self.devices.take(due)
        held = said.held | self._turned_to(said)
        try:
            take.step(held, said.dx, said.dy)
        except StudioError as error:
            self._give_up_take(error)
            return
        state = take.environment.state
        self._recorded += self._writer is not None
        number = self._board.show(take.frame, state.pointer if state.screen is not None else None)
        self._speaker.tell(
            "tick",
            tick=state.tick,
            picture=number,
            due=due,
            late=late,
            shown=time.monotonic(),
            held=sorted(held),
            dx=said.dx,
            dy=said.dy,
            screen=state.screen is not None,
            health=state.vitals.health,
            recorded=self._recorded if self._writer is not None else None,
            slipped=self._schedule.slipped,
            backlog=self._writer.backlog if self._writer is not None else 0,
        )

    def _turned_to(self, said: TickDevices) -> frozenset[str]:
        """The wheel chooses a slot of the hot-bar by its key, for actions know no wheel."""
        state = self._demand_world().environment.state
        steps = said.wheel % _SLOTS
        if not steps or state.screen is not None:
            return frozenset()
        return frozenset({f"hotbar.{(state.inventory.selected - steps) % _SLOTS + 1}"})

    def _give_up_take(self, error: StudioError) -> None:
        """The take cannot be written on: play stops, what reached the disk stays."""
        self._leave_take()
        self._halt()
        self._speaker.tell("failed", command="tick", error=error.as_json())

    def _leave_take(self) -> None:
        if self._writer is not None:
            try:
                self._writer.leave()
            finally:
                self._release()

    def _release(self) -> None:
        self._writer = None
        if self._take is not None:
            self._take.writer = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _demand_world(self) -> LockstepTake:
        if self._take is None:
            raise StudioError("there is no world yet", mend="Choose one first")
        return self._take

    def _demand_writer(self) -> QueuedTakeWriter:
        if self._writer is None:
            raise StudioError("nothing is being recorded")
        return self._writer


def _demand_folder(folder: Path) -> None:
    """Have the folder `takes` made where it is missing, but only in a project.

    The place of one that was moved away meanwhile would come back otherwise, with takes that nobody finds.
    """
    if folder.is_dir():
        return
    if not (folder.parent / DATABASE_NAME).is_file():
        raise StudioError(
            "the project is no longer there", where=folder.parent, mend="Open it at its new place"
        )
    make_folder(folder)


def listen(descriptor: int, play: Play) -> None:
    """Hand on what is said on a pipe, to its end."""
    for message in messages_from(descriptor):
        try:
            _hand_on(message, play)
        except (KeyError, TypeError, ValueError):
            logger.warning("not understood: %.200r", message)
    play.commands.put({"do": "quit"})


def _hand_on(message: Mapping[str, Any], play: Play) -> None:
    if "do" in message:
        play.commands.put(message)
        return
    at, devices = float(message["at"]), play.devices
    if "press" in message:
        devices.press(at, message["press"], bool(message["down"]))
    elif "move" in message:
        dx, dy = message["move"]
        devices.move(at, int(dx), int(dy))
    elif "wheel" in message:
        devices.turn_wheel(at, int(message["wheel"]))
    elif "release" in message:
        devices.release_all(at)


def main() -> None:
    """Play for whoever writes to our standard input."""
    options = argparse.ArgumentParser(prog="python -m recorder.play", description=__doc__)
    options.add_argument("--pictures", type=Path, required=True, help="file in memory that gets the pictures")
    chosen = options.parse_args()
    # What the terminal says that the window came from is for the window; the end of our input tells us.
    for number in TERMINAL_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.setswitchinterval(_SWITCH_SECONDS)
    speaker = Speaker(sys.stdout.buffer)
    board = PictureBoard(chosen.pictures, make=True)
    play = Play(board, speaker)
    threading.Thread(target=listen, args=(sys.stdin.fileno(), play), name="listener", daemon=True).start()
    try:
        play.run()
    finally:
        board.close()
    speaker.close()
