"""What happens before a project is open: making its database, looking it over, bringing it up to date."""

import os
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from vpt_studio.errors import StudioError
from vpt_studio.project.backups import make_backup
from vpt_studio.project.database import connect, damaged, time_text, told_plainly, transaction
from vpt_studio.project.database_header import application_id, is_database, read_header
from vpt_studio.project.layout import ProjectLayout
from vpt_studio.project.mounts import Mount, current_mounts, shared_filesystem
from vpt_studio.project.schema import APPLICATION_ID, MIGRATIONS, migration_names

# The others wait while one process copies the database and migrates it.
_MIGRATION_BUSY_MILLISECONDS = 120_000


def is_project(folder: Path) -> bool:
    """Whether `folder` holds a project's database (its header is looked at, nothing more)."""
    try:
        header = read_header(ProjectLayout.at(folder).database)
    except OSError:
        return False
    return header is None or application_id(header) == APPLICATION_ID


def make_database(layout: ProjectLayout, name: str, mounts: Sequence[Mount] | None) -> None:
    """Make the folders and the database of a new project called `name`.

    A creation that was interrupted is taken up where it stopped.

    Raises:
        StudioError: There is a project already, or another program's database; a network share; no
            right to write; a full disk.
    """
    _refuse_shared_folder(layout, mounts)
    if layout.database.exists():
        header = read_header(layout.database)
        if not layout.database.stat().st_size and _was_used(layout):
            raise damaged(layout.database, "it is empty")
        if header and application_id(header) != APPLICATION_ID:
            raise StudioError(
                "there is a database of another program in this folder",
                where=layout.database,
                mend="Choose another folder",
            )
    layout.make_folders()
    with told_plainly(layout.database), closing(connect(layout.database, mode="rwc")) as database:
        # Before write-ahead mode begins, so that the header says whose file this is from the start.
        if _single(database, "PRAGMA application_id") != APPLICATION_ID:
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        use_write_ahead(database, layout)
        with transaction(database):
            if MIGRATIONS.applied(database):
                raise StudioError(
                    "there is a project in this folder already",
                    where=layout.folder,
                    mend="Open it, or choose another folder",
                )
            MIGRATIONS.apply(database)
            database.execute(
                "INSERT INTO project (only_row, name, created_at) VALUES (1, ?, ?)",
                [name, time_text(datetime.now(UTC))],
            )
            database.execute(f"PRAGMA user_version = {len(migration_names())}")


def refuse_unusable(layout: ProjectLayout, mounts: Sequence[Mount] | None) -> None:
    """Look the project over before it is opened; where it is refused, nothing on the disk has changed.

    Raises:
        StudioError: Not a project; on a network share; no right to write; made by a newer version;
            damaged.
    """
    _refuse_shared_folder(layout, mounts)  # first: reading from a share that hangs would hang too
    _refuse_other_files(layout)
    _refuse_read_only(layout)
    journal = layout.database.with_name(f"{layout.database.name}-wal")
    in_use_or_unclean = journal.exists() and journal.stat().st_size > 0
    # The last to close a database folds the write-ahead log into it, which would change the file we may
    # be about to refuse. A read-only connection cannot; without a log there is nothing to fold.
    with (
        told_plainly(layout.database),
        closing(connect(layout.database, mode="ro" if in_use_or_unclean else "rw")) as database,
    ):
        if in_use_or_unclean:
            finding = _single(database, "PRAGMA quick_check(1)")
            if finding != "ok":
                raise damaged(layout.database, str(finding))
        _refuse_newer(layout, database)


def bring_up_to_date(layout: ProjectLayout) -> None:
    """Run the migrations that are pending, all of them or none, after a backup.

    The database's own write lock is the lock around it: unlike a lock file it is freed when its holder
    is killed, it also holds off writers that do not migrate, and it makes the backup and the migration
    see the same state. Processes that come at the same time wait, then find nothing left to do.

    Raises:
        StudioError: The backup or a migration failed; the project is as it was.
    """
    with (
        told_plainly(layout.database),
        # Tables that others refer to can only be rebuilt with foreign keys off; they are checked below.
        closing(
            connect(layout.database, busy_milliseconds=_MIGRATION_BUSY_MILLISECONDS, foreign_keys=False)
        ) as database,
    ):
        if not MIGRATIONS.pending(database):
            return
        with transaction(database):
            if MIGRATIONS.pending(database):
                make_backup(layout, "migration")
                _migrate(layout, database)


def use_write_ahead(database: Database, layout: ProjectLayout) -> None:
    """Put the database in write-ahead mode, where it is not yet.

    Raises:
        StudioError: The file system does not allow it.
    """
    mode = _single(database, "PRAGMA journal_mode = WAL")
    if mode != "wal":
        raise StudioError(
            "this disk cannot hold a project: SQLite's write-ahead mode does not work on it",
            where=layout.folder,
            mend="Keep the project on another disk of this computer",
        )


def _migrate(layout: ProjectLayout, database: Database) -> None:
    try:
        with told_plainly(layout.database):
            MIGRATIONS.apply(database)
            dangling = database.execute("PRAGMA foreign_key_check").fetchone()
    except StudioError:
        raise  # the disk is full, or the like
    except Exception as error:
        raise StudioError(
            f"the project could not be brought up to date ({error}); it is as it was",
            where=layout.folder,
            mend="Report this, and go on with the version that you used before",
        ) from error
    if dangling is not None:
        raise StudioError(
            f"the project could not be brought up to date ({dangling[0]} has loose ends); it is as it was",
            where=layout.folder,
            mend="Report this, and go on with the version that you used before",
        )
    database.execute(f"PRAGMA user_version = {len(migration_names())}")


def _refuse_other_files(layout: ProjectLayout) -> None:
    try:
        header = read_header(layout.database)
    except FileNotFoundError as error:
        raise StudioError(
            "this folder is not a project",
            where=layout.folder,
            mend="Choose the folder that holds project.db, or make a new project",
        ) from error
    except OSError as error:
        raise StudioError(
            f"the project could not be read ({error.strerror})",
            where=layout.database,
            mend="Give yourself the right to read and write in its folder",
        ) from error
    if header is None:
        return  # looked at when this process first opened it
    if not header:
        raise _unfinished(layout)
    if not is_database(header):
        raise damaged(layout.database, "it does not begin as a database does")
    if application_id(header) != APPLICATION_ID:
        raise StudioError(
            "this folder is not a project: its project.db belongs to another program",
            where=layout.database,
            mend="Choose another folder, or make a new project",
        )


def _refuse_shared_folder(layout: ProjectLayout, mounts: Sequence[Mount] | None) -> None:
    kind = shared_filesystem(layout.folder, current_mounts() if mounts is None else mounts)
    if kind is not None:
        raise StudioError(
            f"the project is on a network or shared file system ({kind}), where several programs writing "
            "to it would damage it",
            where=layout.folder,
            mend="Copy the project to a disk of this computer and open it there",
        )


def _refuse_read_only(layout: ProjectLayout) -> None:
    for place in (layout.folder, layout.database):
        if not os.access(place, os.W_OK):
            raise StudioError(
                "the project cannot be written to",
                where=place,
                mend="Give yourself the right to write in its folder, or copy it to where you have it",
            )


def _refuse_newer(layout: ProjectLayout, database: Database) -> None:
    known = migration_names()
    applied = [migration.name for migration in MIGRATIONS.applied(database)]
    made_by = int(_single(database, "PRAGMA user_version"))
    unknown = [name for name in applied if name not in known]
    if made_by > len(known) or unknown:
        told = f"format {max(made_by, len(applied))}; this one knows up to {len(known)}"
        raise StudioError(
            f"the project was made by a newer version of VPT Studio ({told})",
            where=layout.folder,
            mend="Update VPT Studio; the project was not changed",
        )
    if not applied:
        raise _unfinished(layout)


def _was_used(layout: ProjectLayout) -> bool:
    """Whether more is in the folder than a creation that was interrupted leaves."""
    return any(
        place.is_dir() and any(place.iterdir()) for place in (layout.backups, layout.recordings, layout.runs)
    )


def _unfinished(layout: ProjectLayout) -> StudioError:
    if _was_used(layout):
        return damaged(layout.database, "it is empty")
    return StudioError(
        "this project was never finished: making it was interrupted",
        where=layout.folder,
        mend="Make a new project in the same folder; it takes up where this one stopped",
    )


def _single(database: Database, sql: str) -> int | str:
    value: int | str = database.execute(sql).fetchone()[0]
    return value
