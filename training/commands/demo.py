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

#: Minutes of training: enough to see the made scene learned, and what the aim for real play is stated for.
_MINUTES_MADE, _MINUTES_DATA = 3.0, 10.0


@click.command(cls=StudioCommand)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    help="A folder of recordings. Default: three clips made here.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where the project, the film and the report go.",
)
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True),
              help="Minutes of training. Default: 3, or 10 with --data.")  # fmt: skip
@click.option(
    "--held-out",
    multiple=True,
    metavar="RECORDING",
    help="Recording to test on; may be repeated. Default: a quarter of them.",
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
    from training.demo.showing import show_result
    from training.idm_runs import IdmRunOptions, prepare_idm_run
    from training.launcher import start
    from training.runs import RunState
    from vpt_studio.errors import StudioError
    from vpt_studio.project import Project
    from vpt_studio.project.importing import ImportOptions, import_recordings

    minutes = minutes or (_MINUTES_MADE if data is None else _MINUTES_DATA)
    say = (lambda _text: None) if as_json else note
    source = _made_clips(out, seed, as_json) if data is None else data
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


def _made_clips(out: Path, seed: int, quiet: bool) -> Path:
    from training.demo.clips import make_clips

    folder = out / "clips"
    with progress("Making clips", 3 * 60 * 20, hidden=quiet) as bar:
        make_clips(folder, count=3, seconds=60.0, seed=seed, tell=bar.update)
    return folder
