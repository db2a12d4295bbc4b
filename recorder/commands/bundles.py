"""``vpt-studio takes export`` and ``import``: takes in one file, from whoever played to whoever trains."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpt_studio.commands.console import (
    ExitCode,
    LaterProgress,
    StudioCommand,
    answer,
    json_option,
    note,
    problem_words,
    project_option,
    table,
)
from vpt_studio.errors import StudioError
from vpt_studio.words import count_words, duration_words, size_words

if TYPE_CHECKING:
    from recorder.bundles.handover import TakeArrival
    from recorder.bundles.manifest import Manifest
    from vpt_studio.project import Project

# The decoders take half a second to load: each command imports what it uses.


@click.command("export", cls=StudioCommand)
@click.argument("names", nargs=-1, required=True, metavar="TAKE…")
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    help="The new .zip file, or a folder for it.",
)
@project_option
@json_option
def export_command(names: tuple[str, ...], target: Path, project_folder: Path | None, as_json: bool) -> None:
    """Write takes into one file to hand in: a zip with checksums, called a bundle.

    TAKE is a take that waits or, where none of that name does, the id of a kept recording of a human. They
    stay where they are. `vpt-studio takes import` on the other side checks the bundle and brings them in.
    """
    from recorder.bundles.handover import check_bundle, export_bundle
    from vpt_studio.project import Project
    from vpt_studio.recordings.recording import TICK_RATE

    with Project.open(project_folder or Project.find()) as project:
        videos = [_played(project, name) for name in dict.fromkeys(names)]
    with LaterProgress("Checking", hidden=as_json) as bar:
        bundle = export_bundle(videos, target, workers=os.cpu_count() or 1, announce=bar.begin, tell=bar.step)
    manifest = check_bundle(bundle)  # as the other side will see it
    length = bundle.stat().st_size
    ticks = sum(take.ticks for take in manifest.takes)
    count = count_words(len(manifest.takes), "take")
    text = f"{count}, {duration_words(ticks / TICK_RATE)}, {size_words(length)}: {bundle}"
    answer(as_json, {"bundle": bundle, "bytes": length, "takes": _as_json(manifest)}, text)


@click.command("import", cls=StudioCommand)
@click.argument("bundles", nargs=-1, required=True, metavar="BUNDLE…", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Check the bundles and list what is in them.")
@project_option
@json_option
@click.pass_context
def import_command(
    ctx: click.Context,
    bundles: tuple[Path, ...],
    only_check: bool,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Bring the takes of bundles into the project; a folder means all bundles in it.

    A bundle that is not as it was exported is refused as a whole. Then each take is checked as in any import;
    one that cannot be used is left out with one line that says why. Exit status 3 means that something was
    left out, 1 that all was.
    """
    bundles = tuple(dict.fromkeys(found for named in bundles for found in _bundles_in(named)))
    is_done = _list_contents(bundles, as_json) if only_check else _bring_in(bundles, project_folder, as_json)
    if is_done is not ExitCode.DONE:
        ctx.exit(is_done)


def _bundles_in(named: Path) -> list[Path]:
    if not named.is_dir():
        return [named]
    found = sorted(named.glob("*.zip"))
    if not found:
        raise StudioError("there is no bundle in this folder", where=named, mend="Bundles end in .zip")
    return found


def _played(project: Project, name: str) -> Path:
    """One file of the take or recording called `name`."""
    from recorder.takes.waiting import look_for_takes, recover, takes_folder, waiting_take
    from vpt_studio.project.references import files_of
    from vpt_studio.recordings.source import Source

    folder = takes_folder(project.layout.folder)
    takes, troubles = look_for_takes(folder)
    if name in troubles or any(take.name == name for take in takes):
        return recover(waiting_take(folder, name)).video
    if not project.has_recording(name):
        raise StudioError(
            f"there is no take and no recording called {name}",
            where=project.layout.folder,
            mend="vpt-studio takes list names those that wait, recordings list those that are kept",
        )
    row = project.recording(name)
    if row.source is not Source.HUMAN:
        raise StudioError(
            f"{name} was not played by a human",
            where=project.layout.folder,
            mend="vpt-studio recordings export writes recordings of any kind",
        )
    return files_of(project, name)


def _as_json(manifest: Manifest) -> list[dict[str, Any]]:
    return [take.model_dump(mode="json") for take in manifest.takes]


def _list_contents(bundles: tuple[Path, ...], as_json: bool) -> ExitCode:
    from recorder.bundles.handover import check_bundle

    manifests: dict[Path, Manifest] = {}
    refused: list[dict[str, Any]] = []
    for path in bundles:
        try:
            manifests[path] = check_bundle(path)
        except StudioError as error:
            refused.append(_told(path, error, as_json))
    rows = [
        (path.name, take.name, duration_words(take.seconds), take.person, take.task, take.verdict.value)
        for path, manifest in manifests.items()
        for take in manifest.takes
    ]
    contents = {str(path): _as_json(manifest) for path, manifest in manifests.items()}
    text = table(rows, ("bundle", "take", "length", "person", "task", "verdict")) if rows else ""
    answer(as_json, {"bundles": contents, "left_out": refused}, text)
    return _outcome(bool(manifests), bool(refused))


def _bring_in(bundles: tuple[Path, ...], project_folder: Path | None, as_json: bool) -> ExitCode:
    from recorder.bundles.handover import import_bundle
    from vpt_studio.project import Project
    from vpt_studio.recordings.recording import TICK_RATE

    takes: list[TakeArrival] = []
    left_out: list[dict[str, Any]] = []
    with Project.open(project_folder or Project.find()) as project:
        for path in bundles:
            try:
                with LaterProgress("Importing", hidden=as_json) as bar:
                    takes += import_bundle(
                        project, path, workers=os.cpu_count() or 1, announce=bar.begin, tell=bar.step
                    )
            except StudioError as error:
                left_out.append(_told(path, error, as_json))
        new = [take.recording_id for take in takes if take.is_new and take.recording_id]
        ticks = sum(project.recording(recording_id).duration_ticks for recording_id in new)
    if not as_json:
        for problem in (problem for take in takes for problem in take.problems):
            note(problem_words(problem, bundles))
    refused = len(left_out)
    without = [take for take in takes if take.recording_id is None]
    known = [
        {"name": take.name, "id": take.recording_id}
        for take in takes
        if not take.is_new and take.recording_id
    ]
    flaws = [problem.as_json() for take in takes if take.recording_id for problem in take.problems]
    left_out += [problem.as_json() for take in without for problem in take.problems]
    data = {"imported": new, "already_there": known, "left_out": left_out, "flaws": flaws}
    text = f"{count_words(len(new), 'take')} in ({duration_words(ticks / TICK_RATE)})"
    text += f", {len(known)} already there" if known else ""
    text += f", {count_words(len(without), 'take')} left out, see above" if without else ""
    text += f", {count_words(refused, 'bundle')} refused, see above" if refused else ""
    answer(as_json, data, text)
    return _outcome(bool(new or known), bool(left_out))


def _told(path: Path, error: StudioError, as_json: bool) -> dict[str, Any]:
    from vpt_studio.recordings.problems import Severity, problem

    if not as_json:
        note(f"Left out: {error}")
    return problem(Severity.ERROR, path, "", error.what, error.mend or "It was left out").as_json()


def _outcome(something: bool, left_out: bool) -> ExitCode:
    if not left_out:
        return ExitCode.DONE
    return ExitCode.PARTLY_DONE if something else ExitCode.FAILED
