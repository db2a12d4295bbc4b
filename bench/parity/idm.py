"""Part ``idm_tiny``: outputs, inner activations, labels of 640x360 frames, loss and gradients."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from bench.parity.deviation import Deviation, absolute, choices, exact
from bench.parity.probing import TOLERANCE, activations, gradients, vectors
from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.log_probability import CameraTerm, log_probability
from vpt_studio.models.openai_files import load_openai_inverse_dynamics

_PIXEL_STRIDE = 16  # the stored temporal convolution has every 16th pixel


def check(folder: Path) -> list[Deviation]:
    """Compare every vector in ``folder`` with our model.

    Args:
        folder: The part's folder, laid out as in ``data/parity/idm_tiny``.

    Returns:
        One deviation per quantity.
    """
    model = load_openai_inverse_dynamics(folder / "idm.model")
    frames = torch.from_numpy(vectors(folder, "inputs")["img"])
    return [
        *_outputs(folder, model, frames),
        *_activations(folder, model, frames),
        *_labels(folder, model),
        *_gradients(folder, model, frames),
    ]


def _outputs(folder: Path, model: InverseDynamicsModel, frames: Tensor) -> list[Deviation]:
    expected = vectors(folder, "outputs")
    lengths = sorted({int(key.split("/")[0][1:]) for key in expected if key.startswith("T")})
    found = []
    for length in lengths:
        with torch.no_grad():
            out = model(frames[:, :length])
        for head, ours in (("buttons", out.buttons), ("camera", out.camera)):
            reference = expected[f"T{length}/{head}_logprobs"]
            found.append(absolute(f"{head} log-probabilities, {length} frames", ours, reference, TOLERANCE))
            chosen = expected[f"T{length}/{head}"]
            found.append(choices(f"{head} arg-max, {length} frames", ours, reference, chosen, TOLERANCE))
        summed = log_probability(
            out,
            torch.from_numpy(expected[f"T{length}/buttons"]),
            torch.from_numpy(expected[f"T{length}/camera"]),
            CameraTerm.ALWAYS,
        )
        found.append(
            absolute(
                f"joint log-probability, {length} frames", summed, expected[f"T{length}/log_prob"], TOLERANCE
            )
        )
    return found


def _activations(folder: Path, model: InverseDynamicsModel, frames: Tensor) -> list[Deviation]:
    stored = vectors(folder, "outputs")
    expected = {key.removeprefix("mid/"): stored[key] for key in stored if key.startswith("mid/")}
    seen = activations(
        model, {*expected, "net.recurrent_layer"}, lambda: model(frames[:1, : model.network.timesteps])
    )
    # The released graph evaluates this layer and drops the result; ours does so only here.
    with torch.no_grad():
        seen["net.lastlayer"] = model.net.lastlayer(torch.relu(seen["net.recurrent_layer"]))
    sparse = seen["net.conv3d_layer"][None, :, :, ::_PIXEL_STRIDE, ::_PIXEL_STRIDE]
    seen["net.conv3d_layer"] = sparse.transpose(1, 2)  # stored as [1, C, T, h, w]
    seen["net.img_process"] = seen["net.img_process"][None]
    return [absolute(f"activation {name}", seen[name], expected[name], TOLERANCE) for name in expected]


def _gradients(folder: Path, model: InverseDynamicsModel, frames: Tensor) -> list[Deviation]:
    targets = vectors(folder, "train_targets")
    buttons, camera = torch.from_numpy(targets["buttons"]), torch.from_numpy(targets["camera"])
    out = model(frames[:, : buttons.shape[1]])
    loss = -log_probability(out, buttons, camera, CameraTerm.ALWAYS).mean()
    return gradients(model, loss, folder / "bc_gradients.json")


def _labels(folder: Path, model: InverseDynamicsModel) -> list[Deviation]:
    given = vectors(folder, "predict_640x360")
    size = model.network.image_size
    resized = np.stack(
        [cv2.resize(frame, (size, size), interpolation=cv2.INTER_LINEAR) for frame in given["frames_rgb"]]
    )[None]
    with torch.no_grad():
        out = model(torch.from_numpy(resized))
    pressed = out.buttons.argmax(-1).numpy()
    reference = np.stack([given[f"env/{button}"] for button in BUTTONS], axis=-1)
    degrees = DEFAULT_CAMERA.decode(out.camera.argmax(-1).numpy())
    return [
        exact("resized 640x360 pixels", resized, given["resized"]),
        exact("pressed buttons of 640x360 frames", pressed, reference),
        absolute("camera degrees of 640x360 frames", degrees, given["env/camera"], 1e-9),
    ]
