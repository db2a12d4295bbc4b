"""A window of the desktop that is to be recorded: the scout that looks at it, then the capture of its take.

Both take the hotkeys for themselves, so there is never more than one of them: the scout is gone before the
capture begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ui.capture_process import CaptureOrder, CaptureProcess
from ui.scout_process import ScoutProcess
from vpt_studio.errors import StudioError
from vpt_studio.words import sentence

#: A long take is copied from one file to another when it is closed.
_CLOSING_SECONDS = 120.0
_LEAVING_SECONDS = 2.0
Stage = Literal["", "looking", "starting", "countdown", "recording", "saving"]


@dataclass(frozen=True)
class ChosenWindow:
    """The window that is to be recorded.

    Attributes:
        id: The system's number of it.
        title: Its title when it was chosen.
        profile: Name of the game profile.
    """

    id: int
    title: str
    profile: str


class DesktopSession(QObject):
    """At most one scout or one capture.

    Attributes:
        stage: What is going on: nothing, the scout ``looking``, or the capture ``starting``, counting down,
            ``recording`` or ``saving``.
        window: The window that is watched or recorded; None while they are only listed.
        look: What the scout saw last; None before that.
        sync: What the sync check of this window found; None without one.
        trouble: Why the scout cannot look at the desktop; None while it can.
        status: What the capture told last, with ``closed`` as it is now.
        left: Seconds of the countdown.
        place: Where the window was seen last: left, top, width, height, in pixels of the desktop.
        sync_ended: How the last sync check of this window ended, in words; "" while there was none, and where
            it was broken off.

    Signals:
        changed: `stage`, `window`, `sync` or `trouble` are others now.
        listed: The windows there are; carries the messages' rows.
        looked: The scout looked at the window; carries its message.
        hotkey: One of the profile's hotkeys was pressed before a recording: ``stop``, ``cut`` or ``mark``.
        syncing: The sync check goes on; carries its message, None once it is over.
        told: `status`, `left` changed, or the capture said ``marked``, ``cut``, ``disk``; carries what.
        taken: A take is whole; carries its name and why it ended.
        failed: Something could not be done; carries the command and a StudioError.
        died: The capture ended unexpectedly; carries its last words.
    """

    changed = Signal()
    listed = Signal(object)
    looked = Signal(object)
    hotkey = Signal(str)
    syncing = Signal(object)
    told = Signal(str, object)
    taken = Signal(str, str)
    failed = Signal(str, object)
    died = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stage: Stage = ""
        self.window: ChosenWindow | None = None
        self.look: Mapping[str, Any] | None = None
        self.sync: Mapping[str, Any] | None = None
        self.trouble: StudioError | None = None
        self.status: Mapping[str, Any] = {}
        self.left = 0
        self.place: Sequence[int] = (0, 0, 0, 0)
        self.sync_ended = ""
        self.is_syncing = False
        self.scout: ScoutProcess | None = None
        self.capture: CaptureProcess | None = None
        self._order: CaptureOrder | None = None
        self._synced = 0  # the window of the last sync check
        self._let_pass = 0  # the window of which also what lies over it is to be recorded

    @property
    def is_recording(self) -> bool:
        """Whether a take is under way, from the moment it was asked for until it is whole."""
        return self.stage in ("starting", "countdown", "recording", "saving")

    @property
    def ignores_cover(self) -> bool:
        """Whether also what lies over this window is to be recorded."""
        return self.window is not None and self.window.id == self._let_pass

    @property
    def problems(self) -> list[Mapping[str, Any]]:
        """The checks that keep a recording from beginning."""
        checks = [] if self.look is None else self.look["checks"]
        return [check for check in checks if check["state"] == "bad"]

    @property
    def why_not(self) -> str | None:
        """Why no take can begin now; None where it can."""
        if self.trouble is not None:
            return sentence(self.trouble.what)
        if self.window is None:
            return "Choose a window first."
        if self.stage != "looking" or self.look is None:
            return "The window is being looked at."
        return sentence(self.problems[0]["words"]) if self.problems else None

    def list_windows(self, folder: Path) -> None:
        """Look which windows there are, until one is watched; `folder` is where takes would lie."""
        self.window = self.look = None
        self._scout(folder).do("list")
        self.changed.emit()

    def watch(self, folder: Path, window: ChosenWindow) -> None:
        """Look at one window, and at what the devices say to it."""
        if window.id != self._synced:
            self.sync, self.sync_ended = None, ""  # it was measured with another one
        if window.id != self._let_pass:
            self._let_pass = 0  # it was said of another one
        self.window, self.look = window, None
        scout = self._scout(folder)
        scout.do("watch", window=window.id, profile=window.profile)
        if self.ignores_cover:
            scout.do("ignore_cover", on=True)
        self.changed.emit()

    def ignore_cover(self, ignored: bool) -> None:
        """Record of this window also what lies over it, or no more."""
        if self.window is not None:
            self._let_pass = self.window.id if ignored else 0
            if self.scout is not None:
                self.scout.do("ignore_cover", on=ignored)
            self.changed.emit()

    def check_sync(self) -> None:
        """Measure how long after an input its picture comes; ten seconds."""
        if self.scout is not None and not self.is_syncing:
            self.is_syncing, self.sync_ended = True, ""
            self.scout.do("sync")
            self.changed.emit()

    def stop_sync(self) -> None:
        """End the sync check without an answer."""
        if self.scout is not None and self.is_syncing:
            self.scout.do("sync_stop")
            self._end_sync()

    def toggle_sync(self) -> None:
        """Begin a sync check, or end the one that goes on."""
        if self.is_syncing:
            self.stop_sync()
        else:
            self.check_sync()

    def picture(self, number: int) -> QImage | None:
        """A picture of the watched window; None where there is a newer one."""
        return None if self.scout is None else self.scout.picture(number)

    def look_away(self) -> None:
        """End the scout; nothing is looked at and no hotkey is taken from then on."""
        scout, self.scout = self.scout, None
        self.look = self.trouble = None
        self._end_sync()
        if self.stage == "looking":
            self.stage = ""
        if scout is not None:
            scout.end()
        self.changed.emit()

    def record(self, order: CaptureOrder) -> None:
        """Begin a take as soon as the scout is gone, which has the hotkeys until then."""
        if self.is_recording:
            return
        self._order, scout = order, self.scout
        self.status, self.left = {}, order.countdown
        self.stage = "starting"
        if scout is not None:
            scout.ended.connect(self._begin)  # before it is told to end: one that is gone says so at once
        self.look_away()
        if scout is None:
            self._begin()
        self.changed.emit()

    def do(self, command: str, **facts: Any) -> None:
        """Tell the capture ``stop``, ``pause``, ``resume``, ``mark``, ``cut`` or ``discard``."""
        if self.capture is not None:
            self.capture.do(command, **facts)

    def stop(self) -> None:
        """End the take; in the countdown there is none yet."""
        if self.stage == "starting" and self.capture is None:
            self._order = None
            self._over()
            self.told.emit("discarded", {})
        else:
            self.do("stop")

    def end(self) -> None:
        """Let go of the desktop; a take that is under way is closed, and waits for a verdict."""
        self.look_away()
        capture, self.capture = self.capture, None
        self._order = None
        if capture is not None:
            capture.end()
        self._over()

    def end_and_wait(self) -> None:
        """:meth:`end`, and wait for it."""
        self.end()
        for capture in self.findChildren(CaptureProcess):
            capture.wait(_CLOSING_SECONDS)
        for scout in self.findChildren(ScoutProcess):
            scout.wait(_LEAVING_SECONDS)

    def _scout(self, folder: Path) -> ScoutProcess:
        if self.scout is None:
            self.trouble = None
            scout = self.scout = ScoutProcess(folder, self)
            scout.told.connect(self._on_scout)
            scout.failed.connect(self._on_scout_failure)
            scout.died.connect(self._on_scout_death)
        self.stage = "looking"
        return self.scout

    def _on_scout(self, what: str, message: Mapping[str, Any]) -> None:
        if self.sender() is not self.scout:
            return
        if what == "windows":
            self.listed.emit(message["windows"])
        elif what == "look":
            self.look = message
            if not message["gone"]:
                self.place = message["place"]
            self.looked.emit(message)
        elif what == "hotkey":
            self.hotkey.emit(message["what"])
        elif what == "sync" and self.is_syncing:
            self.syncing.emit(message)
        elif what == "synced":
            self._synced = self.window.id if self.window is not None else 0
            self.sync = {name: value for name, value in message.items() if name != "is"}
            self.sync_ended = str(message["words"])
            self._end_sync()

    def _on_scout_failure(self, command: str, error: StudioError) -> None:
        if self.sender() is not self.scout:
            return
        if command == "sync":
            self.sync_ended = sentence(error.what)
            self._end_sync()
        elif command != "watch":
            self.trouble = error
        self.changed.emit()
        self.failed.emit(command, error)

    def _on_scout_death(self, words: str) -> None:
        if self.sender() is not self.scout or self.scout is None:
            return
        trouble = self.trouble or StudioError(f"the look at the desktop ended unexpectedly ({words})")
        self.scout.end()
        self.scout, self.look, self.stage, self.trouble = None, None, "", trouble
        self._end_sync()
        self.changed.emit()

    def _end_sync(self) -> None:
        if self.is_syncing:
            self.is_syncing = False
            self.syncing.emit(None)
            self.changed.emit()

    def _begin(self) -> None:
        order, self._order = self._order, None
        if order is None:  # stopped before it began
            return
        capture = self.capture = CaptureProcess(order, self)
        capture.told.connect(self._on_capture)
        capture.failed.connect(self._on_capture_failure)
        capture.died.connect(self._on_capture_death)

    def _on_capture(self, what: str, message: Mapping[str, Any]) -> None:
        if self.sender() is not self.capture:
            return
        match what:
            case "countdown":
                self.left = int(message["left"])
                self.place = message.get("place") or self.place
                self._show_stage("countdown")
            case "recording":
                self._show_stage("recording")
            case "status":
                self.status = message
                self.place = message.get("place") or self.place
                self._show_stage("recording")
            case "closed":
                self.status = {**self.status, "closed": message["why"]}
            case "saving":
                self._show_stage("saving")
            case "taken":
                self._over()
                self.taken.emit(Path(message["video"]).stem, str(message["ended"]))
                return
            case "discarded":
                self._over()
        self.told.emit(what, message)

    def _on_capture_failure(self, command: str, error: StudioError) -> None:
        if self.sender() is not self.capture:
            return
        if command == "record":
            self._over()
        self.failed.emit(command, error)

    def _on_capture_death(self, words: str) -> None:
        if self.sender() is self.capture:
            self._over()
            self.died.emit(words)

    def _show_stage(self, stage: Stage) -> None:
        if stage != self.stage and self.stage != "saving":
            self.stage = stage
            self.changed.emit()

    def _over(self) -> None:
        capture, self.capture = self.capture, None
        if capture is not None:
            capture.end()
        if self.is_recording:
            self.stage, self.status = "", {}
            self.changed.emit()
