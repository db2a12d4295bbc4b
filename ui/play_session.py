"""Play in the built-in world: its process, which world it is, and whether it is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ui.play_process import PlayProcess
from ui.playback import TICK_RATE
from vpt_studio.errors import StudioError

_END_SECONDS = 5.0


class PlaySession(QObject):
    """At most one world, and at most one recording of it.

    Attributes:
        process: The process that has the world; None without one.
        world: The world in words; "" without one.
        is_recording: Whether ticks are written.
        recorded: How many are.
        slipped: How many of them came late.

    Signals:
        changed: There is another world or none, it became ready, or a recording began, ended or is asked
            for.
        warming: What is got ready, in words.
        ready: The world can be played in; carries a picture of it.
        shown: A newer picture.
        ticked: Ticks were played; carries their messages.
        paused: The world waits.
        counted: `recorded` has another second, or more ticks slipped.
        taken: A take is whole; carries its name.
        failed: Something could not be done; carries the command and a StudioError.
        died: The process ended unexpectedly; carries its last words.
    """

    changed = Signal()
    warming = Signal(str)
    ready = Signal(object)
    shown = Signal(int, object)
    ticked = Signal(object)
    paused = Signal()
    counted = Signal()
    taken = Signal(str)
    failed = Signal(str, object)
    died = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.process: PlayProcess | None = None
        self.world = ""
        self.is_recording = False
        self.recorded, self.slipped = 0, 0
        self._asked = ""  # "record" or "stop", until the process has answered
        self._wanted: tuple[str, int] | None = None

    @property
    def why_not(self) -> str | None:
        """Why nothing can be recorded now; None where it can."""
        if not self.world:
            return "Enter a world first."
        return "The world is not ready yet." if self._wanted is not None else None

    @property
    def is_bound(self) -> bool:
        """Whether a recording is under way, or about to begin or end."""
        return self.is_recording or bool(self._asked)

    def enter(self, preset: str, seed: int) -> None:
        """Make the world of `preset` and `seed`, and go there."""
        self._wanted = preset, seed
        if self.process is None:
            process = self.process = PlayProcess(self)
            process.warming.connect(
                lambda part, done, total: self.warming.emit(f"Getting ready: {part}, {done + 1} of {total}")
            )
            process.ready.connect(self._on_ready)
            process.ticked.connect(self._on_ticks)
            process.told.connect(self._on_told)
            process.failed.connect(self._on_failure)
            process.died.connect(self._on_death)
        self.process.do("reset", preset=preset, seed=seed)
        self.world = f"{preset}, seed {seed}"
        self.changed.emit()

    def give(self, **event: Any) -> None:
        """Hand on what a device said, as :meth:`PlayProcess.give` takes it."""
        if self.process is not None:
            self.process.give(**event)

    def resume(self) -> None:
        """Let the world go on."""
        if self.process is not None:
            self.process.do("resume")

    def pause(self) -> None:
        """Let the world wait, with nothing held."""
        if self.process is not None:
            self.give(release="all")
            self.process.do("pause")

    def record(self, folder: Path, name: str, sidecar: Mapping[str, Any]) -> None:
        """Begin a recording; nothing while one is under way."""
        self._ask("record", folder=str(folder), name=name, sidecar=dict(sidecar))

    def stop(self) -> None:
        """End the recording; `taken` tells when it is whole."""
        self._ask("stop")

    def end(self) -> None:
        """Leave the world; what was recorded is brought to the disk, to be recovered."""
        process, self.process = self.process, None
        self.world, self._wanted, self._asked = "", None, ""
        self._count(is_recording=False)
        if process is not None:
            process.end()
        self.changed.emit()

    def end_and_wait(self) -> None:
        """:meth:`end`, and wait for it."""
        process = self.process
        self.end()
        if process is not None:
            process.wait(_END_SECONDS)

    def _ask(self, command: str, **facts: Any) -> None:
        if self.process is not None and not self._asked:  # pressed twice: the first is still being obeyed
            self._asked = command
            self.process.do(command, **facts)
            self.changed.emit()

    def _on_ready(self, message: Mapping[str, Any]) -> None:
        if (message["preset"], message["seed"]) != self._wanted or self.process is None:
            return
        self._wanted = None
        self.ready.emit(self.process.picture(message["picture"]))
        self.changed.emit()

    def _on_ticks(self, ticks: Sequence[dict[str, Any]]) -> None:
        if self.process is None or self._wanted is not None:
            return
        newest = ticks[-1]
        picture = self.process.picture(newest["picture"])
        if picture is not None:
            self.shown.emit(newest["picture"], picture)
        self.ticked.emit(ticks)
        is_recorded = newest["recorded"] is not None
        if is_recorded != self.is_recording:  # whatever was told: what is written is a recording
            self._count(is_recording=is_recorded)
            self.changed.emit()
        if is_recorded:
            before = self.recorded // TICK_RATE, self.slipped
            self.recorded, self.slipped = newest["recorded"], newest["slipped"]
            if (self.recorded // TICK_RATE, self.slipped) != before:
                self.counted.emit()

    def _on_told(self, what: str, message: Mapping[str, Any]) -> None:
        if what == "paused":
            self.paused.emit()
        elif what == "recording":
            self._asked = ""
            self._count(is_recording=True)
            self.changed.emit()
        elif what == "taken":
            self._asked = ""
            self._count(is_recording=False)
            self.changed.emit()
            self.taken.emit(Path(message["video"]).stem)

    def _on_failure(self, command: str, error: StudioError) -> None:
        if command == self._asked:
            self._asked = ""
        if command in ("stop", "tick"):  # the take is under way no longer
            self._count(is_recording=False)
        self.changed.emit()
        if command == "reset":  # this world cannot be made
            self.end()
        self.failed.emit(command, error)

    def _on_death(self, words: str) -> None:
        self.end()
        self.died.emit(words)

    def _count(self, *, is_recording: bool) -> None:
        self.is_recording = is_recording
        self.recorded, self.slipped = 0, 0
