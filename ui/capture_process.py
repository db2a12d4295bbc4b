"""The capture process as the window has it: one take of a window of the desktop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ui.recorder_process import RecorderProcess
from vpt_studio.errors import StudioError

_LAST_MESSAGES = ("taken", "discarded")


@dataclass(frozen=True)
class CaptureOrder:
    """What is to be recorded, as the window asks for it.

    Attributes:
        folder: Where the take lies.
        name: What it is called.
        window: The system's number of the window.
        profile: Name of the game's profile.
        consent: Version of the words that were agreed to.
        person: Alias of whoever plays.
        notes: More for the sidecar.
        seconds: How long it may last; None without a limit.
        countdown: Seconds from being ready to the first picture.
        sync: What a sync check found; None without one.
        ignore_cover: Record also while something lies over the window, which pictures then show.
    """

    folder: Path
    name: str
    window: int
    profile: str
    consent: int
    person: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict)
    seconds: float | None = None
    countdown: int = 3
    sync: Mapping[str, Any] | None = None
    ignore_cover: bool = False

    def words(self) -> list[str]:
        """The command line."""
        made = ["--folder", str(self.folder), "--name", self.name, "--window", str(self.window)]
        made += ["--profile", self.profile, "--consent", str(self.consent), "--person", self.person]
        made += ["--notes", json.dumps(dict(self.notes)), "--countdown", str(self.countdown)]
        if self.seconds is not None:
            made += ["--seconds", str(self.seconds)]
        if self.sync is not None:
            made += ["--sync", json.dumps(dict(self.sync))]
        if self.ignore_cover:
            made.append("--ignore-cover")
        return made


class CaptureProcess(RecorderProcess):
    """One capture; ``recorder.capture.process`` says what its messages hold.

    Of what :class:`RecorderProcess` tells, ``record`` as the command that failed means the take itself.

    Signals:
        told: Something it said, with the message.
    """

    told = Signal(str, object)

    def __init__(self, order: CaptureOrder, parent: QObject | None = None) -> None:
        super().__init__("recorder.__main__", order.words(), parent)
        self.failed.connect(self._on_failure)

    def hear(self, messages: list[dict[str, Any]]) -> None:
        """Tell the window."""
        for message in messages:
            self._is_done = self._is_done or message["is"] in _LAST_MESSAGES
            self.told.emit(message["is"], message)

    def _on_failure(self, command: str, _error: StudioError) -> None:
        self._is_done = self._is_done or command == "record"
