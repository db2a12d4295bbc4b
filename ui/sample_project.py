"""The sample project: a minute of scripted play with its true inputs, for looking around."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from ui.studio import Studio
from ui.studio_commands import run_command
from vpt_studio.project import Project
from vpt_studio.project.opening import is_project

_TITLE = "Sample project"


def sample_folder() -> Path:
    """Where the sample project is made."""
    return Path(platformdirs.user_documents_dir()) / "VPT Studio sample"


def make_sample(studio: Studio) -> None:
    """Open the sample project in the Library; it is made first where it is not made yet."""
    folder = sample_folder()
    if any(task.title == _TITLE for task in studio.background.tasks):
        studio.session.notices.tell("The sample project is being made already.")
        return

    def go_on(is_made: bool) -> None:
        if is_made:
            studio.open_project(folder, then="library")
        else:
            _make(studio, folder)

    studio.background.run(lambda _task: _is_made(folder), go_on, lane="opening", newest="sample")


def _is_made(folder: Path) -> bool:
    """Whether the sample project is there with recordings in it, which come in last."""
    if not is_project(folder):
        return False
    with Project.open(folder) as project:
        return project.recording_counts().present > 0


def _make(studio: Studio, folder: Path) -> None:
    session = studio.session
    session.notices.tell("Making a minute of play. The Library opens when it is ready.")
    before = session.project

    def show(_answer: object) -> None:
        if session.project == before:
            studio.open_project(folder, then="library")
            return
        # Meanwhile the person turned to something else.
        session.know_project(folder)
        session.notices.tell(
            "The sample project is ready.",
            "ok",
            action="Open",
            run=lambda: studio.open_project(folder, then="library"),
        )

    run_command(studio, _TITLE, ["sample", str(folder)], show).tells_note = True
