"""What the parts for networks share: reading vectors, watching activations, comparing gradients."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from bench.parity.deviation import Deviation, absolute

TOLERANCE = 2e-4  # log-probabilities, values, latents, keys and values on a CPU in float32
_GRADIENT_TOLERANCE = 1e-3  # relative, of L2 norms


def vectors(folder: Path, name: str) -> dict[str, Any]:
    """The arrays of ``<name>.npz``."""
    with np.load(folder / f"{name}.npz") as archive:
        return {key: archive[key] for key in archive.files}


def activations(model: nn.Module, names: Iterable[str], run: Callable[[], object]) -> dict[str, Tensor]:
    """The outputs of the modules called ``names`` while ``run`` uses the model without gradients.

    Returns:
        By name; of a module that was called several times, the outputs one after another.
    """
    seen: dict[str, list[Tensor]] = {name: [] for name in names}
    modules = dict(model.named_modules())

    def watch(name: str) -> Callable[[nn.Module, Any, Any], None]:
        return lambda _module, _inputs, output: seen[name].append(
            output if isinstance(output, Tensor) else output[0]
        )

    handles = [modules[name].register_forward_hook(watch(name)) for name in seen if name in modules]
    try:
        with torch.no_grad():
            run()
    finally:
        for handle in handles:
            handle.remove()
    return {name: torch.cat(outputs) for name, outputs in seen.items() if outputs}


def gradients(model: nn.Module, loss: Tensor, file: Path) -> list[Deviation]:
    """Compare a loss and the L2 norm of every parameter's gradient with the reference's.

    Args:
        model: The network, whose gradients are cleared before and after.
        loss: Scalar made of its outputs.
        file: ``bc_gradients.json``.
    """
    reference = json.loads(file.read_text(encoding="utf-8"))
    model.zero_grad()
    torch.autograd.backward(loss)
    worst, name_of_worst, compared = 0.0, "none", 0
    for name, parameter in model.named_parameters():
        ours = 0.0 if parameter.grad is None else float(parameter.grad.norm())
        theirs = reference["grad_l2"][name] or 0.0
        distance = abs(ours - theirs) / theirs if theirs else ours
        compared += 1
        if distance > worst:
            worst, name_of_worst = distance, name
    model.zero_grad()
    return [
        absolute("training loss", float(loss.detach()), reference["loss"], TOLERANCE),
        Deviation(
            f"{compared} gradient norms (relative; worst: {name_of_worst})", worst, _GRADIENT_TOLERANCE
        ),
    ]
