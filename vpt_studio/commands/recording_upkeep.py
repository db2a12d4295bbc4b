"""``vpt-studio recordings tag``, ``trash`` and ``restore``: what is kept, and under which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from vpt_studio.commands.completion import recording_ids
from vpt_studio.commands.console import ExitCode, StudioCommand, answer, json_option, note, project_option
from vpt_studio.errors import StudioError
from vpt_studio.words import count_words

ids_argument = click.argument(
    "recording_ids", nargs=-1, required=True, metavar="ID…", shell_complete=recording_ids
)


@click.command("tag", cls=StudioCommand)
@ids_argument
@click.option("--add", multiple=True, metavar="TAG", help="A tag to give; may be repeated.")
@click.option("--remove", multiple=True, metavar="TAG", help="A tag to take away; may be repeated.")
@project_option
@json_option
@click.pass_context
def tag_command(
    ctx: click.Context,
    recording_ids: tuple[str, ...],
    add: tuple[str, ...],
    remove: tuple[str, ...],
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Give the project's recordings tags, or take them away; without either, say which they have."""
    from vpt_studio.project import Project

    tags: dict[str, list[str]] = {}
    gone = {tag.strip().lower() for tag in remove}

    with Project.open(project_folder or Project.find()) as project:

        def change(recording_id: str) -> None:
            row = project.recording(recording_id)
            if add or remove:
                kept = [tag for tag in row.tags if tag.lower() not in gone]
                project.set_tags(row.id, [*kept, *add])
            tags[row.id] = list(project.recording(row.id).tags)

        left_out = _each(recording_ids, change, as_json)
    lines = [f"{name}: {', '.join(words) or 'no tags'}" for name, words in tags.items()]
    answer(as_json, {"tags": tags, "left_out": left_out}, "\n".join(lines))
    _end(ctx, tags, left_out)


@click.command("trash", cls=StudioCommand)
@ids_argument
@project_option
@json_option
@click.pass_context
def trash_command(
    ctx: click.Context, recording_ids: tuple[str, ...], project_folder: Path | None, as_json: bool
) -> None:
    """Move recordings to the project's trash. Nothing is destroyed: `restore` brings them back."""
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as project:
        left_out = _each(recording_ids, project.remove_recording, as_json)
    _moved(ctx, recording_ids, left_out, "trashed", "moved to the trash", as_json)


@click.command("restore", cls=StudioCommand)
@ids_argument
@project_option
@json_option
@click.pass_context
def restore_command(
    ctx: click.Context, recording_ids: tuple[str, ...], project_folder: Path | None, as_json: bool
) -> None:
    """Bring recordings back from the project's trash (`list --trash` shows it)."""
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as project:
        left_out = _each(recording_ids, project.restore_recording, as_json)
    _moved(ctx, recording_ids, left_out, "restored", "brought back", as_json)


def _each(
    recording_ids: Iterable[str], change: Callable[[str], None], as_json: bool
) -> list[dict[str, str | None]]:
    """Change one after another; one that cannot be changed holds up none of the others."""
    left_out = []
    for recording_id in recording_ids:
        try:
            change(recording_id)
        except StudioError as error:
            left_out.append({"id": recording_id, **error.as_json()})
            if not as_json:
                note(f"Left out: {error}")
    return left_out


def _moved(
    ctx: click.Context,
    recording_ids: Iterable[str],
    left_out: list[dict[str, str | None]],
    key: str,
    done: str,
    as_json: bool,
) -> None:
    failed = {entry["id"] for entry in left_out}
    moved = [recording_id for recording_id in dict.fromkeys(recording_ids) if recording_id not in failed]
    answer(as_json, {key: moved, "left_out": left_out}, f"{count_words(len(moved), 'recording')} {done}")
    _end(ctx, moved, left_out)


def _end(ctx: click.Context, done: object, left_out: object) -> None:
    if left_out:
        ctx.exit(ExitCode.PARTLY_DONE if done else ExitCode.FAILED)
