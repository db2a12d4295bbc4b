"""The value head: what a policy expects to gain, learned on a scale that follows the returns."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

_DECAY = 0.99999  # beta of every released model
_LEAST_DEBIASING = 1e-5
_LEAST_VARIANCE = 0.01  # so a fresh normaliser, which knows nothing yet, multiplies by 0.1


class RunningScale(nn.Module):
    """Mean and variance of the targets seen so far, as debiased exponential averages (OpenAI release).

    The three statistics are named and stored as in released checkpoints, which count them as parameters.
    Here they are buffers: no optimiser may touch them.

    Args:
        decay: beta; each statistic becomes beta x old + (1 - beta) x new.
        decay_per_element: Whether beta is raised to the number of elements of a batch, so that large batches
            count for more.
    """

    running_mean: Tensor
    running_mean_sq: Tensor
    debiasing_term: Tensor

    def __init__(self, decay: float = _DECAY, *, decay_per_element: bool = False) -> None:
        super().__init__()
        self.register_buffer("running_mean", torch.zeros(1))
        self.register_buffer("running_mean_sq", torch.zeros(1))
        self.register_buffer("debiasing_term", torch.tensor(0.0))
        self._decay = decay
        self._per_element = decay_per_element

    @torch.no_grad()
    def update(self, targets: Tensor) -> None:
        """Learn from a batch of targets, float [...]."""
        decay = self._decay ** targets.numel() if self._per_element else self._decay
        # Averages start at zero; the debiasing term is the weight that they have gathered by now.
        self.running_mean.mul_(decay).add_(targets.mean() * (1 - decay))
        self.running_mean_sq.mul_(decay).add_(targets.square().mean() * (1 - decay))
        self.debiasing_term.mul_(decay).add_(1 - decay)

    def normalised(self, values: Tensor) -> Tensor:
        """Values in units of the running spread around the running mean, the same shape."""
        mean, variance = self._statistics()
        return (values - mean) / variance.sqrt()

    def restored(self, normalised: Tensor) -> Tensor:
        """The opposite of :meth:`normalised`."""
        mean, variance = self._statistics()
        return normalised * variance.sqrt() + mean

    def _statistics(self) -> tuple[Tensor, Tensor]:
        weight = self.debiasing_term.clamp(min=_LEAST_DEBIASING)
        mean = self.running_mean / weight
        variance = self.running_mean_sq / weight - mean.square()
        return mean, variance.clamp(min=_LEAST_VARIANCE)


class ValueHead(nn.Module):
    """One linear layer that predicts normalised values, and the scale that turns them into returns.

    Args:
        width: Size H of the latent.
        scale: The scale; by default a fresh one as in the released models.
    """

    def __init__(self, width: int, scale: RunningScale | None = None) -> None:
        super().__init__()
        self.linear = nn.Linear(width, 1)
        self.normalizer = scale or RunningScale()

    @torch.no_grad()
    def start_from_zero(self) -> None:
        """Let a fresh head predict zero everywhere, as before reinforcement learning in the paper."""
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, latent: Tensor) -> Tensor:
        """Float [..., H] -> normalised values, float32 [...]."""
        values: Tensor = self.linear(latent).float().squeeze(-1)
        return values

    def returns(self, normalised: Tensor) -> Tensor:
        """Normalised values as expected returns, the same shape."""
        return self.normalizer.restored(normalised)

    def loss(self, normalised: Tensor, returns: Tensor) -> Tensor:
        """Mean squared error against normalised returns; in training the scale learns from them first.

        Args:
            normalised: What :meth:`forward` gave, float [...].
            returns: Targets in units of reward, the same shape.

        Returns:
            Float32 scalar.
        """
        if self.training:
            self.normalizer.update(returns)
        return functional.mse_loss(normalised, self.normalizer.normalised(returns))
