"""A policy with random weights, small enough to play in tests."""

from __future__ import annotations

import torch

from vpt_studio.models.checkpoints import PolicyCheckpoint
from vpt_studio.models.policy import Policy
from vpt_studio.models.policy_network import PolicyNetwork

NETWORK = PolicyNetwork(
    hidden_size=16, attention_heads=2, transformer_blocks=1, impala_width=0.25, input_pooling=4, memory=8
)


def random_policy(seed: int = 0) -> PolicyCheckpoint:
    """One that holds keys and turns, as untrained ones do; all its choices are about equally likely."""
    torch.manual_seed(seed)
    return PolicyCheckpoint(Policy(NETWORK).eval())
