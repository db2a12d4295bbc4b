"""The project's recordings: adding, listing, searching and describing them."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import orjson
from sqlite_utils import Database

from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.project.database import time_text, told_plainly, transaction
from vpt_studio.project.layout import ProjectLayout, recording_id_from, stored_path
from vpt_studio.project.recording_query import INSERT, SELECT, conditions, ordering, record_from, row_from
from vpt_studio.project.recording_row import RecordingCounts, RecordingRow
from vpt_studio.recordings.files import VIDEO_SUFFIXES
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source

PAGE = 200
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


def _twin(database: Database, video_sha256: str, actions_sha256: str | None) -> str | None:
    sql = """
        SELECT id FROM recordings
        WHERE deleted_at IS NULL AND video_sha256 = ? AND actions_sha256 IS ? ORDER BY id LIMIT 1
    """
    found = database.execute(sql, [video_sha256, actions_sha256]).fetchone()
    return None if found is None else str(found[0])


class RecordingTable:
    """The recordings' half of an open project; used through :class:`~vpt_studio.project.Project`.

    Every method raises StudioError when the disk is full, the database damaged, or another process kept
    it busy for more than five seconds.
    """

    def __init__(self, database: Database, layout: ProjectLayout) -> None:
        self._database = database
        self._layout = layout

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

    def has_recording(self, recording_id: str) -> bool:
        """Whether there is a recording of this id, in the project or in the trash."""
        with told_plainly(self._layout.database):
            found = self._database.execute("SELECT 1 FROM recordings WHERE id = ?", [recording_id]).fetchone()
        return found is not None

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
            twin = _twin(database, row.video_sha256 or "", row.actions_sha256) if only_new else None
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

    def recordings(
        self,
        limit: int = PAGE,
        offset: int = 0,
        order: str = "-imported_at",
        search: str = "",
        source: Source | None = None,
        health: Health | None = None,
        tag: str | None = None,
        *,
        removed: bool = False,
    ) -> list[RecordingRow]:
        """A page of the project's recordings.

        Args:
            limit: At most so many rows.
            offset: Rows to pass over first.
            order: One of ``ORDERS``; with ``-`` before it from the largest down. Ties go by id.
            search: Words that must all occur, each in the id, person, version or a tag; the case of
                ASCII letters does not matter.
            source: Only recordings with this source.
            health: Only recordings with this verdict.
            tag: Only recordings with this tag.
            removed: Those in the trash instead of those in the project.

        Raises:
            ValueError: `order` names no listed column.
        """
        where, values = conditions(search, source, health, tag, removed)
        sql = f"{SELECT} WHERE {where} ORDER BY {ordering(order)} LIMIT ? OFFSET ?"
        with told_plainly(self._layout.database):
            found = self._database.execute(sql, [*values, limit, offset]).fetchall()
            return self._rows(found)

    def recording_ids(
        self,
        order: str = "-imported_at",
        search: str = "",
        source: Source | None = None,
        health: Health | None = None,
        tag: str | None = None,
        *,
        removed: bool = False,
    ) -> list[str]:
        """The ids of all recordings that :meth:`recordings` would give page by page, in its order.

        Raises:
            ValueError: `order` names no listed column.
        """
        where, values = conditions(search, source, health, tag, removed)
        sql = f"SELECT id FROM recordings WHERE {where} ORDER BY {ordering(order)}"  # noqa: S608
        with told_plainly(self._layout.database):
            return [str(found[0]) for found in self._database.execute(sql, values)]

    def count_recordings(
        self,
        search: str = "",
        source: Source | None = None,
        health: Health | None = None,
        tag: str | None = None,
        *,
        removed: bool = False,
    ) -> int:
        """How many recordings :meth:`recordings` would list without a limit."""
        where, values = conditions(search, source, health, tag, removed)
        with told_plainly(self._layout.database):
            sql = f"SELECT count(*) FROM recordings WHERE {where}"  # noqa: S608
            return int(self._database.execute(sql, values).fetchone()[0])

    def recording(self, recording_id: str) -> RecordingRow:
        """The recording called `recording_id`, in the project or in the trash.

        Raises:
            StudioError: There is none.
        """
        with told_plainly(self._layout.database):
            found = self._database.execute(f"{SELECT} WHERE id = ?", [recording_id]).fetchall()
            rows = self._rows(found)
        if not rows:
            raise self._no_such_recording(recording_id)
        return rows[0]

    def find_by_content(self, video_sha256: str, actions_sha256: str | None = None) -> str | None:
        """The id of a recording in the project with this very video and these very actions.

        Args:
            video_sha256: Content hash of the video.
            actions_sha256: Content hash of the actions; None for a video that has none.

        Returns:
            The first such id in alphabetical order; None where there is none, or only in the trash.
        """
        with told_plainly(self._layout.database):
            return _twin(self._database, video_sha256, actions_sha256)

    def known_contents(self) -> dict[tuple[str, str | None], Health]:
        """What the project has, by the hashes of video and actions, with the verdict on it.

        Of recordings with the same content the least known verdict is told.
        """
        sql = """
            SELECT video_sha256, actions_sha256, health FROM recordings
            WHERE deleted_at IS NULL AND video_sha256 IS NOT NULL ORDER BY health = ?
        """
        with told_plainly(self._layout.database):
            found = self._database.execute(sql, [Health.UNCHECKED.value])
            return {(video, actions): Health(health) for video, actions, health in found}

    def recording_counts(self) -> RecordingCounts:
        """How many recordings there are, how long, of which source and health."""
        sql = """
            SELECT source, health, deleted_at IS NOT NULL, count(*), sum(duration_ticks)
            FROM recordings GROUP BY 1, 2, 3
        """
        present = removed = ticks = 0
        by_source: dict[Source, int] = defaultdict(int)
        by_health: dict[Health, int] = defaultdict(int)
        with told_plainly(self._layout.database):
            for source, health, is_removed, n_recordings, n_ticks in self._database.execute(sql):
                if is_removed:
                    removed += n_recordings
                    continue
                present += n_recordings
                ticks += n_ticks
                by_source[Source(source)] += n_recordings
                by_health[Health(health)] += n_recordings
        return RecordingCounts(present, removed, ticks, dict(by_source), dict(by_health))

    def count_teaching(self) -> int:
        """How many recordings can be learned from: with actions that no IDM guessed, and not broken."""
        sql = """
            SELECT count(*) FROM recordings
            WHERE deleted_at IS NULL AND actions_path IS NOT NULL AND health <> ? AND source <> ?
        """
        with told_plainly(self._layout.database):
            values = [Health.BROKEN.value, Source.IDM.value]
            return int(self._database.execute(sql, values).fetchone()[0])

    def tag_counts(self) -> dict[str, int]:
        """The tags in use, in alphabetical order, each with its number of recordings."""
        sql = """
            SELECT tag, count(*) FROM recording_tags JOIN recordings ON id = recording_id
            WHERE deleted_at IS NULL GROUP BY tag ORDER BY tag
        """
        with told_plainly(self._layout.database):
            return dict(self._database.execute(sql).fetchall())

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
                raise self._no_such_recording(recording_id)

    def set_tags(self, recording_id: str, tags: Iterable[str]) -> None:
        """Give the recording these tags instead of those it has; blank ones are left out.

        Raises:
            StudioError: There is no such recording.
        """
        with self._writing() as database:
            known = database.execute("SELECT id FROM recordings WHERE id = ?", [recording_id]).fetchone()
            if known is None:
                raise self._no_such_recording(recording_id)
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

    def _no_such_recording(self, recording_id: str) -> StudioError:
        return StudioError(
            f"there is no recording called {recording_id!r} in this project",
            where=self._layout.folder,
            mend="Look at the list of recordings for its id",
        )

    def _rows(self, found: Sequence[tuple[Any, ...]]) -> list[RecordingRow]:
        tags: dict[str, list[str]] = defaultdict(list)
        ids = orjson.dumps([record[0] for record in found]).decode()
        sql = """
            SELECT recording_id, tag FROM recording_tags
            WHERE recording_id IN (SELECT value FROM json_each(?)) ORDER BY tag
        """
        for recording_id, tag in self._database.execute(sql, [ids]):
            tags[recording_id].append(tag)
        return [row_from(record, tuple(tags[record[0]])) for record in found]


def _tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    by_fold = {tag.strip().lower(): tag.strip() for tag in tags if tag.strip()}
    return tuple(sorted(by_fold.values(), key=str.lower))


def _insert_tags(database: Database, recording_id: str, tags: Iterable[str]) -> None:
    for tag in _tidy_tags(tags):
        database.execute("INSERT INTO recording_tags (recording_id, tag) VALUES (?, ?)", [recording_id, tag])
