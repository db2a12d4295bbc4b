"""The model a run has written, and what a person means by CHECKPOINT. Knows no torch."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from training.runs.naming import run_called
from vpt_studio.errors import StudioError
from vpt_studio.project import Project

#: Exports in a run's artifacts are named by the step they were taken at; the newest counts.
MODEL_PREFIX = "model-step-"


def resolve_checkpoint(name: str, project_folder: Path | None = None) -> Path:
    """The checkpoint called `name`: an export folder, an OpenAI `.model` file, a run's folder, id or name.

    Raises:
        StudioError: There is none, several runs have this name, or the run has not written its model yet.
    """
    path = Path(name)
    if not path.exists():
        with suppress(StudioError):
            project_folder = project_folder or Project.find()
        if project_folder is not None:
            runs = project_folder / "runs"
            path = run_called(runs, name) or runs / name
    if not path.exists():
        raise StudioError(
            "there is no such checkpoint or run",
            where=name,
            mend="Name an export folder, an OpenAI .model file, or a run",
        )
    if not (path / "state.json").is_file():
        return path
    models = sorted((path / "artifacts").glob(f"{MODEL_PREFIX}*"))
    if not models:
        raise StudioError(
            "this run has no model yet", where=path, mend="It writes its model when it stops or finishes"
        )
    return models[-1]


def checkpoint_name(place: Path) -> str:
    """What to call the checkpoint at `place`: a run's after the run, any other after its folder or file."""
    whole = place.resolve()
    name = whole.stem if place.is_file() else whole.name
    if name.startswith(MODEL_PREFIX) and whole.parent.name == "artifacts":
        return f"{whole.parent.parent.name}-{name.removeprefix('model-')}"
    return name
