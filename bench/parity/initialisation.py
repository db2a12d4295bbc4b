"""Part ``init``: whether fresh networks start as the reference's do."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bench.parity.deviation import Deviation
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.policy import Policy
from vpt_studio.models.policy_network import PolicyNetwork

_TOLERANCE = 1e-5  # row norms are set, not drawn, so only rounding may differ
_DRAWN = ("pi_head", "value_head.linear", "b_nd")  # by PyTorch's or a normal rule; only their size compares
_SPREAD_TOLERANCE = 0.2  # relative, of the standard deviation of some hundred drawn numbers


def check(folder: Path) -> list[Deviation]:
    """Compare row norms, constant values and spreads of fresh tiny networks.

    Args:
        folder: The part's folder, with ``init_stats.json``; the networks' options are read from the sibling
            folders' ``spec.json``.

    Returns:
        One deviation per kind of tensor.
    """
    torch.manual_seed(0)
    stats = json.loads((folder / "init_stats.json").read_text(encoding="utf-8"))
    policy = Policy(PolicyNetwork.from_openai(*_options(folder, "policy_tiny"))).state_dict()
    idm = InverseDynamicsModel(IdmNetwork.from_openai(*_options(folder, "idm_tiny"))).state_dict()
    return [*_compared("policy", policy, stats["policy"]), *_compared("idm", idm, stats["idm"])]


def _options(folder: Path, part: str) -> tuple[dict[str, Any], float]:
    spec = json.loads((folder.parent / part / "spec.json").read_text(encoding="utf-8"))
    return spec["net_args"], spec["pi_head_opts"]["temperature"]


def _compared(title: str, state: dict[str, Tensor], stats: dict[str, Any]) -> list[Deviation]:
    norms = constants = spreads = 0.0
    for name in set(stats) & set(state):
        tensor, expected = state[name], stats[name]
        if "empty" in expected:
            continue
        if any(drawn in name for drawn in _DRAWN):
            if expected.get("std") and tensor.numel() >= 100:  # of fewer the spread itself is chance
                spreads = max(spreads, abs(math.log(float(tensor.std()) / expected["std"])))
        elif "row_norm_min" in expected:
            rows = torch.linalg.vector_norm(tensor.flatten(1), dim=1)
            distances = (rows.min() - expected["row_norm_min"], rows.max() - expected["row_norm_max"])
            norms = max(norms, *(abs(float(distance)) for distance in distances))
        else:
            distances = (tensor.min() - expected["min"], tensor.max() - expected["max"])
            constants = max(constants, *(abs(float(distance)) for distance in distances))
    return [
        Deviation(f"{title}: row norms of fresh weights", norms, _TOLERANCE),
        Deviation(f"{title}: constants of fresh norms and biases", constants, 0),
        Deviation(f"{title}: spread of drawn weights (relative)", spreads, _SPREAD_TOLERANCE),
        Deviation(f"{title}: names that differ", float(len(set(stats) ^ set(state))), 0),
    ]
