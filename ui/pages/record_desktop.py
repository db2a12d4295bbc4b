"""A game on the desktop, from its check to its take: what the page shows of it, and the small indicator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from recorder.consent import VERSION
from recorder.game_profiles import GameProfile, profile_names, read_profile
from recorder.tasks import PlayTask
from ui.capture_process import CaptureOrder
from ui.desktop_session import ChosenWindow, DesktopSession
from ui.pages.record_check import CheckView
from ui.pages.record_desktop_play import DesktopPlay
from ui.pages.record_side import RecordSide
from ui.play_words import (
    closed_in_words,
    ended_in_words,
    hotkeys_of,
    length_saved,
    measured_in_words,
    recorded_clock,
    status_in_words,
    sync_in_words,
    take_name,
)
from ui.recording_indicator import Indicated, RecordingIndicator
from ui.studio import Studio
from ui.take_desk import TakeDesk
from vpt_studio.errors import StudioError

_AFTERWARDS_MS = 4_000
_NOTED_MS = 2_500
_BEEPS = ("marked", "cut", "disk")


def known_profiles() -> dict[str, GameProfile]:
    """The game profiles that come with the studio, by name; reads files."""
    return {name: read_profile(name) for name in profile_names()}


class DesktopPlace(QObject):
    """Shows a :class:`DesktopSession` on the page's widgets and on the indicator.

    Attributes:
        check: The step Check.
        play: The step Play.
        indicator: The small window; there for as long as it is needed.

    Signals:
        taken: A take is whole, and our window is back; carries its name.
        over: A recording ended without a take, and our window is back.
        lost: The window cannot be watched any more.
    """

    taken = Signal(str)
    over = Signal()
    lost = Signal()

    def __init__(
        self, studio: Studio, desk: TakeDesk, session: DesktopSession, side: RecordSide, page: QWidget
    ) -> None:
        super().__init__(page)
        self._studio, self._desk, self._session, self._side, self._page = studio, desk, session, side, page
        self._profiles: dict[str, GameProfile] = {}
        self.check = CheckView()
        self.play = DesktopPlay(session)
        self.indicator = RecordingIndicator()
        self._stage = ""
        self._afterwards = QTimer(self, singleShot=True, interval=_AFTERWARDS_MS)
        self._afterwards.timeout.connect(self._show_indicator)
        self._note = ""
        self._noted = QTimer(self, singleShot=True, interval=_NOTED_MS)
        self._noted.timeout.connect(self._forget_note)
        session.looked.connect(self._on_look)
        session.changed.connect(self._on_change)
        session.syncing.connect(self._on_sync)
        session.told.connect(self._on_told)
        session.taken.connect(self._on_taken)
        session.failed.connect(self._on_failure)
        session.died.connect(self._on_death)

    def know_profiles(self, profiles: dict[str, GameProfile]) -> None:
        """The game profiles there are."""
        self._profiles = profiles
        if self._session.window is not None:
            self.use_window(self._session.window)

    def use_window(self, window: ChosenWindow) -> None:
        """Show this window, of which nothing is known yet."""
        profile = self._profiles.get(window.profile)
        self.check.begin(window.title, window.profile if profile is None else profile.title)
        if profile is None:  # not read yet
            return
        self.check.use_profile(profile)
        self._side.show_game(f"Only the {len(profile.buttons)} keys of {profile.title}", hotkeys_of(profile))
        self.play.begin(window.title, hotkeys_of(profile))

    def record(self, task: PlayTask, window: ChosenWindow) -> bool:
        """Begin a take, and let the game be seen: our window goes to the task bar.

        Returns:
            Whether there is a project that it can go to.
        """
        folder, recording = self._desk.folder, self._studio.session.settings.current.recording
        if folder is None:
            return False
        order = CaptureOrder(
            folder,
            take_name(task, datetime.now()),
            window.id,
            window.profile,
            VERSION,
            person=recording.person,
            notes={"task": task.as_note()},
            seconds=None if task.minutes is None else 60.0 * task.minutes,
            countdown=recording.countdown_seconds,
            sync=self._session.sync,
            ignore_cover=self._session.ignores_cover,
        )
        self._session.record(order)
        self._page.window().showMinimized()
        return True

    def _come_back(self) -> None:
        """Show our window again, in front."""
        window = self._page.window()
        if window.isMinimized():
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()

    def close(self) -> None:
        """Take the indicator away, for good."""
        self._afterwards.stop()
        self._noted.stop()
        self.indicator.hide()
        self.indicator.deleteLater()

    def _on_look(self, seen: Mapping[str, Any]) -> None:
        self.check.show_look(seen, self._session.picture)
        checks = [self._with_sync(check) for check in seen["checks"]]
        session = self._session
        self._side.show_ready(
            {**seen, "checks": checks}, is_syncing=session.is_syncing, ignores_cover=session.ignores_cover
        )
        has_room = seen["gone"] or self.indicator.has_room(seen["place"])
        self._side.tell_of_keys(
            ""
            if has_room
            else "The game leaves no corner of the screen free, so nothing is shown while it is recorded:"
            " the hotkeys and a beep must do."
        )

    def _with_sync(self, check: Mapping[str, Any]) -> Mapping[str, Any]:
        """A new scout knows nothing of what an earlier one measured with this window."""
        if check["id"] != "sync" or check["state"] != "wait" or self._session.sync is None:
            return check
        state = "warn" if self._session.sync["is_late"] else "ok"
        return {**check, "state": state, "words": self._session.sync["words"], "mend": ""}

    def _on_change(self) -> None:
        session = self._session
        if session.is_recording:
            self._side.hide_ready()
        elif session.window is not None and session.look is None and session.stage == "looking":
            self._side.show_ready(None, is_syncing=False)
        if session.stage != self._stage:
            began = session.stage == "recording"
            over = self._stage in ("recording", "saving") and not session.is_recording
            self._stage = session.stage
            if began or over:
                QApplication.beep()
        self.play.show_session(session)
        self._show_indicator()

    def _on_told(self, what: str, message: Mapping[str, Any]) -> None:
        if what in _BEEPS:
            QApplication.beep()
        if what in ("marked", "cut"):
            gone = f"{length_saved(message['seconds'])} deleted" if what == "cut" else ""
            self._note = gone or "Marked"
            self._noted.start()
        if what == "disk":
            said = f"The disk has room for {message['minutes']:.0f} more minutes."
            self._studio.session.notices.tell(said, "warn")
        elif what == "discarded":
            self._come_back()
            self.over.emit()
        self.play.show_session(self._session)
        self._show_indicator()

    def _on_taken(self, name: str, ended: str) -> None:
        self._come_back()
        said = ended_in_words(ended)
        if said:
            self._studio.session.notices.tell(said, "warn")
        self.taken.emit(name)

    def _on_failure(self, command: str, error: StudioError) -> None:
        # What keeps all windows from being seen stands in their place, a sync check's failure at its row.
        if self._session.trouble is None and command != "sync":
            self._studio.session.notices.tell_failure(error)
        if command == "watch":
            self.lost.emit()
        elif command == "record":
            self._come_back()
            self.over.emit()

    def _on_death(self, words: str) -> None:
        self._studio.session.notices.tell(
            "The recording stopped unexpectedly. What was recorded is on the disk.", "danger", details=words
        )
        self._come_back()
        self.over.emit()

    def _on_sync(self, progress: Mapping[str, Any] | None) -> None:
        session = self._session
        if progress is not None:
            first, second = sync_in_words(progress)
            self.indicator.show_state(Indicated(first, second, "timer", "info"), session.place)
        elif session.sync_ended:
            QApplication.beep()
            sync = session.sync
            is_good, first, second = False, "Sync check without an answer", session.sync_ended
            if sync is not None and session.sync_ended == sync["words"]:  # else it is of an earlier check
                is_good = not sync["is_late"]
                first, second = measured_in_words(sync)
            sign, token = ("check-circle-fill", "ok") if is_good else ("warning-fill", "warn")
            self.indicator.show_state(Indicated(first, second, sign, token), session.place)
            self._afterwards.start()
        else:
            self._show_indicator()

    def _forget_note(self) -> None:
        self._note = ""
        self._show_indicator()

    def _show_indicator(self) -> None:
        session = self._session
        if not session.is_recording:
            if not session.is_syncing and not self._afterwards.isActive():
                self.indicator.hide()
            return
        self._afterwards.stop()
        self.indicator.show_state(_indicated(session, self._note), session.place)


def _indicated(session: DesktopSession, note: str) -> Indicated:
    said = note or status_in_words(session.status)
    closed = str(session.status.get("closed", ""))
    length = recorded_clock(int(session.status.get("ticks", 0)))
    match session.stage:
        case "starting":
            return Indicated("Getting ready", "Go to the game", "circle-dashed", "text_secondary")
        case "countdown":
            return Indicated(f"Recording begins in {session.left}", "Go to the game", "timer", "info")
        case "saving":
            return Indicated("Saving the take", length, "circle-dashed", "text_secondary")
        case _ if closed:
            return Indicated(f"{length}, paused", closed_in_words(closed), "pause-circle-fill", "warn")
    return Indicated(f"Recording {length}", said)
