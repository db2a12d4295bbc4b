"""``vpt-studio idm``: train, evaluate and use an inverse dynamics model."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from training.commands.idm_audit import audit_command
from training.commands.idm_predict import predict_command
from training.commands.words import PresetWord, RecipeWord, checkpoint_option, demand_settings
from vpt_studio.commands.console import (
    ExitCode,
    StudioGroup,
    answer,
    json_option,
    note,
    progress,
    project_option,
    table,
)
from vpt_studio.words import count_words

# torch takes seconds to import: the commands that need it import it themselves.


@click.group(cls=StudioGroup)
def idm() -> None:
    """Train, evaluate and use an inverse dynamics model (IDM): which keys caused what a video shows.

    CHECKPOINT is an export folder, an OpenAI .model file with its .weights beside it, a run's folder, or
    the id of a run of the project, or its name where only one run has it.
    """


idm.add_command(audit_command)
idm.add_command(predict_command)


@idm.command("train")
@click.argument("recordings", nargs=-1, metavar="[RECORDING…]")
@click.option(
    "--held-out", multiple=True, metavar="RECORDING", help="Keep this one for evaluation; may be repeated."
)
@click.option("--held-out-share", type=click.FloatRange(0, 0.9), default=0.25, show_default=True,
              help="Without --held-out: share of the recordings to keep for evaluation.")  # fmt: skip
@click.option("--recipe", type=RecipeWord(), default="laptop", show_default=True,
              help="Settings to start from: laptop (30 minutes), hour or paper (172,441 steps).")  # fmt: skip
@click.option("--config", "config_file", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="A YAML file of settings, put over the recipe.")  # fmt: skip
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="One setting, such as optimiser.learning_rate=3e-4.",
)
@click.option("--preset", type=PresetWord(), help="Size of the network, such as nano.")
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True),
              help="Train so long; with --steps too, until whichever comes first.")  # fmt: skip
@click.option("--steps", type=click.IntRange(1),
              help="Train so many steps; without --minutes, repeatable to the bit.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), help="Start of every random choice.")
@click.option("--name", help="What to call the run.")
@click.option("--detach", is_flag=True, help="Do not follow the run; it goes on in the background.")
@project_option
@json_option
@click.pass_context
def train_command(
    ctx: click.Context,
    recordings: tuple[str, ...],
    held_out: tuple[str, ...],
    held_out_share: float,
    recipe: str,
    config_file: Path | None,
    overrides: tuple[str, ...],
    preset: str | None,
    minutes: float | None,
    steps: int | None,
    seed: int | None,
    name: str | None,
    detach: bool,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Train an IDM on recordings of the project.

    Without names, it learns from all that have actions, except those whose actions an IDM predicted. Without
    --minutes and --steps, it trains as long as the recipe says: 30 minutes with laptop.

    Training runs in a process of its own that goes on when this one is killed. Ctrl-C stops it and
    saves; `vpt-studio runs resume` takes it up again.
    """
    demand_settings(recipe, config_file, overrides)
    from training.commands.following import ending_text, follow, latest_scores
    from training.commands.runs import total_seconds
    from training.idm_runs import IdmRunOptions, prepare_idm_run
    from training.launcher import start
    from training.runs import read_run
    from vpt_studio.project import Project

    chosen: dict[str, Any] = {"preset": preset, "minutes": minutes, "steps": steps, "seed": seed}
    with Project.open(project_folder or Project.find()) as project:
        run_dir, config = prepare_idm_run(
            project,
            IdmRunOptions(
                recordings=recordings,
                held_out=held_out,
                held_out_share=held_out_share,
                recipe=recipe,
                config_file=config_file,
                overrides=overrides,
                name=name,
                **chosen,
            ),
            (lambda _line: None) if as_json else note,
        )
    if not as_json:
        note(f"{run_dir.name}: {count_words(len(config.data.recordings), 'recording')} to learn from,"
             f" {len(config.data.held_out)} held out")  # fmt: skip
    record = start(run_dir)
    if detach:
        answer(as_json, {"run": record.id, "state": record.state}, f"{record.id} {record.state.value}")
        return
    followed = follow(run_dir, quiet=as_json, total_seconds=total_seconds(run_dir))
    record = followed.record
    data = {
        "run": record.id,
        "state": record.state,
        "step": record.step,
        "training_seconds": record.training_seconds,
        "held_out": latest_scores(run_dir),
        "cause": None if record.cause is None else record.cause.sentence,
        "left_out": [asdict(part) for part in record.left_out],
    }
    answer(as_json, data, ending_text(read_run(run_dir), run_dir))
    ctx.exit(followed.exit_code)


@idm.command("evaluate")
@checkpoint_option
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING…")
@click.option("--conversion", type=click.Choice(["exact", "published"]), default="exact", show_default=True,
              help="How raw input becomes the true actions.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1), help="Processor threads to use.")
@project_option
@json_option
@click.pass_context
def evaluate_command(
    ctx: click.Context,
    checkpoint: str,
    recordings: tuple[str, ...],
    conversion: str,
    threads: int | None,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Compare predictions with what was really done, beside always predicting nothing.

    RECORDING may also be a folder of recordings. Those without known actions, or that cannot be read, are
    left out.
    """
    import torch

    from training.evaluation import evaluate_checkpoint, learned_from, open_measurable
    from training.run_models import resolve_checkpoint
    from vpt_studio.actions.tick_conversion import CONVERSIONS
    from vpt_studio.errors import StudioError
    from vpt_studio.models.checkpoints import load_inverse_dynamics
    from vpt_studio.project.references import resolve_all

    if threads is not None:
        torch.set_num_threads(threads)
    model = load_inverse_dynamics(resolve_checkpoint(checkpoint, project_folder))
    found = resolve_all(recordings, project_folder)
    left_out = [StudioError(part.what, where=part.file, mend=part.mend) for part in found.problems]
    for error in left_out:
        note(f"Left out: {error}")

    def leave_out(error: StudioError) -> None:
        left_out.append(error)
        note(f"Left out: {error}")

    opened = open_measurable(found, leave_out)
    if not opened:
        raise left_out[0]
    total = sum(map(len, opened))
    remembered = learned_from(model, opened)
    with progress("Predicting", total, hidden=as_json) as bar:
        evaluation = evaluate_checkpoint(
            model, opened, CONVERSIONS[conversion], tell=bar.update, unusable=leave_out
        )
    text = table(evaluation.rows(), ("score", "predictions", "null", "ceiling"))
    keys = [
        (key, score.held, score.predicted, f"{score.accuracy:.1%}", f"{score.null_accuracy:.1%}",
         "-" if score.f1 is None else f"{score.f1:.3f}")
        for key, score in evaluation.keys.items()
        if score.held or score.predicted
    ]  # fmt: skip
    text += "\n\n" + table(keys, ("key", "held", "predicted", "accuracy", "null", "F1"))
    text += (
        f"\n\n{evaluation.ticks:,} ticks of {count_words(evaluation.recordings, 'recording')};"
        f" something is done in {evaluation.non_null_share:.1%} of them"
    )
    names = [recording.name for recording in remembered]
    if names:
        note(f"The model has learned from {', '.join(names)}:"
             " the scores tell what it remembers of that, not what it makes of new play.")  # fmt: skip
    told = {**evaluation.as_json(), "learned_from": names, "left_out": [part.as_json() for part in left_out]}
    answer(as_json, told, text)
    if left_out:
        ctx.exit(ExitCode.PARTLY_DONE)
