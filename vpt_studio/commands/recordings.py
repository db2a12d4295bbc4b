"""``vpt-studio recordings``: import, look at, mend and export recordings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpt_studio.commands.completion import ORDERS, orders, recording_ids
from vpt_studio.commands.console import (
    ExitCode,
    LaterProgress,
    StudioGroup,
    answer,
    json_option,
    note,
    nothing_found,
    problem_words,
    progress,
    project_option,
    shown_path,
    table,
)
from vpt_studio.commands.recording_copies import export_command, repair_command
from vpt_studio.commands.recording_showing import show_command, thumbnail_command
from vpt_studio.commands.recording_statistics import statistics_command
from vpt_studio.commands.recording_upkeep import restore_command, tag_command, trash_command
from vpt_studio.words import duration_words

if TYPE_CHECKING:
    from vpt_studio.project import RecordingRow

# The rooms below load OpenCV and the decoders, which take half a second: each command imports what it
# uses, so that help and completion stay quick.

SOURCES = ("human", "script", "agent", "idm", "unknown")
HEALTHS = ("healthy", "flawed", "broken", "unchecked")


@click.group(cls=StudioGroup)
def recordings() -> None:
    """Import, look at, mend and export recordings.

    RECORDING is a file of a recording (its video or its .jsonl), their common name without a suffix, or
    the id of a recording of the project.
    """


for command in (
    show_command,
    statistics_command,
    thumbnail_command,
    repair_command,
    export_command,
    tag_command,
    trash_command,
    restore_command,
):
    recordings.add_command(command)


@recordings.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--source", type=click.Choice(SOURCES), help="Who played. Default: what the files say, or unknown."
)
@click.option("--reference", is_flag=True, help="Leave the files where they are instead of copying them.")
@click.option(
    "--quick", is_flag=True, help="Check only the first and last frame; what comes in counts as unchecked."
)
@click.option("--person", default="", help="Who played, where the files do not say.")
@click.option("--tag", "tags", multiple=True, help="A word to give every recording; may be repeated.")
@click.option("--workers", type=click.IntRange(1, 64), help="Files checked side by side. Default: all cores.")
@project_option
@json_option
@click.pass_context
def import_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    source: str | None,
    reference: bool,
    quick: bool,
    person: str,
    tags: tuple[str, ...],
    workers: int | None,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Bring recordings into the project: files, folders (searched deeply) or index files.

    Every recording is checked first. What cannot be used is left out with one line that says why; the
    rest is still imported. Originals are only read, and nothing is overwritten. What is in the project
    already is not checked again, unless it came in with --quick. Exit status 3 means that something was
    left out, or that there was nothing to import.
    """
    from vpt_studio.project import Project
    from vpt_studio.project.importing import ImportOptions, import_recordings
    from vpt_studio.recordings.source import Source

    options = ImportOptions(
        source=None if source is None else Source(source),
        refer=reference,
        decode=not quick,
        person=person,
        tags=tags,
        workers=workers or os.cpu_count() or 1,
    )
    with (
        Project.open(project_folder or Project.find()) as project,
        LaterProgress("Importing", hidden=as_json) as bar,
    ):
        report = import_recordings(project, paths, options, announce=bar.begin, tell=bar.step)
    if not as_json:
        for problem in (*report.left_out, *report.flaws):
            note(problem_words(problem, paths))
    data = {
        "imported": [row.id for row in report.imported],
        "already_there": [{"name": name, "id": known} for name, known in report.known],
        "checked_now": report.checked_now,
        "left_out": [entry.as_json() for entry in report.left_out],
        "flaws": [entry.as_json() for entry in report.flaws],
    }
    ticks = sum(row.duration_ticks for row in report.imported)
    text = f"{len(report.imported)} in ({duration_words(ticks / 20)})"
    if report.known:
        text += f", {len(report.known)} already there"
    if report.checked_now:
        text += f" ({len(report.checked_now)} of them checked now)"
    if report.left_out:
        text += f", {len(report.left_out)} left out, see above"
    nothing = not (report.imported or report.known or report.left_out)
    if nothing:
        text += f": {nothing_found(map(str, paths))}"
    answer(as_json, data, text)
    if report.left_out or nothing:
        ctx.exit(ExitCode.PARTLY_DONE)


@recordings.command("list")
@click.option("--search", default="", help="Words that must occur in name, person, version or tags.")
@click.option("--source", type=click.Choice(SOURCES), help="Only this source.")
@click.option("--health", type=click.Choice(HEALTHS), help="Only this verdict.")
@click.option("--tag", help="Only with this tag.")
@click.option(
    "--order",
    default="-imported_at",
    show_default=True,
    shell_complete=orders,
    callback=lambda _ctx, _parameter, order: _column(order),
    metavar="COLUMN",
    help=f"Column to sort by; - before it: largest first. One of {', '.join(ORDERS)}.",
)
@click.option("--trash", is_flag=True, help="Those in the trash instead of those in the project.")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="At most so many.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Rows to pass over first.")
@project_option
@json_option
def list_command(
    search: str,
    source: str | None,
    health: str | None,
    tag: str | None,
    order: str,
    trash: bool,
    limit: int,
    offset: int,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """List the project's recordings."""
    from vpt_studio.project import Project
    from vpt_studio.project.recording_query import Filters
    from vpt_studio.recordings.health import Health
    from vpt_studio.recordings.source import Source

    chosen: Filters = {
        "search": search,
        "source": None if source is None else Source(source),
        "health": None if health is None else Health(health),
        "tag": tag,
        "removed": trash,
    }
    with Project.open(project_folder or Project.find()) as project:
        rows = project.recordings(limit, offset, order, **chosen)
        total = project.count_recordings(**chosen)
        everything = total or project.count_recordings(removed=trash)
    headers = ("id", "source", "health", "length", "person", "tags")
    lines = [
        (row.id, row.source.value, _health_words(row), duration_words(row.duration_ticks / 20), row.person,
         " ".join(row.tags))
        for row in rows
    ]  # fmt: skip
    if rows:
        text = table(lines, headers)
    elif everything:
        text = f"There are {total}; --offset passes over all." if total else f"None of the {everything} fits."
    else:
        text = (
            "The trash is empty."
            if trash
            else "No recordings. Import some: vpt-studio recordings import PATH"
        )
    if total > len(rows) > 0:
        text += f"\n{len(rows)} of {total}; --limit and --offset show more"
    answer(as_json, {"total": total, "recordings": [_row_json(row) for row in rows]}, text)


@recordings.command("validate")
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING…", shell_complete=recording_ids)
@click.option("--quick", is_flag=True, help="Try only the first and last frame.")
@project_option
@json_option
@click.pass_context
def validate_command(
    ctx: click.Context, recordings: tuple[str, ...], quick: bool, project_folder: Path | None, as_json: bool
) -> None:
    """Check recordings (or folders of them) and say what is wrong, with the mend.

    Files are only read; but the verdict on a recording of a project is written into the project, except
    with --quick.

    Exit status 0: nothing is wrong; 3: something is; 1: there was nothing to check.
    """
    from vpt_studio.project.references import resolve_all
    from vpt_studio.project.verdicts import VerdictStore
    from vpt_studio.recordings.checking import validate_isolated
    from vpt_studio.recordings.health import Health
    from vpt_studio.recordings.problems import visible

    found = resolve_all(recordings, project_folder)
    if not found.recordings and not found.problems:
        raise nothing_found(recordings)
    verdicts = {}
    with progress("Checking", len(found.recordings), hidden=as_json) as bar, VerdictStore() as store:
        for files, verdict in validate_isolated(found, decode=not quick, workers=os.cpu_count() or 1):
            verdicts[files] = verdict
            if not quick and files in found.owners:
                store.store(found.owners[files], verdict)
            bar.update(1)
    asked = [Path(name) for name in recordings]
    if not as_json:
        for problem in found.problems:
            note(problem_words(problem, asked))
    lines = []
    for files, verdict in verdicts.items():
        name = shown_path(files.folder / files.stem, asked)
        if files in found.owners:
            name = found.owners[files].recording_id
        words = f"{visible(name)}: {verdict.health.value}, {duration_words(verdict.seconds)}"
        lines.append("\n  ".join([words, *(problem_words(one, asked) for one in verdict.problems)]))
    data = {
        "recordings": {
            str(files.folder / files.stem): verdict.as_json() for files, verdict in verdicts.items()
        },
        "left_out": [entry.as_json() for entry in found.problems],
    }
    answer(as_json, data, "\n".join(lines))
    wrong = any(verdict.health in (Health.FLAWED, Health.BROKEN) for verdict in verdicts.values())
    if not found.recordings:
        ctx.exit(ExitCode.FAILED)
    if found.problems or wrong:
        ctx.exit(ExitCode.PARTLY_DONE)


def _column(order: str) -> str:
    """`order` as the project calls it; what it calls a column itself may be given too."""
    sign, name = ("-", order[1:]) if order.startswith("-") else ("", order)
    if name not in ORDERS and name not in ORDERS.values():
        raise click.BadParameter(f"there is no column {name!r}. Choose one of {', '.join(ORDERS)}.")
    return sign + ORDERS.get(name, name)


def _health_words(row: RecordingRow) -> str:
    return f"{row.health.value} ({row.health_reason.lower()})" if row.health_reason else row.health.value


def _row_json(row: RecordingRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "video": row.video,
        "actions": row.actions,
        "source": row.source.value,
        "health": row.health.value,
        "health_reason": row.health_reason,
        "problems": row.problems,
        "ticks": row.duration_ticks,
        "frames": row.frames,
        "width": row.width,
        "height": row.height,
        "person": row.person,
        "version": row.version,
        "tags": row.tags,
        "imported_at": row.imported_at,
        "deleted_at": row.deleted_at,
    }
