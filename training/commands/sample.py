"""``vpt-studio sample``: a small project of scripted play, to look around in."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vpt_studio.commands.console import LaterProgress, StudioCommand, answer, json_option, note, progress
from vpt_studio.errors import StudioError
from vpt_studio.words import count_words

_STYLES, _SECONDS, _SEED = ("steady", "hasty", "careful"), 20.0, 7
#: Ticks into a game of the brisk world: in the wood, at the crafting table, down in the stone.
_HEAD_STARTS = (200, 800, 2200)
_TAG = "sample"


@click.command(cls=StudioCommand)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
def sample(folder: Path, as_json: bool) -> None:
    """Make a project in FOLDER with a minute of scripted play, or complete one begun there.

    Takes about a minute. A project with other recordings is left alone.
    """
    from vpt_studio.commands.world import make_world_ready
    from vpt_studio.demo_data.plan import short_takes
    from vpt_studio.demo_data.takes import make_takes
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
            note("Playing for a minute, which takes about as long")
        make_world_ready(hidden=as_json, label="1 of 3: compiling")
        plans = short_takes(_STYLES, _SECONDS, "brisk", _SEED, _HEAD_STARTS)
        folder_of_takes = project.layout.folder / "scripted play"
        with progress("2 of 3: playing", sum(plan.head_start + plan.ticks for plan in plans)) as bar:
            videos = make_takes(plans, folder_of_takes, tell=bar.update)
        options = ImportOptions(source=Source.SCRIPT, refer=True, tags=(_TAG,))
        with LaterProgress("3 of 3: importing", hidden=as_json) as bar_of_import:
            report = import_recordings(
                project, videos, options, announce=bar_of_import.begin, tell=bar_of_import.step
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
