"""Choosing one option out of a distribution: by chance, the same on every device, or the likeliest."""

from __future__ import annotations

import torch
from torch import Tensor


def likeliest(log_probabilities: Tensor) -> Tensor:
    """The most probable option: float [..., K] -> int64 [...]."""
    return log_probabilities.argmax(-1)


def sampled(log_probabilities: Tensor, chance: Tensor, temperature: float = 1.0) -> Tensor:
    """Options drawn from a distribution, by inverting its cumulative probabilities.

    One number decides one choice, so that a stream's choices follow from its own seed alone: neither the
    device nor what else is in the batch has a say. (The published code adds Gumbel noise to all 8641 options
    instead: the same distribution, by another chance.)

    Args:
        log_probabilities: Float [B, K], normalised.
        chance: Float64 [B], uniform in [0, 1).
        temperature: Above 1 flatter, below 1 sharper than the policy; unlike the heads' own temperature this
            is a knob.

    Returns:
        Int64 [B], on the device of the distribution.
    """
    # In double precision, which not every device has: thousands of small shares summed in single would drift.
    shares = (log_probabilities.cpu().double() / temperature).softmax(-1).cumsum(-1)
    # Rounding may leave the last sum short of 1, and a chance beyond it must still choose something possible.
    wanted = (chance * shares[:, -1]).unsqueeze(-1)
    options = torch.searchsorted(shares, wanted, right=True).squeeze(-1)
    return options.clamp_(max=log_probabilities.shape[-1] - 1).to(log_probabilities.device)
