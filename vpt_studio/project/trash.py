"""Removing a recording, and bringing it back: its files move, its row stays, nothing is destroyed."""

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from errno import EEXIST
from pathlib import Path

from sqlite_utils import Database

from vpt_studio.errors import StudioError
from vpt_studio.project.database import time_text, told_plainly, transaction
from vpt_studio.project.layout import ProjectLayout, companions
from vpt_studio.project.recording_row import RecordingRow


def move_to_trash(database: Database, layout: ProjectLayout, row: RecordingRow) -> None:
    """Mark `row` as removed, then move those of its files that the project owns and no one else needs.

    The row goes first: a process killed in between leaves files that a second call moves, never a
    recording in the list whose files are gone.

    Raises:
        StudioError: A file could not be moved; then the recording is in the project as before.
    """
    with told_plainly(layout.database), transaction(database):
        # Ours to undo only if nobody else has removed it since `row` was read.
        removed_here = row.deleted_at is None and bool(
            database.execute(
                "UPDATE recordings SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL",
                [time_text(datetime.now(UTC)), row.id],
            ).rowcount
        )
        ours = list(_unshared(database, layout, row))
    trash = layout.trash_folder(row.id)
    try:
        _move_all((layout.path_of(stored), trash / stored) for stored in ours)
    except OSError as error:
        if removed_here:
            with told_plainly(layout.database), transaction(database):
                database.execute("UPDATE recordings SET deleted_at = NULL WHERE id = ?", [row.id])
        raise StudioError(
            f"the recording could not be moved to the trash ({error.strerror})",
            where=error.filename or layout.path_of(row.video),
            mend="Close what is playing it, then try again",
        ) from error


def bring_back(database: Database, layout: ProjectLayout, row: RecordingRow) -> None:
    """Move the files of the removed recording `row` back to where they were, and list it again.

    Raises:
        StudioError: Something else is in their place by now, or a file could not be moved.
    """
    trash = layout.trash_folder(row.id)
    with told_plainly(layout.database):
        moves = list(_ways_back(database, layout, row))
        rival = database.execute(
            "SELECT id FROM recordings WHERE deleted_at IS NULL AND video_path = ? "
            "AND coalesce(actions_path, '') = ? AND id <> ?",
            [row.video, row.actions or "", row.id],
        ).fetchone()
    if rival is not None:
        raise StudioError(
            f"{row.id!r} cannot come back from the trash: its files are in the project as {rival[0]!r}",
            where=layout.path_of(row.video),
            mend="Remove that recording first",
        )
    try:
        _move_all(moves)
    except OSError as error:
        raise StudioError(
            f"the recording could not be moved out of the trash ({error.strerror})",
            where=error.filename or trash,
            mend="Move what is in its place elsewhere, see that you may write there, then try again",
        ) from error
    with told_plainly(layout.database), transaction(database):
        database.execute("UPDATE recordings SET deleted_at = NULL WHERE id = ?", [row.id])
    for source, _ in moves:
        _remove_empty(source.parent, layout.trash)


def files_of(layout: ProjectLayout, row: RecordingRow) -> list[str]:
    """The stored places of everything that can belong to `row`: video, actions, sidecar, raw events.

    Sidecar and events lie beside the actions, or beside the video where there are none; those of a
    recording whose media are elsewhere lie in ``recordings/`` under its id.
    """
    own = layout.recording_places(row.id)
    media = [row.video] if row.actions is None else [row.video, row.actions]
    return list(dict.fromkeys([*media, *companions(media[-1]), own.sidecar, own.events]))


def _unshared(database: Database, layout: ProjectLayout, row: RecordingRow) -> Iterator[str]:
    """Those of the recording's files that the project owns and no other recording in it uses.

    A video that was labelled by two models is in the project twice.
    """
    for stored in files_of(layout, row):
        if not layout.owns(stored):
            continue
        used = database.execute(
            "SELECT 1 FROM recordings "
            "WHERE deleted_at IS NULL AND id <> ? AND (video_path = ? OR actions_path = ?)",
            [row.id, stored, stored],
        ).fetchone()
        if used is None:
            yield stored


def _ways_back(database: Database, layout: ProjectLayout, row: RecordingRow) -> Iterator[tuple[Path, Path]]:
    """From where in the trash to where each file of the removed recording `row` goes.

    A file that several recordings used went to the trash with the last of them.
    """
    for stored in files_of(layout, row):
        owners = database.execute(
            "SELECT id FROM recordings WHERE deleted_at IS NOT NULL AND (video_path = ? OR actions_path = ?)",
            [stored, stored],
        ).fetchall()
        for owner in (row.id, *(record[0] for record in owners)):
            waiting = layout.trash_folder(owner) / stored
            if layout.owns(stored) and os.path.lexists(waiting):
                yield waiting, layout.path_of(stored)
                break


def _remove_empty(folder: Path, trash: Path) -> None:
    """Remove `folder` and those above it up to `trash`, as far as nothing is in them."""
    while folder != trash:
        try:
            folder.rmdir()
        except OSError:  # not empty, or gone already
            return
        folder = folder.parent


def _move_all(moves: Iterable[tuple[Path, Path]]) -> None:
    """Move every file that is there; when one cannot be moved, put back those that were."""
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            if os.path.lexists(source) and _moved(source, target):
                done.append((source, target))
    except OSError:
        for source, target in reversed(done):
            shutil.move(target, source)
        raise


def _moved(source: Path, target: Path) -> bool:
    """Move one file; false where another process has moved it in this moment."""
    try:
        if os.path.lexists(target):
            raise FileExistsError(EEXIST, "another file is in that place", str(target))
        target.parent.mkdir(parents=True, exist_ok=True)
        # Not rename alone: `recordings` may be a link to another disk than `trash` is on.
        shutil.move(source, target)
    except OSError:
        if os.path.lexists(source):
            raise
        return False
    return True
