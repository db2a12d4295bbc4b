"""OpenAI's checkpoints: a ``.model`` and a ``.weights`` that belong together, in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, overload

from vpt_studio.atomic_files import already_there, created, make_folder
from vpt_studio.errors import StudioError
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.openai_model_file import OpenAIModelFile, openai_model_bytes, read_openai_model
from vpt_studio.models.openai_weights import read_openai_weights, write_openai_weights
from vpt_studio.models.policy import Policy
from vpt_studio.models.policy_network import PolicyNetwork
from vpt_studio.models.weight_fitting import build_with_weights

_Network = TypeVar("_Network")


def load_openai(
    model_path: Path,
    weights_path: Path | None = None,
    *,
    kind: str | None = None,
    without: tuple[str, ...] = (),
) -> Policy | InverseDynamicsModel:
    """Build the network of OpenAI's two files, in evaluation mode on the CPU.

    Args:
        model_path: The ``.model`` file.
        weights_path: The ``.weights`` file; by default the one beside it with the same stem.
        kind: ``"policy"`` or ``"inverse_dynamics"``, where only that will do.
        without: Beginnings of the names of tensors to leave out. OpenAI trained the policies of its
            reinforcement learning with a second value head, which the ``.model`` does not tell of.

    Raises:
        StudioError: If a file is missing, damaged or hostile, the two do not belong together, or they are of
            another kind.
    """
    if kind == "policy":
        return load_openai_policy(model_path, weights_path, without=without)
    if kind == "inverse_dynamics":
        return load_openai_inverse_dynamics(model_path, weights_path)
    return _built(openai_network(model_path), model_path, weights_path, without)


def load_openai_policy(
    model_path: Path, weights_path: Path | None = None, *, without: tuple[str, ...] = ()
) -> Policy:
    """The policy of two files; see :func:`load_openai`."""
    network = _parsed(PolicyNetwork.from_openai, read_openai_model(model_path), model_path)
    return _built(network, model_path, weights_path, without)


def load_openai_inverse_dynamics(model_path: Path, weights_path: Path | None = None) -> InverseDynamicsModel:
    """The inverse dynamics model of two files; see :func:`load_openai`."""
    network = _parsed(IdmNetwork.from_openai, read_openai_model(model_path), model_path)
    return _built(network, model_path, weights_path, ())


def openai_network(model_path: Path) -> PolicyNetwork | IdmNetwork:
    """The network that a ``.model`` file describes.

    Raises:
        StudioError: If the file is missing, damaged or hostile, or describes a graph nobody released.
    """
    description = read_openai_model(model_path)
    if description.is_policy:
        return _parsed(PolicyNetwork.from_openai, description, model_path)
    return _parsed(IdmNetwork.from_openai, description, model_path)


def save_openai(model: Policy | InverseDynamicsModel, model_path: Path) -> Path:
    """Write a network as the two files that OpenAI's own code reads.

    Args:
        model: The network.
        model_path: The ``.model`` file to create; the ``.weights`` file gets the same stem.

    Returns:
        The ``.weights`` file.

    Raises:
        StudioError: If the network has something that OpenAI's code cannot build, or a file exists already
            or cannot be written.
    """
    weights_path = model_path.with_suffix(".weights")
    content = openai_model_bytes(
        model.network.to_openai(), model.network.temperature, policy=isinstance(model, Policy)
    )
    if model_path.exists():
        raise already_there(model_path)
    make_folder(model_path.parent)
    # The weights first: a description without weights would look like a checkpoint.
    write_openai_weights(weights_path, model.state_dict())
    with created(model_path) as unfinished:
        unfinished.write_bytes(content)
    return weights_path


def _parsed(
    parse: Callable[[Mapping[str, Any], float], _Network], description: OpenAIModelFile, place: Path
) -> _Network:
    try:
        return parse(description.network_args, description.temperature)
    except StudioError as error:
        raise StudioError(error.what, where=place, mend=error.mend) from error


@overload
def _built(
    network: PolicyNetwork, model_path: Path, weights_path: Path | None, without: tuple[str, ...]
) -> Policy: ...
@overload
def _built(
    network: IdmNetwork, model_path: Path, weights_path: Path | None, without: tuple[str, ...]
) -> InverseDynamicsModel: ...
def _built(
    network: PolicyNetwork | IdmNetwork,
    model_path: Path,
    weights_path: Path | None,
    without: tuple[str, ...],
) -> Policy | InverseDynamicsModel:
    weights_path = weights_path or model_path.with_suffix(".weights")
    tensors = read_openai_weights(weights_path)
    kept = {name: tensor for name, tensor in tensors.items() if not name.startswith(without)}
    return build_with_weights(network, kept, where=model_path, weights_path=weights_path)
