"""The benchmark's plain evaluation and ours say the same: two evaluations written apart."""

from __future__ import annotations

import numpy as np
import torch
from small_policies import random_frames, small_policy

from bench.plain_networks import PlainInverseDynamics, PlainPolicy
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.presets import idm_network

CLOSE = {"atol": 3e-5, "rtol": 0}


@torch.no_grad()
def test_a_policy_over_clips_and_step_by_step():
    policy, frames = small_policy(), random_frames(2, 14)
    plain = PlainPolicy(policy)
    whole, _ = policy(frames)
    memory, start = plain.fresh(2), 0
    for length in (6, 1, 1, 1, 5):
        part = slice(start, start + length)
        buttons, camera, value, memory = plain(frames[:, part], memory)
        torch.testing.assert_close(buttons, whole.actions.buttons[:, part], **CLOSE)
        torch.testing.assert_close(camera, whole.actions.camera[:, part], **CLOSE)
        torch.testing.assert_close(value, whole.value[:, part], **CLOSE)
        start += length


@torch.no_grad()
def test_an_inverse_dynamics_model_with_averaged_pixels():
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "attention_heads": 2, "impala_channels": [4, 4, 4], "image_size": 32}
    model = InverseDynamicsModel(idm_network("tiny", {**sizes, "temporal_channels": 4})).eval()
    frames = random_frames(1, 12, size=32)
    held, camera = PlainInverseDynamics(model)(frames[0].numpy())
    expected = model(frames)
    np.testing.assert_allclose(held, expected.buttons[0, ..., 1].exp(), atol=1e-5)
    np.testing.assert_allclose(camera, expected.camera[0].exp(), atol=1e-5)
