"""A policy says the same however its stream is cut, and knows nothing of earlier episodes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_policies import SMALL, random_frames, small_policy

CLOSE = {"atol": 2e-5, "rtol": 0}
TICKS = 17  # more than three times the memory


@pytest.fixture(scope="module")
def policy():
    return small_policy()


def said(out):
    return torch.cat([out.actions.buttons, out.actions.camera, out.value[..., None]], dim=-1)


def in_calls(policy, frames, first, lengths, **options):
    memory, parts, start = None, [], 0
    for length in lengths:
        part = slice(start, start + length)
        out, memory = policy(frames[:, part], first[:, part], memory, **options)
        parts.append(said(out))
        start += length
    return torch.cat(parts, dim=1), memory


def in_a_ring(policy, frames, first):
    ring = policy.ring(len(frames))
    steps = [said(policy.step(frames[:, tick], first[:, tick], ring)) for tick in range(frames.shape[1])]
    return torch.stack(steps, dim=1), ring


def each_at_its_own_pace(policy, frames, first, seed):
    """Every tick some of the streams step, in any order, until all are through."""
    chance, ring = np.random.default_rng(seed), policy.ring(len(frames))
    steps, ticks = [[] for _ in frames], np.zeros(len(frames), int)
    while (ticks < frames.shape[1]).any():
        ready = np.flatnonzero((ticks < frames.shape[1]) & (chance.random(len(frames)) < 0.6))
        chance.shuffle(ready)
        streams, now = torch.from_numpy(ready), torch.from_numpy(ticks[ready])
        if len(ready):
            out = said(policy.step(frames[streams, now], first[streams, now], ring, streams))
            for stream, row in zip(ready, out, strict=True):
                steps[stream].append(row)
        ticks[ready] += 1
    return torch.stack([torch.stack(rows) for rows in steps]), ring


def cuts(ticks):
    """Any way to cut so many ticks into calls."""
    places = st.sets(st.integers(1, ticks - 1))
    return places.map(lambda inner: np.diff([0, *sorted(inner), ticks]).tolist())


streams = given(
    lengths=cuts(TICKS),
    starts=st.lists(st.lists(st.booleans(), min_size=TICKS, max_size=TICKS), min_size=3, max_size=3),
    rare=st.booleans(),
    seed=st.integers(0, 1000),
)


@torch.no_grad()
def demand_the_same_however_it_is_cut(policy, lengths, starts, rare, seed):
    frames, first = random_frames(3, TICKS, seed=seed), torch.tensor(starts)
    if rare:  # as in play: long stretches that outgrow the memory
        first &= torch.rand(first.shape, generator=torch.Generator().manual_seed(seed)) < 0.15
    batched, _ = in_calls(policy, frames, first, [TICKS])
    chunked, memory = in_calls(policy, frames, first, lengths)
    single, _ = in_calls(policy, frames, first, [1] * TICKS)
    ringed, ring = in_a_ring(policy, frames, first)
    paced, paced_ring = each_at_its_own_pace(policy, frames, first, seed)
    alone = torch.cat([in_calls(policy, frames[i : i + 1], first[i : i + 1], lengths)[0] for i in range(3)])
    for other in (chunked, single, ringed, paced, alone):
        torch.testing.assert_close(other, batched, **CLOSE)
    for kept, *unrolled in zip(memory, ring.in_order(), paced_ring.in_order(), strict=True):
        seen = kept.mask[:, 0, :, None]
        for there in unrolled:
            assert torch.equal(kept.mask, there.mask)
            torch.testing.assert_close(kept.keys * seen, there.keys * seen, **CLOSE)
            torch.testing.assert_close(kept.values * seen, there.values * seen, **CLOSE)


@settings(max_examples=5, deadline=None, derandomize=True)
@streams
def test_one_by_one_equals_chunked_equals_batched(lengths, starts, rare, seed):
    demand_the_same_however_it_is_cut(small_policy(), lengths, starts, rare, seed)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@streams
def test_the_same_in_many_more_ways_to_cut(lengths, starts, rare, seed):
    demand_the_same_however_it_is_cut(small_policy(seed), lengths, starts, rare, seed)


@torch.no_grad()
def test_an_episode_does_not_depend_on_the_one_before(policy):
    frames, first = random_frames(2, 9), torch.zeros(2, 9, dtype=torch.bool)
    first[:, 4] = True
    other = frames.clone()
    other[:, :4] = random_frames(2, 4, seed=9)
    here, there = (in_calls(policy, pictures, first, [9])[0] for pictures in (frames, other))
    assert torch.equal(here[:, 4:], there[:, 4:])
    assert not torch.allclose(here[:, :4], there[:, :4])
    fresh, _ = in_calls(policy, frames[:, 4:], first[:, 4:], [5])
    torch.testing.assert_close(here[:, 4:], fresh, **CLOSE)


@torch.no_grad()
def test_as_published_a_start_inside_a_call_is_ignored(policy):
    frames, first = random_frames(1, 8), torch.zeros(1, 8, dtype=torch.bool)
    first[0, [0, 5]] = True
    without = first.clone()
    without[0, 5] = False
    published, _ = in_calls(policy, frames, first, [8], starts="call")
    assert torch.equal(published, in_calls(policy, frames, without, [8])[0])
    # A call that begins there honours it, published or not.
    cut, _ = in_calls(policy, frames, first, [5, 3], starts="call")
    torch.testing.assert_close(cut, in_calls(policy, frames, first, [8])[0], **CLOSE)


def test_no_gradient_reaches_an_earlier_episode(policy):
    frames = (random_frames(1, 6) / 255).requires_grad_()
    first = torch.zeros(1, 6, dtype=torch.bool)
    first[0, 3] = True
    policy(frames, first)[0].value[0, 5].backward()
    reach = frames.grad.abs().amax((2, 3, 4))[0]
    assert (reach[:3] == 0).all()
    assert (reach[3:] > 0).all()


def test_gradients_reach_earlier_calls_unless_they_are_cut(policy):
    frames = (random_frames(1, 4) / 255).requires_grad_()
    _, memory = policy(frames[:, :2])
    policy(frames[:, 2:], None, memory)[0].value.sum().backward()
    assert frames.grad[:, :2].abs().max() > 0


@torch.no_grad()
def test_neither_slices_nor_the_type_of_the_frames_matter(policy):
    frames = random_frames(2, 5)
    whole = said(policy(frames)[0])
    torch.testing.assert_close(said(policy(frames, frames_per_slice=3)[0]), whole, **CLOSE)
    torch.testing.assert_close(said(policy(frames / 255)[0]), whole, **CLOSE)


@torch.no_grad()
def test_choices_are_normalised_and_the_heads_temperature_flattens_them(policy):
    out = policy(random_frames(1, 2))[0].actions
    torch.testing.assert_close(out.buttons.exp().sum(-1), torch.ones(1, 2))
    torch.testing.assert_close(out.camera.exp().sum(-1), torch.ones(1, 2))
    hot = small_policy(network=replace(SMALL, temperature=20.0))
    assert hot(random_frames(1, 2))[0].actions.camera.std() < out.camera.std()


def test_a_second_value_head_is_there_only_when_asked_for(policy):
    assert policy(random_frames(1, 1))[0].auxiliary_value is None
    double = small_policy(network=replace(SMALL, auxiliary_value_head=True))
    out, _ = double(random_frames(1, 3))
    assert out.auxiliary_value.shape == out.value.shape == (1, 3)
    extra = set(double.state_dict()) - set(policy.state_dict())
    assert extra
    assert all(name.startswith("auxiliary_value_head.") for name in extra)


def test_frames_and_starts_of_another_shape_are_refused(policy):
    with pytest.raises(ValueError, match=r"frames must be \[B, T, 16, 16, 3\]"):
        policy(random_frames(1, 2, size=8))
    with pytest.raises(ValueError, match="first must be"):
        policy(random_frames(1, 2), torch.zeros(1, dtype=torch.bool))
    with pytest.raises(ValueError, match="2 frames and 2 starts for 3 streams"):
        policy.step(random_frames(2), torch.zeros(2, dtype=torch.bool), policy.ring(3))


@torch.no_grad()
def test_a_ring_neither_grows_nor_moves(policy):
    ring = policy.ring(2)
    places = ring.keys.data_ptr(), ring.values.data_ptr()
    frames = random_frames(2)
    for tick in range(30):
        before = ring.keys.clone()
        policy.step(frames, torch.tensor([tick == 11, False]), ring)
        written = (before != ring.keys).any(dim=(0, 1, 2, 4))
        assert written.nonzero().flatten().tolist() in ([tick % SMALL.memory], [])
    assert places == (ring.keys.data_ptr(), ring.values.data_ptr())
