"""Labelling video with an inverse dynamics model: predictions become a recording that names the video."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import orjson

from training.patient_frames import PatientFrames
from training.sliding_windows import Predictions, predict
from vpt_studio.atomic_files import already_there, created, make_folder, sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.models.checkpoint_folder import WEIGHTS_NAME
from vpt_studio.models.checkpoints import Checkpoint
from vpt_studio.project.references import relative_reference
from vpt_studio.recordings.files import RecordingFiles, is_regular_file, missing_recording
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.sidecar import ForeignFile, Sidecar, read_sidecar, write_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.tick_writing import raw_from_actions, tick_lines

#: A line that is no tick counts as an unknown one, so that the ticks after it do not move.
_UNKNOWN = b"null\n"


@dataclass(frozen=True)
class PseudoLabels:
    """A pseudo-labelled recording that was written.

    Attributes:
        sidecar: Its sidecar; the tick lines lie beside it.
        ticks: Number of ticks.
        mean_confidence: Mean probability of the predicted action, over the ticks that were labelled.
        unknown: Number of ticks that are left unknown, because the video is damaged there.
        damage: What is wrong with the video; None where nothing is.
    """

    sidecar: Path
    ticks: int
    mean_confidence: float
    unknown: int = 0
    damage: StudioError | None = None


class LabelsUnwritableError(StudioError):
    """The labels cannot be written: not the video, but the folder for labels is to blame."""


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
    is cropped to its 16:9 middle. Frames that cannot be decoded, and those that build on them, make unknown
    ticks.

    Args:
        checkpoint: The model.
        checkpoint_hash: SHA-256 of its weights, which the sidecar keeps.
        recording: The video, with or without actions of its own. They are not looked at: every frame is
            labelled, and no pointer is drawn, for it would tell when a screen was open.
        out: A folder, made where missing; nothing in it is overwritten, except lines that an earlier call
            wrote without coming to the sidecar.
        tell: Called often with the number of ticks by which the work has got on; what it raises ends the
            work, and nothing is written.

    Raises:
        LabelsUnwritableError: The disk does not take the labels.
        StudioError: No frame of the video can be decoded, or a file is already there.
    """
    with _pictures_of(recording) as pictures:
        return _label(checkpoint, checkpoint_hash, pictures, out, tell)


def demand_writable(out: Path) -> None:
    """Make the folder `out` and see that files can be written there, before any work is done for it.

    Raises:
        StudioError: They cannot.
    """
    make_folder(out)
    try:
        with TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(place: Path, error: OSError) -> LabelsUnwritableError:
    reason = (error.strerror or str(error)).lower()
    full = error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
    mend = "Free some space, or choose a folder on another disk" if full else "Choose another folder"
    return LabelsUnwritableError(f"the labels cannot be written ({reason})", where=place, mend=mend)


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

    frames = PatientFrames(pictures)
    predictions = predict(checkpoint, frames, len(pictures), tell=tell)
    unknown = frames.doubtful()
    if frames.damage is not None and unknown.all():
        raise frames.damage
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
    written = tick_lines(raw_from_actions(predictions.actions), _Extra(predictions))
    place = lines
    try:
        with created(lines) as new_lines, new_lines.open("wb") as stream:
            stream.writelines(_UNKNOWN if left else line for line, left in zip(written, unknown, strict=True))
        place = sidecar
        with created(sidecar) as new_sidecar:
            write_sidecar(new_sidecar, described)
    except OSError as error:
        raise _unwritable(place, error) from error
    mean = float(predictions.confidence[~unknown].mean()) if len(pictures) else 0.0
    return PseudoLabels(sidecar, len(pictures), mean, int(unknown.sum()), frames.damage)


def _is_orphan(lines: Path) -> bool:
    """Whether `lines` are labels whose sidecar never came, because whoever wrote them was killed in between.

    With a sidecar or a video beside them they would be somebody's recording.
    """
    files = RecordingFiles.of(lines)
    if files.video is not None or os.path.lexists(files.sidecar) or not is_regular_file(lines):
        return False
    with lines.open("rb") as stream:
        try:
            # Unknown ticks stand first where the video is damaged there.
            first = next((orjson.loads(line) for line in stream if line != _UNKNOWN), None)
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


class _Extra(Sequence[dict[str, Any]]):
    """What a tick's line says beside its action, made when asked for: all at once would fill memory."""

    def __init__(self, predictions: Predictions) -> None:
        self._predictions = predictions
        self._confidence = predictions.confidence

    def __len__(self) -> int:
        return len(self._confidence)

    def __getitem__(self, tick: Any) -> Any:
        return {
            "source": Source.IDM.value,
            "confidence": round(float(self._confidence[tick]), 4),
            "held": [round(float(share), 4) for share in self._predictions.held[tick]],
            "camera": [round(float(share), 4) for share in self._predictions.camera[tick].max(axis=1)],
            "meanCamera": [round(float(angle), 3) for angle in self._predictions.mean_camera[tick]],
        }
