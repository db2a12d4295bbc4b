"""Part ``idm_tiny``: outputs, inner activations, labels of 640x360 frames, loss and gradients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from bench.parity.deviation import Deviation, absolute, choices, exact
from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA
from vpt_studio.models.action_heads import negative_log_likelihood
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.openai_files import load_openai_inverse_dynamics

_TOLERANCE = 2e-4  # log-probabilities and latents, CPU float32
_GRADIENT_TOLERANCE = 1e-3  # relative, of L2 norms
_PIXEL_STRIDE = 16  # the stored temporal convolution has every 16th pixel


def check(folder: Path) -> list[Deviation]:
    """Compare every vector in ``folder`` with our model.

    Args:
        folder: The part's folder, laid out as in ``data/parity/idm_tiny``.

    Returns:
        One deviation per quantity.
    """
    model = load_openai_inverse_dynamics(folder / "idm.model")
    frames = torch.from_numpy(_load(folder, "inputs")["img"])
    return [
        *_outputs(folder, model, frames),
        *_activations(folder, model, frames),
        *_labels(folder, model),
        *_gradients(folder, model, frames),
    ]


def _load(folder: Path, name: str) -> dict[str, Any]:
    with np.load(folder / f"{name}.npz") as archive:
        return {key: archive[key] for key in archive.files}


def _outputs(folder: Path, model: InverseDynamicsModel, frames: Tensor) -> list[Deviation]:
    expected = _load(folder, "outputs")
    lengths = sorted({int(key.split("/")[0][1:]) for key in expected if key.startswith("T")})
    found = []
    for length in lengths:
        with torch.no_grad():
            out = model(frames[:, :length])
        for head, ours in (("buttons", out.buttons), ("camera", out.camera)):
            reference = expected[f"T{length}/{head}_logprobs"]
            found.append(absolute(f"{head} log-probabilities, {length} frames", ours, reference, _TOLERANCE))
            chosen = expected[f"T{length}/{head}"]
            found.append(choices(f"{head} arg-max, {length} frames", ours, reference, chosen, _TOLERANCE))
        summed = -negative_log_likelihood(
            out,
            torch.from_numpy(expected[f"T{length}/buttons"]),
            torch.from_numpy(expected[f"T{length}/camera"]),
        )
        found.append(
            absolute(
                f"joint log-probability, {length} frames", summed, expected[f"T{length}/log_prob"], _TOLERANCE
            )
        )
    return found


def _activations(folder: Path, model: InverseDynamicsModel, frames: Tensor) -> list[Deviation]:
    stored = _load(folder, "outputs")
    expected = {key.removeprefix("mid/"): stored[key] for key in stored if key.startswith("mid/")}
    seen: dict[str, Tensor] = {}

    def keep(name: str, output: Tensor | tuple[Tensor, object]) -> None:
        seen[name] = output if isinstance(output, Tensor) else output[0]

    modules = dict(model.named_modules())
    handles = [
        modules[name].register_forward_hook(lambda _module, _inputs, output, name=name: keep(name, output))
        for name in (*expected, "net.recurrent_layer")
    ]
    with torch.no_grad():
        model(frames[:1, : model.network.timesteps])
        # The released graph evaluates this layer and drops the result; ours does so only here.
        model.net.lastlayer(torch.relu(seen["net.recurrent_layer"]))
    for handle in handles:
        handle.remove()
    seen["net.conv3d_layer"] = seen["net.conv3d_layer"][None, :, :, ::_PIXEL_STRIDE, ::_PIXEL_STRIDE]
    seen["net.conv3d_layer"] = seen["net.conv3d_layer"].transpose(1, 2)  # stored as [1, C, T, h, w]
    seen["net.img_process"] = seen["net.img_process"][None]
    return [absolute(f"activation {name}", seen[name], expected[name], _TOLERANCE) for name in expected]


def _gradients(folder: Path, model: InverseDynamicsModel, frames: Tensor) -> list[Deviation]:
    targets = _load(folder, "train_targets")
    reference = json.loads((folder / "bc_gradients.json").read_text(encoding="utf-8"))
    buttons, camera = torch.from_numpy(targets["buttons"]), torch.from_numpy(targets["camera"])
    model.zero_grad()
    loss = negative_log_likelihood(model(frames[:, : buttons.shape[1]]), buttons, camera).mean()
    torch.autograd.backward(loss)
    worst, name_of_worst = 0.0, "none"
    for name, parameter in model.named_parameters():
        ours = 0.0 if parameter.grad is None else float(parameter.grad.norm())
        theirs = reference["grad_l2"][name] or 0.0
        distance = abs(ours - theirs) / theirs if theirs else ours
        if distance > worst:
            worst, name_of_worst = distance, name
    model.zero_grad()
    return [
        absolute("training loss", float(loss.detach()), reference["loss"], _TOLERANCE),
        Deviation(f"gradient norms (relative; worst: {name_of_worst})", worst, _GRADIENT_TOLERANCE),
    ]


def _labels(folder: Path, model: InverseDynamicsModel) -> list[Deviation]:
    given = _load(folder, "predict_640x360")
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
