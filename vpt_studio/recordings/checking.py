"""Validation of many recordings side by side, each where a crash of the decoder costs only itself."""

from __future__ import annotations

from collections.abc import Iterator

from vpt_studio.recordings.files import FoundRecordings, RecordingFiles
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.isolation import DecoderCrashedError, Tell, map_isolated
from vpt_studio.recordings.problems import Problem, Severity, problem, shortened
from vpt_studio.recordings.validation import Verdict, validate


def validate_isolated(
    found: FoundRecordings, *, decode: bool = True, workers: int = 1
) -> Iterator[tuple[RecordingFiles, Verdict]]:
    """The verdict on every found recording, in order."""
    tasks = [(files, decode, found.versions.get(files, "")) for files in found.recordings]
    for (files, _, _), outcome in map_isolated(_validate, tasks, workers=workers):
        if isinstance(outcome, DecoderCrashedError):
            place = files.video or files.sidecar
            fatal = problem(Severity.ERROR, place, "", str(outcome), outcome.mend)
            yield files, Verdict(Health.BROKEN, problems=[fatal])
        elif isinstance(outcome, Exception):
            yield files, Verdict(Health.BROKEN, problems=[failed_check(files, outcome)])
        else:
            yield files, outcome


def failed_check(files: RecordingFiles, error: Exception) -> Problem:
    """What to say where the check itself failed in a way nobody foresaw."""
    reason = f"checking it failed ({type(error).__name__}: {shortened(str(error))})"
    return problem(
        Severity.ERROR, files.video or files.sidecar, "", reason, "Report this as a defect of VPT Studio"
    )


def _validate(task: tuple[RecordingFiles, bool, str], tell: Tell) -> Verdict:
    files, decode, version = task
    return validate(files.video or files.sidecar, decode=decode, recorder_version=version, tell=tell)
