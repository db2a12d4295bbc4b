"""What the window does with takes off the GUI thread: finds, recovers, shows, keeps and discards them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from recorder.game_profiles import GameProfile, read_profile
from recorder.takes.facts import TakeFacts, take_facts
from recorder.takes.waiting import (
    Take,
    bring_back,
    clear_discarded,
    discard,
    recover,
    takes_folder,
    waiting_take,
    waiting_takes,
)
from ui.background import Task
from ui.folders import show_folder
from ui.notices import Severity
from ui.studio import Studio
from ui.studio_commands import run_command
from ui.take_pictures import TakePictures
from ui.undo import Over, Step
from ui.widgets.overlay_keyboard import TickShown
from vpt_studio.errors import StudioError

_LANE = "takes"


class TakeDesk:
    """The takes of the open project; every answer comes on the GUI thread, none for another project."""

    def __init__(self, studio: Studio, changed: Callable[[], None]) -> None:
        """`changed` is called when other takes may be waiting."""
        self._studio = studio
        self._changed = changed
        #: Kept or discarded, though they may still lie there, or be in an answer that is on its way.
        self._decided: set[tuple[Path, str]] = set()
        #: Those that could not be recovered.
        self._lost: set[tuple[Path, str]] = set()
        self._pictures = TakePictures()  # for the lane's thread alone

    @property
    def folder(self) -> Path | None:
        """Where the open project's takes wait; None without a project."""
        project = self._studio.session.project
        return None if project is None else takes_folder(project.folder)

    def find(self, then: Callable[[list[Take]], None]) -> None:
        """Find the takes that wait, those last that cannot be recovered.

        What was discarded long ago is deleted.
        """

        def look(folder: Path) -> list[Take]:
            clear_discarded(folder)
            return waiting_takes(folder)

        def answer(takes: list[Take]) -> None:
            waiting = [take for take in takes if (take.folder, take.name) not in self._decided]
            then(sorted(waiting, key=lambda take: (take.folder, take.name) in self._lost))

        self._run(look, answer, newest="find")

    def recover(self, take: Take, then: Callable[[Take], None]) -> None:
        """Make a take whole that a crash left; where it cannot be done others come before it."""

        def lost(error: StudioError) -> None:
            self._lost.add((take.folder, take.name))
            self._studio.session.notices.tell_failure(error)
            self._changed()

        self._run(lambda _folder: recover(take), then, failed=lost)

    def named(self, name: str, then: Callable[[Take], None]) -> None:
        """The take called `name`."""
        self._run(lambda folder: waiting_take(folder, name), then)

    def facts(
        self,
        take: Take,
        then: Callable[[tuple[TakeFacts, GameProfile | None]], None],
        failed: Callable[[StudioError], None] | None = None,
    ) -> None:
        """Its figures, and the game's keys; None for a take of the built-in world, or where unknown."""
        self._run(lambda _folder: _noted(take), then, failed=failed)

    def picture(
        self, take: Take, tick: int, then: Callable[[tuple[QImage | None, TickShown | None]], None]
    ) -> None:
        """The picture of a tick, and what was done in it; of several that are asked for the last one."""
        self._run(
            lambda _folder: self._pictures.picture(take.video, tick),
            then,
            failed=lambda _error: then((None, None)),
            newest="picture",
        )

    def film(self, take: Take, ticks: Sequence[int], then: Callable[[dict[int, QImage]], None]) -> None:
        """Small pictures of some ticks."""
        self._run(
            lambda _folder: self._pictures.film(take.video, ticks),
            then,
            failed=lambda _error: None,
            newest="film",
        )

    def keep(self, take: Take, bundle: Path | None = None) -> None:
        """Bring it into the project in which it was recorded; told when it is there.

        Args:
            take: The take.
            bundle: The file in which it was handed in, which is told at the same time.
        """
        studio, project = self._studio, take.folder.parent
        mark = (take.folder, take.name)
        self._decided.add(mark)
        kept: list[str] = []

        def done(answer: dict[str, Any]) -> None:
            recording = answer["kept"][take.name]
            kept.append(recording)
            if bundle is None:
                studio.session.notices.tell(
                    f"{recording} is in the Library.", "ok", action="Open", run=lambda: open_it(recording)
                )
            else:
                tell_of(bundle, f"It is in the Library, too, as {recording}.", "ok")
            studio.session.changed("recordings")

        def open_it(recording: str) -> None:
            now = studio.session.project
            if now is not None and now.folder == project:
                studio.go("player", recording=recording)

        def tell_of(bundle: Path, further: str, severity: Severity) -> None:
            studio.session.notices.tell(
                f"{take.name} is handed in: {bundle}. {further}",
                severity,
                action="Show the folder",
                run=lambda: show_folder(bundle.parent, studio.session.notices),
            )

        def ended() -> None:
            self._decided.discard(mark)
            if bundle is not None and not kept:
                tell_of(bundle, "It did not come into the Library: it still waits for your verdict.", "warn")
            self._changed()

        command = ["takes", "keep", take.name, "--project", str(project)]
        run_command(studio, f"Keeping {take.name}", command, done, ended=ended, lane="import")

    def discard(self, take: Take) -> None:
        """Put it away, so that it can be taken back."""
        studio = self._studio
        mark = (take.folder, take.name)

        def put_away(over: Over) -> None:
            self._decided.add(mark)

            def away(_none: object) -> None:
                studio.session.notices.tell(
                    f"{take.name} discarded.",
                    "ok",
                    action="Undo",
                    run=lambda: studio.undo(step),
                    about=step,
                )
                self._changed()
                over(True)

            def stays(error: StudioError) -> None:
                self._decided.discard(mark)
                self._changed()
                fail(error, over)

            self._run(lambda _folder: discard(take), away, failed=stays)

        def take_back(over: Over) -> None:
            def back(_none: object) -> None:
                self._decided.discard(mark)
                self._changed()
                over(True)

            self._run(lambda _folder: bring_back(take), back, failed=lambda error: fail(error, over))

        def fail(error: StudioError, over: Over) -> None:
            studio.session.notices.tell_failure(error)
            over(False)

        step = Step(f"discard {take.name}", take_back, put_away)
        put_away(lambda worked: studio.session.undo.did(step) if worked else None)

    def _run(
        self,
        work: Callable[[Path], Any],
        then: Callable[[Any], object],
        *,
        failed: Callable[[StudioError], None] | None = None,
        newest: str = "",
    ) -> None:
        folder = self.folder
        if folder is None:
            return

        def answer(found: Any) -> None:
            if folder == self.folder:
                then(found)

        def in_lane(_task: Task) -> Any:
            return work(folder)

        self._studio.background.run(in_lane, answer, failed=failed, lane=_LANE, newest=newest)


def _noted(take: Take) -> tuple[TakeFacts, GameProfile | None]:
    facts = take_facts(take.video)
    if not facts.profile:
        return facts, None
    try:
        return facts, read_profile(facts.profile)
    except StudioError:  # a profile of the person's own, which lies elsewhere now
        return facts, None
