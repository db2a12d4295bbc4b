"""Labelling video with an inverse dynamics model: predictions become a recording that names the video."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from training.sliding_windows import Predictions, predict
from vpt_studio.atomic_files import already_there, created, make_folder, sha256_of
from vpt_studio.models.checkpoints import WEIGHTS_NAME, Checkpoint
from vpt_studio.project.references import relative_reference
from vpt_studio.recordings.files import RecordingFiles, is_regular_file, missing_recording
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.sidecar import ForeignFile, Sidecar, read_sidecar, write_sidecar
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
        recording: The video, with or without actions of its own. They are not looked at: every frame is
            labelled, and no pointer is drawn, for it would tell when a screen was open.
        out: A folder, made where missing; nothing in it is overwritten, except lines that an earlier call
            wrote without coming to the sidecar.
        tell: Called with the number of ticks that have just been predicted.

    Raises:
        StudioError: The video cannot be decoded, or a file is already there.
    """
    with _pictures_of(recording) as pictures:
        return _label(checkpoint, checkpoint_hash, pictures, out, tell)


def open_pictures(path: Path) -> Recording:
    """The recording at `path` without its actions, which need not even be readable: every frame is shown.

    Raises:
        StudioError: There is no recording, its sidecar is damaged, or its video is missing.
    """
    files = RecordingFiles.of(path)
    sidecar = read_sidecar(files.sidecar) or Sidecar()
    video = files.video if sidecar.video is None else files.folder / sidecar.video.path
    if video is None or not is_regular_file(video):
        raise missing_recording(path)
    return Recording(files, replace(sidecar, actions=None), video, None)


def _pictures_of(recording: Recording) -> Recording:
    return Recording(recording.files, replace(recording.sidecar, actions=None), recording.video_path, None)


def _label(
    checkpoint: Checkpoint,
    checkpoint_hash: str,
    pictures: Recording,
    out: Path,
    tell: Callable[[int], None] | None,
) -> PseudoLabels:
    lines, sidecar = out / f"{pictures.name}.jsonl", out / f"{pictures.name}.json"
    if sidecar.exists() or (lines.exists() and not _is_orphan(lines)):
        raise already_there(sidecar if sidecar.exists() else lines)
    facts = pictures.video.facts
    crop = pictures.sidecar.crop or centre_crop(facts.width, facts.height)
    pictures.sidecar = replace(pictures.sidecar, crop=crop)

    reference = relative_reference(
        pictures.video_path, out, named_by="its labels", mend="Choose a folder on the same drive"
    )

    predictions = predict(checkpoint, pictures.model_frames, len(pictures), tell=tell)
    make_folder(out)
    described = Sidecar(
        source=Source.IDM,
        environment=pictures.sidecar.environment,
        person=pictures.sidecar.person,
        cursor_in_video=True,  # nobody knows when a screen is open, so no pointer is to be drawn
        crop=crop,
        video=ForeignFile(reference, sha256_of(pictures.video_path)),
        checkpoint=checkpoint_hash,
        made_by="vpt-studio idm predict",
        notes={"lineage": dict(checkpoint.lineage), "tick_rate": TICK_RATE},
    )
    if lines.exists() and _is_orphan(lines):
        lines.unlink()
    # The sidecar makes it a recording, so it comes last.
    with created(lines) as new_lines:
        new_lines.write_bytes(
            b"".join(tick_lines(raw_from_actions(predictions.actions), _extra(predictions)))
        )
    with created(sidecar) as new_sidecar:
        write_sidecar(new_sidecar, described)
    mean = float(predictions.confidence.mean()) if len(pictures) else 0.0
    return PseudoLabels(sidecar, len(pictures), mean)


def _is_orphan(lines: Path) -> bool:
    """Whether `lines` are labels whose sidecar never came, because whoever wrote them was killed in between.

    With a sidecar or a video beside them they would be somebody's recording.
    """
    files = RecordingFiles.of(lines)
    if files.video is not None or os.path.lexists(files.sidecar) or not is_regular_file(lines):
        return False
    with lines.open("rb") as stream:
        try:
            first = orjson.loads(stream.readline())
        except orjson.JSONDecodeError:
            return False
    return isinstance(first, dict) and first.get("source") == Source.IDM.value and "meanCamera" in first


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
