"""Changing what a project knows of its recordings: adding, describing, relinking them."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlite_utils import Database

from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.project.database import time_text, told_plainly, transaction
from vpt_studio.project.layout import recording_id_from, stored_path
from vpt_studio.project.recording_lookup import RecordingLookup, twin_of
from vpt_studio.project.recording_query import INSERT, record_from
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.files import VIDEO_SUFFIXES
from vpt_studio.recordings.health import Health

_LONGEST_IMPORT = timedelta(days=1)  # of one recording
_ROWS_PER_TRANSACTION = 500  # some 100 ms: others wait no longer than that


class KnownContentError(StudioError):
    """The project has a recording of this content.

    Attributes:
        recording_id: That recording.
    """

    def __init__(self, recording_id: str, where: str) -> None:
        super().__init__(f"this content is in the project already, as {recording_id!r}", where=where)
        self.recording_id = recording_id


class RecordingTable(RecordingLookup):
    """The recordings' half of an open project; used through :class:`~vpt_studio.project.Project`.

    Every method raises StudioError when the disk is full, the database damaged, or another process kept
    it busy for more than five seconds.
    """

    def reserve_recording_id(self, stem: str) -> str:
        """Promise an id to a recording on its way in, so that two imports never write to the same files.

        Args:
            stem: What the recording would like to be called.

        Returns:
            `stem` made fit for file names, with ``-2``, ``-3`` … where it is taken in the project or
            files of that name lie in ``recordings/``. Write to ``layout.recording_places(id)``, then
            :meth:`add_recording` with this id, or :meth:`release_recording_id`.
        """
        now = datetime.now(UTC)
        with self._writing() as database:
            self._drop_abandoned(database, now - _LONGEST_IMPORT)
            chosen = next(
                candidate
                for candidate in self._free_ids(database, recording_id_from(stem), reserved_for_us=False)
                if not self._files_exist(candidate)
            )
            database.execute(
                "INSERT INTO reserved_ids (id, reserved_at) VALUES (?, ?)",
                [chosen, time_text(now)],
            )
        return chosen

    def release_recording_id(self, recording_id: str) -> None:
        """Take back the promise of an id to a recording that did not come in; its files are gone by now."""
        with self._writing() as database:
            database.execute("DELETE FROM reserved_ids WHERE id = ?", [recording_id])

    def add_recording(self, row: RecordingRow, *, only_new: bool = False) -> RecordingRow:
        """Add one recording whose files are in place.

        Args:
            row: The recording.
            only_new: Refuse it if the project has a recording of the same content, also one that another
                process has added a moment ago.

        Returns:
            The row as stored: with its final id (a clash gets ``-2``, ``-3`` …), sizes and time.

        Raises:
            KnownContentError: The project has this content, and `only_new` is set.
            StudioError: A file is missing; a reference has no hash; these files are in the project already.
        """
        measured = self._measured(row)
        with self._writing() as database:
            twin = twin_of(database, row.video_sha256 or "", row.actions_sha256) if only_new else None
            if twin is not None:
                raise KnownContentError(twin, row.video)
            return self._insert(database, measured)

    def add_recordings(self, rows: Iterable[RecordingRow]) -> list[RecordingRow]:
        """Add many recordings, in transactions of 500 rows, each stored whole or not at all.

        Returns:
            The rows as stored, in the same order.

        Raises:
            StudioError: As for :meth:`add_recording`; what earlier transactions stored stays.
        """
        stored: list[RecordingRow] = []
        waiting = iter(rows)
        while batch := [self._measured(row) for row in islice(waiting, _ROWS_PER_TRANSACTION)]:
            with self._writing() as database:
                stored.extend([self._insert(database, row) for row in batch])
        return stored

    def update_health(self, recording_id: str, health: Health, problems: int = 0, reason: str = "") -> None:
        """Store the validator's verdict.

        Args:
            recording_id: Of the recording.
            health: The verdict.
            problems: How many problems were found.
            reason: The main one in a word or two.

        Raises:
            StudioError: There is no such recording.
        """
        with self._writing() as database:
            changed = database.execute(
                "UPDATE recordings SET health = ?, problems = ?, health_reason = ? WHERE id = ?",
                [health.value, problems, reason, recording_id],
            ).rowcount
            if not changed:
                raise self.no_such_recording(recording_id)

    def set_tags(self, recording_id: str, tags: Iterable[str]) -> None:
        """Give the recording these tags instead of those it has; blank ones are left out.

        Raises:
            StudioError: There is no such recording.
        """
        with self._writing() as database:
            known = database.execute("SELECT id FROM recordings WHERE id = ?", [recording_id]).fetchone()
            if known is None:
                raise self.no_such_recording(recording_id)
            database.execute("DELETE FROM recording_tags WHERE recording_id = ?", [recording_id])
            _insert_tags(database, known[0], tags)

    def relink_recording(
        self, recording_id: str, *, video: str | None = None, actions: str | None = None
    ) -> RecordingRow:
        """Say where a recording's files went; their content must be what it was.

        Args:
            recording_id: Of the recording.
            video: Stored place of the video now; None where it has not moved.
            actions: Stored place of the actions now; None where they have not moved.

        Returns:
            The row as stored.

        Raises:
            StudioError: The file is missing, is another file, or was never hashed.
        """
        row = self.recording(recording_id)
        if video is not None:
            self._demand_same_content(video, row.video_sha256, recording_id)
            row = replace(row, video=video)
        if actions is not None:
            self._demand_same_content(actions, row.actions_sha256, recording_id)
            row = replace(row, actions=actions)
        with self._writing() as database:
            if row.deleted_at is None:
                self._refuse_twice(database, row, itself=row.id)
            database.execute(
                "UPDATE recordings SET video_path = ?, actions_path = ? WHERE id = ?",
                [row.video, row.actions, row.id],
            )
        return row

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        with told_plainly(self._layout.database), transaction(self._database) as database:
            yield database

    def _measured(self, row: RecordingRow) -> RecordingRow:
        """`row` checked against the disk, outside any transaction."""
        if recording_id_from(row.id) != row.id:
            raise StudioError(
                "this name cannot be a recording's id",
                where=row.id,
                mend=f"Call it {recording_id_from(row.id)!r}",
            )
        return replace(
            row,
            video_bytes=self._size(row.video, row.video_sha256),
            actions_bytes=None if row.actions is None else self._size(row.actions, row.actions_sha256),
            tags=_tidy_tags(row.tags),
            deleted_at=None,
        )

    def _size(self, stored: str, sha256: str | None) -> int:
        if stored_path(stored).startswith("../") and sha256 is None:
            raise StudioError(
                "a file outside the project needs a content hash, to be found again when it is moved",
                where=stored,
                mend="Hash it first, or copy it into the project",
            )
        try:
            return self._layout.path_of(stored).stat().st_size
        except OSError as error:
            raise StudioError(
                f"the file could not be read ({error.strerror})",
                where=self._layout.path_of(stored),
                mend="Put the file in place first, then add the recording",
            ) from error

    def _insert(self, database: Database, row: RecordingRow) -> RecordingRow:
        self._refuse_twice(database, row)
        row = replace(row, id=next(self._free_ids(database, row.id, reserved_for_us=True)))
        imported_at = row.imported_at or datetime.now(UTC)
        database.execute(INSERT, record_from(row, imported_at))
        database.execute("DELETE FROM reserved_ids WHERE id = ?", [row.id])
        _insert_tags(database, row.id, row.tags)
        return replace(row, imported_at=imported_at)

    def _free_ids(self, database: Database, wanted: str, *, reserved_for_us: bool) -> Iterator[str]:
        """`wanted` and its suffixed forms, as far as they are free.

        With `reserved_for_us` a reservation of `wanted` itself counts as the caller's own.
        """
        number = 1
        while True:
            candidate = wanted if number == 1 else f"{wanted}-{number}"
            taken = database.execute("SELECT 1 FROM recordings WHERE id = ?", [candidate]).fetchone()
            if taken is None and not (reserved_for_us and number == 1):
                taken = database.execute("SELECT 1 FROM reserved_ids WHERE id = ?", [candidate]).fetchone()
            if taken is None:
                yield candidate
            number += 1

    def _drop_abandoned(self, database: Database, before: datetime) -> None:
        """Forget ids that were promised before that moment to imports that died and left no file."""
        promised = database.execute("SELECT id FROM reserved_ids WHERE reserved_at < ?", [time_text(before)])
        for (reserved_id,) in promised.fetchall():
            if not self._files_exist(reserved_id):
                database.execute("DELETE FROM reserved_ids WHERE id = ?", [reserved_id])

    def _files_exist(self, recording_id: str) -> bool:
        suffixes = (*VIDEO_SUFFIXES, ".jsonl", ".json", ".events.jsonl")
        return any(
            os.path.lexists(self._layout.recordings / f"{recording_id}{suffix}") for suffix in suffixes
        )

    def _refuse_twice(self, database: Database, row: RecordingRow, *, itself: str = "") -> None:
        present = database.execute(
            "SELECT id FROM recordings WHERE deleted_at IS NULL AND video_path = ? "
            "AND coalesce(actions_path, '') = ? AND id <> ?",
            [row.video, row.actions or "", itself],
        ).fetchone()
        if present is not None:
            raise StudioError(
                f"these files are in the project already, as {present[0]!r}",
                where=row.video,
                mend="Open that recording, or remove it first",
            )

    def _demand_same_content(self, stored: str, sha256: str | None, recording_id: str) -> None:
        path = self._layout.path_of(stored)
        if sha256 is None:
            raise StudioError(
                f"{recording_id} was never hashed, so that its file cannot be told from another",
                where=path,
                mend="Remove the recording and import the file again",
            )
        try:
            found = sha256_of(path)
        except OSError as error:
            raise StudioError(
                f"the file could not be read ({error.strerror})", where=path, mend="Choose another file"
            ) from error
        if found != sha256:
            raise StudioError(
                f"this is not the file that belongs to {recording_id}: its content differs",
                where=path,
                mend="Choose the file that was imported, or import this one as a new recording",
            )


def _tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    by_fold = {tag.strip().lower(): tag.strip() for tag in tags if tag.strip()}
    return tuple(sorted(by_fold.values(), key=str.lower))


def _insert_tags(database: Database, recording_id: str, tags: Iterable[str]) -> None:
    for tag in _tidy_tags(tags):
        database.execute("INSERT INTO recording_tags (recording_id, tag) VALUES (?, ?)", [recording_id, tag])
