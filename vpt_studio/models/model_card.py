"""The card of a checkpoint: what a stranger must know before using it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_LOADED = "vpt_studio.models.checkpoints"


def card_text(name: str, *, kind: str, config: Mapping[str, Any], parameters: int) -> str:
    """A model card in Markdown.

    Args:
        name: What to call the checkpoint.
        kind: ``inverse_dynamics`` or ``policy``.
        config: The checkpoint's configuration.
        parameters: Numbers in the network.
    """
    origin = json.dumps(config["lineage"], indent=2, ensure_ascii=False)
    what = _policy(config) if kind == "policy" else _idm(config)
    return (
        f"# {name}\n\n"
        f"{what} {parameters:,} parameters, trained on clips of {config['architecture']['timesteps']} "
        f"frames.\n\n"
        f"Load it with `{_LOADED}.load_{kind}`. `config.json` holds the sizes, the meaning of the outputs, "
        f"the preprocessing and the hash of the weights; `vpt-studio checkpoint verify` compares them.\n\n"
        f"## Where it comes from\n\n```json\n{origin}\n```\n"
    )


def _idm(config: Mapping[str, Any]) -> str:
    return (
        f"An inverse dynamics model of Video PreTraining: it reads {_frames(config)} and says which of 20 "
        "buttons were pressed and how the camera turned at every frame."
    )


def _policy(config: Mapping[str, Any]) -> str:
    network = config["architecture"]
    second = " and a second one for PPG" if network["auxiliary_value_head"] else ""
    counted = {
        "always": "whether or not the buttons listen to the camera",
        "when_on": "where the buttons listen to the camera",
    }[config["log_probability"]["camera"]]
    return (
        f"A policy of Video PreTraining: it reads {_frames(config)}, remembers the last {network['memory']}, "
        "and says what it would do: one of 8641 combinations of buttons and one of 121 turns of the camera. "
        f"It has a value head{second}. In the log-probability of an action the camera counts {counted}."
    )


def _frames(config: Mapping[str, Any]) -> str:
    height, width = config["preprocessing"]["size"]
    return f"{width}x{height} RGB frames at 20 Hz"
