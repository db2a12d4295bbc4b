"""Episodes: whoever plays, looked at or not, recorded or not, the same player and seed play the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from policy_files import random_policy

from vpt_studio.actions import to_factored
from vpt_studio.envs.voxel.canvas import Picture
from vpt_studio.envs.voxel.state import State
from vpt_studio.playing.agent_player import AgentPlayer
from vpt_studio.playing.episode import Episode, play_episode
from vpt_studio.playing.players import Move, NullPlayer, RandomPlayer, ScriptedPlayer, Seen
from vpt_studio.playing.recorded_episode import Origin, record_episode
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.validation import validate

ORIGIN = Origin("mine", "a" * 64, 1.0, False)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As who plays computes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_who_does_nothing_gets_nothing() -> None:
    episode = play_episode(NullPlayer(), "brisk", 5, 40)
    assert (episode.ticks, episode.obtained, episode.first_ticks, episode.deaths) == (40, {}, {}, ())
    assert episode.behaviour["idle"] == 1
    assert episode.behaviour["turned"] == episode.behaviour["jump"] == 0


def test_who_does_anything_does_the_same_with_the_same_seed() -> None:
    once, again, other = (play_episode(RandomPlayer(seed), "brisk", 5, 60) for seed in (1, 1, 2))
    assert once == again != other
    assert 0.3 < once.behaviour["jump"] < 0.7
    assert once.behaviour["turned"] > 1000


@pytest.mark.parametrize("looks", [False, True])
def test_a_script_gets_on_the_same_whether_pictures_are_drawn(looks: bool) -> None:
    player = ScriptedPlayer("steady", "diamond_pickaxe", 5)
    player.picture = Picture.EXACT_64 if looks else None
    told: list[int] = []
    episode = play_episode(player, "brisk", 5, 200, tell=told.append)
    assert sum(told) == episode.ticks == 200
    items = {item for item in episode.obtained if item.endswith("_log")}
    assert items
    assert all(0 <= episode.first_ticks[item] < 200 for item in items)
    assert episode.behaviour["walked"] > 20
    known = _SCRIPTED.setdefault("episode", episode)
    assert episode == known


_SCRIPTED: dict[str, Episode] = {}


class _Faller:
    """Does nothing, but falls from the sky in the tenth tick."""

    def __init__(self, picture: Picture | None) -> None:
        self.picture = picture
        self.places: list[tuple[float, float, float]] = []
        self.seen: list[Seen] = []

    def act(self, state: State, seen: Seen) -> Move:
        assert state.vitals.alive
        self.places.append(state.body.position)
        self.seen.append(seen)
        if len(self.places) == 10:
            state.body.state[1] += 25
        return Move()


@pytest.mark.parametrize("picture", [None, Picture.EXACT_128])
def test_a_death_is_told_and_the_episode_goes_on_from_the_spawn(picture: Picture | None) -> None:
    player = _Faller(picture)
    episode = play_episode(player, "brisk", 5, 100)
    (death,) = episode.deaths
    assert death.cause == "fall"
    assert len(player.places) == episode.ticks == 100
    assert player.places[death.tick + 1] == player.places[0]
    if picture is not None:  # the hearts are full again in the picture after
        before, after = (player.seen[tick].astype(int) for tick in (5, death.tick + 1))
        ground = slice(0, 60) if before.shape[0] == 128 else slice(0, 170)
        assert np.abs(before[ground] - _small(after)[ground]).mean() < 4


def _small(picture: np.ndarray) -> np.ndarray:
    import cv2

    return cv2.resize(picture.astype(np.uint8), (128, 128), interpolation=cv2.INTER_LINEAR).astype(int)


def test_a_policys_episode_becomes_a_recording_that_keeps_its_choices(tmp_path: Path) -> None:
    policy = random_policy()
    unrecorded = play_episode(AgentPlayer(policy, 7), "brisk", 7, 50)
    told: list[int] = []
    episode, video = record_episode(
        AgentPlayer(policy, 7), ORIGIN, tmp_path, "brisk", 7, 50, tell=told.append
    )
    assert episode == unrecorded
    assert sum(told) == 50
    assert video is not None
    assert validate(video).health.value == "healthy"
    with Recording.open(video) as recording:
        assert len(recording) == 50
        sidecar = recording.sidecar
        assert (sidecar.source, sidecar.checkpoint, sidecar.seed) == (Source.AGENT, "a" * 64, 7)
        assert sidecar.environment == "vpt-studio voxel brisk"
        assert sidecar.notes["agent"]["name"] == "mine"
        assert sidecar.notes["broken_off"] is False
        actions = recording.converted().actions
    lines = [json.loads(line) for line in video.with_suffix(".jsonl").read_bytes().splitlines()]
    chosen = [line["policy"] for line in lines]
    held, bins = to_factored([c["buttons"] for c in chosen], [c["camera"] for c in chosen])
    np.testing.assert_array_equal(actions.policy_buttons, held)
    np.testing.assert_array_equal(policy.camera.encode(actions.camera), bins)
    assert all(-20 < c["log_probability"] < -10 for c in chosen)  # about ln(1 / 8641 / 121)
    assert {line["source"] for line in lines} == {"agent"}


def test_an_episode_that_is_stopped_is_a_shorter_recording(tmp_path: Path) -> None:
    ticks = 0

    def count(more: int) -> None:
        nonlocal ticks
        ticks += more

    player = AgentPlayer(random_policy(), 7)
    episode, video = record_episode(
        player, ORIGIN, tmp_path, "brisk", 7, 500, tell=count, stopped=lambda: ticks == 12
    )
    assert video is not None
    with Recording.open(video) as recording:
        assert len(recording) == episode.ticks == 12
        assert recording.sidecar.notes["broken_off"] is True
    _, nothing = record_episode(
        AgentPlayer(random_policy(), 8), ORIGIN, tmp_path, "brisk", 8, 500, stopped=lambda: True
    )
    assert nothing is None
    assert {path.stem for path in tmp_path.iterdir()} == {video.stem}


def test_greedy_and_cold_play_agree() -> None:
    policy = random_policy()
    greedy = play_episode(AgentPlayer(policy, 1, greedy=True), "brisk", 7, 20)
    assert greedy == play_episode(AgentPlayer(policy, 2, greedy=True), "brisk", 7, 20)
    assert greedy == play_episode(AgentPlayer(policy, 3, temperature=1e-5), "brisk", 7, 20)
