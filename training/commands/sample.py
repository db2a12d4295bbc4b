"""``vpt-studio sample``: a small project of made play, to look around in."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vpt_studio.commands.console import StudioCommand, answer, count_words, json_option, note, progress
from vpt_studio.errors import StudioError

_CLIPS, _SECONDS, _SEED = 3, 20.0, 7
_TAG = "sample"


@click.command(cls=StudioCommand)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
def sample(folder: Path, as_json: bool) -> None:
    """Make a project in FOLDER with a minute of made play, or complete one begun there.

    Takes about a minute. A project with other recordings is left alone.
    """
    from training.demo.clips import make_clips
    from vpt_studio.project import Project
    from vpt_studio.project.importing import ImportOptions, import_recordings
    from vpt_studio.recordings.source import Source

    exists = (folder / "project.db").is_file()
    with Project.open(folder) if exists else Project.create(folder, "Sample") as project:
        if project.recording_counts().present > project.count_recordings(tag=_TAG):
            raise StudioError(
                "there is a project with recordings of its own in this folder",
                where=project.layout.folder,
                mend="Name a folder that is new or empty",
            )
        if not sys.stderr.isatty() and not as_json:
            note("Making a minute of play, which takes about a minute")
        clips = project.layout.folder / "made play"
        with progress("Making play", round(_CLIPS * _SECONDS * 20)) as bar:
            videos = make_clips(clips, count=_CLIPS, seconds=_SECONDS, seed=_SEED, tell=bar.update)
        report = import_recordings(
            project, videos, ImportOptions(source=Source.SCRIPT, refer=True, tags=(_TAG,))
        )
        n_recordings = project.recording_counts().present
    answer(
        as_json,
        {
            "folder": project.layout.folder,
            "recordings": n_recordings,
            "left_out": [str(problem) for problem in report.left_out],
        },
        f"{count_words(n_recordings, 'recording')} in {project.layout.folder}",
    )
