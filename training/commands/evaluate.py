"""``vpt-studio evaluate``: how well a policy plays, beside others on the same seeds."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpt_studio.commands.console import (
    ExitCode,
    StudioCommand,
    answer,
    json_option,
    note,
    progress,
    project_option,
    table,
)
from vpt_studio.words import count_words, duration_words

if TYPE_CHECKING:
    from vpt_studio.playing.results import Result, Results, Subject

_TICKS_PER_SECOND = 20


@click.command("evaluate", cls=StudioCommand)
@click.option("--checkpoint", metavar="CHECKPOINT",
              help="The policy: an export folder, an OpenAI .model file, or a run.")  # fmt: skip
@click.option("--suite", "suite_name", metavar="NAME",
              help="A suite of ours, or a YAML file of yours. Default: early-game.")  # fmt: skip
@click.option("--list", "list_suites", is_flag=True, help="List the suites, and do nothing else.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False),
              help="For the results. Default: one in 'evaluations', in the project if any.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1), help="Processes. Default: one per core.")
@click.option("--temperature", type=click.FloatRange(0, min_open=True), default=1.0, show_default=True,
              help="Of the policy's choice: less is more decided.")  # fmt: skip
@click.option("--greedy", is_flag=True, help="Always do what is likeliest.")
@project_option
@json_option
@click.pass_context
def evaluate_command(
    ctx: click.Context,
    checkpoint: str | None,
    suite_name: str | None,
    list_suites: bool,
    out: Path | None,
    workers: int | None,
    temperature: float,
    greedy: bool,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Let a policy play a suite of the built-in world, and tell how well it does.

    Beside it, on the same seeds, play one who does nothing, one who does anything, and a scripted contractor.
    An episode lasts as long as the suite says; a death does not end it. Episodes are kept as they end: the
    same command goes on where it was broken off, and tries those again that failed. The number of workers
    changes nothing in the results.
    """
    if list_suites:
        _list_suites(as_json)
        return
    if checkpoint is None:
        raise click.UsageError("Missing option '--checkpoint'.")
    from training.commands.evaluation_text import summary_text
    from training.run_models import resolve_checkpoint
    from vpt_studio.commands.world import make_world_ready
    from vpt_studio.playing.evaluation import Evaluation, evaluate
    from vpt_studio.playing.results import Results
    from vpt_studio.playing.suites import DEFAULT, read_suite

    suite = read_suite(suite_name or DEFAULT)
    place = resolve_checkpoint(checkpoint, project_folder)
    subject = _subject(suite, place, temperature, greedy)
    folder = out or _usual_folder(subject, project_folder)
    evaluation = Evaluation(suite, str(place), temperature, greedy)
    failures: list[Result] = []

    def failed(result: Result) -> None:
        failures.append(result)
        note(f"Failed: {result.player}, seed {result.seed}: {result.failure}")

    with Results(folder, subject) as results:
        plans = evaluation.missing(results)
        if plans:
            kept = len(evaluation.plans()) - len(plans)
            length = duration_words(suite.ticks / _TICKS_PER_SECOND)
            note(f"{count_words(len(plans), 'episode')} of {length} to play"
                 + (f", {kept} were played before" if kept else ""))  # fmt: skip
            make_world_ready(hidden=as_json)
            try:
                with progress("Playing", suite.ticks * len(plans), hidden=as_json) as bar:
                    evaluate(evaluation, results, workers=workers or os.cpu_count() or 1, tell=bar.update,
                             failed=failed)  # fmt: skip
            except KeyboardInterrupt:
                done = len(evaluation.plans()) - len(evaluation.missing(results))
                note(f"{done} of {len(evaluation.plans())} episodes are kept in {folder};"
                     " the same command goes on with the others.")  # fmt: skip
                raise
        missing = len(evaluation.missing(results))
        told = _told(subject, results)
        results.summarised(told)
    answer(as_json, {"folder": folder, **told}, f"{summary_text(told)}\n\nKept in {folder}")
    if missing:
        note(f"{count_words(missing, 'episode')} failed; the same command tries them again.")
        ctx.exit(ExitCode.PARTLY_DONE)


def _list_suites(as_json: bool) -> None:
    from vpt_studio.playing.suites import read_suite, suite_names

    suites = [read_suite(name) for name in suite_names()]
    rows = [
        [suite.name, suite.version, suite.preset, len(suite.seeds),
         duration_words(suite.ticks / _TICKS_PER_SECOND), suite.title]
        for suite in suites
    ]  # fmt: skip
    data = {"suites": [suite.model_dump(mode="json") for suite in suites]}
    answer(as_json, data, table(rows, ["suite", "version", "world", "episodes", "of", "what it is for"]))


def _subject(suite: Any, place: Path, temperature: float, greedy: bool) -> Subject:
    from training.run_models import checkpoint_name
    from vpt_studio.demo_data.takes import PLAY_VERSION
    from vpt_studio.errors import StudioError
    from vpt_studio.models.checkpoint_facts import facts_of
    from vpt_studio.models.checkpoint_trial import hashes_of
    from vpt_studio.playing.results import Subject

    if facts_of(place)["kind"] != "policy":
        raise StudioError("this is an inverse dynamics model, not a policy", where=place)
    files = {part["name"]: part["sha256"] for part in hashes_of(place)}
    return Subject(suite, checkpoint_name(place), files, temperature, greedy, PLAY_VERSION)


def _usual_folder(subject: Subject, project_folder: Path | None) -> Path:
    from contextlib import suppress

    from vpt_studio.errors import StudioError
    from vpt_studio.project import Project

    with suppress(StudioError):
        project_folder = project_folder or Project.find()
    digest = next(iter(subject.files.values()))[:8]
    how = "-greedy" if subject.greedy else f"-t{subject.temperature:g}" if subject.temperature != 1 else ""
    name = f"{subject.suite.name}-{subject.suite.version}-{subject.checkpoint}-{digest}{how}"
    return (project_folder or Path()) / "evaluations" / name


def _told(subject: Subject, results: Results) -> dict[str, Any]:
    from vpt_studio.playing.evaluation import PLAYERS
    from vpt_studio.playing.summary import summary_of

    players = {}
    for name in PLAYERS:
        attempts = [each for each in results.attempts if each.player == name]
        summary = summary_of(attempts)
        players[name] = {**asdict(summary), "few": summary.few}
    return {**subject.as_json(), "players": players}
