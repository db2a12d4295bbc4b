"""The probability of an action, the published way and where the camera counts only when listened to."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vpt_studio.actions.joint_space import CAMERA_OFF_TABLE
from vpt_studio.models.log_probability import (
    ActionLogProbabilities,
    CameraTerm,
    divergence,
    entropy,
    log_probability,
)

ALWAYS, WHEN_ON = CameraTerm.ALWAYS, CameraTerm.WHEN_ON


def some(seed: int, *axes: int) -> ActionLogProbabilities:
    generator = torch.Generator().manual_seed(seed)
    buttons = torch.randn(*axes, 8641, generator=generator, dtype=torch.float64)
    camera = torch.randn(*axes, 121, generator=generator, dtype=torch.float64)
    return ActionLogProbabilities(buttons.log_softmax(-1), camera.log_softmax(-1))


def outcomes(out: ActionLogProbabilities) -> torch.Tensor:
    """The probability of everything that can happen: combinations without camera, and pairs with it."""
    listens = torch.from_numpy(~CAMERA_OFF_TABLE)
    buttons = out.buttons.exp()
    pairs = buttons[listens][:, None] * out.camera.exp()[None, :]
    return torch.cat([buttons[~listens], pairs.flatten()])


def test_as_published_both_heads_always_count():
    out = some(0, 2, 3)
    buttons, camera = torch.randint(0, 8641, (2, 3)), torch.randint(0, 121, (2, 3))
    found = log_probability(out, buttons, camera, ALWAYS)
    assert found.shape == (2, 3)
    assert found[1, 2] == out.buttons[1, 2, buttons[1, 2]] + out.camera[1, 2, camera[1, 2]]


def test_a_camera_that_is_not_listened_to_does_not_count():
    out = some(1)
    for buttons in (0, 1, 288, 289, 8640):
        found = log_probability(out, torch.tensor(buttons), torch.tensor(7), WHEN_ON)
        expected = out.buttons[buttons] + (0 if CAMERA_OFF_TABLE[buttons] else out.camera[7])
        assert found == expected


def test_entropy_and_divergence_are_those_of_what_can_happen():
    prior, policy = some(2), some(3)
    p, q = outcomes(prior), outcomes(policy)
    torch.testing.assert_close(p.sum(), torch.ones((), dtype=torch.float64))
    torch.testing.assert_close(entropy(prior, WHEN_ON), -(p * p.log()).sum())
    torch.testing.assert_close(divergence(prior, policy, WHEN_ON), (p * (p / q).log()).sum())
    assert divergence(prior, prior, WHEN_ON) == 0


def test_the_camera_is_on_as_often_as_its_combinations_are_chosen():
    out = some(4, 2)
    expected = (out.buttons.exp().numpy() * ~CAMERA_OFF_TABLE).sum(-1)
    np.testing.assert_allclose(out.camera_on(), expected)


def test_published_entropy_and_divergence_add_the_heads():
    prior, policy = some(5), some(6)
    parts = [-(head.exp() * head).sum() for head in (prior.buttons, prior.camera)]
    torch.testing.assert_close(entropy(prior, ALWAYS), sum(parts))
    apart = [
        (p.exp() * (p - q)).sum() for p, q in ((prior.buttons, policy.buttons), (prior.camera, policy.camera))
    ]
    torch.testing.assert_close(divergence(prior, policy, ALWAYS), sum(apart))


def test_factored_actions_know_no_switch():
    out = ActionLogProbabilities(torch.randn(3, 20, 2).log_softmax(-1), torch.randn(3, 2, 11).log_softmax(-1))
    labels = torch.zeros(3, 20, dtype=torch.long), torch.zeros(3, 2, dtype=torch.long)
    summed = out.buttons[..., 0].sum(-1) + out.camera[..., 0].sum(-1)
    torch.testing.assert_close(log_probability(out, *labels, ALWAYS), summed)
    assert entropy(out, ALWAYS).shape == (3,)
    with pytest.raises(ValueError, match="only joint actions"):
        log_probability(out, *labels, WHEN_ON)
    with pytest.raises(ValueError, match="only joint actions"):
        entropy(out, WHEN_ON)
