"""An agent plays as its policy says, remembers each environment by itself, and does not grow."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from small_policies import SMALL, random_frames, small_policy

from vpt_studio.actions import DEFAULT_CAMERA, to_factored
from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.joint_space import BUTTON_TABLE
from vpt_studio.agent import Agent
from vpt_studio.models.checkpoints import PolicyCheckpoint, save_policy
from vpt_studio.models.log_probability import ActionLogProbabilities, CameraTerm, log_probability
from vpt_studio.models.sampling import sampled

NONE, ALL = np.zeros(3, bool), np.ones(3, bool)


def agent(**options) -> Agent:
    return Agent(PolicyCheckpoint(small_policy()), **options)


def pictures(ticks: int, environments: int = 3, seed: int = 1) -> np.ndarray:
    return random_frames(ticks, environments, seed=seed).numpy()


def play(player: Agent, seen: np.ndarray, first: np.ndarray | None = None):
    starts = np.zeros(seen.shape[:2], bool) if first is None else first
    return [player.act_all(list(now), start) for now, start in zip(seen, starts, strict=True)]


@torch.no_grad()
def test_it_says_what_the_policy_says_of_the_whole_stream():
    seen, first = pictures(12), np.zeros((12, 3), bool)
    first[5, 1] = first[0] = first[9, 2] = True
    decisions = play(agent(environments=3), seen, first)
    policy = small_policy()
    out, _ = policy(torch.from_numpy(seen).transpose(0, 1), torch.from_numpy(first.T.copy()))
    values = policy.value_head.returns(out.value)
    for tick, decision in enumerate(decisions):
        chosen = torch.from_numpy(decision.buttons), torch.from_numpy(decision.camera)
        of_tick = ActionLogProbabilities(out.actions.buttons[:, tick], out.actions.camera[:, tick])
        expected = log_probability(of_tick, *chosen, CameraTerm.ALWAYS)
        np.testing.assert_allclose(decision.log_probability, expected, atol=3e-5)
        np.testing.assert_allclose(decision.value, values[:, tick], atol=3e-5)
        np.testing.assert_allclose(decision.distribution.camera, of_tick.camera, atol=3e-5)


def test_actions_are_those_of_the_chosen_indices():
    for decisions in play(agent(environments=3), pictures(30)):
        held, bins = to_factored(decisions.buttons, decisions.camera)
        for number, decision in enumerate(decisions):
            names = {name for name, pressed in zip(BUTTONS, held[number], strict=True) if pressed}
            assert decision.action.pressed == names
            angles = DEFAULT_CAMERA.decode(bins[number])
            assert (decision.action.pitch, decision.action.yaw) == tuple(angles)
            assert set(decision.action.to_environment()) >= {"ESC", "swapHands", "pickItem", "camera"}


def test_one_environment_alone_plays_as_in_company_with_the_same_seed():
    seen = pictures(8)
    together = play(agent(environments=3, seed=4), seen)
    alone = agent(seed=4)
    for tick, decisions in enumerate(together):
        decision = alone.act(seen[tick, 0])
        assert (decision.buttons, decision.camera) == (decisions.buttons[0], decisions.camera[0])
        assert decision.log_probability == pytest.approx(decisions.log_probability[0], abs=3e-5)


def test_environments_may_go_on_each_at_its_own_pace():
    seen, first = pictures(9), np.zeros((9, 3), bool)
    first[4, 2] = True
    together, apart = play(agent(environments=3), seen, first), agent(environments=3)
    ticks = [0, 0, 0]
    for ready in ([2], [2, 0], [1, 2], [2], [2, 1, 0], [0, 2], [2, 1], [2, 0], [2, 1, 0], [0, 1], [1], [1]):
        pictures_there = [seen[ticks[number], number] for number in ready]
        starts = np.array([first[ticks[number], number] for number in ready])
        for number, decision in zip(ready, apart.act_all(pictures_there, starts, ready), strict=True):
            expected = together[ticks[number]][number]
            assert (decision.buttons, decision.camera) == (expected.buttons, expected.camera)
            assert decision.value == pytest.approx(expected.value, abs=3e-5)
            ticks[number] += 1
    assert ticks == [6, 7, 9]  # longer than it remembers


def test_the_same_seed_plays_the_same_and_another_otherwise():
    seen = pictures(10)
    choices = [
        [(d.buttons.tolist(), d.camera.tolist()) for d in play(agent(environments=3, seed=seed), seen)]
        for seed in (1, 1, 2)
    ]
    assert choices[0] == choices[1] != choices[2]


def test_deterministic_play_does_what_is_likeliest():
    for decisions in play(agent(environments=3, deterministic=True), pictures(4)):
        np.testing.assert_array_equal(decisions.buttons, decisions.distribution.buttons.argmax(-1))
        np.testing.assert_array_equal(decisions.camera, decisions.distribution.camera.argmax(-1))


def test_a_low_temperature_ends_at_the_likeliest():
    cold = play(agent(environments=3, temperature=1e-4), pictures(4))
    sure = play(agent(environments=3, deterministic=True), pictures(4))
    assert [d.buttons.tolist() for d in cold] == [d.buttons.tolist() for d in sure]


def test_options_are_drawn_as_often_as_they_are_probable():
    shares = torch.tensor([0.5, 0.0, 0.3, 0.2]).log().expand(40_000, 4)
    chance = torch.from_numpy(np.random.default_rng(0).random(40_000))
    counts = torch.bincount(sampled(shares, chance), minlength=4) / 40_000
    torch.testing.assert_close(counts, torch.tensor([0.5, 0.0, 0.3, 0.2]), atol=0.01, rtol=0)
    flat = torch.bincount(sampled(shares, chance, temperature=2.0), minlength=4) / 40_000
    roots = torch.tensor([0.5, 0.0, 0.3, 0.2]).sqrt()
    torch.testing.assert_close(flat, roots / roots.sum(), atol=0.01, rtol=0)
    edges = torch.tensor([0.0, 1 - 2**-53], dtype=torch.float64)
    assert sampled(shares[:2], edges).tolist() == [0, 3]


def test_marginals_are_those_of_the_joint_distribution():
    decision = agent().act(pictures(1)[0, 0])
    shown = decision.marginals()
    joint = decision.distribution.buttons.exp().numpy()
    np.testing.assert_allclose(shown.buttons, joint @ BUTTON_TABLE, atol=1e-5)
    assert shown.camera.shape == (11, 11)
    assert shown.camera.sum() == pytest.approx(1, abs=1e-5)
    assert shown.camera[2, 7] == pytest.approx(float(decision.distribution.camera[2 * 11 + 7].exp()))
    assert 0 < shown.camera_on < 1


def test_the_camera_term_of_the_checkpoint_counts():
    checkpoint = PolicyCheckpoint(small_policy(), camera_term=CameraTerm.WHEN_ON)
    for tick in pictures(20, 1):
        decision = Agent(checkpoint).act(tick[0])
        chosen = torch.tensor(decision.buttons), torch.tensor(decision.camera)
        expected = log_probability(decision.distribution, *chosen, CameraTerm.WHEN_ON)
        assert decision.log_probability == pytest.approx(float(expected), abs=1e-6)


def test_pictures_of_any_size_are_resized_as_published():
    large = cv2.resize(pictures(1, 1)[0, 0], (640, 360), interpolation=cv2.INTER_NEAREST)
    small = cv2.resize(large, (16, 16), interpolation=cv2.INTER_LINEAR)
    expected = agent().act(small).distribution.camera
    assert torch.equal(agent().act(large).distribution.camera, expected)
    mirrored = np.ascontiguousarray(large[::-1])[::-1]  # MineRL's has negative strides
    assert torch.equal(agent().act({"pov": mirrored, "inventory": {}}).distribution.camera, expected)


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="uint8"):
        agent().act(pictures(1)[0, 0] / 255)
    with pytest.raises(ValueError, match="2 pictures and 3 starts for 3 games"):
        agent(environments=3).act_all(list(pictures(1)[0, :2]), NONE)
    for wrong in ([0, 0, 1], [0, 1, 3]):
        with pytest.raises(ValueError, match="no choice of 3 games"):
            agent(environments=3).act_all(list(pictures(1)[0]), NONE, wrong)
    with pytest.raises(ValueError, match="temperature"):
        agent(temperature=0)


def test_an_agent_loads_from_a_checkpoint(tmp_path: Path):
    save_policy(PolicyCheckpoint(small_policy()), tmp_path / "policy")
    seen = pictures(1)[0, 0]
    loaded = Agent.load(tmp_path / "policy", seed=3).act(seen)
    assert loaded.buttons == agent(seed=3).act(seen).buttons


def test_nothing_grows_while_it_plays():
    player = agent(environments=3)
    places = player._ring.keys.data_ptr(), player._ring.values.data_ptr()
    seen = pictures(1)[0]
    player.act_all(list(seen), ALL)
    for _ in range(6 * SMALL.memory):
        player.act_all(list(seen), NONE)
    assert places == (player._ring.keys.data_ptr(), player._ring.values.data_ptr())
    assert player._ring.keys.shape == (2, 3, 2, SMALL.memory, 8)
