"""What the options of policies and of inverse dynamics models have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from reprlib import repr as brief
from typing import Any, TypeVar

from vpt_studio.errors import StudioError

_N = TypeVar("_N")


def demand_buildable(network: Any, counts: Iterable[str]) -> None:
    """See that a network of these options can be built.

    Args:
        network: The options.
        counts: Names of those that are whole numbers of 1 or more.

    Raises:
        StudioError: One is wrong.
    """
    for name in counts:
        value = getattr(network, name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise StudioError(
                f"the network's {name} is {brief(value)}", mend="Choose a whole number of 1 or more"
            )
    if not network.impala_channels:
        raise StudioError("the network has no stacks of convolutions", mend="Choose impala_channels")
    if network.hidden_size % network.attention_heads:
        raise StudioError(
            f"a network of width {network.hidden_size} cannot have {network.attention_heads} attention heads",
            mend="Choose a width that is a multiple of the heads",
        )
    if network.image_size % network.input_pooling:
        raise StudioError(
            f"{network.image_size} pixels cannot be averaged over squares of {network.input_pooling}",
            mend="Choose an input pooling that divides the image size",
        )
    if not isinstance(network.temperature, int | float) or not 0 < network.temperature < float("inf"):
        raise StudioError(
            f"the network's temperature is {brief(network.temperature)}", mend="Choose a number above 0"
        )


def options_from(kind: type[_N], config: Mapping[str, Any]) -> _N:
    """Options as JSON values made into `kind`, a dataclass of them.

    Raises:
        StudioError: If a key is unknown or missing, or a value makes no network.
    """
    unknown = sorted(set(config) - {field.name for field in fields(kind)})  # type: ignore[arg-type]
    if unknown:
        raise StudioError(
            f"the network has unknown options: {', '.join(unknown)}",
            mend="Update VPT Studio, or remove them if they were written by hand",
        )
    try:
        return kind(**{**config, "impala_channels": tuple(config.get("impala_channels", (16, 32, 32)))})
    except TypeError as error:
        raise StudioError(f"the network's description is incomplete ({error})") from error
