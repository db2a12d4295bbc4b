"""What a person means by RECORDING: a path on disk, or the id of a recording of the project."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from vpt_studio.errors import StudioError
from vpt_studio.project.project import Project
from vpt_studio.recordings.files import FoundRecordings, RecordingFiles, find_recordings, is_regular_file
from vpt_studio.recordings.recording import Recording


def resolve_recording(name: str, project_folder: Path | None = None) -> Path:
    """The path of the recording called `name`, fit for ``Recording.open``.

    A path that exists comes first; else `name` is an id of the project in `project_folder`, or of the
    project around the current folder.

    Raises:
        StudioError: There is neither.
    """
    path = Path(name)
    if is_regular_file(path) or _is_recording(path):
        return path
    if os.path.isdir(path):
        raise StudioError("this is a folder, not a recording", where=path, mend="Name one recording in it")
    try:
        folder = project_folder or Project.find()
    except StudioError:
        raise StudioError(
            "there is no such recording on disk, and no project here that could have it",
            where=name,
            mend="Check the path, or name the project with --project",
        ) from None
    with Project.open(folder) as project:
        row = project.recording(name)
        own = project.layout.path_of(project.layout.recording_places(row.id).sidecar)
        return own if is_regular_file(own) else project.layout.path_of(row.video)


def resolve_all(names: Iterable[str], project_folder: Path | None = None) -> FoundRecordings:
    """Everything that `names` mean: folders and index files are followed, ids looked up."""
    found = FoundRecordings()
    for name in names:
        if os.path.lexists(name):
            more = find_recordings([Path(name)])
            found.problems.extend(more.problems)
            found.versions.update(more.versions)
            added = more.recordings
        else:
            added = [RecordingFiles.of(resolve_recording(name, project_folder))]
        found.recordings.extend(files for files in added if files not in found.recordings)
    return found


def open_recordings(names: Iterable[str], base: Path) -> list[Recording]:
    """The recordings called `names`: paths relative to `base`, or ids of the project in it.

    Raises:
        StudioError: One is not there.
    """
    opened = []
    for name in names:
        path = base / name
        known = path.is_file() or _is_recording(path)
        opened.append(Recording.open(path if known else resolve_recording(name, base)))
    return opened


def _is_recording(path: Path) -> bool:
    files = RecordingFiles.of(path)
    return files.video is not None or is_regular_file(files.sidecar)
