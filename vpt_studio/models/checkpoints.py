"""Our checkpoint export: a folder with weights, configuration and a card, written at once or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA, CameraQuantiser
from vpt_studio.errors import StudioError
from vpt_studio.models.inverse_dynamics import IdmNetwork, InverseDynamicsModel
from vpt_studio.models.openai_files import build_with_weights, load_openai_inverse_dynamics

FORMAT_VERSION = 1
WEIGHTS_NAME = "model.safetensors"
CONFIG_NAME = "config.json"
CARD_NAME = "README.md"
_KIND = "inverse_dynamics"
_AGAIN = "Copy the checkpoint again from its source, or export it again"


@dataclass(frozen=True)
class Checkpoint:
    """A trained inverse dynamics model and what is known about it.

    Attributes:
        model: The network, in evaluation mode on the CPU when it was loaded.
        camera: How the camera head's bins map to degrees.
        lineage: JSON values that say where the weights come from: data hashes, run, parent checkpoint.
    """

    model: InverseDynamicsModel
    camera: CameraQuantiser = DEFAULT_CAMERA
    lineage: Mapping[str, Any] = field(default_factory=dict)


def save_inverse_dynamics(checkpoint: Checkpoint, folder: Path) -> None:
    """Write an export folder. It appears complete, by one rename, or not at all.

    Args:
        checkpoint: The model and its lineage.
        folder: The folder to create; its parent is created when needed.

    Raises:
        StudioError: If the folder exists or cannot be written.
    """
    if folder.exists():
        raise StudioError(
            "a checkpoint with this name exists", where=folder, mend="Choose another name, or remove it first"
        )
    state = {
        name: tensor.detach().cpu().contiguous() for name, tensor in checkpoint.model.state_dict().items()
    }
    config = _configuration(checkpoint)
    unfinished: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        save_file(state, unfinished / WEIGHTS_NAME)
        (unfinished / CONFIG_NAME).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        (unfinished / CARD_NAME).write_text(_card(checkpoint, folder.name), encoding="utf-8")
        unfinished.chmod(0o755)  # mkdtemp makes it private; an export is for others too
        for name in (WEIGHTS_NAME, CONFIG_NAME, CARD_NAME):
            with (unfinished / name).open("rb+") as file:
                os.fsync(file.fileno())
        unfinished.rename(folder)
    except OSError as error:
        raise StudioError(
            f"the checkpoint cannot be written ({error.strerror or error})",
            where=folder,
            mend="Check the free space and the permissions",
        ) from error
    finally:
        if unfinished is not None and unfinished.exists():
            shutil.rmtree(unfinished, ignore_errors=True)


def load_inverse_dynamics(path: Path, weights: Path | None = None) -> Checkpoint:
    """Load an inverse dynamics model, ours or OpenAI's.

    Args:
        path: An export folder, or an OpenAI ``.model`` file.
        weights: The ``.weights`` file of an OpenAI model; by default the one beside it with the same stem.

    Returns:
        The model in evaluation mode on the CPU, with its camera bins and lineage.

    Raises:
        StudioError: If nothing loadable is there, or parts of it do not fit together.
    """
    if path.is_file():
        return Checkpoint(
            load_openai_inverse_dynamics(path, weights), lineage={"imported_from": {"model": path.name}}
        )
    if not path.is_dir():
        raise StudioError(
            "there is no checkpoint here", where=path, mend="Choose an export folder or an OpenAI .model file"
        )
    config = read_configuration(path)
    network, camera = _described(config, path / CONFIG_NAME)
    try:
        state = load_file(path / WEIGHTS_NAME)
    except (OSError, SafetensorError) as error:
        raise StudioError(
            f"the weights cannot be read ({error})",
            where=path / WEIGHTS_NAME,
            mend="Export the checkpoint again",
        ) from error
    model = build_with_weights(network, state, where=path / CONFIG_NAME, weights_path=path / WEIGHTS_NAME)
    return Checkpoint(model, camera, config["lineage"])


def read_configuration(folder: Path) -> dict[str, Any]:
    """Read and check ``config.json`` of an export folder.

    Returns:
        The JSON object: ``format_version``, ``kind``, ``architecture``, ``action_codec``, ``preprocessing``,
        ``lineage``.

    Raises:
        StudioError: If it is missing, damaged, from a newer format, or of a codec this program lacks.
    """
    place = folder / CONFIG_NAME
    try:
        config = json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise StudioError(f"the configuration cannot be read ({error.strerror})", where=place) from error
    except ValueError as error:
        raise StudioError(f"the configuration is not JSON ({error})", where=place) from error
    if not isinstance(config, dict) or config.get("format_version") != FORMAT_VERSION:
        raise StudioError(
            "the checkpoint has another format version than this program",
            where=place,
            mend=f"This program reads version {FORMAT_VERSION}; update it, or export the checkpoint again",
        )
    if config.get("kind") != _KIND:
        raise StudioError(
            f"this is a {config.get('kind')} checkpoint, not an inverse dynamics model", where=place
        )
    lacking = [
        key for key in ("architecture", "action_codec", "preprocessing", "lineage") if key not in config
    ]
    if lacking:
        raise StudioError(f"the configuration lacks {', '.join(lacking)}", where=place, mend=_AGAIN)
    for key in ("architecture", "action_codec", "lineage"):
        if not isinstance(config[key], dict):
            raise StudioError(f"the configuration's {key} is not an object", where=place, mend=_AGAIN)
    buttons = config["action_codec"].get("buttons")
    if not isinstance(buttons, list) or tuple(buttons) != BUTTONS:
        raise StudioError("the checkpoint speaks of other buttons than this program", where=place)
    return config


def _described(config: Mapping[str, Any], place: Path) -> tuple[IdmNetwork, CameraQuantiser]:
    """The network's sizes and the camera's bins of a configuration that was read from `place`."""
    try:
        network = IdmNetwork.from_dict(config["architecture"])
    except StudioError as error:
        raise StudioError(error.what, where=place, mend=error.mend or _AGAIN) from error
    try:
        camera = CameraQuantiser(**config["action_codec"]["camera"])
        bins = camera.bins
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise StudioError(
            f"the configuration's camera cannot be used ({type(error).__name__}: {error})",
            where=place,
            mend=_AGAIN,
        ) from error
    if bins != DEFAULT_CAMERA.bins:
        raise StudioError(
            f"the camera has {bins} bins, but the network answers with {DEFAULT_CAMERA.bins}",
            where=place,
            mend=_AGAIN,
        )
    return network, camera


def _configuration(checkpoint: Checkpoint) -> dict[str, Any]:
    network = checkpoint.model.network
    return {
        "format_version": FORMAT_VERSION,
        "kind": _KIND,
        "architecture": network.to_dict(),
        "action_codec": {
            "space": "factored",
            "buttons": list(BUTTONS),
            "camera": checkpoint.camera.to_dict(),
        },
        "preprocessing": {
            "colours": "RGB",
            "size": [network.image_size, network.image_size],
            "resize": "bilinear",
            "scale": 1 / 255,
        },
        "lineage": dict(checkpoint.lineage),
    }


def _card(checkpoint: Checkpoint, name: str) -> str:
    network = checkpoint.model.network
    count = sum(parameter.numel() for parameter in checkpoint.model.parameters())
    size = network.image_size
    origin = json.dumps(dict(checkpoint.lineage), indent=2, ensure_ascii=False)
    return (
        f"# {name}\n\n"
        f"An inverse dynamics model of Video PreTraining: it reads {size}x{size} RGB frames at 20 Hz and "
        f"says which of 20 buttons were pressed and how the camera turned at every frame. {count:,} "
        f"parameters, trained on clips of {network.timesteps} frames.\n\n"
        f"Load it with `vpt_studio.models.checkpoints.load_inverse_dynamics`. `{CONFIG_NAME}` holds the "
        f"sizes, the meaning of the outputs and the preprocessing.\n\n"
        f"## Where it comes from\n\n```json\n{origin}\n```\n"
    )
