"""A policy small enough to build in milliseconds, for tests."""

from __future__ import annotations

import torch

from vpt_studio.models.policy import Policy
from vpt_studio.models.policy_network import PolicyNetwork

SMALL = PolicyNetwork(
    hidden_size=16,
    attention_heads=2,
    transformer_blocks=2,
    impala_width=0.25,
    image_size=16,
    memory=5,
    timesteps=4,
    temperature=2.0,
)


def small_policy(seed: int = 0, network: PolicyNetwork = SMALL) -> Policy:
    torch.manual_seed(seed)
    return Policy(network).eval()


def random_frames(*axes: int, size: int = 16, seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (*axes, size, size, 3), dtype=torch.uint8, generator=generator)
