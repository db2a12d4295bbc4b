"""``vpt-studio recordings repair`` and ``export``: copies that others, or training, can use."""

from __future__ import annotations

from pathlib import Path

import click

from vpt_studio.commands.completion import recording_argument, recording_ids
from vpt_studio.commands.console import (
    ExitCode,
    StudioCommand,
    answer,
    json_option,
    note,
    progress,
    project_option,
)
from vpt_studio.words import duration_words


@click.command("repair", cls=StudioCommand)
@recording_argument
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the copy."
)
@click.option(
    "--shortest",
    type=click.FloatRange(0.05),
    default=1.0,
    show_default=True,
    help="Drop pieces under so many seconds.",
)
@project_option
@json_option
def repair_command(
    recording: str, out: Path, shortest: float, project_folder: Path | None, as_json: bool
) -> None:
    """Write a mended copy: every stretch with both pictures and actions. The original stays as it is."""
    from vpt_studio.project.references import resolve_recording
    from vpt_studio.recordings.problems import visible
    from vpt_studio.recordings.recording import Recording
    from vpt_studio.recordings.repair import repair

    path = resolve_recording(recording, project_folder)
    with Recording.open(path) as opened:
        frames = len(opened.video)
    with progress("Reading", frames, hidden=as_json) as bar:
        pieces = repair(path, out, shortest_seconds=shortest, tell=bar.update)
    kept = sum(piece.stop - piece.start for piece in pieces)
    data = [{"video": piece.video, "start": piece.start, "stop": piece.stop} for piece in pieces]
    lines = [f"{visible(str(piece.video))}: ticks {piece.start} to {piece.stop - 1}" for piece in pieces]
    answer(as_json, {"pieces": data, "ticks": kept}, "\n".join([*lines, f"{duration_words(kept / 20)} kept"]))


@click.command("export", cls=StudioCommand)
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING…", shell_complete=recording_ids)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the files."
)
@click.option("--start", type=click.IntRange(0), default=0, help="First tick.")
@click.option("--stop", type=click.IntRange(1), help="One past the last tick.")
@project_option
@json_option
@click.pass_context
def export_command(
    ctx: click.Context,
    recordings: tuple[str, ...],
    out: Path,
    start: int,
    stop: int | None,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Write recordings as .mp4 + .jsonl that OpenAI's loader reads (640x360, 20 Hz).

    Of several recordings, one that cannot be written is left out with one line that says why. Exit
    status 3 means that something was left out, 1 that everything was.
    """
    from vpt_studio.errors import StudioError
    from vpt_studio.project.references import resolve_recording
    from vpt_studio.recordings.exporting import export
    from vpt_studio.recordings.problems import visible
    from vpt_studio.recordings.recording import Recording

    written, left_out = [], []
    for name in recordings:
        try:
            path = resolve_recording(name, project_folder)
            with Recording.open(path) as opened:
                ticks = len(opened)
            with progress(f"Exporting {name}", min(stop or ticks, ticks) - start, hidden=as_json) as bar:
                written.append(export(path, out, start=start, stop=stop, tell=bar.update))
        except StudioError as error:
            if len(recordings) == 1:
                raise
            left_out.append(error.as_json())
            if not as_json:
                note(f"Left out: {error}")
    for done in written:
        for warning in done.warnings:
            note(f"{visible(done.video.name)}: {warning}.")
    data = [
        {"video": done.video, "ticks": done.ticks, "rendered": done.rendered, "warnings": done.warnings}
        for done in written
    ]
    lines = [f"{visible(str(done.video))}: {done.ticks} ticks" for done in written]
    if left_out:
        lines.append(f"{len(written)} exported, {len(left_out)} left out, see above")
    answer(as_json, {"exported": data, "left_out": left_out}, "\n".join(lines))
    if left_out:
        ctx.exit(ExitCode.PARTLY_DONE if written else ExitCode.FAILED)
