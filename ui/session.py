"""The state of the whole window, without Qt: person, settings, project, notices, undo, actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ui.notices import Notices
from ui.settings import SettingsStore
from ui.undo import UndoHistory
from ui.user_actions import UserActions
from vpt_studio.errors import StudioError
from vpt_studio.project.opening import is_project


@dataclass(frozen=True)
class RecentProject:
    """A project that was opened before.

    Attributes:
        folder: Where it was.
        is_there: Whether it still is.
    """

    folder: Path
    is_there: bool


@dataclass(frozen=True)
class OpenProject:
    """The project that is open in this window."""

    folder: Path
    name: str


class Session:
    """What every page may know and change.

    Attributes:
        settings: The person's settings.
        notices: What was told.
        undo: What can be undone.
        actions: What can be done.
        project: The open project, None before one is opened.
        missing_projects: Folders that were found to hold no project any more, by :func:`without_project`.
    """

    def __init__(self, settings: SettingsStore) -> None:
        self.settings = settings
        self.notices = Notices()
        self.undo = UndoHistory()
        self.actions = UserActions(settings.chosen_keys)
        self.project: OpenProject | None = None
        self.missing_projects: frozenset[Path] = frozenset()
        self._listeners: list[Callable[[OpenProject | None], None]] = []
        self._changes: list[Callable[[str], None]] = []

    def on_project(self, listener: Callable[[OpenProject | None], None]) -> None:
        """Call `listener` whenever another project (or none) is open."""
        self._listeners.append(listener)

    def on_changed(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with what changed in the project: ``recordings`` or ``runs``."""
        self._changes.append(listener)

    def changed(self, what: str) -> None:
        """Tell every page that `what` changed, so that those who show it look again."""
        for listener in self._changes:
            listener(what)

    def use_project(self, folder: Path, name: str) -> None:
        """Say that this project is open now; it becomes the newest of the recent ones."""
        self.project = OpenProject(folder, name)
        self.undo.clear()
        self._remember(folder)
        for listener in self._listeners:
            listener(self.project)

    def know_project(self, folder: Path) -> None:
        """List this project with the recent ones; the open one stays the newest."""
        self._remember(folder)
        if self.project is not None:
            self._remember(self.project.folder)

    def _remember(self, folder: Path) -> None:
        try:
            self.settings.remember_project(folder)
        except StudioError as error:
            self.notices.tell_failure(error)

    def recent_projects(self) -> list[RecentProject]:
        """Projects opened before, newest first; whether they are there is what was found last."""
        return [
            RecentProject(Path(folder), Path(folder) not in self.missing_projects)
            for folder in self.settings.current.remembered.projects
        ]


def without_project(folders: Iterable[Path]) -> frozenset[Path]:
    """Those of `folders` that hold no project. Not for the GUI thread: a disk may have to wake up."""
    return frozenset(folder for folder in folders if not is_project(folder))
