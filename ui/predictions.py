"""What an IDM says was done in a recording, beside what was recorded. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from ui.lanes import MarksLane, Mask, TickColumns
from vpt_studio.actions import BUTTONS, DEFAULT_CAMERA
from vpt_studio.errors import StudioError
from vpt_studio.project.layout import ProjectLayout

#: A key differs when the IDM is this sure of the opposite of what was recorded.
SURE = 0.7
#: The camera differs when it is so many mu-law bins away, on either axis.
BINS_AWAY = 3


@dataclass(frozen=True, eq=False)
class PredictedColumns:
    """Predictions for N ticks.

    Attributes:
        name: Of the IDM's run.
        held: float32 [N, 20], probability that each button is held.
        camera: float64 [N, 2], degrees down and right.
    """

    name: str
    held: npt.NDArray[np.float32]
    camera: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.held)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Where an IDM and a recording differ.

    Attributes:
        keys: bool [N, 20].
        camera: bool [N].
        joint: Share of known ticks in which all keys agree.
        yaw_r2: Share of the yaw's variance that the IDM explains; None where nothing turned.
    """

    keys: Mask
    camera: Mask
    joint: float
    yaw_r2: float | None

    @property
    def ticks(self) -> npt.NDArray[np.int64]:
        """Ticks in which anything differs."""
        return np.flatnonzero(self.keys.any(axis=1) | self.camera).astype(np.int64)

    def lane(self) -> MarksLane:
        """The lane that shows them."""
        return MarksLane("IDM differs", self.ticks)


def compare(columns: TickColumns, predicted: PredictedColumns) -> Comparison:
    """Compare, over ticks whose action is known; a ghost of doubt is no difference (see ``SURE``)."""
    count = min(len(columns), len(predicted))
    keys = np.zeros((len(columns), len(BUTTONS)), bool)
    camera = np.zeros(len(columns), bool)
    known, pressed = columns.known[:count], columns.buttons[:count]
    held = predicted.held[:count]
    keys[:count] = np.where(pressed, held < 1 - SURE, held > SURE) & known[:, None]
    limit = DEFAULT_CAMERA.limit
    true = np.clip(columns.camera[:count], -limit, limit)
    away = np.abs(DEFAULT_CAMERA.encode(true) - DEFAULT_CAMERA.encode(predicted.camera[:count]))
    camera[:count] = (away >= BINS_AWAY).any(axis=1) & known & ~columns.screen_open[:count]
    agrees = ((held > 0.5) == pressed).all(axis=1)
    yaw, guess = true[known, 1], predicted.camera[:count][known, 1]
    variance = float(((yaw - yaw.mean()) ** 2).sum()) if len(yaw) else 0.0
    return Comparison(
        keys,
        camera,
        joint=float(agrees[known].mean()) if known.any() else 0.0,
        yaw_r2=1 - float(((yaw - guess) ** 2).sum()) / variance if variance else None,
    )


def predictions_folder(folder: Path, run: str) -> Path:
    """Where predictions by the IDM of `run` are kept in the project at `folder`; they can be made again."""
    return ProjectLayout.at(folder).cache / "predictions" / run


def has_model(run: Path) -> bool:
    """Whether the run in this folder has a model that can be asked."""
    return any((run / "artifacts").glob("model-*"))


def is_predicted(folder: Path, run: str, recording: str) -> bool:
    """Whether the IDM of `run` was asked about this recording, and answered to the end."""
    return (predictions_folder(folder, run) / f"{recording}.json").exists()


def read_predictions(folder: Path, run: str, recording: str) -> PredictedColumns | None:
    """Predictions that were made before; None where there are none.

    Raises:
        StudioError: The file is damaged.
    """
    path = predictions_folder(folder, run) / f"{recording}.jsonl"
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return None
    try:
        rows = [orjson.loads(line) for line in lines]
        return PredictedColumns(
            run,
            np.array([row["held"] for row in rows], np.float32).reshape(-1, len(BUTTONS)),
            np.array([row["meanCamera"] for row in rows], np.float64).reshape(-1, 2),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StudioError(
            "these predictions are damaged", where=path, mend="Delete the file; it can be made again"
        ) from error
