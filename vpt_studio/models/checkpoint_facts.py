"""What a checkpoint says of itself, without reading its weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from vpt_studio.actions.camera import DEFAULT_CAMERA
from vpt_studio.atomic_files import sha256_of
from vpt_studio.models.checkpoint_folder import CARD_NAME, CONFIG_NAME, WEIGHTS_NAME
from vpt_studio.models.checkpoints import described
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.log_probability import CameraTerm
from vpt_studio.models.model_card import card_text
from vpt_studio.models.openai_files import openai_network
from vpt_studio.models.openai_model_file import RELEASED
from vpt_studio.models.policy import Policy
from vpt_studio.models.policy_network import PolicyNetwork
from vpt_studio.models.weight_fitting import parameters_of


def facts_of(path: Path, weights: Path | None = None) -> dict[str, Any]:
    """Kind, sizes, origin and files of a checkpoint, as JSON values.

    Args:
        path: An export folder, or an OpenAI ``.model`` file.
        weights: The ``.weights`` file of the latter; by default the one beside it with the same stem.

    Raises:
        StudioError: If there is no checkpoint, or its description cannot be read.
    """
    network: PolicyNetwork | IdmNetwork
    if path.is_file():
        network = openai_network(path)
        weights = weights or path.with_suffix(".weights")
        facts: dict[str, Any] = {
            "form": "openai",
            "released_as": RELEASED.get(sha256_of(path)),
            "camera": DEFAULT_CAMERA.to_dict(),
            "log_probability": CameraTerm.ALWAYS.value,
            "lineage": {},
            "files": _files(path, weights),
        }
    else:
        network, camera, config = described(path)
        counted = config.get("log_probability", {"camera": CameraTerm.ALWAYS.value})
        facts = {
            "form": "vpt-studio",
            "released_as": None,
            "camera": camera.to_dict(),
            "log_probability": counted["camera"],
            "lineage": config["lineage"],
            "files": _files(*(path / name for name in (WEIGHTS_NAME, CONFIG_NAME, CARD_NAME))),
        }
    kind = "policy" if isinstance(network, PolicyNetwork) else "inverse_dynamics"
    sizes = {"kind": kind, "network": network.to_dict(), "parameters": _parameters(network)}
    return {"name": path.name, **sizes, **facts}


def card_for(path: Path, weights: Path | None = None) -> str:
    """The card of a checkpoint as it is now, in Markdown.

    Raises:
        StudioError: As :func:`facts_of`.
    """
    facts = facts_of(path, weights)
    size = facts["network"]["image_size"]
    config = {
        "architecture": facts["network"],
        "lineage": facts["lineage"],
        "log_probability": {"camera": facts["log_probability"]},
        "preprocessing": {"size": [size, size]},
    }
    name = path.resolve().stem if path.is_file() else path.resolve().name
    return card_text(name, kind=facts["kind"], config=config, parameters=facts["parameters"])


def _files(*paths: Path) -> list[dict[str, Any]]:
    return [{"name": path.name, "bytes": path.stat().st_size if path.is_file() else None} for path in paths]


def _parameters(network: PolicyNetwork | IdmNetwork) -> int:
    with torch.device("meta"):
        return parameters_of(
            Policy(network) if isinstance(network, PolicyNetwork) else InverseDynamicsModel(network)
        )
