"""Values are learned on a scale that follows the returns."""

from __future__ import annotations

import torch

from vpt_studio.models.value_head import RunningScale, ValueHead


def test_a_fresh_scale_knows_nothing_and_shrinks():
    head = ValueHead(4)
    assert torch.equal(head.returns(torch.tensor([2.0])), torch.tensor([2.0]) * 0.1)


def test_restoring_undoes_normalising_once_returns_were_seen():
    scale, returns = RunningScale(0.9), torch.randn(3, 50) * 7 + 20
    for _ in range(60):
        scale.update(returns)
    normalised = scale.normalised(returns)
    assert normalised.mean().abs() < 1e-3
    assert abs(normalised.std() - 1) < 0.01
    torch.testing.assert_close(scale.restored(normalised), returns)


def test_only_training_moves_the_scale_and_no_optimiser_does():
    head = ValueHead(4)
    returns, predicted = torch.randn(2, 3) + 5, torch.zeros(2, 3)
    before = {name: tensor.clone() for name, tensor in head.normalizer.state_dict().items()}
    head.eval().loss(predicted, returns)
    assert all(torch.equal(before[name], tensor) for name, tensor in head.normalizer.state_dict().items())
    head.train().loss(predicted, returns)
    assert head.normalizer.debiasing_term > 0
    assert {name for name, _ in head.named_parameters()} == {"linear.weight", "linear.bias"}


def test_a_head_can_start_from_zero():
    head = ValueHead(4)
    head.start_from_zero()
    assert torch.equal(head(torch.randn(5, 4)), torch.zeros(5))
