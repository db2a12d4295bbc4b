"""The commands that make, look at, check and back up a project folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpt_studio.commands.console import ExitCode, StudioGroup, answer, json_option, project_option, table
from vpt_studio.errors import StudioError
from vpt_studio.words import duration_words, size_words

if TYPE_CHECKING:
    from vpt_studio.project import ProjectReport

# vpt_studio.project loads SQLite's tools, and they NumPy: each command imports it, so that help stays quick.

TICKS_PER_SECOND = 20
_SHOWN = 20  # lines of a list in the text answer; --json has them all


@click.group(cls=StudioGroup)
def project() -> None:
    """Make, look at, check and back up a project folder."""


@project.command()
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--name", help="What to call it. Default: the folder's name.")
@json_option
def new(folder: str, name: str | None, as_json: bool) -> None:
    """Make a new project in FOLDER."""
    from vpt_studio.project import Project

    if not folder.strip():  # an empty variable in a script, which would mean the current folder
        raise StudioError("the folder's name is empty", mend="Name a folder; . is the current one")
    with Project.create(folder, Path(folder).resolve().name if name is None else name) as made:
        data = {"name": made.name, "folder": made.layout.folder, "created_at": made.created_at}
        answer(as_json, data, f"Made the project {made.name!r} in {made.layout.folder}.")


@project.command()
@project_option
@json_option
def info(project_folder: Path | None, as_json: bool) -> None:
    """Say what a project holds and how it is."""
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as opened:
        counts = opened.recording_counts()
        missing = opened.missing_media()
        copies = opened.backups()
        data: dict[str, Any] = {
            "name": opened.name,
            "folder": opened.layout.folder,
            "created_at": opened.created_at,
            "recordings": {
                "present": counts.present,
                "removed": counts.removed,
                "ticks": counts.ticks,
                "seconds": counts.ticks / TICKS_PER_SECOND,
                "by_source": counts.by_source,
                "by_health": counts.by_health,
            },
            "missing_media": [asdict(problem) for problem in missing],
            "backups": [asdict(copy) for copy in copies],
        }
        lines = [
            f"{opened.name}  ({opened.layout.folder})",
            f"Made:       {opened.created_at:%Y-%m-%d %H:%M} UTC",
            f"Recordings: {counts.present}, {duration_words(counts.ticks / TICKS_PER_SECOND)} of play; "
            f"{counts.removed} in the trash",
            f"Sources:    {_summed_up(counts.by_source)}",
            f"Health:     {_summed_up(counts.by_health)}",
            f"Database:   {size_words(opened.layout.database.stat().st_size)}",
            f"Backups:    {len(copies)}"
            + (f", newest {copies[-1].made_at:%Y-%m-%d %H:%M} UTC" if copies else ""),
        ]
    if missing:
        lines.append(f"Missing:    {len(missing)} of the files; `vpt-studio project check` lists them")
    answer(as_json, data, "\n".join(lines))


@project.command()
@project_option
@click.option(
    "--hash", "hash_media", is_flag=True, help="Read all media and compare contents, not sizes only."
)
@json_option
@click.pass_context
def check(ctx: click.Context, project_folder: Path | None, hash_media: bool, as_json: bool) -> None:
    """Check the database and the media. Exit status 1 where something is wrong."""
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as opened:
        report = opened.check(hash_media=hash_media)
    data = {"healthy": report.healthy, **asdict(report)}
    answer(as_json, data, _report_words(report))
    if not report.healthy:
        ctx.exit(ExitCode.FAILED)


@project.command()
@project_option
@json_option
def backup(project_folder: Path | None, as_json: bool) -> None:
    """Copy the database to the project's backups. Media are not copied."""
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as opened:
        path = opened.backup()
        size = path.stat().st_size
    answer(as_json, {"path": path, "bytes": size}, f"Backed up to {path} ({size_words(size)}).")


def _summed_up(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(counts.items())) or "none"


def _report_words(report: ProjectReport) -> str:
    looked = "contents" if report.hashed else "sizes"
    lines = []
    if report.healthy:
        lines.append(
            f"All is well: the database, and the files of {report.n_recordings} recordings ({looked})."
        )
    lines += [f"Database: {finding}" for finding in report.database[:_SHOWN]]
    if report.media:
        shown = [(problem.recording_id, problem.path, problem.finding) for problem in report.media[:_SHOWN]]
        lines += [
            f"Files that are not as they were: {len(report.media)}",
            "",
            table(shown, ["recording", "file", "finding"]),
        ]
    if report.unknown_files:
        lines.append(f"Files in recordings/ that belong to no recording: {len(report.unknown_files)}")
        lines += [f"  {path}" for path in report.unknown_files[:_SHOWN]]
    longest = max(len(report.database), len(report.media), len(report.unknown_files))
    if longest > _SHOWN:
        lines.append(f"Each list shows {_SHOWN} lines at most; --json has them all.")
    return "\n".join(lines)
