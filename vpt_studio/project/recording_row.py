"""What the project knows of one recording, as it crosses the boundary: plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source


@dataclass(frozen=True)
class RecordingRow:
    """One recording of the project.

    Attributes:
        id: Unique in the project whatever the case of its letters; the stem of the recording's own files.
        video: Stored place of the video (see ``ProjectLayout.stored``); with ``..`` a reference to a
            file outside the project.
        actions: Stored place of the actions; None for a video that has none yet.
        source: Where the actions come from.
        duration_ticks: Number of ticks (1/20 s each).
        frames: Number of pictures in the video.
        width: Of the stored video, in pixels.
        height: Of the stored video, in pixels.
        health: The validator's verdict.
        health_reason: Its main reason in a word or two; empty where there is none.
        problems: How many problems the validator found.
        person: Who played, as a pseudonym or a name; empty when not known.
        version: What the recording was made with; empty when not known.
        imported_at: When it came into the project, with time zone; None until it is added, then the
            moment of adding.
        video_sha256: Content hash in hexadecimal (``atomic_files.sha256_of``); a reference needs one.
        actions_sha256: The same for the actions.
        video_bytes: Size of the video when it was added; set by the project.
        actions_bytes: Size of the actions when they were added; set by the project.
        tags: Words people gave it, sorted, unique whatever the case of their letters.
        sidecar: Facts about the whole recording, anything that JSON can say.
        deleted_at: When it was moved to the trash; None while it is in the project.
    """

    id: str
    video: str
    duration_ticks: int
    frames: int
    width: int
    height: int
    actions: str | None = None
    source: Source = Source.UNKNOWN
    health: Health = Health.UNCHECKED
    health_reason: str = ""
    problems: int = 0
    person: str = ""
    version: str = ""
    imported_at: datetime | None = None
    video_sha256: str | None = None
    actions_sha256: str | None = None
    video_bytes: int | None = None
    actions_bytes: int | None = None
    tags: tuple[str, ...] = ()
    sidecar: Mapping[str, Any] = field(default_factory=dict, hash=False)
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class RecordingCounts:
    """How much the project holds.

    Attributes:
        present: Recordings in the project.
        removed: Recordings in the trash.
        ticks: Length of the present ones together (1/20 s each).
        by_source: Present recordings per source; sources without any are left out.
        by_health: Present recordings per verdict; verdicts without any are left out.
    """

    present: int
    removed: int
    ticks: int
    by_source: Mapping[Source, int]
    by_health: Mapping[Health, int]
