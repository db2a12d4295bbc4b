"""The step Play of Record in the built-in world: the game itself, with the person's keys and mouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QKeyCombination, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from recorder.consent import VERSION, consent_note
from recorder.tasks import PlayTask
from ui.play_session import PlaySession
from ui.play_words import recording_in_words, take_name
from ui.studio import Studio
from ui.take_desk import TakeDesk
from ui.user_actions import UserActions
from ui.widgets.live_input import LiveInput
from ui.widgets.play_view import PlayView
from vpt_studio.errors import StudioError

_CLICK = "Click to play\nEsc frees the mouse, H shows the keys"
_GO_ON = "Click to go on\nThe world waits, and so does the recording"
_COMMANDS = ("record.toggle", "record.help")


class WorldPlay(QWidget):
    """The world of a :class:`PlaySession`, and what the devices say.

    Attributes:
        view: The game; plays while it has the mouse.
        devices: The live input.

    Signals:
        failed: Something could not be done, which is told; what was recorded may wait as a take.
        lost: Likewise, and the world is gone.
    """

    failed = Signal()
    lost = Signal()

    def __init__(self, studio: Studio, desk: TakeDesk, session: PlaySession) -> None:
        super().__init__()
        self._studio, self._desk, self._session = studio, desk, session
        self._actions = actions = studio.session.actions
        self.view = PlayView()
        self.devices = LiveInput()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.devices)
        self.view.button.connect(lambda name, down, at: session.give(at=at, press=name, down=down))
        self.view.turned.connect(lambda dx, dy: session.give(move=[dx, dy]))
        self.view.wheeled.connect(lambda steps: session.give(wheel=steps))
        self.view.captured.connect(self._on_captured)
        self.view.commanded.connect(lambda action: actions[action].run())
        session.warming.connect(self._wait_for)
        session.ready.connect(self._on_ready)
        session.shown.connect(self._on_picture)
        session.ticked.connect(self._on_ticks)
        session.paused.connect(self.devices.rest)
        session.failed.connect(self._on_failure)
        session.died.connect(self._on_death)

    def begin(self) -> None:
        """A world is on its way."""
        self.clear()
        self._wait_for("Getting the world ready")
        self.view.setFocus()

    def play(self) -> None:
        """Give keys and mouse to the game."""
        self.view.capture()

    def free(self) -> None:
        """Give them back; the world waits."""
        self.view.free()

    def record(self, task: PlayTask) -> bool:
        """Begin a recording; whether there is a project that it can go to."""
        folder = self._desk.folder
        if folder is None:
            return False
        notes = {"task": task.as_note(), "consent": consent_note(VERSION)}
        person = self._studio.session.settings.current.recording.person
        self._session.record(folder, take_name(task, datetime.now()), {"person": person, "notes": notes})
        return True

    def show_recording(self, task: PlayTask) -> None:
        """Say whether this is recorded, and for how long of the task's time."""
        session = self._session
        words = recording_in_words(session.recorded, session.slipped, task) if session.is_recording else ""
        self.view.show_recording(words)
        if not words and not self.view.is_captured and self._session.why_not is None:
            self.view.invite(_CLICK)

    def clear(self) -> None:
        """There is no world."""
        self.view.clear()
        self.view.invite("")
        self.view.show_recording("")
        self.view.show_corner("")
        self.devices.clear()

    def _wait_for(self, words: str) -> None:
        self.view.show_picture(0, 0, None, words)

    def _on_ready(self, picture: QImage | None) -> None:
        self.view.show_picture(0, 0, picture)
        self.view.show_corner(self._session.world)
        self.view.invite(_CLICK)

    def _on_picture(self, number: int, picture: QImage) -> None:
        self.view.show_picture(number, 0, picture)

    def _on_ticks(self, ticks: Sequence[dict[str, Any]]) -> None:
        self.devices.show_ticks(ticks)

    def _on_failure(self, command: str, error: StudioError) -> None:
        self.free()
        self._studio.session.notices.tell_failure(error)
        if command == "reset":  # this world cannot be made
            self.clear()
            self.lost.emit()
        self.failed.emit()

    def _on_death(self, words: str) -> None:
        self.free()
        self.clear()
        self._studio.session.notices.tell(
            "The world stopped unexpectedly. What was recorded is on the disk.", "danger", details=words
        )
        self.lost.emit()
        self.failed.emit()

    def _on_captured(self, is_captured: bool) -> None:
        if self._session.process is None:
            return
        if is_captured:
            self.view.use_commands(_commands(self._actions))
            self._session.resume()
        else:
            self._session.pause()
            self.view.invite(_GO_ON if self._session.is_recording else _CLICK)


def _commands(actions: UserActions) -> dict[int, str]:
    """The keys that stay the window's while the game has all others."""
    made = {}
    for name in _COMMANDS:
        for key in actions[name].keys:
            pressed: QKeyCombination = QKeySequence(key)[0]  # type: ignore[index]  # the stubs lack it
            if pressed.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:  # those are the game's
                made[int(pressed.key())] = name
    return made
