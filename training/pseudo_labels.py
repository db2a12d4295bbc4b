"""Labelling video with an inverse dynamics model: predictions become a recording that names the video."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from training.sliding_windows import Predictions, predict
from vpt_studio.atomic_files import already_there, created, sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.models.checkpoints import WEIGHTS_NAME, Checkpoint
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import ForeignFile, Sidecar, write_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.tick_writing import raw_from_actions, tick_lines


@dataclass(frozen=True)
class PseudoLabels:
    """A pseudo-labelled recording that was written.

    Attributes:
        sidecar: Its sidecar; the tick lines lie beside it.
        ticks: Number of ticks.
        mean_confidence: Mean probability of the predicted action.
    """

    sidecar: Path
    ticks: int
    mean_confidence: float


def label_video(
    checkpoint: Checkpoint,
    checkpoint_hash: str,
    recording: Recording,
    out: Path,
    *,
    tell: Callable[[int], None] | None = None,
) -> PseudoLabels:
    """Predict every tick of `recording` and write `<name>.jsonl` and `<name>.json` into the folder `out`.

    The video is not copied: the sidecar names it by relative path and hash. A picture that is not 16:9
    is cropped to its 16:9 middle.

    Args:
        checkpoint: The model.
        checkpoint_hash: SHA-256 of its weights, which the sidecar keeps.
        recording: The video, with or without actions of its own (which are not looked at).
        out: A folder, made where missing; nothing in it is overwritten.
        tell: Called with the number of ticks that have just been predicted.

    Raises:
        StudioError: The video cannot be decoded, or a file is already there.
    """
    lines, sidecar = out / f"{recording.name}.jsonl", out / f"{recording.name}.json"
    for target in (lines, sidecar):
        if target.exists():
            raise already_there(target)
    crop = recording.sidecar.crop or centre_crop(recording.video.facts.width, recording.video.facts.height)
    recording.sidecar = replace(recording.sidecar, crop=crop)

    predictions = predict(checkpoint, recording.model_frames, len(recording), tell=tell)
    out.mkdir(parents=True, exist_ok=True)
    video = ForeignFile(_relative(recording.video_path, out), sha256_of(recording.video_path))
    described = Sidecar(
        source=Source.IDM,
        environment=recording.sidecar.environment,
        person=recording.sidecar.person,
        cursor_in_video=True,  # nobody knows when a screen is open, so no pointer is to be drawn
        crop=crop,
        video=video,
        checkpoint=checkpoint_hash,
        made_by="vpt-studio idm predict",
        notes={"lineage": dict(checkpoint.lineage), "tick_rate": 20},
    )
    # The sidecar makes it a recording, so it comes last.
    with created(lines) as temporary:
        temporary.write_bytes(
            b"".join(tick_lines(raw_from_actions(predictions.actions), _extra(predictions)))
        )
    write_sidecar(sidecar, described)
    mean = float(predictions.confidence.mean()) if len(recording) else 0.0
    return PseudoLabels(sidecar, len(recording), mean)


def centre_crop(width: int, height: int) -> tuple[int, int, int, int] | None:
    """x, y, width, height of the largest 16:9 part in the middle; None where the picture is 16:9 itself."""
    if abs(width * 9 - height * 16) <= 16 * 9:
        return None
    if width * 9 > height * 16:
        across = height * 16 // 9 // 2 * 2
        return ((width - across) // 2, 0, across, height)
    down = width * 9 // 16 // 2 * 2
    return (0, (height - down) // 2, width, down)


def weights_hash(path: Path) -> str:
    """SHA-256 of the weights of the checkpoint at `path`: an export folder or an OpenAI `.model` file."""
    return sha256_of(path / WEIGHTS_NAME if path.is_dir() else path.with_suffix(".weights"))


def _extra(predictions: Predictions) -> list[dict[str, object]]:
    confidence = predictions.confidence
    return [
        {
            "source": Source.IDM.value,
            "confidence": round(float(confidence[tick]), 4),
            "held": [round(float(share), 4) for share in predictions.held[tick]],
            "camera": [round(float(share), 4) for share in predictions.camera[tick].max(axis=1)],
            "meanCamera": [round(float(angle), 3) for angle in predictions.mean_camera[tick]],
        }
        for tick in range(len(confidence))
    ]


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError as error:  # Windows: no relative path leads from one drive to another
        raise StudioError(
            "the video is on another drive than its labels would be, so they cannot name it",
            where=path,
            mend="Choose a folder on the same drive",
        ) from error
