"""Checkpoints: a trained network and what is known about it, ours or OpenAI's, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA, CameraQuantiser
from vpt_studio.errors import StudioError
from vpt_studio.models.checkpoint_folder import (
    AGAIN,
    CONFIG_NAME,
    FORMAT_VERSION,
    WEIGHTS_NAME,
    read_configuration,
    read_weights,
    write_folder,
)
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.log_probability import CameraTerm
from vpt_studio.models.model_card import card_text
from vpt_studio.models.openai_files import load_openai
from vpt_studio.models.policy import Policy
from vpt_studio.models.policy_network import PolicyNetwork
from vpt_studio.models.weight_fitting import build_with_weights, parameters_of

_KINDS = {"inverse_dynamics": "an inverse dynamics model", "policy": "a policy"}


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


@dataclass(frozen=True)
class PolicyCheckpoint:
    """A trained policy and what is known about it.

    Attributes:
        model: The network, in evaluation mode on the CPU when it was loaded.
        camera: How the camera head's bins map to degrees.
        camera_term: When the camera counts in the log-probability of an action, as this policy was trained.
        lineage: JSON values that say where the weights come from: data hashes, run, parent checkpoint.
    """

    model: Policy
    camera: CameraQuantiser = DEFAULT_CAMERA
    camera_term: CameraTerm = CameraTerm.ALWAYS
    lineage: Mapping[str, Any] = field(default_factory=dict)


def save_inverse_dynamics(checkpoint: Checkpoint, folder: Path) -> None:
    """Write an export folder. It appears complete, by one rename, or not at all.

    Args:
        checkpoint: The model and its lineage.
        folder: The folder to create; its parent is created when needed.

    Raises:
        StudioError: If the folder exists or cannot be written.
    """
    _save(checkpoint, folder)


def save_policy(checkpoint: PolicyCheckpoint, folder: Path) -> None:
    """The same for a policy."""
    _save(checkpoint, folder)


def load_inverse_dynamics(path: Path, weights: Path | None = None) -> Checkpoint:
    """Load an inverse dynamics model, ours or OpenAI's; see :func:`load_checkpoint`.

    Raises:
        StudioError: As there, or if it is something else.
    """
    checkpoint = load_checkpoint(path, weights, kind="inverse_dynamics")
    assert isinstance(checkpoint, Checkpoint)
    return checkpoint


def load_policy(path: Path, weights: Path | None = None) -> PolicyCheckpoint:
    """Load a policy, ours or OpenAI's; see :func:`load_checkpoint`.

    Raises:
        StudioError: As there, or if it is something else.
    """
    checkpoint = load_checkpoint(path, weights, kind="policy")
    assert isinstance(checkpoint, PolicyCheckpoint)
    return checkpoint


def load_checkpoint(
    path: Path, weights: Path | None = None, *, kind: str | None = None, without: tuple[str, ...] = ()
) -> Checkpoint | PolicyCheckpoint:
    """Load a checkpoint, ours or OpenAI's.

    Args:
        path: An export folder, or an OpenAI ``.model`` file.
        weights: The ``.weights`` file of an OpenAI model; by default the one beside it with the same stem.
        kind: ``"inverse_dynamics"`` or ``"policy"``, where only that will do.
        without: Beginnings of the names of tensors of an OpenAI file to leave out.

    Returns:
        The network in evaluation mode on the CPU, with its camera bins and lineage.

    Raises:
        StudioError: If nothing loadable is there, parts of it do not fit together, or it is of another kind.
    """
    if path.is_file():
        return _openai(path, weights, kind, without)
    if not path.is_dir():
        raise StudioError(
            "there is no checkpoint here", where=path, mend="Choose an export folder or an OpenAI .model file"
        )
    network, camera, config = described(path, kind)
    files = {"where": path / CONFIG_NAME, "weights_path": path / WEIGHTS_NAME}
    state = read_weights(path, config)
    if isinstance(network, PolicyNetwork):
        term = _camera_term(config, path / CONFIG_NAME)
        return PolicyCheckpoint(build_with_weights(network, state, **files), camera, term, config["lineage"])
    return Checkpoint(build_with_weights(network, state, **files), camera, config["lineage"])


def described(
    folder: Path, kind: str | None = None
) -> tuple[PolicyNetwork | IdmNetwork, CameraQuantiser, dict[str, Any]]:
    """The network, the camera's bins and the whole configuration of an export folder, without weights.

    Raises:
        StudioError: If the configuration is missing or damaged, or of another kind than asked for.
    """
    config, place = read_configuration(folder), folder / CONFIG_NAME
    found = config.get("kind")
    if not isinstance(found, str) or found not in _KINDS:
        raise StudioError("this is a checkpoint of a kind that this program lacks", where=place)
    if kind not in (None, found):
        raise StudioError(f"this is {_KINDS[found]}, not {_KINDS[str(kind)]}", where=place)
    camera = _camera(config, place)
    try:
        if found == "policy":
            _camera_term(config, place)
            return PolicyNetwork.from_dict(config["architecture"]), camera, config
        return IdmNetwork.from_dict(config["architecture"]), camera, config
    except StudioError as error:
        raise StudioError(error.what, where=place, mend=error.mend or AGAIN) from error


def configuration_of(checkpoint: Checkpoint | PolicyCheckpoint) -> dict[str, Any]:
    """The configuration that a checkpoint is written with, without hashes."""
    network = checkpoint.model.network
    config: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "kind": "policy" if isinstance(checkpoint, PolicyCheckpoint) else "inverse_dynamics",
        "architecture": network.to_dict(),
        "action_codec": {
            "space": "joint" if isinstance(checkpoint, PolicyCheckpoint) else "factored",
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
    if isinstance(checkpoint, PolicyCheckpoint):
        config["log_probability"] = {"camera": checkpoint.camera_term.value}
    return config


def card_of(checkpoint: Checkpoint | PolicyCheckpoint, name: str) -> str:
    """The card of a checkpoint called ``name``, in Markdown."""
    config = configuration_of(checkpoint)
    return card_text(name, kind=config["kind"], config=config, parameters=parameters_of(checkpoint.model))


def _save(checkpoint: Checkpoint | PolicyCheckpoint, folder: Path) -> None:
    write_folder(
        folder, checkpoint.model.state_dict(), configuration_of(checkpoint), card_of(checkpoint, folder.name)
    )


def _openai(
    path: Path, weights: Path | None, kind: str | None, without: tuple[str, ...]
) -> Checkpoint | PolicyCheckpoint:
    lineage: dict[str, Any] = {"imported_from": {"model": path.name}}
    if without:
        lineage["imported_from"]["without"] = list(without)
    model = load_openai(path, weights, without=without, kind=kind)
    if isinstance(model, Policy):
        return PolicyCheckpoint(model, lineage=lineage)
    return Checkpoint(model, lineage=lineage)


def _camera_term(config: Mapping[str, Any], place: Path) -> CameraTerm:
    try:
        return CameraTerm(config["log_probability"]["camera"])
    except (KeyError, TypeError, ValueError) as error:
        raise StudioError(
            "the configuration does not say when the camera counts in a log-probability",
            where=place,
            mend=AGAIN,
        ) from error


def _camera(config: Mapping[str, Any], place: Path) -> CameraQuantiser:
    """The camera's bins of a configuration that was read from `place`, if its codec is ours."""
    buttons = config["action_codec"].get("buttons")
    if not isinstance(buttons, list) or tuple(buttons) != BUTTONS:
        raise StudioError("the checkpoint speaks of other buttons than this program", where=place)
    try:
        camera = CameraQuantiser(**config["action_codec"]["camera"])
        bins = camera.bins
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise StudioError(
            f"the configuration's camera cannot be used ({type(error).__name__}: {str(error)[:200]})",
            where=place,
            mend=AGAIN,
        ) from error
    if bins != DEFAULT_CAMERA.bins:
        raise StudioError(
            f"the camera has {bins} bins, but the network answers with {DEFAULT_CAMERA.bins}",
            where=place,
            mend=AGAIN,
        )
    return camera
