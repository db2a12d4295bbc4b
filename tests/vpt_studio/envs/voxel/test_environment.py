"""The built-in world through its front door: Gymnasium's interface, MineRL's content."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from vpt_studio.actions import ENVIRONMENT_KEYS
from vpt_studio.envs.minerl_style import MineRLStyle
from vpt_studio.envs.rewards import ItemRewards
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.presets import SURVIVAL
from vpt_studio.errors import StudioError


@pytest.fixture(scope="module")
def brisk() -> Iterator[VoxelEnvironment]:
    environment = VoxelEnvironment("brisk", "64x64")
    environment.reset(seed=1)
    yield environment
    environment.close()


def random_actions(seed: int, ticks: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(seed)
    actions = []
    for _ in range(ticks):
        action: dict[str, Any] = {
            key: int(random.random() < (0.5 if key in ("forward", "attack") else 0.1))
            for key in ENVIRONMENT_KEYS
            if key != "camera"
        }
        action["camera"] = random.normal(0, 8, 2).astype(np.float32)
        actions.append(action)
    return actions


@pytest.mark.parametrize("name", ["VPTStudio/Survival-v0", "VPTStudio/Brisk-v0"])
def test_gymnasium_finds_it_and_its_checker_is_content(name: str) -> None:
    environment = gymnasium.make(f"vpt_studio.envs:{name}", picture="64x64", render_mode="rgb_array")
    check_env(environment.unwrapped)
    environment.close()


def test_spaces_are_as_minerl_has_them(shared_data: Path) -> None:
    contract = json.loads((shared_data / "minerl_contract.json").read_text())["human_survival"]
    environment = VoxelEnvironment()
    assert set(environment.action_space.spaces) == set(contract["action_space"])
    camera, theirs = environment.action_space["camera"], contract["action_space"]["camera"]
    assert camera.shape == tuple(theirs["shape"])
    assert (camera.low.min(), camera.high.max(), str(camera.dtype)) == (
        theirs["low"],
        theirs["high"],
        theirs["dtype"],
    )
    ours, theirs = environment.observation_space, contract["observation_space"]
    assert list(ours["pov"].shape) == theirs["pov"]["shape"]
    for group in ("location_stats", "life_stats"):
        for name, space in ours[group].spaces.items():
            leaf = theirs[group]["spaces"][name]
            assert list(space.shape) == leaf["shape"], name
            assert str(space.dtype) == leaf["dtype"], name
            assert (float(space.low), float(space.high)) == (leaf["low"], leaf["high"]), name
    assert set(ours["location_stats"].spaces) == set(theirs["location_stats"]["spaces"])
    leaf = theirs["inventory"]["leaf"]
    for space in ours["inventory"].spaces.values():
        assert (list(space.shape), str(space.dtype)) == (leaf["shape"], leaf["dtype"])
        assert (float(space.low), float(space.high)) == (leaf["low"], leaf["high"])


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ({"fly": 1}, "fly"),
        ({"attack": 2}, "attack"),
        ({"attack": np.array([1, 0])}, "attack"),
        ({"attack": "yes"}, "attack"),
        ({"camera": [1.0]}, "camera"),
        ({"camera": [np.nan, 0.0]}, "camera"),
        ({"camera": [0.0, 181.0]}, "180"),
        ({"camera": "left"}, "camera"),
        ([1, 2], "dictionary"),
    ],
)
def test_what_is_no_action_is_refused_and_changes_nothing(
    brisk: VoxelEnvironment, action: Any, told: str
) -> None:
    before = brisk.state_hash()
    with pytest.raises(StudioError, match=told):
        brisk.step(action)
    assert brisk.state_hash() == before


def test_keys_left_out_are_not_pressed(brisk: VoxelEnvironment) -> None:
    before = brisk.snapshot()
    brisk.step({"forward": 1})
    some = brisk.state_hash()
    brisk.restore(before)
    brisk.step(
        dict.fromkeys((key for key in ENVIRONMENT_KEYS if key != "camera"), 0)
        | {"forward": True, "camera": np.zeros(2)}
    )
    assert brisk.state_hash() == some


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size", 16),
        ("sea_level", 0),
        ("relief", 40),
        ("digging_speed", 0),
        ("smelting_ticks", 0),
        ("caves", 2),
    ],
)
def test_a_preset_of_which_no_world_can_be_made_says_why(field: str, value: float) -> None:
    environment = VoxelEnvironment(replace(SURVIVAL, **{field: value}))
    with pytest.raises(StudioError, match=field):
        environment.reset(seed=0)


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, "7", True])
def test_what_is_no_seed_is_refused(brisk: VoxelEnvironment, seed: Any) -> None:
    with pytest.raises(StudioError, match="seed"):
        brisk.reset(seed=seed)


def test_a_step_before_the_first_reset_says_so() -> None:
    with pytest.raises(StudioError, match="reset"):
        VoxelEnvironment().step({})


@pytest.mark.parametrize(
    "words",
    [
        {"preset": "easy"},
        {"picture": "1x1"},
        {"picture": (64, 64)},
        {"on_death": "cry"},
        {"render_mode": "human"},
    ],
)
def test_unknown_arguments_are_refused(words: dict[str, str]) -> None:
    with pytest.raises(StudioError, match=next(iter(words))):
        VoxelEnvironment(**words)


def test_the_same_seed_and_actions_give_the_same_world_in_another_process() -> None:
    script = (
        "import sys; sys.path.insert(0, 'tests/vpt_studio/envs/voxel')\n"
        "from test_environment import played_hash\n"
        "print(played_hash())"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == played_hash()


def played_hash() -> str:
    environment = VoxelEnvironment("brisk", "64x64")
    environment.reset(seed=3)
    for action in random_actions(0, 150):
        environment.step(action)
    return environment.state_hash()


def test_restoring_goes_back_exactly_and_the_future_is_the_same() -> None:
    environment = VoxelEnvironment("brisk", "128x128")
    environment.reset(seed=4)
    actions = random_actions(1, 240)
    for action in actions[:120]:
        environment.step(action)
    snapshot = environment.snapshot()
    first = [environment.step(action)[0]["pov"] for action in actions[120:]]
    end = environment.state_hash()
    other = VoxelEnvironment("survival", "128x128")
    _, info = other.restore(snapshot)
    assert other.snapshot() == snapshot
    assert info["tick"] == 120
    second = [other.step(action)[0]["pov"] for action in actions[120:]]
    assert other.state_hash() == end
    np.testing.assert_array_equal(first, second)


def test_a_snapshot_that_is_none_is_refused(brisk: VoxelEnvironment) -> None:
    whole = brisk.snapshot()
    for damaged in (b"", b"nonsense", whole[: len(whole) // 2], whole[:5000] + b"\0\1\2" + whole[5003:]):
        with pytest.raises(StudioError, match="snapshot"):
            brisk.restore(damaged)
    assert brisk.snapshot() == whole


@pytest.mark.parametrize("picture", ["128x128", "64x64"])
def test_small_pictures_are_the_resized_whole_one(picture: str) -> None:
    import cv2

    environment = VoxelEnvironment("brisk", picture)
    environment.reset(seed=6)
    size = environment.observation_space["pov"].shape[0]
    for tick, action in enumerate(random_actions(2, 200)):
        observation, *_ = environment.step(action)
        if tick % 10 == 0:
            whole = environment.whole_picture(pointer=True)
            resized = cv2.resize(whole, (size, size), interpolation=cv2.INTER_LINEAR)
            np.testing.assert_array_equal(observation["pov"], resized)


def test_a_full_player_at_night_is_observed_within_the_space(brisk: VoxelEnvironment) -> None:
    brisk.reset(seed=1)
    by_day = brisk.step({})[0]["location_stats"]
    brisk.state.tick = 17_000
    for slot in range(37):
        brisk.state.inventory[slot] = Stack(Item.DIRT, 64)
    observation, *_ = brisk.step({})
    assert brisk.observation_space.contains(observation)
    assert observation["inventory"]["dirt"] == 2304
    by_night = observation["location_stats"]
    assert (by_day["light_level"], by_night["light_level"]) == (15, 4)
    assert by_night["sun_brightness"] == pytest.approx(0.2)
    assert by_night["can_see_sky"] == 1


def test_on_a_screen_the_camera_moves_the_pointer(brisk: VoxelEnvironment) -> None:
    brisk.reset(seed=1)
    observation, *_ = brisk.step({"inventory": 1})
    assert observation["isGuiOpen"] == 1
    yaw = observation["location_stats"]["yaw"]
    observation, *_ = brisk.step({"camera": np.array([1.5, -3.0]), "forward": 1})
    assert brisk.state.pointer == pytest.approx((300, 190))
    assert observation["location_stats"]["yaw"] == yaw
    observation, *_ = brisk.step({"ESC": 1})
    assert observation["isGuiOpen"] == 0


def test_who_dies_is_back_at_the_spawn_and_the_things_lie_where_it_happened() -> None:
    for on_death in ("respawn", "terminate"):
        environment = VoxelEnvironment("brisk", "64x64", on_death=on_death)
        environment.reset(seed=2)
        state = environment.state
        state.inventory.add(Stack(Item.DIAMOND, 3))
        x, y, z = state.body.position
        state.body.state[1] = 62.0
        state.body.state[0] += 1
        terminated = False
        while not state.deaths:
            observation, _, terminated, _, info = environment.step({})
        assert terminated == (on_death == "terminate")
        assert info["deaths"] == 1
        if on_death == "respawn":
            assert state.body.position == state.spawn == (x, y, z)
            assert state.vitals.health == 20
        else:
            assert state.body.position != state.spawn
            assert observation["life_stats"]["life"] == 0
        assert state.inventory.count(Item.DIAMOND) == 0
        assert [stack.count for stack in state.drops.stacks() if stack.item is Item.DIAMOND] == [3]


def test_minerl_style_speaks_as_minerl_does() -> None:
    environment = MineRLStyle(VoxelEnvironment("brisk", "64x64", on_death="terminate"))
    environment.seed(9)
    first = environment.reset()
    assert "isGuiOpen" not in first
    observation, reward, done, info = environment.step({"ESC": 0, "inventory": 1, "camera": [0, 0]})
    assert (reward, done, info["isGuiOpen"]) == (0.0, False, 1)
    assert environment.observation_space.contains(observation)
    environment.seed(9)
    np.testing.assert_array_equal(environment.reset()["pov"], first["pov"])
    assert not np.array_equal(environment.reset()["pov"], first["pov"])  # the seed was for one reset


def test_minerl_style_takes_what_agents_written_for_minerl_give() -> None:
    rewarded = ItemRewards(VoxelEnvironment("brisk", "64x64", on_death="terminate"))
    with MineRLStyle(rewarded) as environment:
        environment.reset()
        action = environment.action_space.noop()
        assert environment.action_space.contains(action)
        batch_of_one = {key: np.array([value]) for key, value in action.items()}
        batch_of_one["camera"] = np.array([[1.5, -3.0]])
        batch_of_one["inventory"] = np.array([1])
        _, _, _, info = environment.step(batch_of_one)
        assert info["isGuiOpen"] == 1
        assert info["rewarded"] == {}
        assert environment.render().shape == (360, 640, 3)
        environment.unwrapped.state.inventory.add(Stack(Item.DIAMOND))
        assert environment.step(action)[1] == pytest.approx(8 / 3)
        for seed in (-4, [3], "x"):
            with pytest.raises(StudioError, match="seed"):
                environment.seed(seed)


def test_after_death_an_episode_that_ends_there_takes_no_step() -> None:
    environment = VoxelEnvironment("brisk", "64x64", on_death="terminate")
    environment.reset(seed=2)
    environment.state.vitals.health = 0
    with pytest.raises(StudioError, match="reset"):
        environment.step({})


def test_a_torch_gives_light_and_falls_with_its_block(brisk: VoxelEnvironment) -> None:
    brisk.reset(seed=1)
    world = brisk.state.world
    x, y, z = 60, 60, 60
    world.set_block(x, y, z, Block.STONE)
    world.set_block(x, y + 1, z, Block.TORCH)
    assert world.light[x, z, y + 1] & 15 == 14
    from vpt_studio.envs.voxel.cells import break_cell

    break_cell(brisk.state, (x, y, z), with_drop=False)
    assert world.block_at(x, y + 1, z) is Block.AIR
    assert world.light[x, z, y + 1] & 15 == 0
    assert [stack.item for stack in brisk.state.drops.stacks()] == [Item.TORCH]
