"""A start for small networks on little data: fresh weights that compare shifted neighbouring frames."""

from __future__ import annotations

from itertools import product
from typing import cast

import torch
from torch import Tensor

from vpt_studio.models.image_tower import ImpalaCNN, ImpalaStack, ResidualBlock

_LUMA = (0.4, 0.4, 0.2)  # weights of red, green, blue: roughly brightness
_MOMENTS = (0, 1, 2, -1)  # frames after the labelled one; the camera moves in the picture after its input
_STEPS = ((1, 0), (2, 1), (0, -1), (2, 0))  # pairs (later, earlier) whose difference is a channel
_DIFFERENCE_GAIN = (
    4.0  # neighbouring frames differ by a few levels only; this brings them to brightness' size
)
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1))
_COMPARISON_NORM = 3.0  # L2 length of a comparing filter, against 1 of an ordinary fresh one
_KEPT_NOISE = 0.1  # share of the ordinary fresh filter that stays, so that equal filters can part
_BRANCH_SHARE = 0.1  # residual branches start almost closed
_PASSING_NOISE = 0.1  # share of the ordinary filter that later stacks keep
_BLUR = 0.25  # every tap of the averages they start from


@torch.no_grad()
def start_from_motion(temporal: Tensor, tower: ImpalaCNN) -> None:
    """Overwrite fresh weights so that the first stack measures motion and the others pass it on.

    Not in the paper: its networks find such filters themselves, in many hours of data. The graph stays the
    same. Channels of the convolution over time become the brightness of single frames, then differences
    of frames; filters of the first stack become differences of two frames shifted against each other by up
    to two pixels in four directions; residual branches start small; the later stacks' first convolutions
    start as averages over their 3x3 window.

    Args:
        temporal: Weight of the convolution over time, [channels, 3, taps, 1, 1].
        tower: The convolutional tower behind it.
    """
    _write_moments(temporal)
    stacks = [cast("ImpalaStack", stack) for stack in tower.stacks]
    _write_comparisons(stacks[0].firstconv.layer.weight, _moments_of(temporal))
    for stack in stacks:
        for block in stack.blocks:
            cast("ResidualBlock", block).conv1.layer.weight.mul_(_BRANCH_SHARE)
    for stack in stacks[1:]:
        weight = stack.firstconv.layer.weight.mul_(_PASSING_NOISE)
        for output in range(weight.shape[0]):
            weight[output, output % weight.shape[1]] += _BLUR


def _moments_of(temporal: Tensor) -> list[int]:
    """The single-frame channels there is room for, as frames after the labelled one."""
    reach = temporal.shape[2] // 2
    return [moment for moment in _MOMENTS if abs(moment) <= reach][: temporal.shape[0]]


def _write_moments(temporal: Tensor) -> None:
    channels, _, taps = temporal.shape[:3]
    middle = taps // 2
    courses = [torch.eye(taps)[middle + moment] for moment in _moments_of(temporal)]
    for later, earlier in _STEPS:
        if max(abs(later), abs(earlier)) <= middle:
            change = torch.eye(taps)[middle + later] - torch.eye(taps)[middle + earlier]
            # The layer is rectified, so rising and falling brightness need a channel each.
            courses += [_DIFFERENCE_GAIN * change, -_DIFFERENCE_GAIN * change]
    luma = torch.tensor(_LUMA)
    for channel, course in zip(range(channels), courses, strict=False):
        temporal[channel, :, :, 0, 0] = luma[:, None] * course


def _write_comparisons(weight: Tensor, moments: list[int]) -> None:
    """Filters [out, in, 3, 3]: a frame shifted one way minus an earlier one, at rest or shifted back."""
    pairs = [(2, 1), (1, 0)]  # the labelled input shows between the next two frames, or one earlier
    kinds = [(pair, both) for pair, both in product(pairs, (True, False)) if set(pair) <= set(moments)]
    wanted = [(*kind, direction, sign) for kind in kinds for direction in _DIRECTIONS for sign in (1.0, -1.0)]
    for output, ((later, earlier), both, (right, down), sign) in zip(
        range(weight.shape[0]), wanted, strict=False
    ):
        comparison = torch.zeros_like(weight[output])
        comparison[moments.index(later), 1 + down, 1 + right] = sign
        if both:
            comparison[moments.index(earlier), 1 - down, 1 - right] = -sign
        else:
            comparison[moments.index(earlier), 1, 1] = -sign
        comparison *= _COMPARISON_NORM / torch.linalg.vector_norm(comparison)
        weight[output] = comparison + _KEPT_NOISE * weight[output]
