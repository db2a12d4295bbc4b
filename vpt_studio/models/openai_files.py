"""OpenAI's checkpoint files: the ``.model`` pickle, read without running it, and the ``.weights``."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from vpt_studio.errors import StudioError
from vpt_studio.models.inverse_dynamics import IdmNetwork, InverseDynamicsModel

_LARGEST_MODEL_FILE = 1 << 20  # bytes; released files have 2 to 5 KB


class SpaceDescription:
    """An inert stand-in for a gym3 space: it keeps the pickled attributes and can do nothing.

    Attributes:
        state: Attribute names and values of the original object.
    """

    state: dict[str, Any]

    def __setstate__(self, state: dict[str, Any]) -> None:
        if not isinstance(state, dict):
            raise pickle.UnpicklingError("a space is not described by a dictionary")
        self.state = state


class _DictSpace(SpaceDescription):
    pass


class _TensorSpace(SpaceDescription):
    pass


class _DiscreteSpace(SpaceDescription):
    pass


_ALLOWED = {
    ("gym3.types", "DictType"): _DictSpace,
    ("gym3.types", "TensorType"): _TensorSpace,
    ("gym3.types", "Discrete"): _DiscreteSpace,
}


class _RestrictedUnpickler(pickle.Unpickler):
    """Knows three names; whatever else a pickle asks for is refused before it is looked up."""

    def find_class(self, module: str, name: str) -> type[SpaceDescription]:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"it asks for {module}.{name}, which no released file does"
            ) from None

    def persistent_load(self, pid: Any) -> Any:
        raise pickle.UnpicklingError(f"it refers to an outside object {pid!r}")


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


def read_openai_model(path: Path) -> OpenAIModelFile:
    """Read a ``.model`` file without importing or running anything it names.

    Args:
        path: The file, a pickle of protocol 4.

    Returns:
        The network's description. Arguments nobody knows are kept, not rejected.

    Raises:
        StudioError: If the file is missing, damaged, has bytes behind its end, names anything but the three
            gym3 space classes, or is laid out differently.
    """
    try:
        if path.stat().st_size > _LARGEST_MODEL_FILE:
            raise StudioError("the file is too large for a network description", where=path)
        data = path.read_bytes()
    except OSError as error:
        raise StudioError(f"the network description cannot be read ({error.strerror})", where=path) from error
    stream = io.BytesIO(data)
    try:
        content = _RestrictedUnpickler(stream).load()
    # A hostile or cut pickle can fail in any way the opcodes allow; none of them may look like a crash.
    except Exception as error:
        raise StudioError(
            f"the file is no OpenAI network description ({error})",
            where=path,
            mend="Download it again; nothing in it was executed",
        ) from error
    if stream.read(1):
        raise StudioError(
            "the file has bytes behind the network description",
            where=path,
            mend="Download it again; nothing in it was executed",
        )
    return _parse(content, path)


def _parse(content: Any, path: Path) -> OpenAIModelFile:
    try:
        args = content["model"]["args"]
        network_args, head_options = args["net"]["args"], args["pi_head_opts"]
        if not isinstance(network_args, dict) or not isinstance(head_options, dict):
            raise TypeError("arguments are not dictionaries")
        spaces = content.get("extra_args", {})
        parsed = OpenAIModelFile(network_args, head_options, content.get("version"), dict(spaces))
        float(head_options.get("temperature", 1.0))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StudioError(
            f"the file describes no network of the released layout ({type(error).__name__}: {error})",
            where=path,
            mend="Choose a .model file of the VPT release",
        ) from error
    return parsed


def read_openai_weights(path: Path) -> dict[str, Tensor]:
    """Read a ``.weights`` file to the CPU, with PyTorch's restricted loader.

    Raises:
        StudioError: If the file is missing, damaged, or holds anything but named tensors.
    """
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise StudioError("there are no weights here", where=path) from error
    # torch.load reports damage with whatever its zip reader or unpickler raised.
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StudioError(
            f"the weights cannot be read ({reason})",
            where=path,
            mend="Download the file again and compare its size",
        ) from error
    if not isinstance(content, Mapping) or not all(isinstance(value, Tensor) for value in content.values()):
        raise StudioError("the file holds no dictionary of tensors", where=path)
    return {str(name): tensor for name, tensor in content.items()}


def build_with_weights(
    network: IdmNetwork, weights: Mapping[str, Tensor], *, where: Path, weights_path: Path
) -> InverseDynamicsModel:
    """The network with these weights, in evaluation mode on the CPU.

    Nothing of a size that only a description claims is allocated: the weights must have it first.

    Args:
        network: The sizes.
        weights: Its tensors by name.
        where: The file that describes the network, for errors.
        weights_path: The file of the weights, for errors.

    Raises:
        StudioError: The sizes make no network, or the weights belong to another one.
    """
    if network.transformer_blocks > len(weights):  # or building so many would never end
        raise StudioError(
            f"the network has {network.transformer_blocks} transformer blocks, more than the weights hold",
            where=where,
            mend="Choose the description that was published with the weights",
        )
    try:
        # Without allocation: a 4x network of 2 GB should not be initialised only to be overwritten.
        with torch.device("meta"):
            model = InverseDynamicsModel(network)
    except (TypeError, ValueError, ArithmeticError, RuntimeError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise StudioError(
            f"its sizes make no network ({reason})", where=where, mend="Copy the file again from its source"
        ) from error
    _check_shapes(model, weights, where=weights_path)
    model.to_empty(device="cpu")
    model.load_state_dict(dict(weights))
    return model.eval()


def _check_shapes(model: nn.Module, weights: Mapping[str, Tensor], *, where: Path) -> None:
    """Make sure that ``weights`` have exactly the names and shapes of ``model``.

    Raises:
        StudioError: If a tensor is missing, unknown or of another shape; the message names the first ones.
    """
    expected = model.state_dict()
    missing = sorted(set(expected) - set(weights))
    unknown = sorted(set(weights) - set(expected))
    misfits = [
        f"{name} has shape {list(weights[name].shape)} instead of {list(expected[name].shape)}"
        for name in expected
        if name in weights and weights[name].shape != expected[name].shape
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
            mend="Choose the weights that were published with the network description",
        )


def _summary(verb: str, names: list[str]) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return [f"they {verb} {names[0]}{more}"]


def load_openai_inverse_dynamics(model_path: Path, weights_path: Path | None = None) -> InverseDynamicsModel:
    """Build OpenAI's inverse dynamics model from its two files, in evaluation mode on the CPU.

    Args:
        model_path: The ``.model`` file.
        weights_path: The ``.weights`` file; by default the one beside it with the same stem.

    Raises:
        StudioError: If a file is missing, damaged or hostile, or the two do not belong together.
    """
    description = read_openai_model(model_path)
    try:
        network = IdmNetwork.from_openai(description.network_args, description.temperature)
    except StudioError as error:
        raise StudioError(error.what, where=model_path, mend=error.mend) from error
    weights_path = weights_path or model_path.with_suffix(".weights")
    weights = read_openai_weights(weights_path)
    return build_with_weights(network, weights, where=model_path, weights_path=weights_path)
