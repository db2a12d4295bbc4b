"""Part ``full_size``: networks of the released sizes, with weights regenerated from their tensors' names."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from bench.parity.deviation import Deviation, absolute, exact
from vpt_studio.models.inverse_dynamics import IdmNetwork, InverseDynamicsModel

NOT_BUILT = ("foundation-1x", "2x", "foundation-3x")  # policies
_TOLERANCE = 1e-3  # full-size networks, CPU float32
_FRAMES_PER_SLICE = 4  # one frame of the 4x tower needs about 17 MB per activation


def check(folder: Path) -> list[Deviation]:
    """Compare the 4x inverse dynamics model with the reference.

    Args:
        folder: The part's folder, laid out as in ``data/parity/full_size``.

    Returns:
        One deviation per quantity.
    """
    spec = json.loads((folder / "4x_idm.json").read_text(encoding="utf-8"))
    network = IdmNetwork.from_openai(spec["net_args"], spec["pi_head_opts"]["temperature"])
    with torch.device("meta"):
        model = InverseDynamicsModel(network)
    state = model.state_dict()
    listed = {tensor["key"]: list(tensor["shape"]) for tensor in spec["state_dict"]}
    ours = {name: list(tensor.shape) for name, tensor in state.items()}
    found = [
        exact("names and shapes of tensors", sorted(map(str, ours.items())), sorted(map(str, listed.items())))
    ]
    weights = {name: regenerate(spec["recipe_tag"], name, shape) for name, shape in listed.items()}
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(weights[name].tobytes())
    found.append(exact("SHA-256 of the regenerated weights", digest.hexdigest(), spec["recipe_sha256"]))
    model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()}, assign=True)
    with np.load(folder / "4x_idm.npz") as archive:
        expected = {key: archive[key] for key in archive.files}
    with torch.no_grad():
        out = model.eval()(torch.from_numpy(expected["img"]), _FRAMES_PER_SLICE)
    return [
        *found,
        absolute("4x_idm buttons log-probabilities", out.buttons, expected["chunk0/buttons"], _TOLERANCE),
        absolute("4x_idm camera log-probabilities", out.camera, expected["chunk0/camera"], _TOLERANCE),
    ]


def regenerate(tag: str, name: str, shape: list[int]) -> npt.NDArray[np.float32]:
    """A tensor of the weight recipe in the vectors' README: random, but a function of its name alone.

    Args:
        tag: The recipe's tag.
        name: Key of the tensor in the state dictionary.
        shape: Its shape.
    """
    seed = int.from_bytes(hashlib.sha256(f"{tag}/{name}".encode()).digest()[:8], "big")
    draw: Any = np.random.Generator(np.random.PCG64(seed)).standard_normal(shape, dtype=np.float32)
    if name.endswith("running_mean"):
        scaled = np.float32(0.3) * draw
    elif name.endswith("running_mean_sq"):
        scaled = np.float32(1) + np.abs(draw)
    elif name.endswith("debiasing_term"):
        scaled = np.full(shape, 0.75, dtype=np.float32)
    elif name.endswith("b_nd"):
        scaled = np.float32(0.2) * draw
    elif len(shape) >= 2:
        gain = 3.0 if ".q_layer." in name or ".k_layer." in name else 1.0
        scaled = np.float32(np.float32(gain) / np.sqrt(np.float32(math.prod(shape[1:])))) * draw
    elif name.endswith(".weight"):
        scaled = np.float32(1) + np.float32(0.1) * draw
    else:
        scaled = np.float32(0.1) * draw
    return np.asarray(scaled, dtype=np.float32)
