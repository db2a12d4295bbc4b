"""Keeps an eye on the runs of the open project, whoever started them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from training.runs import LIVING, RunSummary, list_runs
from ui.background import Background
from ui.session import Session
from vpt_studio.errors import StudioError
from vpt_studio.project.layout import ProjectLayout

_LANE = "runs"


class RunWatch(QObject):
    """Lists the runs every few seconds, off the GUI thread; runs write their own folders, nobody tells us.

    Signals:
        listed: The runs were looked at again, and something changed.
        ended: This run, which was alive at the last look, has ended.

    Attributes:
        runs: As they were then, newest first; empty without a project.
        is_known: Whether the runs of this project were looked at yet.
        problem: Why they cannot be listed; empty otherwise.
    """

    listed = Signal()
    ended = Signal(object)

    def __init__(self, session: Session, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._background = session, background
        self._is_looking = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self.runs: list[RunSummary] = []
        self.is_known = False
        self.problem = ""
        session.on_project(lambda _project: self._begin())
        session.on_changed(lambda what: self.look() if what == "runs" else None)
        session.settings.on_change(lambda _settings: self._set_pace())
        self._begin()

    @property
    def living(self) -> list[RunSummary]:
        """Runs that have a process now."""
        return [run for run in self.runs if run.state in LIVING]

    def look(self) -> None:
        """Look now, unless a look is under way."""
        project = self._session.project
        if project is None or self._is_looking:
            return
        self._is_looking = True
        folder = ProjectLayout.at(project.folder).runs

        def show(runs: list[RunSummary]) -> None:
            now = self._session.project
            if now is not None and now.folder == project.folder:
                self._show(runs)

        def ended() -> None:
            self._is_looking = False

        self._background.run(
            lambda _task: list_runs(folder), show, failed=self._cannot, ended=ended, lane=_LANE
        )

    def _begin(self) -> None:
        self.runs, self.is_known, self.problem = [], False, ""
        self._is_looking = False
        self.listed.emit()
        self._set_pace()
        if self._session.project is None:
            self._timer.stop()
        else:
            self._timer.start()
            self.look()

    def _set_pace(self) -> None:
        seconds = self._session.settings.current.training.refresh_seconds
        self._timer.setInterval(round(1000 * seconds))

    def _cannot(self, error: StudioError) -> None:
        self.problem = str(error)
        self.is_known = True
        self.listed.emit()

    def _show(self, runs: list[RunSummary]) -> None:
        before = {run.id: run.state for run in self.runs if run.state in LIVING}
        first_look = not self.is_known
        changed = first_look or runs != self.runs or self.problem != ""
        self.runs, self.is_known, self.problem = runs, True, ""
        if not changed:
            return
        self.listed.emit()
        for run in runs:
            if run.id in before and run.state not in LIVING:
                self.ended.emit(run)
