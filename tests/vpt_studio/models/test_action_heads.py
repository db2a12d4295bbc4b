"""Heads give normalised log-probabilities, and can start from what is known about the labels."""

from __future__ import annotations

import pytest
import torch

from vpt_studio.models.action_heads import ActionHeads
from vpt_studio.models.log_probability import CameraTerm, log_probability


@pytest.fixture
def heads() -> ActionHeads:
    torch.manual_seed(0)
    return ActionHeads(8, buttons=((20,), 2), camera=((2,), 11), temperature=3.0)


def test_every_choice_is_normalised(heads):
    out = heads(torch.randn(2, 5, 8))
    torch.testing.assert_close(out.buttons.exp().sum(-1), torch.ones(2, 5, 20))
    torch.testing.assert_close(out.camera.exp().sum(-1), torch.ones(2, 5, 2))


def test_likelihoods_are_summed_over_all_choices(heads):
    out = heads(torch.zeros(1, 3, 8))
    buttons, camera = torch.randint(0, 2, (1, 3, 20)), torch.randint(0, 11, (1, 3, 2))
    expected = sum(out.buttons[0, 1, k, buttons[0, 1, k]] for k in range(20))
    expected = expected + sum(out.camera[0, 1, k, camera[0, 1, k]] for k in range(2))
    found = log_probability(out, buttons, camera, CameraTerm.ALWAYS)
    torch.testing.assert_close(found[0, 1], expected)


def test_a_head_that_starts_from_shares_predicts_them(heads):
    shares = torch.softmax(torch.randn(2, 11), dim=-1)
    heads.camera.start_from_shares(shares)
    torch.testing.assert_close(heads.camera(torch.zeros(1, 8)).exp()[0], shares, atol=2e-3, rtol=0)
    never = torch.tensor([[1.0, 0.0]]).expand(20, 2)
    heads.buttons.start_from_shares(never)
    assert heads.buttons(torch.zeros(1, 8)).isfinite().all()
    with pytest.raises(ValueError, match="shares must be"):
        heads.camera.start_from_shares(shares[:, :5])
