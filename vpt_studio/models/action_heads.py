"""Action heads: from a latent to log-probabilities of buttons and camera bins."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from vpt_studio.models.log_probability import (
    ActionLogProbabilities,
)

_SMALLEST_SHARE = 1e-3  # of an option that never occurs, so that its logit stays finite
_FRESH_WEIGHT_SHARE = 0.1  # of the random weights that is kept beside known shares


class CategoricalHead(nn.Module):
    """One linear layer that decides several independent choices at once.

    Args:
        width: Size H of the latent.
        shape: Shape of the choices, e.g. (20,) buttons of the inverse dynamics model; () for the one joint
            choice of a policy.
        choices: Options per choice.
        temperature: Divides the logits. In released models it belongs to the trained network (it grows with
            the width); it is no knob for sampling.
    """

    def __init__(self, width: int, shape: Sequence[int], choices: int, *, temperature: float) -> None:
        super().__init__()
        self.linear_layer = nn.Linear(width, math.prod(shape) * choices)
        self._shape = torch.Size((*shape, choices))
        self._temperature = temperature

    @torch.no_grad()
    def start_from_shares(self, shares: Tensor) -> None:
        """Let a fresh head predict how often each option occurs, whatever it sees.

        Not in the paper. Training then need not spend its first hundreds of steps on learning that most
        buttons are rarely pressed.

        Args:
            shares: Share of every option in the labels, [*shape, choices]; each last axis sums to 1. Options
                that never occur are given a share of one in a thousand.

        Raises:
            ValueError: If the shape is another.
        """
        if shares.shape != self._shape:
            raise ValueError(f"shares must be {list(self._shape)}, not {list(shares.shape)}")
        logits = shares.to(self.linear_layer.bias).clamp(min=_SMALLEST_SHARE).log()
        self.linear_layer.bias.copy_(logits.flatten() * self._temperature)
        self.linear_layer.weight.mul_(_FRESH_WEIGHT_SHARE)

    def forward(self, latent: Tensor) -> Tensor:
        """Float [..., H] -> float32 log-probabilities [..., *shape, choices]."""
        logits = self.linear_layer(latent).float() / self._temperature
        return functional.log_softmax(logits.unflatten(-1, self._shape), dim=-1)


class ActionHeads(nn.Module):
    """The buttons' and the camera's head over one latent.

    Args:
        width: Size H of the latent.
        buttons: Shape and options of the buttons' head.
        camera: Shape and options of the camera's head.
        temperature: See :class:`CategoricalHead`.
    """

    def __init__(
        self,
        width: int,
        *,
        buttons: tuple[Sequence[int], int],
        camera: tuple[Sequence[int], int],
        temperature: float,
    ) -> None:
        super().__init__()
        self.buttons = CategoricalHead(width, *buttons, temperature=temperature)
        self.camera = CategoricalHead(width, *camera, temperature=temperature)

    def forward(self, latent: Tensor) -> ActionLogProbabilities:
        """Float [..., H] -> log-probabilities of both heads."""
        return ActionLogProbabilities(self.buttons(latent), self.camera(latent))
