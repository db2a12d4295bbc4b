"""Evaluating an inverse dynamics model on recordings whose actions are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from training.idm_metrics import Evaluation, evaluate_predictions
from training.sliding_windows import Predictions, predict
from vpt_studio.actions import Actions, Conversion
from vpt_studio.actions.tick_conversion import EXACT
from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.models.checkpoints import Checkpoint
from vpt_studio.recordings.files import FoundRecordings
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.video import UnreadableVideoError


def evaluate_checkpoint(
    checkpoint: Checkpoint,
    recordings: Sequence[Recording],
    conversion: Conversion = EXACT,
    *,
    keep: Callable[[Recording, Predictions], None] | None = None,
    tell: Callable[[int], None] | None = None,
    unusable: Callable[[UnreadableVideoError], None] | None = None,
) -> Evaluation:
    """Predict `recordings` and compare with what was really done, over the ticks whose action is known.

    Args:
        checkpoint: The model.
        recordings: Recordings with actions.
        conversion: How their raw input becomes actions.
        keep: Called with each recording's predictions, for films and reports.
        tell: Called with the number of ticks that have just been predicted.
        unusable: Called with why a recording cannot be decoded, which is then left out; without it, or where
            none is left, that ends the work.

    Raises:
        StudioError: A recording has no known actions, or cannot be decoded.
    """
    predicted, mean_camera, true = [], [], list[Actions]()
    for recording in recordings:
        truth = recording.converted(conversion).actions
        known = recording.known
        if not known.any():
            raise StudioError("no tick's action is known", where=recording.video_path)
        try:
            # Opens its video again whenever it is read; kept open, many reach the system's limit.
            with recording:
                ticks, seams = len(recording), recording.seams.tolist()
                guess = predict(checkpoint, recording.model_frames, ticks, seams=seams, tell=tell)
        except UnreadableVideoError as error:
            if unusable is None or (recording is recordings[-1] and not true):
                raise
            unusable(error)
            continue
        if keep is not None:
            keep(recording, guess)
        predicted.append(Actions(guess.actions.buttons[known], guess.actions.camera[known]))
        mean_camera.append(guess.mean_camera[known])
        true.append(Actions(truth.buttons[known], truth.camera[known]))
    return evaluate_predictions(predicted, true, checkpoint.camera, mean_camera=mean_camera)


def open_measurable(found: FoundRecordings, left_out: Callable[[StudioError], None]) -> list[Recording]:
    """Those of `found` with known actions and a video that opens; `left_out` is told of the others."""
    opened = []
    for files in found.recordings:
        try:
            version = found.versions.get(files, "")
            recording = Recording.open(files.folder / files.stem, recorder_version=version)
            with recording:  # all open at once would be more files than systems allow
                if not recording.known.any():
                    raise StudioError(
                        "it has no actions to compare predictions with",
                        where=recording.video_path,
                        mend="Label it: vpt-studio idm predict",
                    )
                len(recording)
        except StudioError as error:
            left_out(error)
            continue
        opened.append(recording)
    return opened


def learned_from(checkpoint: Checkpoint, recordings: Sequence[Recording]) -> list[Recording]:
    """Those of `recordings` whose video the model was trained on, as far as its lineage says.

    Scores on them tell what it remembers, not what it can do.
    """
    taught = checkpoint.lineage.get("recordings")
    hashes = {
        part["video_sha256"]
        for part in (taught if isinstance(taught, list) else [])
        if isinstance(part, dict) and isinstance(part.get("video_sha256"), str)
    }
    if not hashes:
        return []
    return [recording for recording in recordings if sha256_of(recording.video_path) in hashes]
