"""Action heads: from a latent to log-probabilities of buttons and camera bins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

_SMALLEST_SHARE = 1e-3  # of an option that never occurs, so that its logit stays finite
_FRESH_WEIGHT_SHARE = 0.1  # of the random weights that is kept beside known shares


@dataclass(frozen=True)
class ActionLogProbabilities:
    """Normalised log-probabilities of every independent choice of an action.

    Attributes:
        buttons: Float32 [..., buttons, choices]; the IDM has 20 buttons of 2 choices (released, pressed).
        camera: Float32 [..., axes, bins]; the IDM has 2 axes (pitch, yaw) of 11 bins.
    """

    buttons: Tensor
    camera: Tensor


class CategoricalHead(nn.Module):
    """One linear layer that decides several independent choices at once.

    Args:
        width: Size H of the latent.
        shape: Shape of the choices, e.g. (20,) buttons.
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


def negative_log_likelihood(out: ActionLogProbabilities, buttons: Tensor, camera: Tensor) -> Tensor:
    """Negative log-likelihood of actions, summed over all factored choices (paper, IDM training).

    Args:
        out: Log-probabilities [B, T, 20, 2] and [B, T, 2, 11].
        buttons: Int64 [B, T, 20], 1 where pressed.
        camera: Int64 [B, T, 2], bins of pitch and yaw.

    Returns:
        Float32 [B, T], in nats.
    """
    return buttons_loss(out, buttons) + camera_loss(out, camera)


def buttons_loss(out: ActionLogProbabilities, buttons: Tensor) -> Tensor:
    """The buttons' part of :func:`negative_log_likelihood`: float32 [B, T], summed over 20 buttons."""
    return -out.buttons.gather(-1, buttons.unsqueeze(-1)).squeeze(-1).sum(-1)


def camera_loss(out: ActionLogProbabilities, camera: Tensor) -> Tensor:
    """The camera's part of :func:`negative_log_likelihood`: float32 [B, T], summed over both axes."""
    return -out.camera.gather(-1, camera.unsqueeze(-1)).squeeze(-1).sum(-1)
