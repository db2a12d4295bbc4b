"""Connections to a project's database: their settings, their transactions, their errors in words."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from vpt_studio.errors import StudioError
from vpt_studio.project.database_header import will_connect

BUSY_MILLISECONDS = 5000

_FULL_BELOW_BYTES = 100_000

_MENDS = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space and try again; what was saved before is safe"),
    sqlite3.SQLITE_READONLY: (
        "the project cannot be written to",
        "Give yourself the right to write in its folder, or copy it to where you have it",
    ),
    sqlite3.SQLITE_PERM: (
        "the project may not be opened",
        "Give yourself the right to read and write in its folder",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the database could not be opened",
        "See that the folder is there and that you may write in it",
    ),
    sqlite3.SQLITE_BUSY: (
        "another process kept the project busy for too long",
        "Try again; if it goes on, close other windows and runs that use this project",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk reported an error",
        "See that the disk is connected and has space, then try again",
    ),
}


def connect(
    path: Path,
    *,
    mode: Literal["ro", "rw", "rwc"] = "rw",
    busy_milliseconds: int = BUSY_MILLISECONDS,
    foreign_keys: bool = True,
) -> Database:
    """Open a connection to the database at `path`, for use by the calling thread only.

    Args:
        path: Absolute path of the database.
        mode: Read only, read and write, or create as well. ``rw`` never creates a file.
        busy_milliseconds: How long a statement waits for other processes.
        foreign_keys: Whether foreign keys are enforced at once.

    Raises:
        sqlite3.Error: As SQLite says it; :func:`told_plainly` puts it in words.
    """
    will_connect(path)
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_milliseconds / 1000,
        isolation_level=None,  # transactions begin where transaction() says so, and nowhere else
    )
    try:
        database = Database(connection, execute_plugins=False)
        database.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        # In write-ahead mode NORMAL loses no consistency, only the last commits on power loss.
        database.execute("PRAGMA synchronous = NORMAL")
        will_connect(path)  # it may have been made just now
    except BaseException:
        connection.close()
        raise
    return database


@contextmanager
def transaction(database: Database) -> Iterator[Database]:
    """All writes of the block, or none of them.

    The write lock is taken at once: a transaction that reads first and asks for it later fails without
    waiting when another process wrote in between.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        yield database
        database.execute("COMMIT")
    except BaseException:
        database.rollback()
        raise


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the machine into :class:`StudioError`; errors in our own SQL stay.

    Raises:
        StudioError: Disk full, no right to write, damaged, busy for too long, or the disk failed.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            raise
        primary = code & 0xFF
        if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise damaged(path, str(error)) from error
        if primary not in _MENDS:
            raise
        # The shared memory of write-ahead mode is a file too; without room for it SQLite says I/O error.
        if primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _disk_is_full(path):
            primary = sqlite3.SQLITE_FULL
        what, mend = _MENDS[primary]
        raise StudioError(what, where=path, mend=mend) from error


def _disk_is_full(path: Path) -> bool:
    return path.parent.is_dir() and shutil.disk_usage(path.parent).free < _FULL_BELOW_BYTES


def damaged(path: Path, finding: str) -> StudioError:
    """The error that says that the database at `path` is damaged, and which backup can replace it."""
    copies = sorted((path.parent / "backups").glob("project-*.db"))
    if copies:
        mend = (
            f"Move {path.name}, {path.name}-wal and {path.name}-shm elsewhere, then copy "
            f"backups/{copies[-1].name} to {path.name}"
        )
    else:
        mend = (
            "There is no backup in this project. The recordings themselves are whole: "
            "make a new project and import them"
        )
    return StudioError(f"the project's database is damaged ({finding})", where=path, mend=mend)


def time_text(moment: datetime) -> str:
    """`moment` as it is stored: UTC, of fixed width, so that text sorts by time.

    Raises:
        ValueError: `moment` does not know its time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a stored time needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def stored_time(text: str) -> datetime:
    """The moment that :func:`time_text` wrote as `text`."""
    return datetime.fromisoformat(text)
