"""A project: the folder that holds recordings, runs and checkpoints, and the database that knows them."""

import os
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from vpt_studio.errors import StudioError
from vpt_studio.project.backups import Backup, backup_is_due, backups, make_backup
from vpt_studio.project.database import connect, stored_time, told_plainly
from vpt_studio.project.inspection import MediaProblem, ProjectReport, inspect_project, missing_media
from vpt_studio.project.layout import DATABASE_NAME, ProjectLayout
from vpt_studio.project.mounts import Mount
from vpt_studio.project.opening import (
    bring_up_to_date,
    is_project,
    make_database,
    refuse_unusable,
    use_write_ahead,
)
from vpt_studio.project.recording_table import RecordingTable
from vpt_studio.project.trash import bring_back, move_to_trash

FOLDER_VARIABLE = "VPT_STUDIO_PROJECT"


class Project(RecordingTable):
    """An open project.

    Made by :meth:`create` or :meth:`open`; use it in a ``with`` block, or call :meth:`close`. It
    belongs to the thread that opened it: other threads and processes open their own, which takes
    milliseconds, and any number may write at the same time.

    Attributes:
        layout: Where the project's files are.
        name: What the project is called.
        created_at: When it was made.
    """

    def __init__(self, database: Database, layout: ProjectLayout) -> None:
        super().__init__(database, layout)
        self.layout = layout
        self._closed = False
        name, created_at = database.execute("SELECT name, created_at FROM project").fetchone()
        self.name = str(name)
        self.created_at = stored_time(created_at)

    @classmethod
    def create(cls, folder: str | Path, name: str, *, mounts: Sequence[Mount] | None = None) -> Self:
        """Make a project called `name` in `folder` (which may exist, and hold files) and open it.

        Args:
            folder: Where; parent folders are made too.
            name: For people; may be anything but blank.
            mounts: The mount table to believe, this machine's own by default.

        Raises:
            StudioError: There is a project already, or another program's database; the folder is on a
                network share or not writable; the disk is full.
        """
        layout = ProjectLayout.at(folder)
        if not name.strip():
            raise StudioError("a project needs a name", where=layout.folder, mend="Give it one")
        make_database(layout, name.strip(), mounts)
        return cls.open(layout.folder, mounts=mounts)

    @classmethod
    def open(cls, folder: str | Path, *, mounts: Sequence[Mount] | None = None) -> Self:
        """Open the project in `folder`, bringing its database up to date if need be.

        Missing media do not keep a project from opening; see :meth:`missing_media`.

        Args:
            folder: The folder that holds ``project.db``.
            mounts: The mount table to believe, this machine's own by default.

        Raises:
            StudioError: Not a project; made by a newer version; on a network share; not writable;
                damaged; no space for the backup before a migration. The project is then unchanged.
        """
        layout = ProjectLayout.at(folder)
        refuse_unusable(layout, mounts)
        bring_up_to_date(layout)
        with told_plainly(layout.database):
            database = connect(layout.database)
            try:
                use_write_ahead(database, layout)
                layout.make_folders()
                return cls(database, layout)
            except BaseException:
                database.close()
                raise

    @staticmethod
    def find(start: str | Path | None = None) -> Path:
        """The folder of the project that the environment or the current place means.

        The variable ``VPT_STUDIO_PROJECT`` decides where it is set; else the nearest project in `start`
        (the current folder by default) or above it.

        Raises:
            StudioError: There is none, or the variable names a folder that is none.
        """
        named = os.environ.get(FOLDER_VARIABLE)
        if named:
            if not is_project(Path(named)):
                raise StudioError(
                    f"{FOLDER_VARIABLE} names a folder that is not a project",
                    where=named,
                    mend="Correct the variable, or unset it",
                )
            return Path(named).resolve()
        here = Path.cwd() if start is None else Path(start).resolve()
        for folder in (here, *here.parents):
            if is_project(folder):
                return folder
            if folder == here and (folder / DATABASE_NAME).is_file():
                return folder  # opening it says what is wrong with it
        raise StudioError(
            "there is no project here or in any folder above",
            where=here,
            mend="Name one with --project, or make one with `vpt-studio project new`",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Make the daily backup if one is due, fold the write-ahead log into the database, and let go.

        Closing twice does nothing.

        Raises:
            StudioError: The backup failed; the project is closed all the same, and nothing is lost.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self.backup_if_due()
        finally:
            with told_plainly(self.layout.database), closing(self._database):
                # Not waiting: as long as others read, the log cannot be emptied, and the last of us will.
                self._database.execute("PRAGMA busy_timeout = 0")
                self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def remove_recording(self, recording_id: str) -> None:
        """Move a recording to the trash: its row stays, its own files move to ``trash/<id>/``.

        Files outside the project, and files that another recording uses, stay where they are. Calling
        it again finishes a removal that was interrupted.

        Raises:
            StudioError: There is no such recording, or a file could not be moved.
        """
        move_to_trash(self._database, self.layout, self.recording(recording_id))

    def restore_recording(self, recording_id: str) -> None:
        """Bring a recording back from the trash; one that is not there stays as it is.

        Raises:
            StudioError: There is no such recording, or something else is in its place by now.
        """
        row = self.recording(recording_id)
        if row.deleted_at is not None:
            bring_back(self._database, self.layout, row)

    def missing_media(self) -> list[MediaProblem]:
        """The files that recordings name and that are not there, in the order of the recordings.

        Asks the disk about every file, so it takes as long as the disk does: keep it off the thread
        that paints.
        """
        return missing_media(self._database, self.layout)

    def check(self, *, hash_media: bool = False) -> ProjectReport:
        """Check the database thoroughly and the media by size, or with `hash_media` by content.

        Raises:
            StudioError: The database is damaged so far that it cannot be read.
        """
        return inspect_project(self._database, self.layout, hash_media=hash_media)

    def backup(self) -> Path:
        """Copy the database to ``backups/`` now, and thin the older copies.

        Returns:
            The path of the copy.

        Raises:
            StudioError: There is no space for it, or the database is damaged.
        """
        return make_backup(self.layout, "manual")

    def backup_if_due(self, now: datetime | None = None) -> Path | None:
        """Make the daily backup, where a day has passed since the last backup and something changed.

        The first is due once there is a recording.
        Called on closing; a window that stays open for days calls it now and then.

        Args:
            now: The moment to go by, now by default.

        Returns:
            The path of the copy, or None where none was due.

        Raises:
            StudioError: As for :meth:`backup`.
        """
        now = now or datetime.now(UTC)
        counts = self.recording_counts()
        if not (counts.present or counts.removed) or not backup_is_due(self.layout, now):
            return None
        return make_backup(self.layout, "daily", now)

    def backups(self) -> list[Backup]:
        """The copies of the database, oldest first."""
        return backups(self.layout)
