"""A project folder: one SQLite database, and media by relative path."""

from vpt_studio.project.backups import Backup
from vpt_studio.project.inspection import MediaProblem, ProjectReport
from vpt_studio.project.layout import ProjectLayout, RecordingFiles, recording_id_from
from vpt_studio.project.project import Project
from vpt_studio.project.recording_row import (
    Health,
    RecordingCounts,
    RecordingRow,
    RecordingSource,
    content_hash,
)

__all__ = [
    "Backup",
    "Health",
    "MediaProblem",
    "Project",
    "ProjectLayout",
    "ProjectReport",
    "RecordingCounts",
    "RecordingFiles",
    "RecordingRow",
    "RecordingSource",
    "content_hash",
    "recording_id_from",
]
