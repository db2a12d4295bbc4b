"""``vpt-studio idm predict``: label videos with the actions an IDM sees in them."""

from __future__ import annotations

from pathlib import Path

import click

from training.commands.words import checkpoint_option
from vpt_studio.commands.console import (
    ExitCode,
    StudioCommand,
    answer,
    json_option,
    note,
    progress,
    project_option,
)
from vpt_studio.words import count_words, duration_words

# torch takes seconds to import: the command imports it itself.


@click.command("predict", cls=StudioCommand)
@checkpoint_option
@click.argument("videos", nargs=-1, required=True, metavar="VIDEO…")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the labels."
)
@click.option("--threads", type=click.IntRange(1), help="Processor threads to use.")
@click.option("--device", default="cpu", show_default=True,
              help="Where to compute, as PyTorch calls it, such as cuda.")  # fmt: skip
@project_option
@json_option
@click.pass_context
def predict_command(
    ctx: click.Context,
    checkpoint: str,
    videos: tuple[str, ...],
    out: Path,
    threads: int | None,
    device: str,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Label videos: write the actions an IDM sees in each as a recording that refers to the video.

    VIDEO may also be a recording or a folder. Actions that a recording has are not looked at.
    """
    import torch

    from training.pseudo_labels import (
        LabelsUnwritableError,
        demand_writable,
        label_video,
        open_pictures,
        weights_hash,
    )
    from training.run_models import resolve_checkpoint
    from vpt_studio.errors import StudioError
    from vpt_studio.models.checkpoints import load_inverse_dynamics
    from vpt_studio.models.devices import move_to
    from vpt_studio.project.references import resolve_all

    if threads is not None:
        torch.set_num_threads(threads)
    demand_writable(out)
    place = resolve_checkpoint(checkpoint, project_folder)
    model, digest = load_inverse_dynamics(place), weights_hash(place)
    move_to(device, model.model)
    found = resolve_all(videos, project_folder)
    written, left_out = [], [problem.as_json() for problem in found.problems]
    damaged = False
    for problem in found.problems:
        note(str(problem))
    for files in found.recordings:
        try:
            with (
                open_pictures(files.folder / files.stem) as pictures,
                progress(pictures.name, len(pictures), hidden=as_json) as bar,
            ):
                labels = label_video(model, digest, pictures, out, tell=bar.update)
        except StudioError as error:
            left_out.append(error.as_json())
            note(f"Left out: {error}")
            if isinstance(error, LabelsUnwritableError):
                break  # the next video would be predicted in vain
            continue
        written.append(
            {"recording": labels.sidecar, "ticks": labels.ticks, "mean_confidence": labels.mean_confidence,
             "unknown": labels.unknown}
        )  # fmt: skip
        if labels.damage is not None:
            damaged = True
            note(f"{labels.damage.where}: {labels.damage.what}; {count_words(labels.unknown, 'tick')} from"
                 " there to the next key frame are unknown.")  # fmt: skip
        if not as_json:
            note(f"{labels.sidecar}: {duration_words(labels.ticks / 20)},"
                 f" mean confidence {labels.mean_confidence:.1%}")  # fmt: skip
    answer(as_json, {"written": written, "left_out": left_out}, f"{len(written)} labelled in {out}")
    if left_out or damaged:
        ctx.exit(ExitCode.PARTLY_DONE if written else ExitCode.FAILED)
