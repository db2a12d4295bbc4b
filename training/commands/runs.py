"""``vpt-studio runs``: list, watch, stop and resume training runs."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from training.commands.words import RunWord, StateWord
from vpt_studio.commands.console import StudioGroup, answer, json_option, project_option, table
from vpt_studio.errors import StudioError
from vpt_studio.words import duration_words

if TYPE_CHECKING:
    from training.runs import RunRecord

# Launcher, project and torch's neighbours take long to import: --help need not pay for them.


@click.group(cls=StudioGroup)
def runs() -> None:
    """List, watch, stop and resume training runs. RUN is a run's id, its name, or its folder."""


run_argument = click.argument("run", metavar="RUN", type=RunWord())


@runs.command("list")
@click.option("--state", type=StateWord(), help="Only runs in this state.")
@project_option
@json_option
def list_command(state: str | None, project_folder: Path | None, as_json: bool) -> None:
    """List the project's runs, newest first."""
    from training.commands.following import state_words
    from training.runs import list_runs

    rows = [row for row in list_runs(_runs_folder(project_folder)) if state is None or row.state == state]
    data = [{**asdict(row), "path": row.path.name} for row in rows]
    lines = [
        (
            row.id,
            "" if row.name == row.id else row.name,
            row.problem or state_words(row.state) + (f", {row.doing}" if row.doing else ""),
            row.stage,
            f"{row.step:,}" + (f" of {row.total_steps:,}" if row.total_steps else ""),
            duration_words(row.training_seconds),
            "" if row.eta_seconds is None else duration_words(row.eta_seconds),
            "" if row.best is None else f"{row.best.name.removeprefix('held_out/')} {row.best.value:.3f}",
            "" if row.cause is None else row.cause.sentence,
        )
        for row in rows
    ]
    headers = ("id", "name", "state", "stage", "step", "trained", "left", "best", "cause")
    answer(
        as_json, {"runs": data}, table(lines, headers) if rows else "No runs. Start one: vpt-studio idm train"
    )


@runs.command("show")
@run_argument
@project_option
@json_option
def show_command(run: str, project_folder: Path | None, as_json: bool) -> None:
    """Say how a run stands: state, progress, last measurements."""
    from training.commands.following import run_words, state_words
    from training.runs import present_metrics, read_metrics, read_run

    folder = find_run(run, project_folder)
    record = read_run(folder)
    measured: dict[str, Any] = {}
    for row in present_metrics(read_metrics(folder).rows):
        measured.update({name: value for name, value in row.items() if "/" in name})
    lines = [f"{run_words(record)}  {state_words(record.state)}  attempt {record.attempt}"]
    if record.doing is not None:
        lines.append(f"doing     {record.doing}")
    lines.extend(str(left_out) for left_out in record.left_out)
    if record.prepared is not None:
        lines.append(f"prepared  {record.prepared:.0%}")
    lines.append(f"step      {record.step:,}" + (f" of {record.total_steps:,}" if record.total_steps else ""))
    lines.append(f"trained   {duration_words(record.training_seconds)}")
    if record.eta_seconds is not None:
        lines.append(f"left      {duration_words(record.eta_seconds)}")
    if record.cause is not None:
        lines.append(f"cause     {record.cause.sentence}. {record.cause.remedy}.")
    lines.extend(f"{name:32} {value:.4g}" for name, value in sorted(measured.items()))
    answer(as_json, {**asdict(record), "metrics": measured}, "\n".join(lines))


@runs.command("log")
@run_argument
@click.option("--follow", "-f", "following", is_flag=True, help="Go on until the run ends.")
@project_option
@json_option
def log_command(run: str, following: bool, project_folder: Path | None, as_json: bool) -> None:
    """Print a run's log. With --json it comes as one answer, once the run has ended where it is followed."""
    from training.runs import ENDED, read_log, read_run

    folder = find_run(run, project_folder)
    offset, lines = 0, list[str]()
    while True:
        ended = (
            read_run(folder).state in ENDED
        )  # asked before reading, so that nothing written last is missed
        part = read_log(folder, offset)
        if as_json:
            lines += part.text.splitlines()
        else:
            click.echo(part.text, nl=False)
        offset = part.offset
        if not following or ended:
            answer(as_json, {"run": folder.name, "lines": lines}, "")
            return
        time.sleep(0.3)


@runs.command("stop")
@run_argument
@click.option("--kill", "by_force", is_flag=True, help="Kill it instead; work since its last save is lost.")
@click.option("--no-wait", is_flag=True, help="Ask, and do not wait until it has saved.")
@project_option
@json_option
def stop_command(run: str, by_force: bool, no_wait: bool, project_folder: Path | None, as_json: bool) -> None:
    """Stop a run at the end of its step and save, so that it can be resumed."""
    from training.launcher import kill, request_stop, wait
    from training.runs import read_run

    folder = find_run(run, project_folder)
    if by_force:
        record = kill(folder)
    else:
        request_stop(folder)
        record = read_run(folder) if no_wait else wait(folder)
    _tell(record, folder, as_json)


@runs.command("pause")
@run_argument
@project_option
@json_option
def pause_command(run: str, project_folder: Path | None, as_json: bool) -> None:
    """Ask a run to pause at the end of its step; its process stays and keeps its memory."""
    from training.launcher import request_pause, wait
    from training.runs import ENDED, RunState

    folder = find_run(run, project_folder)
    request_pause(folder)
    _tell(wait(folder, until={RunState.PAUSED, *ENDED}), folder, as_json)


@runs.command("resume")
@run_argument
@click.option("--detach", is_flag=True, help="Do not follow it; it runs in the background.")
@project_option
@json_option
@click.pass_context
def resume_command(
    ctx: click.Context, run: str, detach: bool, project_folder: Path | None, as_json: bool
) -> None:
    """Let a paused run go on, or take up a stopped, failed or lost one where it saved last."""
    from training.commands.following import follow
    from training.launcher import request_continue, resume
    from training.runs import RunState, read_run

    folder = find_run(run, project_folder)
    if read_run(folder).state is RunState.PAUSED:
        request_continue(folder)
        record = read_run(folder)
    else:
        record = resume(folder)
    if detach:
        _tell(record, folder, as_json)
        return
    followed = follow(folder, quiet=as_json, total_seconds=total_seconds(folder))
    _tell(followed.record, folder, as_json)
    ctx.exit(followed.exit_code)


def find_run(name: str, project_folder: Path | None) -> Path:
    """The folder of the run called `name`: a path, or an id or a name in the project.

    Raises:
        StudioError: There is no such run, or several have this name.
    """
    from training.runs.naming import run_called

    if (Path(name) / "state.json").is_file():
        return Path(name).resolve()
    folder = run_called(_runs_folder(project_folder), name)
    if folder is None:
        raise StudioError("there is no such run", where=name, mend="vpt-studio runs list shows them")
    return folder


def total_seconds(run_dir: Path) -> float | None:
    """The training time after which the run is done, None where steps decide."""
    from training.configs import read_settings

    minutes = read_settings(run_dir / "config.yaml").get("training", {}).get("minutes")
    return None if minutes is None else float(minutes) * 60


def _runs_folder(project_folder: Path | None) -> Path:
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as project:
        return project.layout.runs


def _tell(record: RunRecord, folder: Path, as_json: bool) -> None:
    from training.commands.following import ending_text, latest_scores
    from training.runs import ENDED

    data = {**asdict(record), "held_out": latest_scores(folder)}
    text = ending_text(record, folder) if record.state in ENDED else f"{record.id} {record.state.value}"
    answer(as_json, data, text)
