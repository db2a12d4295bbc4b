"""What a person means by RECORDING: a path on disk, or the id of a recording of the project."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from vpt_studio.errors import StudioError
from vpt_studio.project.opening import is_project
from vpt_studio.project.project import Project
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.files import FoundRecordings, RecordingFiles, find_recordings, is_regular_file
from vpt_studio.recordings.recording import Recording


@dataclass(frozen=True)
class Owner:
    """Whose a recording is by its place: the project's folder, and the id that its row there would have."""

    project: Path
    recording_id: str


@dataclass
class ResolvedRecordings(FoundRecordings):
    """What names mean; `owners` says which of the recordings belong to a project."""

    owners: dict[RecordingFiles, Owner] = field(default_factory=dict)


def resolve_recording(name: str, project_folder: Path | None = None) -> Path:
    """The path of the recording called `name`, fit for ``Recording.open``.

    A path that exists comes first; else `name` is an id of the project in `project_folder`, or of the
    project around the current folder.

    Raises:
        StudioError: There is neither.
    """
    return _resolved(name, project_folder)[0]


def _resolved(name: str, project_folder: Path | None) -> tuple[Path, Owner | None]:
    """The path of the recording called `name`, and whose it is where that is known."""
    path = Path(name)
    if is_regular_file(path) or _is_recording(path):
        return path, _owner_of(RecordingFiles.of(path))
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
        return files_of(project, name), Owner(folder, project.recording(name).id)


def resolve_with_row(name: str, project_folder: Path | None = None) -> tuple[Path, RecordingRow | None]:
    """:func:`resolve_recording`, and what the project that the recording belongs to knows of it."""
    path, owner = _resolved(name, project_folder)
    if owner is None:
        return path, None
    with Project.open(owner.project) as project:
        known = project.has_recording(owner.recording_id)
        return path, project.recording(owner.recording_id) if known else None


def _owner_of(files: RecordingFiles) -> Owner | None:
    """Whose the files are by the place they lie in: the `recordings` folder of a project."""
    folder = files.folder.resolve()
    is_own = folder.name == "recordings" and is_project(folder.parent)
    return Owner(folder.parent, files.stem) if is_own else None


def files_of(project: Project, recording_id: str) -> Path:
    """The path of the project's recording `recording_id`, fit for ``Recording.open``.

    Raises:
        StudioError: The project has none of this id.
    """
    row = project.recording(recording_id)
    own = project.layout.path_of(project.layout.recording_places(row.id).sidecar)
    return own if is_regular_file(own) else project.layout.path_of(row.video)


def resolve_all(names: Iterable[str], project_folder: Path | None = None) -> ResolvedRecordings:
    """Everything that `names` mean: folders and index files are followed, ids looked up.

    The folder of a project means the recordings of the project. A search there would meet what it refers to a
    second time, and what is in its trash.
    """
    found = ResolvedRecordings()
    added: list[RecordingFiles]
    owners: list[Owner | None]
    for name in names:
        if is_project(Path(name)):
            added, owners = _of_project(Path(name))
        elif os.path.lexists(name):
            more = find_recordings([Path(name)])
            found.problems.extend(more.problems)
            found.versions.update(more.versions)
            added = more.recordings
            owners = [_owner_of(files) for files in added]
        else:
            path, owner = _resolved(name, project_folder)
            added, owners = [RecordingFiles.of(path)], [owner]
        found.owners.update({files: owner for files, owner in zip(added, owners, strict=True) if owner})
        found.recordings.extend(files for files in added if files not in found.recordings)
    return found


def _of_project(folder: Path) -> tuple[list[RecordingFiles], list[Owner | None]]:
    """All recordings of a project that are not in its trash, by name, and whose they are."""
    with Project.open(folder) as project:
        ids = sorted(row.id for row in project.recordings(limit=project.count_recordings() or 1))
        files = [RecordingFiles.of(files_of(project, recording_id)) for recording_id in ids]
    return files, [Owner(folder, recording_id) for recording_id in ids]


def open_recordings(names: Iterable[str], base: Path) -> list[Recording]:
    """The recordings called `names`: ids of the project in `base`, or paths relative to `base`.

    An id comes first, so that a file which happens to lie in `base` under the name of a recording is not
    taken for it.

    Raises:
        StudioError: One is not there.
    """
    names = list(names)
    try:
        project = Project.open(base)
    except StudioError:
        if not all(_is_there(base / name) for name in names):
            raise
        return [Recording.open(base / name) for name in names]
    with project:
        return [Recording.open(_id_or_path(project, name, base)) for name in names]


def relative_reference(path: Path, folder: Path, *, named_by: str, mend: str) -> str:
    """`path` as a file in `folder` names it: relative, with ``/``, so that both can be moved together.

    Args:
        path: The file.
        folder: Where it will be named from.
        named_by: What names it, for the error.
        mend: What to do where it cannot be named.

    Raises:
        StudioError: No relative path leads there.
    """
    # The folder's links are resolved, or ``..`` would mean another place to the system than to us.
    real = path.parent.resolve() / path.name
    try:
        return Path(os.path.relpath(real, folder.resolve())).as_posix()
    except ValueError as error:  # Windows: no relative path leads from one drive to another
        raise StudioError(
            f"the file is on another drive than {named_by}, which therefore cannot name it",
            where=path,
            mend=mend,
        ) from error


def _id_or_path(project: Project, name: str, base: Path) -> Path:
    try:
        return files_of(project, name)
    except StudioError:
        if _is_there(base / name):
            return base / name
        raise


def _is_there(path: Path) -> bool:
    return is_regular_file(path) or _is_recording(path)


def _is_recording(path: Path) -> bool:
    files = RecordingFiles.of(path)
    return files.video is not None or is_regular_file(files.sidecar)
