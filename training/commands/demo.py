"""``vpt-studio demo``: the main job from end to end, with a film and a report to look at."""

from __future__ import annotations

from pathlib import Path

import click

from vpt_studio.commands.console import (
    ExitCode,
    LaterProgress,
    StudioCommand,
    answer,
    json_option,
    note,
    progress,
)

#: Minutes of training: enough to see that something is learned, and what the aim for real play is stated for.
_MINUTES_SCRIPTED, _MINUTES_DATA = 4.0, 10.0

#: Of each recording of scripted play, and how many ticks into a game of the brisk world they begin.
_SECONDS, _HEAD_STARTS = 45.0, (0, 400, 900, 1600, 2400, 3200)


@click.command(cls=StudioCommand)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    help="A folder of recordings. Default: scripted contractors play for six minutes.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where the project, the film and the report go.",
)
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True),
              help="Minutes of training. Default: 4, or 10 with --data.")  # fmt: skip
@click.option(
    "--held-out",
    multiple=True,
    metavar="RECORDING",
    help="Recording to test on; may be repeated. Default: other players, or a quarter of --data.",
)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="A setting of the training.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Start of every random choice."
)
@json_option
@click.pass_context
def demo(
    ctx: click.Context,
    data: Path | None,
    out: Path,
    minutes: float | None,
    held_out: tuple[str, ...],
    overrides: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Import play with its inputs, train an IDM on some of it, test it on the rest, and show the result.

    Training goes on in a process of its own; Ctrl-C stops it and shows what it has learned so far.
    """
    from training.commands.following import ending_text, follow
    from training.demo_result import show_result
    from training.idm_runs import IdmRunOptions, prepare_idm_run
    from training.launcher import start
    from training.runs import RunState
    from vpt_studio.errors import StudioError
    from vpt_studio.project import Project
    from vpt_studio.project.importing import ImportOptions, import_recordings

    minutes = minutes or (_MINUTES_SCRIPTED if data is None else _MINUTES_DATA)
    say = (lambda _text: None) if as_json else note
    source = data
    if source is None:
        say("Contractors play in the built-in world")
        source, apart = _scripted_play(out, seed, as_json)
        held_out = held_out or apart
    project_folder = out / "project"
    exists = (project_folder / "project.db").is_file()
    with Project.open(project_folder) if exists else Project.create(project_folder, "demo") as project:
        say(f"Importing {source}")
        with LaterProgress("Importing", hidden=as_json) as bar:
            options = ImportOptions(refer=True)
            report = import_recordings(project, [source], options, announce=bar.begin, tell=bar.step)
        for problem in (*report.left_out, *report.flaws):
            note(str(problem))
        ids = [row.id for row in report.imported] + [known for _, known in report.known]
        taught = tuple(name for name in ids if project.recording(name).actions is not None)
        if len(taught) < 2:
            raise StudioError(
                f"{len(taught)} recordings with actions are too few",
                where=source,
                mend="One to learn from and one to test on are needed",
            )
        say(f"{len(report.imported)} in, {len(report.known)} already there, {len(report.left_out)} left out")
        run_dir, config = prepare_idm_run(
            project,
            IdmRunOptions(
                recordings=taught,
                held_out=held_out,
                minutes=minutes,
                seed=seed,
                overrides=(*overrides, f"training.evaluate_every_minutes={max(minutes / 5, 0.25)}"),
            ),
            say,
        )
    learned, tested = config.data.recordings, config.data.held_out
    say(
        f"Training {run_dir.name} for {minutes:g} min on {', '.join(learned)}; testing on {', '.join(tested)}"
    )
    start(run_dir)
    record = follow(run_dir, quiet=as_json, total_seconds=minutes * 60).record
    if record.state in {RunState.FAILED, RunState.LOST}:
        note(ending_text(record, run_dir))
        note(f"Its log: {run_dir / 'log.txt'}")
        ctx.exit(ExitCode.FAILED)
    result = show_result(run_dir, config, project_folder, out / run_dir.name, quiet=as_json)
    answer(as_json, result.as_json(), result.text())


def _scripted_play(out: Path, seed: int, quiet: bool) -> tuple[Path, tuple[str, ...]]:
    """Play to learn from, and that of other contractors to test on: the folder, and the latter's names."""
    from vpt_studio.commands.world import make_world_ready
    from vpt_studio.contractors import HELD_OUT_STYLES, STYLES
    from vpt_studio.demo_data.plan import short_takes
    from vpt_studio.demo_data.takes import make_takes

    folder = out / "scripted play"
    make_world_ready(hidden=quiet)
    taught = short_takes(tuple(STYLES), _SECONDS, "brisk", seed, _HEAD_STARTS)
    tested = short_takes(tuple(HELD_OUT_STYLES), _SECONDS, "brisk", seed + 1, _HEAD_STARTS)
    total = sum(plan.head_start + plan.ticks for plan in (*taught, *tested))
    with progress("Playing", total, hidden=quiet) as bar:
        make_takes([*taught, *tested], folder, tell=bar.update)
    return folder, tuple(plan.name for plan in tested)
