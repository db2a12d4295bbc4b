"""Part ``released_model_files``: genuine architecture pickles, read without gym3 and without running them."""

from __future__ import annotations

from pathlib import Path

import torch

from bench.parity.deviation import Deviation, exact
from vpt_studio.models.openai_model_file import read_openai_model
from vpt_studio.models.policy import Policy
from vpt_studio.models.policy_network import PolicyNetwork
from vpt_studio.models.presets import POLICY_PRESETS
from vpt_studio.models.weight_fitting import parameters_of

# Preset and number of parameters of each, as the facts about the release have them.
_EXPECTED = {
    "foundation-model-1x.model": ("1x", 70_998_654),
    "foundation-model-3x.model": ("3x", 532_504_318),
}


def check(folder: Path) -> list[Deviation]:
    """Read every genuine file and compare the network it describes.

    Args:
        folder: The part's folder.

    Returns:
        Per file how many of its options differ from our preset, and whether its network has the size known.
    """
    found = []
    for name, (preset, count) in _EXPECTED.items():
        described = read_openai_model(folder / name)
        network = PolicyNetwork.from_openai(described.network_args, described.temperature)
        known = POLICY_PRESETS[preset].to_dict()
        wrong = sum(value != known[option] for option, value in network.to_dict().items())
        with torch.device("meta"):
            policy = Policy(network)
        found.append(Deviation(f"options of {name}", float(wrong), 0))
        found.append(exact(f"parameters of {name}", parameters_of(policy), count))
    return found
