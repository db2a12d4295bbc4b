"""How well predicted actions match true ones, always beside what doing nothing would score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from vpt_studio.actions import BUTTONS, DEFAULT_CAMERA, Actions
from vpt_studio.actions.camera import CameraQuantiser

#: Keys held in less than this share of ticks are too rare for an F1 to mean much.
RARE_SHARE = 0.005
MOVEMENT_KEYS = ("forward", "back", "left", "right", "jump", "sneak", "sprint")

#: The scores that are told first, and written beside what doing nothing scores.
HEADLINES = ("joint_exact_match", "macro_f1", "pitch_r2", "yaw_r2", "keys_and_camera")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Scores:
    """What one set of predictions scores. Shares lie in 0..1; None where a figure has no meaning.

    Attributes:
        joint_exact_match: Share of ticks in which all 20 keys are right at once.
        macro_f1: Mean F1 of the keys held in at least 0.5 % of the ticks.
        movement_f1: The same over the movement keys alone.
        pitch_r2: Explained variance of pitch, truth clipped to the quantiser's limit (10 degrees); of the
            mean of the predicted distribution over bins, where one is given.
        yaw_r2: The same of yaw.
        pitch_r2_likeliest: As ``pitch_r2`` for the likeliest bin's centre, which is what labels hold.
        yaw_r2_likeliest: The same of yaw.
        key_accuracy: Mean over the keys of the share of ticks in which it is right.
        pitch_r2_raw: As ``pitch_r2`` with the truth as it is.
        yaw_r2_raw: As ``yaw_r2`` with the truth as it is.
        keys_and_camera: Mean of ``macro_f1``, ``pitch_r2`` and ``yaw_r2``, each no lower than 0; what has
            no meaning is left out. Doing nothing scores 0, so a run's best moment is told by it.
    """

    joint_exact_match: float
    macro_f1: float | None
    movement_f1: float | None
    pitch_r2: float | None
    yaw_r2: float | None
    pitch_r2_likeliest: float | None
    yaw_r2_likeliest: float | None
    key_accuracy: float
    pitch_r2_raw: float | None
    yaw_r2_raw: float | None
    keys_and_camera: float | None


@dataclass(frozen=True)
class KeyScore:
    """What one key's predictions score against `held` true ticks."""

    held: int
    predicted: int
    accuracy: float
    precision: float | None
    recall: float | None
    f1: float | None
    null_accuracy: float


@dataclass(frozen=True)
class Evaluation:
    """Scores beside their bounds, and the counts they rest on.

    Attributes:
        scores: Of the predictions.
        null: Of always predicting that nothing is done.
        ceiling: Of the truth itself, put through the camera bins and back.
        keys: Per key.
        ticks: Number of ticks compared.
        recordings: Number of recordings they come from.
        non_null_share: Share of ticks in which something is done (any key, any motion).
        counted_keys: Keys that count for ``macro_f1``.
    """

    scores: Scores
    null: Scores
    ceiling: Scores
    keys: dict[str, KeyScore]
    ticks: int
    recordings: int
    non_null_share: float
    counted_keys: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The evaluation for ``--json`` answers and metric files; headlines first."""
        return {
            **{name: getattr(self.scores, name) for name in HEADLINES},
            "scores": asdict(self.scores),
            "null": asdict(self.null),
            "ceiling": asdict(self.ceiling),
            "keys": {name: asdict(score) for name, score in self.keys.items()},
            "ticks": self.ticks,
            "recordings": self.recordings,
            "non_null_share": self.non_null_share,
            "counted_keys": self.counted_keys,
        }

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Score, predictions, null and ceiling as words, for a table."""
        titles = {
            "joint_exact_match": "all keys right at once",
            "macro_f1": "F1, mean of keys",
            "movement_f1": "F1, movement keys",
            "pitch_r2": "pitch R2 (truth within 10 degrees)",
            "yaw_r2": "yaw R2 (truth within 10 degrees)",
            "pitch_r2_likeliest": "pitch R2 of the likeliest bin",
            "yaw_r2_likeliest": "yaw R2 of the likeliest bin",
            "key_accuracy": "accuracy per key",
            "pitch_r2_raw": "pitch R2, raw degrees",
            "yaw_r2_raw": "yaw R2, raw degrees",
            "keys_and_camera": "keys and camera together",
        }
        sides = (self.scores, self.null, self.ceiling)
        return [
            (titles[part.name], *(_shown(getattr(side, part.name), part.name) for side in sides))  # type: ignore[misc]
            for part in fields(Scores)
        ]


def evaluate_predictions(
    predicted: Sequence[Actions],
    true: Sequence[Actions],
    camera: CameraQuantiser = DEFAULT_CAMERA,
    *,
    mean_camera: Sequence[npt.NDArray[np.float64]] | None = None,
) -> Evaluation:
    """Compare `predicted` with `true` actions, recording by recording, over all ticks together.

    Args:
        predicted: Likeliest actions.
        true: What was done.
        camera: The bins of the camera.
        mean_camera: Per recording, float64 [N, 2]: the mean of the predicted distribution, in degrees. It is
            the guess with the least squared error, so R2 is measured on it; without it on `predicted`.

    Raises:
        ValueError: There are no ticks, or lengths differ.
    """
    keys = np.concatenate([actions.policy_buttons for actions in true]).astype(bool)
    guessed = np.concatenate([actions.policy_buttons for actions in predicted]).astype(bool)
    angles = np.concatenate([actions.camera for actions in true])
    turned = np.concatenate([actions.camera for actions in predicted])
    mean = turned if mean_camera is None else np.concatenate(list(mean_camera))
    if keys.shape != guessed.shape or not len(keys) or mean.shape != angles.shape:
        raise ValueError("predictions and truth must have the same number of ticks, and at least one")
    counted = keys.mean(axis=0) >= RARE_SHARE
    quantised = camera.decode(camera.encode(angles))
    still, silent = np.zeros_like(angles), np.zeros_like(keys)
    scored = {name: _key_score(keys[:, index], guessed[:, index]) for index, name in enumerate(BUTTONS)}
    return Evaluation(
        scores=_scores(keys, guessed, angles, mean, turned, counted, camera.limit),
        null=_scores(keys, silent, angles, still, still, counted, camera.limit),
        ceiling=_scores(keys, keys, angles, quantised, quantised, counted, camera.limit),
        keys=scored,
        ticks=len(keys),
        recordings=len(true),
        non_null_share=float((keys.any(axis=1) | angles.any(axis=1)).mean()),
        counted_keys=tuple(name for name, counts in zip(BUTTONS, counted, strict=True) if counts),
    )


def _scores(
    keys: Mask,
    guessed: Mask,
    angles: npt.NDArray[np.float64],
    mean: npt.NDArray[np.float64],
    turned: npt.NDArray[np.float64],
    counted: Mask,
    limit: float,
) -> Scores:
    f1 = np.array([_f1(keys[:, index], guessed[:, index]) for index in range(len(BUTTONS))])
    moving = np.isin(BUTTONS, MOVEMENT_KEYS) & counted
    clipped = np.clip(angles, -limit, limit)
    macro_f1 = float(f1[counted].mean()) if counted.any() else None
    pitch_r2, yaw_r2 = (_explained(clipped[:, axis], mean[:, axis]) for axis in (0, 1))
    return Scores(
        joint_exact_match=float((keys == guessed).all(axis=1).mean()),
        macro_f1=macro_f1,
        movement_f1=float(f1[moving].mean()) if moving.any() else None,
        pitch_r2=pitch_r2,
        yaw_r2=yaw_r2,
        pitch_r2_likeliest=_explained(clipped[:, 0], turned[:, 0]),
        yaw_r2_likeliest=_explained(clipped[:, 1], turned[:, 1]),
        key_accuracy=float((keys == guessed).mean()),
        pitch_r2_raw=_explained(angles[:, 0], mean[:, 0]),
        yaw_r2_raw=_explained(angles[:, 1], mean[:, 1]),
        keys_and_camera=_keys_and_camera(macro_f1, pitch_r2, yaw_r2),
    )


def _keys_and_camera(*scores: float | None) -> float | None:
    above = [max(score, 0.0) for score in scores if score is not None]
    return sum(above) / len(above) if above else None


def _key_score(held: Mask, guessed: Mask) -> KeyScore:
    both = int((held & guessed).sum())
    return KeyScore(
        held=int(held.sum()),
        predicted=int(guessed.sum()),
        accuracy=float((held == guessed).mean()),
        precision=both / int(guessed.sum()) if guessed.any() else None,
        recall=both / int(held.sum()) if held.any() else None,
        f1=_f1(held, guessed) if held.any() or guessed.any() else None,
        null_accuracy=float((~held).mean()),
    )


def _f1(held: Mask, guessed: Mask) -> float:
    total = int(held.sum()) + int(guessed.sum())
    return 2 * int((held & guessed).sum()) / total if total else 0.0


def _explained(truth: npt.NDArray[np.float64], guess: npt.NDArray[np.float64]) -> float | None:
    """R2, the share of the truth's variance that the guess explains; None where the truth is constant."""
    variance = float(((truth - truth.mean()) ** 2).sum())
    return 1 - float(((truth - guess) ** 2).sum()) / variance if variance else None


def _shown(value: float | None, name: str) -> str:
    if value is None:
        return "-"
    return f"{value:.1%}" if name in ("joint_exact_match", "key_accuracy") else f"{value:.3f}"
