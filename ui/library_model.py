"""What the Library shows and does, without Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ui.playback import TICK_RATE
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.project.recording_query import Filters
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source

PAGE_ROWS = 200
VIDEO_MISSING = "Video missing"


@dataclass(frozen=True)
class Query:
    """Which recordings are listed, and in which order."""

    search: str = ""
    source: Source | None = None
    health: Health | None = None
    tag: str | None = None
    order: str = "-imported_at"
    removed: bool = False  # those in the trash instead of those in the project

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return bool(self.search or self.source or self.health or self.tag or self.removed)

    def filters(self) -> Filters:
        """The arguments that ``Project.recordings`` and ``count_recordings`` share."""
        return {
            "search": self.search,
            "source": self.source,
            "health": self.health,
            "tag": self.tag,
            "removed": self.removed,
        }

    def unfiltered(self) -> Query:
        """The same order without any filter."""
        return replace(Query(), order=self.order)


@dataclass(frozen=True)
class Listing:
    """The answer to a query.

    Attributes:
        query: The query.
        found: How many recordings it finds.
        first: Its first page.
        present: Recordings in the project.
        ticks: Length of all of them.
        tags: Tags in use, with their counts.
        places: Where in the answer some recordings stand; those that it does not hold are left out.
    """

    query: Query
    found: int
    first: list[RecordingRow]
    present: int
    ticks: int
    tags: dict[str, int]
    places: dict[str, int]


@dataclass(frozen=True)
class Outcome:
    """What came of changing several recordings.

    Attributes:
        changed: Those that were changed, with the tags they had before.
        failure: Why the others were not; None where all were.
    """

    changed: dict[str, tuple[str, ...]]
    failure: StudioError | None


def look_up(project: Project, query: Query, wanted: Sequence[str] = ()) -> Listing:
    """Answer a query with its first page, and say where in the answer the `wanted` recordings stand."""
    counts = project.recording_counts()
    found = project.count_recordings(**query.filters()) if query.is_filtered else counts.present
    first = page_of(project, query, 0)
    in_order = [row.id for row in first]
    if not set(wanted) <= set(in_order):
        in_order = project.recording_ids(query.order, **query.filters())
    looked_for = set(wanted)
    return Listing(
        query=query,
        found=found,
        first=first,
        places={name: place for place, name in enumerate(in_order) if name in looked_for},
        present=counts.present,
        ticks=counts.ticks,
        tags=project.tag_counts(),
    )


def page_of(project: Project, query: Query, number: int) -> list[RecordingRow]:
    """Page `number` of a query's answer; what has lost its video says so, whatever the check said."""
    rows = project.recordings(PAGE_ROWS, number * PAGE_ROWS, query.order, **query.filters())
    return rows if query.removed else [_as_found(project, row) for row in rows]


def _as_found(project: Project, row: RecordingRow) -> RecordingRow:
    if project.layout.path_of(row.video).exists():
        return row
    return replace(row, health=Health.BROKEN, health_reason=VIDEO_MISSING, problems=0)


def rows_at(project: Project, query: Query, places: Sequence[int]) -> list[RecordingRow]:
    """The recordings that stand at these places of a query's answer."""
    found = []
    for number in sorted({place // PAGE_ROWS for place in places}):
        page = page_of(project, query, number)
        wanted = set(places) & set(range(number * PAGE_ROWS, number * PAGE_ROWS + len(page)))
        found += [page[place - number * PAGE_ROWS] for place in sorted(wanted)]
    return found


def remove(project: Project, recordings: Sequence[str]) -> Outcome:
    """Move recordings to the trash."""
    return _each(recordings, project.remove_recording)


def restore(project: Project, recordings: Sequence[str]) -> Outcome:
    """Bring recordings back from the trash."""
    return _each(recordings, project.restore_recording)


def retag(project: Project, tags: Mapping[str, tuple[str, ...]]) -> Outcome:
    """Give each recording its tags."""
    before: dict[str, tuple[str, ...]] = {}

    def change(recording: str) -> None:
        before[recording] = project.recording(recording).tags
        project.set_tags(recording, tags[recording])

    outcome = _each(list(tags), change)
    return replace(outcome, changed={recording: before[recording] for recording in outcome.changed})


def _each(recordings: Sequence[str], change: Callable[[str], object]) -> Outcome:
    """Change one recording after the other; one that cannot be changed does not keep the others from it."""
    changed: dict[str, tuple[str, ...]] = {}
    failure: StudioError | None = None
    for recording in recordings:
        try:
            change(recording)
            changed[recording] = ()
        except StudioError as error:
            failure = failure or error
    return Outcome(changed, failure)


def verdict_in_words(row: RecordingRow) -> str:
    """The validator's verdict as a sentence."""
    match row.health:
        case Health.HEALTHY:
            return "Checked frame by frame: nothing is missing or damaged."
        case Health.UNCHECKED:
            return "Not checked yet."
        case Health.FLAWED:
            what = row.health_reason or "Part of it cannot be used"
            return f"{what}. The rest can be used. {_problems(row)}"
        case Health.BROKEN:
            if row.health_reason == VIDEO_MISSING:
                return f"Its video is not where it was: {row.video}. Put it back, or remove the recording."
            return f"{row.health_reason or 'Damaged'}. It cannot be used as it is. {_problems(row)}"


def _problems(row: RecordingRow) -> str:
    if row.problems == 0:
        return ""
    return "One problem was found." if row.problems == 1 else f"{row.problems} problems were found."


def facts_of(row: RecordingRow, folder: Path) -> list[tuple[str, str]]:
    """What is known of a recording, as pairs of title and words."""
    ticks = f"{row.duration_ticks:,} ticks"
    facts = [
        ("Length", f"{row.duration_ticks / TICK_RATE:.1f} s, {ticks}"),
        ("Picture", f"{row.width} × {row.height}, {row.frames:,} frames"),
        ("Person", row.person),
        ("Made with", row.version),
        ("World", str(row.sidecar.get("environment") or "")),
        ("File", (folder / row.video).name),
        ("Actions", (folder / row.actions).name if row.actions else "none"),
        ("Tags", ", ".join(row.tags)),
    ]
    if row.imported_at is not None:
        facts.insert(2, ("Imported", f"{row.imported_at.astimezone():%d %b %Y, %H:%M}"))
    return [(title, words) for title, words in facts if words]
