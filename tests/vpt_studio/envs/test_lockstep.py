"""What is played and what is recorded are the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vpt_studio.envs.lockstep import LockstepTake
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.take_writer import TakeWriter

BUTTONS = ("forward", "jump", "attack", "use", "sneak", "inventory", "hotbar.3", "ESC", "drop", "sprint")


def play(take: LockstepTake, ticks: int) -> list[np.ndarray]:
    random = np.random.default_rng(3)
    frames = []
    for _ in range(ticks):
        held = frozenset(button for button in BUTTONS if random.random() < 0.15)
        frames.append(take.environment.whole_picture(pointer=False))
        np.testing.assert_array_equal(take.frame, frames[-1])
        take.step(held, int(random.integers(-30, 31)), int(random.integers(-20, 21)), {"source": "script"})
    return frames


def test_a_recording_played_again_leads_to_the_same_world(tmp_path: Path) -> None:
    environment = VoxelEnvironment("brisk", pointer=False)
    environment.reset(seed=4)
    writer = TakeWriter(tmp_path, "take", Sidecar(source=Source.SCRIPT, seed=4))
    frames = play(LockstepTake(environment, writer), 90)
    with Recording.open(writer.close()) as recording:
        assert len(recording) == 90
        assert recording.screen_open.any()
        actions = recording.converted().actions
        for tick in range(0, 90, 15):
            shown = recording.picture(tick, pointer=False).astype(int)
            apart = [np.abs(shown - frame).mean() for frame in frames]
            assert apart[tick] == min(apart)  # H.264 is lossy, but no other frame is nearer
    again = VoxelEnvironment("brisk", "64x64")
    again.reset(seed=4)
    for action in actions:
        again.step(action.to_environment())
    assert again.state_hash() == environment.state_hash()


def test_any_environment_can_be_recorded(tmp_path: Path) -> None:
    hashes, frames = [], []
    for picture, pointer in (("640x360", False), ("64x64", True)):
        environment = VoxelEnvironment("brisk", picture, pointer=pointer)
        environment.reset(seed=4)
        frames.append(play(LockstepTake(environment), 12))
        hashes.append(environment.state_hash())
    assert hashes[0] == hashes[1]
    np.testing.assert_array_equal(frames[0], frames[1])


def test_ticks_that_nobody_sees_are_played_all_the_same() -> None:
    hashes = []
    for seen in (True, False):
        environment = VoxelEnvironment("brisk", "64x64", pointer=False)
        environment.reset(seed=4)
        take = LockstepTake(environment)
        assert take.frame.any()
        random = np.random.default_rng(5)
        for _ in range(60):
            held = frozenset(button for button in BUTTONS if random.random() < 0.15)
            move = (held, int(random.integers(-30, 31)), int(random.integers(-20, 21)))
            take.step(*move) if seen else take.pass_by(*move)
        np.testing.assert_array_equal(take.frame, environment.whole_picture(pointer=False))
        hashes.append(environment.state_hash())
    assert hashes[0] == hashes[1]


def test_a_slot_that_is_chosen_is_pressed_in_that_tick_alone(tmp_path: Path) -> None:
    environment = VoxelEnvironment("brisk", "64x64", pointer=False)
    environment.reset(seed=4)
    given: list[set[str]] = [{"hotbar.4"} if tick in (4, 9) else set() for tick in range(12)]
    given[7] = {"hotbar.2", "forward"}
    with TakeWriter(tmp_path, "take", Sidecar(source=Source.SCRIPT)) as writer:
        take = LockstepTake(environment, writer)
        for held in given:
            take.step(frozenset(held), 0, 0)
    with Recording.open(tmp_path / "take.mp4") as recording:
        assert [set(action.pressed) for action in recording.converted().actions] == given
