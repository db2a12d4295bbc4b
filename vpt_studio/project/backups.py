"""Copies of the project's database: made while it is in use, dated, and thinned as they age."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from vpt_studio.errors import StudioError
from vpt_studio.project.database import connect, told_plainly
from vpt_studio.project.layout import ProjectLayout

BackupReason = Literal["daily", "manual", "migration"]

BACKUP_EVERY = timedelta(days=1)
_KEEP_ALL = timedelta(days=2)
_KEEP_DAILY = timedelta(days=14)
_KEEP_WEEKLY = timedelta(days=92)

_STAMP = "%Y%m%dT%H%M%S.%fZ"  # no colons: Windows has none in file names
_NAME = re.compile(r"^project-(\d{8}T\d{6}\.\d{6}Z)-(daily|manual|migration)\.db$")
_UNFINISHED = re.compile(r"^\.project-.*\.partial(-journal)?$")


@dataclass(frozen=True)
class Backup:
    """One copy of the database.

    Attributes:
        path: The file.
        made_at: When, UTC.
        reason: Why: once a day, asked for, or before a migration.
    """

    path: Path
    made_at: datetime
    reason: str


def backups(layout: ProjectLayout) -> list[Backup]:
    """The project's backups, oldest first; files with other names are not ours and left alone."""
    found = []
    if layout.backups.is_dir():
        for path in layout.backups.iterdir():
            if match := _NAME.match(path.name):
                made_at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                found.append(Backup(path, made_at, match[2]))
    return sorted(found, key=lambda backup: backup.made_at)


def make_backup(layout: ProjectLayout, reason: BackupReason, now: datetime | None = None) -> Path:
    """Copy the database as it is at this moment, check the copy, then thin the older ones.

    Others may go on reading and writing meanwhile. A copy that cannot be finished leaves nothing.

    Args:
        layout: The project.
        reason: Becomes part of the name.
        now: The moment it is dated with, now by default.

    Returns:
        The path of the copy.

    Raises:
        StudioError: There is no space for it, or the database is damaged.
    """
    now = (now or datetime.now(UTC)).astimezone(UTC)
    final = layout.backups / f"project-{now.strftime(_STAMP)}-{reason}.db"
    partial = layout.backups / f".{final.name}.partial"
    try:
        layout.backups.mkdir(exist_ok=True)
        _discard_unfinished(layout, now)
        with told_plainly(layout.database):
            _copy_database(layout.database, partial)
        partial.rename(final)
    except OSError as error:
        raise StudioError(
            f"the backup could not be written ({error.strerror})",
            where=final,
            mend="Free some space on this disk, or see that you may write in the folder",
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    thin_backups(layout, now)
    return final


def thin_backups(layout: ProjectLayout, now: datetime) -> None:
    """Delete the backups that :func:`backups_to_keep` does not name."""
    present = backups(layout)
    keep = backups_to_keep((backup.made_at for backup in present), now)
    for backup in present:
        if backup.made_at not in keep:
            backup.path.unlink(missing_ok=True)


def backups_to_keep(times: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which of the backups made at `times` stay.

    All of the last two days, the last of each day for two weeks, the last of each week for three
    months (92 days); and the newest in any case.
    """
    keep: set[datetime] = set()
    taken: set[tuple[str, int, int]] = set()
    for made_at in sorted(times, reverse=True):
        age = now - made_at
        week = made_at.isocalendar()
        if age <= _KEEP_ALL:
            keep.add(made_at)
            continue
        if age <= _KEEP_DAILY:
            period = ("day", made_at.year, made_at.timetuple().tm_yday)
        else:
            period = ("week", week.year, week.week)
        if not keep or (age <= _KEEP_WEEKLY and period not in taken):
            keep.add(made_at)
        taken.add(period)
    return keep


def backup_is_due(layout: ProjectLayout, now: datetime) -> bool:
    """Whether a day has passed since the newest backup and the database was written to since."""
    present = backups(layout)
    if not present:
        return True
    newest = present[-1].made_at
    return now - newest >= BACKUP_EVERY and _last_written(layout) > newest


def _last_written(layout: ProjectLayout) -> datetime:
    journal = layout.database.with_name(f"{layout.database.name}-wal")
    written = [layout.database.stat().st_mtime]
    with suppress(FileNotFoundError):  # the last one to close the database takes it away
        written.append(journal.stat().st_mtime)
    return datetime.fromtimestamp(max(written), UTC)


def _copy_database(source: Path, target: Path) -> None:
    with closing(connect(source, mode="ro")) as original, closing(sqlite3.connect(target)) as copy:
        original.conn.backup(copy)
        # One self-contained file: a copy in write-ahead mode would grow companions when looked at.
        copy.execute("PRAGMA journal_mode = DELETE")
        finding = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if finding != "ok":
        raise StudioError(
            f"the backup was not made, because the database is damaged ({finding})",
            where=source,
            mend="Run a check of the project, and go back to an older backup",
        )


def _discard_unfinished(layout: ProjectLayout, now: datetime) -> None:
    """Delete what a killed process left half copied; a younger one may still be at work."""
    for path in layout.backups.iterdir():
        if _UNFINISHED.match(path.name):
            with suppress(FileNotFoundError):  # it was finished or discarded in the meantime
                begun = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                if now - begun > BACKUP_EVERY:
                    path.unlink()
