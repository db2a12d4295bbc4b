"""Part ``value_head``: six steps of training, and the running scale by itself with other settings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from bench.parity.deviation import Deviation, absolute, largest_of_each
from bench.parity.probing import vectors
from vpt_studio.models.value_head import RunningScale, ValueHead

_TOLERANCE = 1e-5  # short sums in float32
_SETTINGS = {"beta0.9_pe0": (0.9, False), "beta0.99_pe1": (0.99, True)}
_STATISTICS = ("running_mean", "running_mean_sq", "debiasing_term")


def check(folder: Path) -> list[Deviation]:
    """Compare predictions, losses and statistics after every step.

    Args:
        folder: The part's folder, with ``ewma.npz``.

    Returns:
        The largest deviation per quantity over all steps.
    """
    known = {name: torch.from_numpy(value) for name, value in vectors(folder, "ewma").items()}
    return [
        *_training(known),
        *(deviation for name in _SETTINGS for deviation in _scale(name, known)),
    ]


def _steps(known: dict[str, Any], prefix: str) -> list[str]:
    places = {name[len(prefix) :].split("/")[0] for name in known if name.startswith(f"{prefix}step")}
    return [f"{prefix}{place}" for place in sorted(places)]


def _training(known: dict[str, Any]) -> list[Deviation]:
    head = ValueHead(known["init/linear.weight"].shape[1])
    head.load_state_dict(
        {name.removeprefix("init/"): value for name, value in known.items() if name.startswith("init/")}
    )
    pairs = []
    for step in _steps(known, ""):
        predicted = head(known[f"{step}/x"])
        results = {
            "pred": predicted[..., None],
            "loss": head.loss(predicted, known[f"{step}/target"][..., 0]),
            "pred_denorm": head.returns(predicted)[..., None],
            **{name: getattr(head.normalizer, name) for name in _STATISTICS},
        }
        pairs += [(name, value.detach().clone(), known[f"{step}/{name}"]) for name, value in results.items()]
    return _compared("training", pairs)


def _scale(setting: str, known: dict[str, Any]) -> list[Deviation]:
    decay, per_element = _SETTINGS[setting]
    scale = RunningScale(decay, decay_per_element=per_element)
    pairs: list[tuple[str, Any, Any]] = []
    for step in _steps(known, f"{setting}/"):
        scale.update(known[f"{step}/x"])
        pairs.append(("normalised", scale.normalised(known[f"{step}/x"]), known[f"{step}/y"]))
        pairs += [(name, getattr(scale, name).clone(), known[f"{step}/{name}"]) for name in _STATISTICS]
        if f"{step}/eval_x" in known:
            normalised = scale.normalised(known[f"{step}/eval_x"])
            pairs.append(("normalised in evaluation", normalised, known[f"{step}/eval_y"]))
            restored = scale.restored(known[f"{step}/eval_x"])
            pairs.append(("restored", restored, known[f"{step}/eval_denorm"]))
    return _compared(setting, pairs)


def _compared(title: str, pairs: Iterable[tuple[str, Any, Any]]) -> list[Deviation]:
    return largest_of_each(
        absolute(f"{title}: {name}", value, reference, _TOLERANCE) for name, value, reference in pairs
    )
