"""What the shell offers every page: session, background work, project, and ways to other pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from training.runs import RunState, RunSummary
from ui.background import Background
from ui.project_desk import ProjectDesk
from ui.run_watch import RunWatch
from ui.session import Session
from ui.undo import Step
from vpt_studio.project import Project


class Studio(QObject):
    """One per window.

    Signals:
        page_wanted: A page is to be shown, with what it is to show (``{"recording": "forest"}``).
        back_wanted: The page before is to be shown again.
        dot_wanted: A page is to have a dot on the rail in the colour of a token; none for an empty one.
        project_changed: Another project is open, or none.
        content_changed: Something in the project changed: ``recordings`` or ``runs``.
    """

    page_wanted = Signal(str, object)
    back_wanted = Signal()
    dot_wanted = Signal(str, str)
    project_changed = Signal()
    content_changed = Signal(str)

    def __init__(
        self,
        session: Session,
        may_have: Callable[[Path], bool] = lambda _folder: True,
        parent: QObject | None = None,
    ) -> None:
        """`may_have` says whether this window may open a project, or another one has it already."""
        super().__init__(parent)
        self._may_have = may_have
        self.session = session
        self.background = Background(session.notices.tell_failure, self)
        self.desk = ProjectDesk(self.background)
        self.runs = RunWatch(session, self.background, self)
        self.runs.ended.connect(self._tell_end)
        session.on_project(lambda _project: self.project_changed.emit())
        session.on_changed(self.content_changed.emit)

    @property
    def folder(self) -> Path:
        """The folder of the open project, for what is only asked while one is open."""
        project = self.session.project
        assert project is not None
        return project.folder

    def go(self, page: str, **where: Any) -> None:
        """Show `page`; `where` says what on it."""
        self.page_wanted.emit(page, where)

    def open_project(self, folder: Path, *, then: str = "") -> None:
        """Open the project in `folder`, off the GUI thread, then show page `then`; a failure is told."""

        def look(_task: object) -> str:
            with Project.open(folder) as project:
                return project.name

        def use(name: str) -> None:
            self._use(folder, name, then)

        self.background.run(look, use, lane="opening")

    def make_project(self, folder: Path, name: str, *, then: str = "") -> None:
        """Make a project called `name` in `folder`, and open it."""

        def make(_task: object) -> str:
            Project.create(folder, name).close()
            return name

        self.background.run(make, lambda made: self._use(folder, made, then), lane="opening")

    def _use(self, folder: Path, name: str, page: str) -> None:
        if not self._may_have(folder):
            self.session.notices.tell(f"{name} is open in another window.")
            return
        self.desk.use(folder)
        self.session.use_project(folder, name)
        if page:
            self.go(page)

    def undo(self, step: Step | None = None) -> None:
        """Take back `step`, or what was done last, and tell when it is taken back."""
        notices = self.session.notices

        def told(undone: Step) -> None:
            notices.over(undone)
            notices.tell(f"Undone: {undone.name}.")

        if not self.session.undo.undo(told, step):
            notices.tell("That was taken back already." if step else "There is nothing to undo.")

    def redo(self) -> None:
        """Do again what was taken back last."""
        self.session.undo.redo(lambda step: self.session.notices.tell(f"Done again: {step.name}."))

    def _tell_end(self, run: RunSummary) -> None:
        went_wrong = run.state in (RunState.FAILED, RunState.LOST)
        cause = f": {run.cause.sentence}" if went_wrong and run.cause is not None else "."
        self.session.notices.tell(
            f"{run.name or run.id} {run.state}{cause}",
            "danger" if went_wrong else "ok" if run.state is RunState.FINISHED else "info",
            action="Open",
            run=lambda: self.go("run", run=run.id),
        )

    def close(self) -> None:
        """Let go of everything; runs go on by themselves."""
        self.desk.close()
        self.background.close()
