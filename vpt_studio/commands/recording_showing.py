"""``vpt-studio recordings show`` and ``thumbnail``: a recording in words, as a film, as a picture."""

from __future__ import annotations

import os
from pathlib import Path

import click

from vpt_studio.commands.completion import recording_argument, recording_ids
from vpt_studio.commands.console import (
    StudioCommand,
    answer,
    json_option,
    note,
    progress,
    project_option,
)


@click.command("show", cls=StudioCommand)
@recording_argument
@click.option("--overlay", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.mp4",
              help="Write a video with keys and mouse (and predictions) drawn over it.")  # fmt: skip
@click.option("--predictions", metavar="RECORDING", shell_complete=recording_ids,
              help="A pseudo-labelled recording of the same video, drawn beside the truth.")  # fmt: skip
@click.option("--start", type=click.IntRange(0), default=0, help="First tick of the overlay.")
@click.option("--stop", type=click.IntRange(1), help="One past the overlay's last tick.")
@click.option("--tick", type=click.IntRange(0), help="Show this tick's raw line and action.")
@project_option
@json_option
def show_command(
    recording: str,
    overlay: Path | None,
    predictions: str | None,
    start: int,
    stop: int | None,
    tick: int | None,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Say what a recording holds: length, source, keys used, health; or burn its actions into a video."""
    from vpt_studio.commands.recording_facts import facts_of, facts_text, tick_facts, tick_text
    from vpt_studio.project.references import resolve_with_row
    from vpt_studio.recordings.overlay import demand_film
    from vpt_studio.recordings.recording import Recording

    if overlay is not None:
        demand_film(overlay)
    path, row = resolve_with_row(recording, project_folder)
    with Recording.open(path) as opened:
        facts = facts_of(opened, row)
        text = facts_text(facts)
        if tick is not None:
            facts["tick"] = tick_facts(opened, tick)
            text = tick_text(facts["tick"])
    if overlay is not None:
        if facts["actions"] is None and predictions is None:
            note("This video has no actions, so the film shows none; vpt-studio idm predict makes some.")
        facts["overlay"] = {
            "path": overlay,
            "ticks": _overlay(path, overlay, predictions, project_folder, (start, stop), as_json),
        }
        text += f"\noverlay       {overlay}"
    answer(as_json, facts, text)


def _overlay(
    path: Path,
    out: Path,
    predictions: str | None,
    project_folder: Path | None,
    span: tuple[int, int | None],
    quiet: bool,
) -> int:
    from vpt_studio.atomic_files import sha256_of
    from vpt_studio.errors import StudioError
    from vpt_studio.project.references import resolve_recording
    from vpt_studio.recordings.overlay import write_overlay
    from vpt_studio.recordings.recording import Recording
    from vpt_studio.recordings.source import Source

    predicted, predictor = None, Source.IDM
    with Recording.open(path) as opened:
        total = len(opened)
        if predictions is not None:
            with Recording.open(resolve_recording(predictions, project_folder)) as other:
                videos = opened.video_path, other.video_path
                if not os.path.samefile(*videos) and len(set(map(sha256_of, videos))) > 1:
                    raise StudioError(
                        "these are predictions of another video",
                        where=other.video_path,
                        mend=f"Name predictions of {opened.video_path}",
                    )
                if len(other) < total:
                    raise StudioError(
                        f"the predictions have {len(other)} ticks, the recording {total}",
                        where=other.files.sidecar,
                        mend="Name predictions of the same video",
                    )
                predicted = other.converted().actions
                predictor = other.sources[0] if other.sources else Source.IDM
    first, last = span
    with progress("Drawing", min(last or total, total) - first, hidden=quiet) as bar:
        return write_overlay(
            path, out, predictions=predicted, predictor=predictor, start=first, stop=last, tell=bar.update
        )


@click.command("thumbnail", cls=StudioCommand)
@recording_argument
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A .png, .jpg or .webp file.",
)
@click.option("--width", type=click.IntRange(16, 4096), default=320, show_default=True, help="In pixels.")
@project_option
@json_option
def thumbnail_command(
    recording: str, out: Path, width: int, project_folder: Path | None, as_json: bool
) -> None:
    """Write a small picture that stands for a recording."""
    from vpt_studio.project.references import resolve_recording
    from vpt_studio.recordings.recording import Recording
    from vpt_studio.recordings.thumbnail import write_thumbnail

    with Recording.open(resolve_recording(recording, project_folder)) as opened:
        write_thumbnail(opened, out, width)
    answer(as_json, {"thumbnail": out}, str(out))
