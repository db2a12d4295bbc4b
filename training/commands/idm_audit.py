"""``vpt-studio idm audit``: where a recording's log and an IDM disagree for long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
from vpt_studio.words import count_words

# torch takes seconds to import: the command imports it itself.


@click.command("audit", cls=StudioCommand)
@checkpoint_option
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING…")
@click.option("--threads", type=click.IntRange(1), help="Processor threads to use.")
@project_option
@json_option
@click.pass_context
def audit_command(
    ctx: click.Context,
    checkpoint: str,
    recordings: tuple[str, ...],
    threads: int | None,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """List where a recording's log and an IDM disagree for long: there, look.

    RECORDING may also be a take's video or a folder. A span is listed where over 2 seconds the disagreement
    over a button, the camera, or all of them is far beyond what is usual between this model and this
    recording (7 standard deviations, and 1 nat a tick). The model may be wrong there, or the log. The Player
    shows each tick of it: open the recording, ask the IDM (C), and go through the differences (D).
    """
    import torch

    from training.audit import audit
    from training.audit_words import audit_as_json, audit_in_words
    from training.evaluation import learned_from, open_measurable
    from training.run_models import resolve_checkpoint
    from training.sliding_windows import predict
    from vpt_studio.errors import StudioError
    from vpt_studio.models.checkpoints import load_inverse_dynamics
    from vpt_studio.project.references import resolve_all

    if threads is not None:
        torch.set_num_threads(threads)
    model = load_inverse_dynamics(resolve_checkpoint(checkpoint, project_folder))
    found = resolve_all(recordings, project_folder)
    left_out = [StudioError(part.what, where=part.file, mend=part.mend) for part in found.problems]
    opened = open_measurable(found, left_out.append)
    if not opened and left_out:
        raise left_out[0]
    remembered = {recording.name for recording in learned_from(model, opened)}
    audited: list[dict[str, Any]] = []
    text: list[str] = []
    for recording in opened:
        try:
            with recording, progress(recording.name, len(recording), hidden=as_json) as bar:
                ticks, seams = len(recording), recording.seams.tolist()
                seen = predict(model, recording.model_frames, ticks, seams=seams, tell=bar.update)
                found_there = audit(seen, recording.converted().actions, recording.known, model.camera)
        except StudioError as error:
            left_out.append(error)
            continue
        said = audit_in_words(found_there)
        spans = len(found_there.spans)
        text.append(f"{recording.name}: {count_words(spans, 'span') if spans else 'nothing'} to look at")
        text += [f"  {line}" for line in said]
        if recording.name in remembered:
            text.append("  the model has learned from this recording: it may have learned its errors, too")
        audited.append(
            {
                "recording": recording.name,
                "learned_from": recording.name in remembered,
                **audit_as_json(found_there),
            }
        )
    if any(entry["spans"] for entry in audited):
        text.append("In the Player, C asks the IDM and D goes through what differs.")
    for reason in left_out:
        note(f"Left out: {reason}")
    answer(as_json, {"audited": audited, "left_out": [part.as_json() for part in left_out]}, "\n".join(text))
    if left_out:
        ctx.exit(ExitCode.PARTLY_DONE if audited else ExitCode.FAILED)
