"""Looking a whole project over: database, media that are missing or changed, files nobody knows."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from vpt_studio.atomic_files import sha256_of
from vpt_studio.project.database import told_plainly
from vpt_studio.project.layout import ProjectLayout, companions

MediaFinding = Literal["missing", "unreadable", "size changed", "content changed", "not moved to the trash"]


@dataclass(frozen=True)
class MediaProblem:
    """A file of a recording that is not as it was when the recording was added.

    Attributes:
        recording_id: Whose file it is.
        path: Its stored place.
        finding: What is wrong.
    """

    recording_id: str
    path: str
    finding: MediaFinding


@dataclass(frozen=True)
class ProjectReport:
    """What a check of a project found.

    Attributes:
        database: Findings of SQLite's own checks, in its words; empty when all is well.
        media: Files that are missing or changed.
        unknown_files: Files in ``recordings/`` that belong to no recording (stored form). They may be a
            recording that is being made at this moment, so they are no problem in themselves.
        n_recordings: How many recordings were looked at.
        hashed: Whether contents were compared, or sizes only.
    """

    database: tuple[str, ...]
    media: tuple[MediaProblem, ...]
    unknown_files: tuple[str, ...]
    n_recordings: int
    hashed: bool

    @property
    def healthy(self) -> bool:
        """Whether nothing is missing, changed or damaged."""
        return not self.database and not self.media


@dataclass(frozen=True)
class _Media:
    recording_id: str
    path: str
    n_bytes: int
    sha256: str | None


def inspect_project(database: Database, layout: ProjectLayout, *, hash_media: bool) -> ProjectReport:
    """Check the database with SQLite's own means, and every file the recordings name.

    Args:
        database: An open connection.
        layout: The project's places.
        hash_media: Read all media and compare contents; else only sizes are compared.

    Raises:
        StudioError: The database is damaged so far that it cannot be read.
    """
    with told_plainly(layout.database):
        findings = tuple(_database_findings(database))
        media = _media(database)
        problems = [problem for item in media if (problem := _look_at(layout, item, hash_media))]
        n_recordings = database.execute(
            "SELECT count(*) FROM recordings WHERE deleted_at IS NULL"
        ).fetchone()[0]
        unmoved = list(_left_behind(database, layout, {item.path for item in media}))
        known = {item.path for item in media} | {problem.path for problem in unmoved}
    for item in media:
        own = layout.recording_places(item.recording_id)
        known.update((*companions(item.path), own.sidecar, own.events))
    unknown = tuple(sorted(_files_in_recordings(layout) - known))
    return ProjectReport(findings, (*problems, *unmoved), unknown, n_recordings, hash_media)


def missing_media(database: Database, layout: ProjectLayout) -> list[MediaProblem]:
    """The files that recordings of the project name and that are not there."""
    with told_plainly(layout.database):
        media = _media(database)
    return [
        MediaProblem(item.recording_id, item.path, "missing")
        for item in media
        if not os.path.exists(layout.path_of(item.path))
    ]


def _media(database: Database) -> Sequence[_Media]:
    sql = """
        SELECT id, video_path, video_bytes, video_sha256 FROM recordings WHERE deleted_at IS NULL
        UNION ALL
        SELECT id, actions_path, actions_bytes, actions_sha256 FROM recordings
        WHERE deleted_at IS NULL AND actions_path IS NOT NULL
        ORDER BY 1
    """
    return [_Media(*record) for record in database.execute(sql)]


def _look_at(layout: ProjectLayout, item: _Media, hash_media: bool) -> MediaProblem | None:
    path = layout.path_of(item.path)
    finding: MediaFinding | None = None
    try:
        if path.stat().st_size != item.n_bytes:
            finding = "size changed"
        elif hash_media and item.sha256 is not None and sha256_of(path) != item.sha256:
            finding = "content changed"
    except FileNotFoundError:
        finding = "missing"
    except OSError:
        finding = "unreadable"
    return None if finding is None else MediaProblem(item.recording_id, item.path, finding)


def _left_behind(database: Database, layout: ProjectLayout, in_use: set[str]) -> Iterator[MediaProblem]:
    """Files of removed recordings that are still in place: the removal was interrupted."""
    sql = "SELECT id, video_path, actions_path FROM recordings WHERE deleted_at IS NOT NULL"
    for recording_id, *places in database.execute(sql):
        for stored in places:
            if stored is None or stored in in_use or not layout.owns(stored):
                continue
            if os.path.lexists(layout.path_of(stored)):
                yield MediaProblem(recording_id, stored, "not moved to the trash")


def _database_findings(database: Database) -> Iterator[str]:
    for (finding,) in database.execute("PRAGMA integrity_check"):
        if finding != "ok":
            yield str(finding)
    for table, row, parent, _ in database.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} leads to no row of {parent}"


def _files_in_recordings(layout: ProjectLayout) -> set[str]:
    found: set[str] = set()
    for folder, _, names in os.walk(layout.recordings):
        # Names that are no text are shown as nearly as text can: they are for people to read.
        places = (os.fsencode(os.path.relpath(os.path.join(folder, name), layout.folder)) for name in names)
        found.update(Path(place.decode(errors="replace")).as_posix() for place in places)
    return found
