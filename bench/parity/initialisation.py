"""Part ``init``: whether a fresh inverse dynamics model starts as the reference's does."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from bench.parity.deviation import Deviation
from vpt_studio.models.inverse_dynamics import IdmNetwork, InverseDynamicsModel

_TOLERANCE = 1e-5  # row norms are set, not drawn, so only rounding may differ


def check(folder: Path) -> list[Deviation]:
    """Compare row norms and constant values of a fresh ``idm_tiny`` network.

    Args:
        folder: The part's folder, with ``init_stats.json``; the network's options are read from the sibling
            ``idm_tiny/spec.json``.

    Returns:
        One deviation per kind of tensor. The heads are drawn by PyTorch's own rule and are left out.
    """
    stats = json.loads((folder / "init_stats.json").read_text(encoding="utf-8"))["idm"]
    spec = json.loads((folder.parent / "idm_tiny" / "spec.json").read_text(encoding="utf-8"))
    network = IdmNetwork.from_openai(spec["net_args"], spec["pi_head_opts"]["temperature"])
    state = InverseDynamicsModel(network).state_dict()
    norms = constants = 0.0
    for name, expected in stats.items():
        if name.startswith("pi_head") or "empty" in expected:
            continue
        tensor = state[name]
        if "row_norm_min" in expected:
            rows = torch.linalg.vector_norm(tensor.flatten(1), dim=1)
            distances = (rows.min() - expected["row_norm_min"], rows.max() - expected["row_norm_max"])
            norms = max(norms, *(abs(float(distance)) for distance in distances))
        else:
            distances = (tensor.min() - expected["min"], tensor.max() - expected["max"])
            constants = max(constants, *(abs(float(distance)) for distance in distances))
    return [
        Deviation("row norms of fresh weights", norms, _TOLERANCE),
        Deviation("constants of fresh norms and biases", constants, 0),
        Deviation("names that differ", float(len(set(stats) ^ set(state))), 0),
    ]
