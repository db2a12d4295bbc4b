"""Trying a checkpoint: that it is whole, that its network answers, that a copy of it is equal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.models.checkpoint_folder import (
    CONFIG_NAME,
    WEIGHTS_NAME,
    demand_written,
    read_configuration,
)
from vpt_studio.models.checkpoints import load_checkpoint
from vpt_studio.models.log_probability import ActionLogProbabilities
from vpt_studio.models.openai_model_file import RELEASED
from vpt_studio.models.policy import Policy
from vpt_studio.models.weight_fitting import parameters_of

_NORMALISED_WITHIN = 1e-3


@dataclass(frozen=True)
class Check:
    """One thing that was looked at and found right.

    Attributes:
        what: What was looked at.
        found: What was found, in words.
    """

    what: str
    found: str


def verify_checkpoint(path: Path, weights: Path | None = None) -> list[Check]:
    """Load a checkpoint and let its network look at one made frame.

    Args:
        path: An export folder, or an OpenAI ``.model`` file.
        weights: The ``.weights`` file of the latter; by default the one beside it with the same stem.

    Raises:
        StudioError: With the first thing that is wrong.
    """
    loaded = load_checkpoint(path, weights)
    state = loaded.model.state_dict()
    actions = _trial(loaded.model, path)
    return [
        Check("files", _identity(path)),
        Check("tensors", f"{len(state)}, just those of the network"),
        Check("numbers", f"{parameters_of(loaded.model):,}, all finite"),
        Check("answer", f"probabilities of {actions} choices, each summing to 1"),
    ]


def hashes_of(path: Path, weights: Path | None = None) -> list[dict[str, Any]]:
    """Name, length and SHA-256 of the files that make a checkpoint, for the lineage of what comes of it."""
    if path.is_dir():
        files = [path / WEIGHTS_NAME, path / CONFIG_NAME]
    else:
        files = [path, weights or path.with_suffix(".weights")]
    return [{"name": file.name, "bytes": file.stat().st_size, "sha256": sha256_of(file)} for file in files]


def demand_equal(ours: nn.Module, copy: nn.Module, *, where: Path) -> None:
    """Make sure that two networks have the same tensors to the last bit.

    Raises:
        StudioError: If one differs; it is named.
    """
    left, right = ours.state_dict(), copy.state_dict()
    different = [name for name in left if name not in right or not torch.equal(left[name], right[name])]
    if different or left.keys() != right.keys():
        raise StudioError(
            f"what was read back differs in {len(different)} tensors, first {(different or ['a name'])[0]}",
            where=where,
            mend="Check the disk, then convert again",
        )


def _identity(path: Path) -> str:
    if path.is_dir():
        noted = demand_written(path / WEIGHTS_NAME, read_configuration(path))
        return "as they were written, by SHA-256" if noted else "whole; an early version noted no SHA-256"
    known = RELEASED.get(sha256_of(path))
    return f"OpenAI's {known}, by SHA-256" if known else "whole, by the checksums inside"


@torch.inference_mode()
def _trial(model: Any, path: Path) -> int:
    """How many choices the network makes of one made frame, if their probabilities are sane."""
    size = model.network.image_size
    frame = torch.arange(size * size * 3, dtype=torch.int64).remainder(251).to(torch.uint8)
    out = model(frame.view(1, 1, size, size, 3))
    actions: ActionLogProbabilities = out[0].actions if isinstance(model, Policy) else out
    choices = 0
    for head in (actions.buttons, actions.camera):
        totals = head.exp().sum(-1)
        choices += totals.numel()
        # Written so that not-a-number fails too.
        if not bool(((totals - 1).abs() < _NORMALISED_WITHIN).all()):
            raise StudioError(
                "the network's probabilities do not sum to 1",
                where=path,
                mend="Its weights overflow: take an earlier checkpoint",
            )
    return choices
