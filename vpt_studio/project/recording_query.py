"""How a page of recordings is asked for in SQL, and how a record becomes a row and a row a record."""

from datetime import datetime
from typing import Any, TypedDict

import orjson

from vpt_studio.project.database import stored_time, time_text
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source

ORDERS = (
    "id",
    "source",
    "health",
    "problems",
    "duration_ticks",
    "frames",
    "width",
    "height",
    "person",
    "version",
    "imported_at",
)

COLUMNS = (
    "id",
    "video_path",
    "actions_path",
    "source",
    "duration_ticks",
    "frames",
    "width",
    "height",
    "health",
    "health_reason",
    "problems",
    "person",
    "version",
    "imported_at",
    "deleted_at",
    "video_sha256",
    "actions_sha256",
    "video_bytes",
    "actions_bytes",
    "sidecar",
)
SELECT = f"SELECT {', '.join(COLUMNS)} FROM recordings"  # noqa: S608
INSERT = (
    f"INSERT INTO recordings ({', '.join(COLUMNS)}) "  # noqa: S608
    f"VALUES ({', '.join(f':{column}' for column in COLUMNS)})"
)


def row_from(record: tuple[Any, ...], tags: tuple[str, ...]) -> RecordingRow:
    """The row that a record of ``SELECT`` and its tags tell of."""
    value = dict(zip(COLUMNS, record, strict=True))
    return RecordingRow(
        id=value["id"],
        video=value["video_path"],
        actions=value["actions_path"],
        source=Source(value["source"]),
        duration_ticks=value["duration_ticks"],
        frames=value["frames"],
        width=value["width"],
        height=value["height"],
        health=Health(value["health"]),
        health_reason=value["health_reason"],
        problems=value["problems"],
        person=value["person"],
        version=value["version"],
        imported_at=stored_time(value["imported_at"]),
        video_sha256=value["video_sha256"],
        actions_sha256=value["actions_sha256"],
        video_bytes=value["video_bytes"],
        actions_bytes=value["actions_bytes"],
        tags=tags,
        sidecar=orjson.loads(value["sidecar"]),
        deleted_at=None if value["deleted_at"] is None else stored_time(value["deleted_at"]),
    )


def record_from(row: RecordingRow, imported_at: datetime) -> dict[str, Any]:
    """The values of ``INSERT`` for a new `row`."""
    return {
        "id": row.id,
        "video_path": row.video,
        "actions_path": row.actions,
        "source": row.source.value,
        "duration_ticks": row.duration_ticks,
        "frames": row.frames,
        "width": row.width,
        "height": row.height,
        "health": row.health.value,
        "health_reason": row.health_reason,
        "problems": row.problems,
        "person": row.person,
        "version": row.version,
        "imported_at": time_text(imported_at),
        "deleted_at": None,
        "video_sha256": row.video_sha256,
        "actions_sha256": row.actions_sha256,
        "video_bytes": row.video_bytes,
        "actions_bytes": row.actions_bytes,
        "sidecar": orjson.dumps(row.sidecar).decode(),
    }


class Filters(TypedDict, total=False):
    """Which recordings are meant.

    Attributes:
        search: Words that must all occur, each in the id, person, version or a tag; the case of ASCII
            letters does not matter.
        source: Only recordings with this source.
        health: Only recordings with this verdict.
        tag: Only recordings with this tag.
        removed: Those in the trash instead of those in the project.
    """

    search: str
    source: Source | None
    health: Health | None
    tag: str | None
    removed: bool


def conditions(
    search: str = "",
    source: Source | None = None,
    health: Health | None = None,
    tag: str | None = None,
    removed: bool = False,
) -> tuple[str, list[str]]:
    """The condition that picks the recordings of :class:`Filters`, and the values for its question marks."""
    where = ["deleted_at IS NOT NULL" if removed else "deleted_at IS NULL"]
    values: list[str] = []
    for word in search.split():
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        where.append(
            "(id LIKE ? ESCAPE '\\' OR person LIKE ? ESCAPE '\\' OR version LIKE ? ESCAPE '\\' OR EXISTS "
            "(SELECT 1 FROM recording_tags WHERE recording_id = id AND tag LIKE ? ESCAPE '\\'))"
        )
        values += [pattern] * 4
    for column, wanted in (("source", source), ("health", health)):
        if wanted is not None:
            where.append(f"{column} = ?")
            values.append(wanted.value)
    if tag is not None:
        where.append("EXISTS (SELECT 1 FROM recording_tags WHERE recording_id = id AND tag = ?)")
        values.append(tag)
    return " AND ".join(where), values


def ordering(order: str) -> str:
    """The ``ORDER BY`` of `order`, which an index of the schema serves.

    Raises:
        ValueError: `order` names no listed column.
    """
    column = order.removeprefix("-")
    if column not in ORDERS:
        raise ValueError(f"recordings cannot be ordered by {column!r}; choose one of {', '.join(ORDERS)}")
    direction = "DESC" if order.startswith("-") else "ASC"
    return f"id {direction}" if column == "id" else f"{column} {direction}, id {direction}"
