"""OpenAI's ``.model`` files: a pickle that names a network's sizes, read and written without gym3."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from vpt_studio.errors import StudioError
from vpt_studio.models.inert_pickle import Described, RefusedPickleError, StandIn, read_pickle

_LARGEST_MODEL_FILE = 1 << 20  # bytes; released files have 2 to 5 KB
_SPACES = "gym3.types"  # the one foreign module that released files name
#: SHA-256 of genuine files, by which they are known again.
RELEASED = {
    "d3cf019ef5452bd5a6cc0bddcedfdf66b90f682d23db00fcb364389ab1dde294": "foundation-model-1x.model",
    "4a7d18310afd5a54a9d35b9444d5063315f074f8a407e0e479ed25be7cabef5d": "foundation-model-3x.model",
}
_KINDS = ("DictType", "TensorType", "Discrete")
_KNOWN = {(_SPACES, kind): StandIn(partial(Described, kind)) for kind in _KINDS}


@dataclass(frozen=True)
class OpenAIModelFile:
    """What a ``.model`` file says about a network.

    Attributes:
        network_args: Arguments of the network, as OpenAI named them.
        head_options: Options of the action heads; ``temperature`` is one.
        version: Number OpenAI gave the file, if any.
        spaces: Action and observation space, as inert descriptions.
    """

    network_args: dict[str, Any]
    head_options: dict[str, Any]
    version: int | None
    spaces: dict[str, Any]

    @property
    def temperature(self) -> float:
        """Divisor of the heads' logits; part of the trained network."""
        return float(self.head_options.get("temperature", 1.0))

    @property
    def is_policy(self) -> bool:
        """Whether the network looks back only, as policies do and inverse dynamics models do not."""
        return self.network_args.get("attention_mask_style") == "clipped_causal"


def read_openai_model(path: Path) -> OpenAIModelFile:
    """Read a ``.model`` file without importing or running anything it names.

    Args:
        path: The file, a pickle of protocol 2 to 5.

    Returns:
        The network's description. Arguments nobody knows are kept, not rejected.

    Raises:
        StudioError: If the file is missing, damaged, has bytes behind its end, names anything but the three
            gym3 space classes, or is laid out differently.
    """
    try:
        if path.stat().st_size > _LARGEST_MODEL_FILE:
            raise StudioError(
                "the file is too large for a network description",
                where=path,
                mend="Name the .model file; the .weights beside it are found by themselves",
            )
        data = path.read_bytes()
    except OSError as error:
        raise StudioError(f"the network description cannot be read ({error.strerror})", where=path) from error
    try:
        content = read_pickle(data, _KNOWN)
    except RefusedPickleError as error:
        raise StudioError(
            f"the file is no OpenAI network description ({error})",
            where=path,
            mend="Download it again; nothing in it was executed",
        ) from error
    return _parsed(content, path)


def _parsed(content: Any, path: Path) -> OpenAIModelFile:
    try:
        args = content["model"]["args"]
        network_args, head_options = args["net"]["args"], args["pi_head_opts"]
        if not isinstance(network_args, dict) or not isinstance(head_options, dict):
            raise TypeError("arguments are not dictionaries")
        spaces, version = content.get("extra_args", {}), content.get("version")
        if not isinstance(spaces, dict) or not isinstance(version, int | None):
            raise TypeError("spaces or version are something else")
        parsed = OpenAIModelFile(network_args, head_options, version, spaces)
        if not 0 < parsed.temperature < float("inf"):
            raise ValueError("the temperature is not a number above 0")
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise StudioError(
            "the file describes no network of the released layout"
            f" ({type(error).__name__}: {str(error)[:200]})",
            where=path,
            mend="Choose a .model file of the VPT release",
        ) from error
    return parsed


def openai_model_bytes(network_args: Mapping[str, Any], temperature: float, *, policy: bool) -> bytes:
    """The content of a ``.model`` file that OpenAI's own code reads.

    Args:
        network_args: As in :class:`OpenAIModelFile`.
        temperature: As there; written as a whole number where it is one, as in released files.
        policy: Whether it is a policy's, else an inverse dynamics model's.
    """
    image = {"img": _tensor_space((128, 128, 3), 256, "uint8")}
    if policy:
        actions = {"buttons": _tensor_space((1,), 8641, "int64"), "camera": _tensor_space((1,), 121, "int64")}
        functions = ("ypt.model.policy:MinecraftPolicy", "forc.model.rl.ppo.ppo_policy:create")
    else:
        actions = {"buttons": _tensor_space((20,), 2, "int64"), "camera": _tensor_space((2,), 11, "int64")}
        functions = (
            "ypt.model.inverse_action_model:InverseActionNet",
            "ypt.model.inverse_action_model:create",
        )
    whole = int(temperature) if float(temperature).is_integer() else float(temperature)
    content = {
        "version": 0,  # OpenAI counts its files; this is none of them
        "model": {
            "args": {
                "net": {"args": dict(network_args), "function": functions[0], "local_args": {}},
                "pi_head_opts": {"temperature": whole},
            },
            "function": functions[1],
        },
        "extra_args": {
            "ac_space": _space("DictType", _n2t=actions),
            "ob_space": _space("DictType", _n2t=image),
        },
    }
    return b"\x80\x04" + _pickled(content) + b"."


def _space(kind: str, **state: Any) -> Described:
    space = Described(kind)
    space.state = state
    return space


def _tensor_space(shape: tuple[int, ...], options: int, dtype: str) -> Described:
    return _space("TensorType", eltype=_space("Discrete", n=options, dtype_name=dtype), shape=shape)


def _pickled(value: Any) -> bytes:
    """Opcodes of protocol 4 for ``value``. Python's own pickler would have to import gym3."""
    match value:
        case None:
            return b"N"
        case bool():
            return b"\x88" if value else b"\x89"
        case int():
            return b"J" + struct.pack("<i", value)
        case float():
            return b"G" + struct.pack(">d", value)
        case str():
            return b"X" + struct.pack("<I", len(value.encode())) + value.encode()
        case tuple():
            return b"(" + b"".join(map(_pickled, value)) + b"t"
        case list():
            return b"](" + b"".join(map(_pickled, value)) + b"e"
        case dict():
            items = b"".join(_pickled(key) + _pickled(content) for key, content in value.items())
            return b"}(" + items + b"u"
        case Described():
            named = _pickled(_SPACES) + _pickled(value.kind) + b"\x93"
            return named + b")\x81" + _pickled(value.state) + b"b"
    raise TypeError(f"{type(value).__name__} has no place in a network description")
