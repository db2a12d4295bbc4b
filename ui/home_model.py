"""What Home tells of a project, without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from training.runs import RunState, RunSummary, list_runs
from vpt_studio.project import Project
from vpt_studio.project.recording_row import RecordingCounts, RecordingRow
from vpt_studio.recordings.health import Health

_LATEST = 10


@dataclass(frozen=True)
class HomeFacts:
    """A project at a glance.

    Attributes:
        folder: Where it is.
        counts: Its recordings, counted.
        latest: The newest of them.
        newest_run: The newest run that was measured; the newest of all where none was.
        runs_in_need: Failed and lost runs that nobody has resumed.
        broken: Recordings that cannot be used as they are.
        missing: Media files that are not where they should be.
    """

    folder: Path
    counts: RecordingCounts
    latest: list[RecordingRow]
    newest_run: RunSummary | None
    runs_in_need: list[RunSummary]
    broken: int
    missing: int


def look_at_project(project: Project) -> HomeFacts:
    """Read what Home shows."""
    runs = list_runs(project.layout.runs)
    counts = project.recording_counts()
    return HomeFacts(
        folder=project.layout.folder,
        counts=counts,
        latest=project.recordings(limit=_LATEST),
        newest_run=next(
            (run for run in runs if run.best is not None),
            next((run for run in runs if run.problem is None), None),
        ),
        runs_in_need=[run for run in runs if run.state in (RunState.FAILED, RunState.LOST)][:3],
        broken=counts.by_health.get(Health.BROKEN, 0),
        missing=len(project.missing_media()),
    )
