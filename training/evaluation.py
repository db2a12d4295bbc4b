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
from vpt_studio.recordings.recording import Recording


def evaluate_checkpoint(
    checkpoint: Checkpoint,
    recordings: Sequence[Recording],
    conversion: Conversion = EXACT,
    *,
    keep: Callable[[Recording, Predictions], None] | None = None,
    tell: Callable[[int], None] | None = None,
) -> Evaluation:
    """Predict `recordings` and compare with what was really done, over the ticks whose action is known.

    Args:
        checkpoint: The model.
        recordings: Recordings with actions.
        conversion: How their raw input becomes actions.
        keep: Called with each recording's predictions, for films and reports.
        tell: Called with the number of ticks that have just been predicted.

    Raises:
        StudioError: A recording has no known actions, or cannot be decoded.
    """
    predicted, mean_camera, true = [], [], []
    for recording in recordings:
        truth = recording.converted(conversion).actions
        known = recording.known
        if not known.any():
            raise StudioError("no tick's action is known", where=recording.video_path)
        with recording:  # opens its video again whenever it is read; kept open, many reach the system's limit
            guess = predict(checkpoint, recording.model_frames, len(recording), tell=tell)
        if keep is not None:
            keep(recording, guess)
        predicted.append(Actions(guess.actions.buttons[known], guess.actions.camera[known]))
        mean_camera.append(guess.mean_camera[known])
        true.append(Actions(truth.buttons[known], truth.camera[known]))
    return evaluate_predictions(predicted, true, checkpoint.camera, mean_camera=mean_camera)


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
