"""Questions to the open project, asked off the GUI thread; the answers come back on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ui.background import Background, Failure, Task
from vpt_studio.project import Project

READING, WRITING = "project reads", "project writes"


class ProjectDesk:
    """Two lanes with a connection each, so that a long write never holds up what is shown.

    Answers that come when another project is open already are dropped.

    The connections belong to their lanes' threads, as SQLite wants it.
    """

    def __init__(self, background: Background) -> None:
        self._background = background
        self._folder: Path | None = None
        self._open: dict[str, Project] = {}

    def use(self, folder: Path | None) -> None:
        """Answer for the project in `folder` from now on."""
        self.close()
        self._folder = folder

    def ask(
        self,
        question: Callable[[Project], Any],
        then: Callable[[Any], object],
        *,
        failed: Failure | None = None,
        newest: str = "",
    ) -> Task:
        """Read from the project; `newest` as in :meth:`Background.run`."""
        return self._run(READING, question, then, failed, newest)

    def change(
        self,
        change: Callable[[Project], Any],
        then: Callable[[Any], object] | None = None,
        *,
        failed: Failure | None = None,
    ) -> Task:
        """Write to the project; what was asked for is written even when the window is closed meanwhile."""
        return self._run(WRITING, change, then, failed, "")

    def close(self) -> None:
        """Let go of the project, once what was asked is answered."""
        for lane in list(self._open):
            self._background.run(partial(self._let_go, lane), lane=lane, even_at_the_end=True)

    def _run(
        self,
        lane: str,
        work: Callable[[Project], Any],
        then: Callable[[Any], object] | None,
        failed: Failure | None,
        newest: str,
    ) -> Task:
        folder = self._folder
        assert folder is not None, "pages ask only while a project is open"

        def answer(found: Any) -> None:
            if then is not None and folder == self._folder:
                then(found)

        return self._background.run(
            lambda _task: work(self._project(lane, folder)),
            answer,
            failed=failed,
            lane=lane,
            newest=newest,
            even_at_the_end=lane == WRITING,
        )

    def _project(self, lane: str, folder: Path) -> Project:
        project = self._open.get(lane)
        if project is not None and project.layout.folder != folder.resolve():
            self._let_go(lane)
            project = None
        if project is None:
            project = self._open[lane] = Project.open(folder)
        return project

    def _let_go(self, lane: str, _task: Task | None = None) -> None:
        project = self._open.pop(lane, None)
        if project is not None:
            project.close()
