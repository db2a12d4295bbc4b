"""The sample project: a minute of scripted play with its true inputs, for looking around."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from ui.studio import Studio
from ui.studio_commands import run_command


def sample_folder() -> Path:
    """Where the sample project is made."""
    return Path(platformdirs.user_documents_dir()) / "VPT Studio sample"


def make_sample(studio: Studio) -> None:
    """Make the sample project (or find it made), then open it in the Library."""
    folder = sample_folder()
    if any(task.title == "Sample project" for task in studio.background.tasks):
        studio.session.notices.tell("The sample project is being made already.")
        return
    studio.session.notices.tell("Making a minute of play. The Library opens when it is ready.")
    before = studio.session.project

    def show(_answer: object) -> None:
        if studio.session.project == before:
            studio.open_project(folder, then="library")
        else:  # meanwhile the person turned to something else
            studio.session.notices.tell(
                "The sample project is ready.",
                "ok",
                action="Open",
                run=lambda: studio.open_project(folder, then="library"),
            )

    run_command(studio, "Sample project", ["sample", str(folder)], show)
