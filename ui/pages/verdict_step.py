"""The step Verdict of Record: a take is looked at, mended, and kept, handed in or discarded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from recorder.game_profiles import GameProfile
from recorder.takes.facts import TakeFacts
from recorder.takes.waiting import Take
from ui.pages.verdict_side import VerdictSide
from ui.pages.verdict_view import VerdictView
from ui.play_words import caps_of, keys_of
from ui.studio import Studio
from ui.take_desk import TakeDesk
from ui.take_mends import TakeMends
from ui.widgets.asking import ask_folder
from ui.widgets.buttons import KeyButton
from vpt_studio.errors import StudioError


class VerdictStep(QObject):
    """What stands in the page's middle, at its right and in its header while a take is decided about.

    Signals:
        left: It is decided about; the page goes on.
        changed: Other takes may be waiting.
    """

    left = Signal()
    changed = Signal()

    def __init__(self, studio: Studio, desk: TakeDesk) -> None:
        super().__init__()
        self._studio, self._desk = studio, desk
        self._mends = TakeMends(studio, self.changed.emit)
        self.take: Take | None = None
        self.content, self.side = VerdictView(), VerdictSide()
        self._discard = KeyButton("Discard", "Del", icon_name="trash")
        self._discard.clicked.connect(lambda: self.discard())
        self._hand_in = KeyButton("Hand in", "", icon_name="paper-plane-tilt")
        self._hand_in.setToolTip("Write it into one file for whoever trains, and keep it")
        self._hand_in.clicked.connect(lambda: self.hand_in())
        self._keep = KeyButton("Keep", "K", icon_name="check", kind="primary")
        self._keep.clicked.connect(lambda: self.keep())
        self.tools: list[QWidget] = [self._discard, self._hand_in, self._keep]
        self.content.sought.connect(self._show_tick)
        self.content.film_wanted.connect(self._bring_film)
        self.content.mend_wanted.connect(self.mend)
        self.content.check_wanted.connect(self._check)
        self._busy = ""
        self._checks = 0  # how many were begun

    def show_take(self, take: Take) -> None:
        """Show a whole take, and have it looked at."""
        self.take = take
        self._set_busy("")
        self.side.begin()
        self.content.begin(take.name, take.ticks)
        self._desk.facts(
            take,
            self._still(take, lambda found: self._on_noted(*found)),
            self._still(take, lambda _error: None),
        )
        self._check()

    def clear(self) -> None:
        """Show no take."""
        self.take = None

    def keep(self) -> None:
        """Bring the take into the project."""
        if self.take is not None and not self._busy:
            self._desk.keep(self.take)
            self._leave()

    def discard(self) -> None:
        """Put the take away, so that it can be taken back."""
        if self.take is not None and not self._busy:
            self._desk.discard(self.take)
            self._leave()

    def hand_in(self) -> None:
        """Write the take into a bundle in the folder for that, asking for one first; then keep it."""
        if self.take is None or self._busy:
            return
        folder = self._studio.session.settings.current.recording.hand_in_folder
        if folder:
            self._hand_in_to(Path(folder))
            return

        def remember(chosen: Path) -> None:
            self._studio.session.settings.change("recording", hand_in_folder=str(chosen))
            self._hand_in_to(chosen)

        ask_folder(self.content.window(), "Folder to hand takes in to", remember)

    def mend(self, mend: Mapping[str, Any]) -> None:
        """Do what a reason's button says; Undo takes it back."""
        take = self.take
        if take is None or self._busy:
            return
        self._set_busy("Mending")
        made: list[str] = []

        def ended() -> None:
            if self.take == take:  # else another one is looked at
                self._desk.named(made[0] if made else take.name, self._show_mended)

        self._mends.mend(take, mend, made.append, lambda name: self._show_again(take.name, name), ended)

    def _check(self) -> None:
        """Have the take looked at; only the newest check is listened to."""
        take = self.take
        if take is None:
            return
        self._checks += 1
        number = self._checks

        def newest(show: Callable[[Any], None]) -> Callable[[Any], None]:
            return self._still(take, lambda found: show(found) if number == self._checks else None)

        told = newest(lambda _nothing: self._on_check_cancelled())
        self._mends.check(take, newest(self._on_checked), newest(self._on_check_failed), lambda: told(None))

    def _hand_in_to(self, folder: Path) -> None:
        take = self.take
        if take is None:
            return
        self._set_busy("Handing in")

        def done(bundle: Path) -> None:
            self._desk.keep(take, bundle)
            if self.take == take:
                self._leave()

        def ended() -> None:
            if self.take == take:  # it failed, or was cancelled
                self.show_take(take)

        self._mends.export(take, folder, done, ended)

    def _show_again(self, before: str, name: str) -> None:
        """A mend was taken back; what was shown of it is there no longer."""
        shown = self.take
        if shown is not None and (shown.name == before or shown.name.startswith(f"{before}-")):
            self._desk.named(name, self._show_mended)

    def _show_mended(self, take: Take) -> None:
        """Show what became of a take; of those that wait it is offered no more."""
        self.show_take(take)
        self.changed.emit()

    def _on_noted(self, facts: TakeFacts, profile: GameProfile | None) -> None:
        self.side.show_facts(facts, None if profile is None else keys_of(profile))
        self.content.show_noted(facts.marks, None if profile is None else caps_of(profile))

    def _leave(self) -> None:
        self.clear()
        self.left.emit()

    def _set_busy(self, told: str) -> None:
        self._busy = told
        self.content.show_busy(told)
        for tool in self.tools:
            tool.setEnabled(not told)

    def _on_checked(self, verdict: Mapping[str, Any]) -> None:
        self.content.show_verdict(verdict)
        self.side.show_reasons(verdict["reasons"])
        self._show_busy_again()

    def _on_check_failed(self, error: StudioError) -> None:
        self.content.show_failure(str(error))
        self._show_busy_again()

    def _on_check_cancelled(self) -> None:
        self.content.show_failure("The check was cancelled: whether anything is wrong is not known.")
        self._show_busy_again()

    def _show_busy_again(self) -> None:
        """What a check found goes over what is being done meanwhile: that goes on."""
        if self._busy:
            self.content.show_busy(self._busy)

    def _show_tick(self, tick: int) -> None:
        take = self.take
        if take is not None:
            show = self._still(take, lambda found: self.content.show_picture(tick, *found))
            self._desk.picture(take, tick, show)

    def _bring_film(self, ticks: list[int]) -> None:
        take = self.take
        if take is not None:
            self._desk.film(take, ticks, self._still(take, self.content.show_film))

    def _still(self, take: Take, show: Callable[[Any], Any]) -> Callable[[Any], None]:
        """`show`, for as long as this take is the one that is shown."""

        def shown(found: Any) -> None:
            if self.take == take:
                show(found)

        return shown
