"""A project folder: one SQLite database, and media by relative path."""

from vpt_studio.project.backups import Backup
from vpt_studio.project.inspection import MediaProblem, ProjectReport
from vpt_studio.project.layout import ProjectLayout, RecordingPlaces, recording_id_from
from vpt_studio.project.project import Project
from vpt_studio.project.recording_row import RecordingCounts, RecordingRow

__all__ = [
    "Backup",
    "MediaProblem",
    "Project",
    "ProjectLayout",
    "ProjectReport",
    "RecordingCounts",
    "RecordingPlaces",
    "RecordingRow",
    "recording_id_from",
]
