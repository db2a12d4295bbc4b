"""Writing what a check found into the project, so that its list says what is known of a recording now."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from vpt_studio.project.project import Project
from vpt_studio.project.references import Owner
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.validation import Verdict


def store_verdict(project: Project, recording_id: str, verdict: Verdict) -> bool:
    """Write `verdict`, found by decoding every frame, into the recording's row; false where there is none."""
    if not project.has_recording(recording_id):
        return False
    project.update_health(recording_id, verdict.health, len(verdict.problems), verdict.reason)
    return True


def store_first_verdict(project: Project, recording_id: str, verdict: Verdict) -> bool:
    """:func:`store_verdict`, where the recording was unchecked until now; whether it was."""
    return project.recording(recording_id).health is Health.UNCHECKED and store_verdict(
        project, recording_id, verdict
    )


class VerdictStore:
    """Stores verdicts in whatever projects they belong to, each opened once. A context manager."""

    def __init__(self) -> None:
        self._projects: dict[Path, Project] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def store(self, owner: Owner, verdict: Verdict) -> bool:
        """Store `verdict` with its recording; false where the project has none of this id."""
        folder = owner.project.resolve()
        if folder not in self._projects:
            self._projects[folder] = self._open.enter_context(Project.open(folder))
        return store_verdict(self._projects[folder], owner.recording_id, verdict)
