"""A network with given weights: everything that must hold before they are believed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import overload

import torch
from torch import Tensor, nn

from vpt_studio.errors import StudioError
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.policy import Policy
from vpt_studio.models.policy_network import PolicyNetwork

_OTHER_WEIGHTS = "Choose the weights that were published with the network description"


@overload
def build_with_weights(
    network: IdmNetwork, weights: Mapping[str, Tensor], *, where: Path, weights_path: Path
) -> InverseDynamicsModel: ...
@overload
def build_with_weights(
    network: PolicyNetwork, weights: Mapping[str, Tensor], *, where: Path, weights_path: Path
) -> Policy: ...
def build_with_weights(
    network: IdmNetwork | PolicyNetwork,
    weights: Mapping[str, Tensor],
    *,
    where: Path,
    weights_path: Path,
) -> InverseDynamicsModel | Policy:
    """The network with these weights, in evaluation mode on the CPU. The tensors become its own.

    Nothing of a size that only a description claims is allocated: the weights must have it first.

    Args:
        network: The sizes.
        weights: Its tensors by name, float32 on the CPU.
        where: The file that describes the network, for errors.
        weights_path: The file of the weights, for errors.

    Raises:
        StudioError: The sizes make no network, the weights belong to another one, or one is not a number.
    """
    layers = max(network.transformer_blocks, len(network.impala_channels))
    if layers > len(weights):  # or building so many would never end
        raise StudioError(
            f"the network has {layers} transformer blocks or stacks, more than the weights hold",
            where=where,
            mend="Choose the description that was published with the weights",
        )
    try:
        # Without allocation: a 4x network of 2 GB should not be initialised only to be overwritten.
        with torch.device("meta"):
            model = Policy(network) if isinstance(network, PolicyNetwork) else InverseDynamicsModel(network)
    except (TypeError, ValueError, ArithmeticError, RuntimeError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise StudioError(
            f"its sizes make no network ({reason})", where=where, mend="Copy the file again from its source"
        ) from error
    demand_fit(model.state_dict(), weights, where=weights_path)
    demand_numbers(weights, where=weights_path)
    model.load_state_dict(dict(weights), assign=True)
    return model.eval()


def demand_fit(expected: Mapping[str, Tensor], weights: Mapping[str, Tensor], *, where: Path) -> None:
    """Make sure that ``weights`` have exactly the names, shapes and types of ``expected``.

    Raises:
        StudioError: If a tensor is missing, unknown, or of another shape or type; the first ones are named.
    """
    missing = sorted(set(expected) - set(weights))
    unknown = sorted(set(weights) - set(expected))
    misfits = [
        _misfit(name, expected[name], weights[name])
        for name in expected
        if name in weights
        and (weights[name].shape, weights[name].dtype) != (expected[name].shape, expected[name].dtype)
    ]
    problems = [
        *_summary("lack", missing),
        *_summary("have the unknown tensor", unknown),
        *(
            [misfits[0] + (f" and {len(misfits) - 1} more do not fit" if misfits[1:] else "")]
            if misfits
            else []
        ),
    ]
    if problems:
        raise StudioError(
            f"the weights do not belong to this network: {'; '.join(problems)}",
            where=where,
            mend=_OTHER_WEIGHTS,
        )


def demand_numbers(weights: Mapping[str, Tensor], *, where: Path) -> None:
    """Make sure that every weight is a finite number.

    Raises:
        StudioError: If one is infinite or not a number; the tensor is named.
    """
    for name, tensor in weights.items():
        if tensor.numel() and not all(math.isfinite(end) for end in torch.aminmax(tensor)):
            raise StudioError(
                f"the tensor {name} has values that are no finite numbers",
                where=where,
                mend="Take an earlier checkpoint: this training went astray, or the file is damaged",
            )


def parameters_of(model: nn.Module) -> int:
    """Numbers in a network as OpenAI counts them: with the statistics of the value head."""
    return sum(tensor.numel() for tensor in model.state_dict().values())


def _misfit(name: str, expected: Tensor, given: Tensor) -> str:
    if expected.shape != given.shape:
        return f"{name} has shape {list(given.shape)} instead of {list(expected.shape)}"
    return f"{name} holds {_type(given)} instead of {_type(expected)}"


def _type(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _summary(verb: str, names: list[str]) -> list[str]:
    """The first names, and how many more there are."""
    if not names:
        return []
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return [f"they {verb} {', '.join(names[:3])}{more}"]
