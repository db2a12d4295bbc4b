"""Looking recordings of a project up: listing, searching, counting; changes nothing."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Unpack

import orjson
from sqlite_utils import Database

from vpt_studio.errors import StudioError
from vpt_studio.project.database import told_plainly
from vpt_studio.project.layout import ProjectLayout
from vpt_studio.project.recording_query import SELECT, Filters, conditions, ordering, row_from
from vpt_studio.project.recording_row import RecordingCounts, RecordingRow
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source

PAGE = 200


def twin_of(database: Database, video_sha256: str, actions_sha256: str | None) -> str | None:
    """The first recording of this content that is not in the trash."""
    sql = """
        SELECT id FROM recordings
        WHERE deleted_at IS NULL AND video_sha256 = ? AND actions_sha256 IS ? ORDER BY id LIMIT 1
    """
    found = database.execute(sql, [video_sha256, actions_sha256]).fetchone()
    return None if found is None else str(found[0])


class RecordingLookup:
    """The reading half of a project's recordings.

    Every method raises StudioError when the disk is full, the database damaged, or another process kept
    it busy for more than five seconds.
    """

    def __init__(self, database: Database, layout: ProjectLayout) -> None:
        self._database = database
        self._layout = layout

    def has_recording(self, recording_id: str) -> bool:
        """Whether there is a recording of this id, in the project or in the trash."""
        with told_plainly(self._layout.database):
            found = self._database.execute("SELECT 1 FROM recordings WHERE id = ?", [recording_id]).fetchone()
        return found is not None

    def recordings(
        self, limit: int = PAGE, offset: int = 0, order: str = "-imported_at", **filters: Unpack[Filters]
    ) -> list[RecordingRow]:
        """A page of the project's recordings.

        Args:
            limit: At most so many rows.
            offset: Rows to pass over first.
            order: One of ``ORDERS``; with ``-`` before it from the largest down. Ties go by id.
            filters: Which recordings; by default all that are not in the trash.

        Raises:
            ValueError: `order` names no listed column.
        """
        where, values = conditions(**filters)
        sql = f"{SELECT} WHERE {where} ORDER BY {ordering(order)} LIMIT ? OFFSET ?"
        with told_plainly(self._layout.database):
            found = self._database.execute(sql, [*values, limit, offset]).fetchall()
            return self._rows(found)

    def recording_ids(self, order: str = "-imported_at", **filters: Unpack[Filters]) -> list[str]:
        """The ids of all recordings that :meth:`recordings` would give page by page, in its order.

        Raises:
            ValueError: `order` names no listed column.
        """
        where, values = conditions(**filters)
        sql = f"SELECT id FROM recordings WHERE {where} ORDER BY {ordering(order)}"  # noqa: S608
        with told_plainly(self._layout.database):
            return [str(found[0]) for found in self._database.execute(sql, values)]

    def count_recordings(self, **filters: Unpack[Filters]) -> int:
        """How many recordings :meth:`recordings` would list without a limit."""
        where, values = conditions(**filters)
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
            raise self.no_such_recording(recording_id)
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
            return twin_of(self._database, video_sha256, actions_sha256)

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

    def no_such_recording(self, recording_id: str) -> StudioError:
        """The error that says so."""
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
