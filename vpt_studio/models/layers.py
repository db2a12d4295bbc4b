"""The norm-layer-ReLU brick that every VPT network is built from."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn


@torch.no_grad()
def rescale_rows(weight: Tensor, norm: float) -> None:
    """Rescale every output row (or filter) of ``weight`` in place to the L2 length ``norm``.

    Args:
        weight: Float tensor [out, ...]; PyTorch's default initialisation gives the directions.
        norm: Length of each row afterwards.
    """
    rows = weight.flatten(1)
    rows.mul_(norm / rows.norm(dim=1, keepdim=True))


class ConvBrick(nn.Module):
    """Optional GroupNorm of the input, then a "same" convolution in the plane, then ReLU (OpenAI release).

    The convolution has a bias only where there is no norm, because the norm's shift already is one.

    Args:
        channels_in: Channels of the input.
        channels_out: Channels of the output.
        norm_groups: Groups of the input's GroupNorm, or ``None`` for no norm.
        init_scale: L2 length of every filter at initialisation.
    """

    def __init__(
        self, channels_in: int, channels_out: int, *, norm_groups: int | None, init_scale: float
    ) -> None:
        super().__init__()
        self.norm = None if norm_groups is None else nn.GroupNorm(norm_groups, channels_in)
        self.layer = nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=self.norm is None)
        rescale_rows(self.layer.weight, init_scale)
        if self.layer.bias is not None:
            nn.init.zeros_(self.layer.bias)

    def pre_activation(self, x: Tensor) -> Tensor:
        """The brick before its ReLU: float [N, in, h, w] -> float [N, out, h, w].

        A caller that max-pools next saves memory traffic by rectifying after the pool: the two commute.
        """
        result: Tensor = self.layer(x if self.norm is None else self.norm(x))
        return result

    def forward(self, x: Tensor) -> Tensor:
        """Float [N, in, h, w] -> float [N, out, h, w], rectified."""
        return functional.relu(self.pre_activation(x), inplace=True)


class DenseBrick(nn.Module):
    """Optional LayerNorm of the input, then a linear layer, then ReLU unless switched off (OpenAI release).

    Args:
        width_in: Size of the last axis of the input.
        width_out: Size of the last axis of the output.
        normalised: Whether the input is normalised; the linear layer has a bias only if it is not.
        rectified: Whether the output passes through a ReLU.
        init_scale: L2 length of every row of the weight at initialisation.
    """

    def __init__(
        self, width_in: int, width_out: int, *, normalised: bool, rectified: bool, init_scale: float
    ) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width_in) if normalised else None
        self.layer = nn.Linear(width_in, width_out, bias=not normalised)
        self._rectified = rectified
        rescale_rows(self.layer.weight, init_scale)
        if self.layer.bias is not None:
            nn.init.zeros_(self.layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Float [..., in] -> float [..., out]."""
        result: Tensor = self.layer(x if self.norm is None else self.norm(x))
        return functional.relu(result, inplace=True) if self._rectified else result


def scaled_linear(width_in: int, width_out: int, *, bias: bool, init_scale: float) -> nn.Linear:
    """A linear layer whose rows have the L2 length ``init_scale`` and whose bias, if any, is zero."""
    layer = nn.Linear(width_in, width_out, bias=bias)
    rescale_rows(layer.weight, init_scale)
    if bias:
        nn.init.zeros_(layer.bias)
    return layer
