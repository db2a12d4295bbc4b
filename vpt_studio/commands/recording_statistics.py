"""``vpt-studio recordings statistics``: what is done in recordings, beside what is known of the paper's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpt_studio.commands.completion import recording_ids
from vpt_studio.commands.console import (
    ExitCode,
    StudioCommand,
    answer,
    json_option,
    note,
    nothing_found,
    problem_words,
    progress,
    project_option,
    table,
)
from vpt_studio.words import duration_words

if TYPE_CHECKING:
    from vpt_studio.recordings.action_statistics import ActionStatistics
    from vpt_studio.recordings.recording import Recording

_ALL = "all"
_UNKNOWN = "unknown"
#: Buttons held less than this, in every column, are left out of the table.
_WORTH_A_ROW = 0.0005


@click.command("statistics", cls=StudioCommand)
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING…", shell_complete=recording_ids)
@click.option(
    "--by",
    type=click.Choice(["person", "source", "environment", "recording", "none"]),
    default="person",
    show_default=True,
    help="What makes a column.",
)
@project_option
@json_option
@click.pass_context
def statistics_command(
    ctx: click.Context, recordings: tuple[str, ...], by: str, project_folder: Path | None, as_json: bool
) -> None:
    """Count what is done in recordings (or folders of them): nothing, keys, the camera's bins.

    Beside it stands what the paper tells of its contractors. Exit status 3: some recordings were left out.
    """
    from vpt_studio.errors import StudioError
    from vpt_studio.project.references import resolve_all
    from vpt_studio.recordings.action_statistics import ActionStatistics
    from vpt_studio.recordings.recording import Recording

    found = resolve_all(recordings, project_folder)
    if not found.recordings and not found.problems:
        raise nothing_found(recordings)
    parts: dict[str, list[ActionStatistics]] = {}
    problems = [problem_words(problem, [Path(name) for name in recordings]) for problem in found.problems]
    with progress("Counting", len(found.recordings), hidden=as_json) as bar:
        for files in found.recordings:
            try:
                with Recording.open(files.folder / files.stem) as recording:
                    if recording.ticks is None:
                        problems.append(f"{recording.video_path}: it has no actions")
                    else:
                        column = _column(recording, by)
                        parts.setdefault(column, []).append(ActionStatistics.of(recording))
            except StudioError as error:
                problems.append(str(error))
            bar.update(1)
    for problem in problems:
        note(problem)
    columns = {name: ActionStatistics.together(parts[name]) for name in sorted(parts)}
    everything = ActionStatistics.together(columns.values())
    if by != "none" and len(columns) > 1:
        columns[_ALL] = everything
    data = {"all": _as_json(everything), by: {name: _as_json(counts) for name, counts in columns.items()}}
    answer(as_json, data, _text(columns) if columns else "Nothing could be counted.")
    if problems:
        ctx.exit(ExitCode.PARTLY_DONE if columns else ExitCode.FAILED)


def _column(recording: Recording, by: str) -> str:
    match by:
        case "person":
            return recording.sidecar.person or _UNKNOWN
        case "source":
            return recording.sidecar.source.value
        case "environment":
            return recording.sidecar.environment or _UNKNOWN
        case "recording":
            return recording.name
        case _:
            return _ALL


def _as_json(counts: ActionStatistics) -> dict[str, Any]:
    return {
        "ticks": counts.ticks,
        "null_share": counts.share(counts.null),
        "screen_open_share": counts.share(counts.screen_open),
        "mouse_share": counts.share(counts.mouse),
        "held_share": counts.held_shares,
        "presses_per_minute": counts.presses_per_minute,
        "pitch_share": counts.pitch_shares.tolist(),
        "yaw_share": counts.yaw_shares.tolist(),
    }


def _text(columns: dict[str, ActionStatistics]) -> str:
    from vpt_studio.actions import BUTTONS, DEFAULT_CAMERA
    from vpt_studio.recordings.action_statistics import PAPER_NULL_SHARE
    from vpt_studio.recordings.recording import TICK_RATE

    def percent(*shares: float) -> list[str]:
        return [f"{share:.1%}" for share in shares]

    some = list(columns.values())
    rows = [["length", *(duration_words(one.ticks / TICK_RATE) for one in some), ""]]
    rows.append(["nothing done", *percent(*(one.share(one.null) for one in some)), f"{PAPER_NULL_SHARE:.0%}"])
    rows.append(["mouse moved", *percent(*(one.share(one.mouse) for one in some)), ""])
    rows.append(["screen open", *percent(*(one.share(one.screen_open) for one in some)), ""])
    for name in BUTTONS:
        shares = [one.held_shares[name] for one in some]
        if max(shares) >= _WORTH_A_ROW:
            presses = [one.presses_per_minute[name] for one in some]
            both = zip(shares, presses, strict=True)
            rows.append([f"{name}", *(f"{share:.1%} {count:5.1f}/min" for share, count in both), ""])
    for axis in ("pitch", "yaw"):
        bins = [one.pitch_shares if axis == "pitch" else one.yaw_shares for one in some]
        for number, angle in enumerate(DEFAULT_CAMERA.centres):
            rows.append([f"{axis} {angle:+.1f}°", *percent(*(float(part[number]) for part in bins)), ""])
    return (
        table(rows, ("share of ticks", *columns, "the paper's people"))
        + "\nButtons: share of ticks held, and how often pressed in a minute. Camera: bins of the ticks"
        "\nwithout a screen, by their middle. Of the paper's contractors only the first share is published."
    )
