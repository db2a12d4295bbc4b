"""``vpt-studio takes``: what the Record page does with takes once they are played."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from recorder.commands.bundles import export_command, import_command
from recorder.commands.take_mending import MENDING_COMMANDS
from vpt_studio.commands.console import (
    ExitCode,
    StudioGroup,
    answer,
    json_option,
    note,
    project_option,
    table,
)
from vpt_studio.errors import StudioError
from vpt_studio.recordings.problems import visible
from vpt_studio.words import count_words, duration_words

if TYPE_CHECKING:
    from recorder.takes.waiting import Take

# The decoders take half a second to load: each command imports what it uses.


@click.group(cls=StudioGroup)
def takes() -> None:
    """Check, mend, hand in, keep and discard takes.

    A take waits in the project's folder `takes` from the moment it is stopped (or cut off by a crash) until
    it is kept, which makes it a recording, or discarded.
    """


for command in (*MENDING_COMMANDS, export_command, import_command):
    takes.add_command(command)


@takes.command("list")
@project_option
@json_option
def list_command(project_folder: Path | None, as_json: bool) -> None:
    """List the takes that wait."""
    from recorder.takes.waiting import look_for_takes

    found, troubles = look_for_takes(_folder(project_folder))
    rows = [
        (take.name, duration_words(take.seconds), "waits for keep" if take.is_whole else "to be recovered")
        for take in found
    ]
    text = table(rows, ("take", "length", "state")) if rows else "No take waits."
    if not as_json:
        for name, trouble in troubles.items():
            note(f"{visible(name)}: {visible(str(trouble))}")
    told = {
        "takes": [take.as_json() for take in found],
        "troubles": [{"take": name, **trouble.as_json()} for name, trouble in troubles.items()],
    }
    answer(as_json, told, text)


@takes.command()
@click.argument("names", nargs=-1, metavar="TAKE…")
@project_option
@json_option
@click.pass_context
def recover(ctx: click.Context, names: tuple[str, ...], project_folder: Path | None, as_json: bool) -> None:
    """Make takes whole that a crash left; without a name, all of them.

    One that cannot be recovered is left as it is, and holds up none of the others.
    """
    from recorder.takes.waiting import look_for_takes, waiting_take
    from recorder.takes.waiting import recover as make_whole

    folder = _folder(project_folder)
    if names:
        chosen, troubles = [waiting_take(folder, name) for name in names], dict[str, StudioError]()
    else:
        chosen, troubles = look_for_takes(folder)
    whole: list[Take] = []
    for take in chosen:
        if take.is_whole or take.name in troubles:
            continue
        try:
            whole.append(make_whole(take))
        except StudioError as error:
            troubles[take.name] = error
    left_out = [{"take": name, **trouble.as_json()} for name, trouble in troubles.items()]
    if not as_json:
        for trouble in troubles.values():
            note(f"Left out: {visible(str(trouble))}")
    words = "\n".join(f"{take.name}: {duration_words(take.seconds)} saved" for take in whole)
    nothing = "Nothing was recovered." if left_out else "Nothing is to be recovered."
    told = {"recovered": [take.as_json() for take in whole], "left_out": left_out}
    answer(as_json, told, words or nothing)
    if left_out:
        ctx.exit(ExitCode.PARTLY_DONE if whole else ExitCode.FAILED)


@takes.command()
@click.argument("names", nargs=-1, required=True, metavar="TAKE…")
@project_option
@json_option
def keep(names: tuple[str, ...], project_folder: Path | None, as_json: bool) -> None:
    """Check takes and bring them into the project as recordings."""
    from recorder.takes.waiting import keep as bring_in
    from recorder.takes.waiting import recover as make_whole
    from recorder.takes.waiting import takes_folder, waiting_take
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as project:
        folder = takes_folder(project.layout.folder)
        kept = {name: bring_in(project, make_whole(waiting_take(folder, name))) for name in names}
    answer(as_json, {"kept": kept}, "\n".join(f"{name} is kept as {kept[name]}" for name in names))


@takes.command()
@click.argument("names", nargs=-1, required=True, metavar="TAKE…")
@project_option
@json_option
def discard(names: tuple[str, ...], project_folder: Path | None, as_json: bool) -> None:
    """Put takes away; they wait for a week in `takes/discarded`, then they are deleted."""
    from recorder.takes.waiting import clear_discarded, waiting_take
    from recorder.takes.waiting import discard as put_away

    folder = _folder(project_folder)
    for take in [waiting_take(folder, name) for name in names]:
        put_away(take)
    clear_discarded(folder)
    answer(as_json, {"discarded": names}, f"Discarded {count_words(len(names), 'take')}.")


def _folder(project_folder: Path | None) -> Path:
    from recorder.takes.waiting import takes_folder
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as project:  # says where there is none
        return takes_folder(project.layout.folder)
