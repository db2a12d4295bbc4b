"""What a person means by RUN: the id of a run, or the name that it was given where only one has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.runs.record import load_record
from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path


def run_called(folder: Path, name: str) -> Path | None:
    """The run in `folder` whose id or name is `name`; None where there is none.

    Raises:
        StudioError: Several runs have this name.
    """
    if name and (folder / name / "state.json").is_file():
        return folder / name
    found = [run_dir for run_dir, called in names_of_runs(folder) if called == name]
    if len(found) > 1:
        ids = ", ".join(sorted(run_dir.name for run_dir in found))
        raise StudioError(f"{len(found)} runs have this name", where=name, mend=f"Say which by its id: {ids}")
    return found[0] if found else None


def names_of_runs(folder: Path) -> list[tuple[Path, str]]:
    """Each run in `folder` that can be read, with its name."""
    named = []
    for state in sorted(folder.glob("*/state.json")):
        if state.parent.name.startswith("."):
            continue
        try:
            named.append((state.parent, load_record(state.parent).name))
        except StudioError:
            continue
    return named
