"""Rewards, milestones, and many environments at once."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from vpt_studio.envs.rewards import PAPER_REWARDS, ItemRewards, Milestones
from vpt_studio.envs.vector import ThreadedVectorEnv
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.errors import StudioError


def rewarded_world() -> tuple[gymnasium.Env[Any, Any], VoxelEnvironment]:
    world = VoxelEnvironment("brisk", "64x64")
    environment = Milestones(ItemRewards(world))
    environment.reset(seed=1)
    return environment, world


def give(world: VoxelEnvironment, item: Item, count: int) -> None:
    while count:
        part = min(count, Stack(item).room + 1)
        assert world.state.inventory.add(Stack(item, part)) is None
        world.state.ledger.book(Cause.GIVEN, item, part)
        count -= part


def test_the_paper_rewards_each_row_up_to_its_tier() -> None:
    bounded = sum(row.quantity * row.reward for row in PAPER_REWARDS if np.isfinite(row.quantity))
    assert bounded == pytest.approx(24)  # eight rows of 1, two of 2, three of 4


def test_items_are_rewarded_when_obtained_and_only_up_to_their_quantity() -> None:
    environment, world = rewarded_world()
    give(world, Item.BIRCH_LOG, 3)
    _, reward, _, _, info = environment.step({})
    assert reward == pytest.approx(3 / 8)
    assert info["rewarded"] == {"log": pytest.approx(3 / 8)}
    give(world, Item.OAK_LOG, 30)
    assert environment.step({})[1] == pytest.approx(5 / 8)
    give(world, Item.DIAMOND, 2)
    assert environment.step({})[1] == pytest.approx(16 / 3)
    assert environment.step({})[1] == 0


def test_throwing_and_catching_earns_nothing() -> None:
    environment, world = rewarded_world()
    give(world, Item.DIAMOND, 1)
    earned = environment.step({})[1]
    assert earned == pytest.approx(8 / 3)
    world.state.body.turn(90, 0)
    total = 0.0
    caught = 0
    for tick in range(200):
        total += environment.step({"drop": int(tick == 0)})[1]
        caught = max(caught, int(world.state.ledger.counts[Cause.PICKED_UP, Item.DIAMOND]))
    assert caught == 1
    assert total == 0


def test_packing_and_unpacking_earns_nothing() -> None:
    environment, world = rewarded_world()
    give(world, Item.DIAMOND, 9)
    first = environment.step({})[1]
    book, inventory = world.state.ledger.book, world.state.inventory
    total = 0.0
    for _ in range(3):
        inventory.clear()
        book(Cause.USED_UP, Item.DIAMOND, 9)
        book(Cause.CRAFTED, Item.DIAMOND_BLOCK)
        inventory.add(Stack(Item.DIAMOND_BLOCK))
        total += environment.step({})[1]
        inventory.clear()
        book(Cause.USED_UP, Item.DIAMOND_BLOCK)
        book(Cause.CRAFTED, Item.DIAMOND, 9)
        inventory.add(Stack(Item.DIAMOND, 9))
        total += environment.step({})[1]
    assert first == pytest.approx(24)
    assert total == 0


def test_stone_that_is_dug_again_earns_nothing() -> None:
    environment, world = rewarded_world()
    give(world, Item.COBBLESTONE, 1)
    earned = environment.step({})[1]
    book, inventory = world.state.ledger.book, world.state.inventory
    for _ in range(5):
        inventory.clear()
        book(Cause.USED_UP, Item.COBBLESTONE)
        book(Cause.SMELTED, Item.STONE)
        inventory.add(Stack(Item.STONE))
        earned += environment.step({})[1]
        inventory.clear()
        book(Cause.PLACED, Item.STONE)
        book(Cause.MINED, Item.COBBLESTONE)
        inventory.add(Stack(Item.COBBLESTONE))
        earned += environment.step({})[1]
    assert earned == pytest.approx(1 / 11)


def test_torches_count_as_often_as_they_are_crafted_though_they_are_placed() -> None:
    environment, world = rewarded_world()
    earned = 0.0
    for _ in range(2):
        world.state.ledger.book(Cause.CRAFTED, Item.TORCH, 4)
        world.state.inventory.add(Stack(Item.TORCH, 4))
        earned += environment.step({})[1]
        world.state.inventory.clear()
        world.state.ledger.book(Cause.PLACED, Item.TORCH, 4)
        earned += environment.step({})[1]
    assert earned == pytest.approx(8 / 8)


def test_milestones_tell_the_first_tick_and_the_account_at_the_end() -> None:
    world = VoxelEnvironment("brisk", "64x64")
    environment = Milestones(gymnasium.wrappers.TimeLimit(world, 6))
    environment.reset(seed=1)
    environment.step({})
    give(world, Item.COAL, 1)
    info: dict[str, Any] = {}
    truncated = False
    while not truncated:
        _, _, _, truncated, info = environment.step({})
    assert info["milestones"] == {"coal": 1}
    assert info["statistics"]["ticks"] == 6
    assert info["statistics"]["given"] == {"coal": 1}


def test_a_restored_snapshot_is_not_rewarded_again() -> None:
    environment, world = rewarded_world()
    give(world, Item.DIAMOND, 1)
    environment.step({})
    environment.reset(options={"snapshot": world.snapshot()})
    assert environment.step({})[1] == 0


def actions_for(count: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    space = VoxelEnvironment("brisk", "64x64").action_space
    keys = {key: (random.random(count) < 0.2).astype(np.int64) for key in space.spaces if key != "camera"}
    return {**keys, "camera": random.normal(0, 9, (count, 2)).astype(np.float32)}


def short_world() -> gymnasium.Env[Any, Any]:
    return gymnasium.wrappers.TimeLimit(VoxelEnvironment("brisk", "64x64"), 5)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_threads_do_what_one_after_the_other_does(mode: AutoresetMode) -> None:
    makers = [short_world] * 3
    threaded = ThreadedVectorEnv(makers, threads=2, autoreset_mode=mode)
    serial = SyncVectorEnv(makers, autoreset_mode=mode)
    ours, _ = threaded.reset(seed=3)
    theirs, _ = serial.reset(seed=3)
    np.testing.assert_array_equal(ours["pov"], theirs["pov"])
    random = np.random.default_rng(0)
    for _ in range(13):
        actions = actions_for(3, random)
        ours, *ours_rest, ours_info = threaded.step(actions)
        theirs, *theirs_rest, theirs_info = serial.step(actions)
        np.testing.assert_array_equal(ours["pov"], theirs["pov"])
        np.testing.assert_array_equal(ours_rest, theirs_rest)
        np.testing.assert_array_equal(ours_info["tick"], theirs_info["tick"])
    assert [env.unwrapped.state_hash() for env in threaded.envs] == [
        env.unwrapped.state_hash() for env in serial.envs
    ]
    threaded.close()
    serial.close()


def test_a_failing_environment_is_told_and_the_others_go_on() -> None:
    threaded = ThreadedVectorEnv([partial(VoxelEnvironment, "brisk", "64x64")] * 2, threads=2)
    threaded.reset(seed=1)
    actions = actions_for(2, np.random.default_rng(0))
    actions["camera"][1] = np.nan
    with pytest.raises(Exception, match="camera"):
        threaded.step(actions)
    actions["camera"][1] = 0
    observations, *_ = threaded.step(actions)
    assert observations["pov"].shape == (2, 64, 64, 3)
    threaded.close()


class Failing(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Fails once, at its third step."""

    steps = 0

    def step(self, action: Any) -> Any:
        self.steps += 1
        if self.steps == 3:
            raise RuntimeError("the third step")
        return super().step(action)


def test_where_one_fails_the_others_have_finished_and_a_reset_begins_clean() -> None:
    threaded = ThreadedVectorEnv(
        [lambda: Failing(VoxelEnvironment("brisk", "64x64")), short_world, short_world], threads=2
    )
    threaded.reset(seed=1)
    random = np.random.default_rng(0)
    threaded.step(actions_for(3, random))
    threaded.step(actions_for(3, random))
    with pytest.raises(RuntimeError, match="third step"):
        threaded.step(actions_for(3, random))
    _, info = threaded.reset(seed=1)
    assert info["tick"].tolist() == [0, 0, 0]
    assert [env.unwrapped.state.tick for env in threaded.envs] == [0, 0, 0]
    _, _, _, _, info = threaded.step(actions_for(3, random))
    assert info["tick"].tolist() == [1, 1, 1]
    threaded.close()
    with pytest.raises(StudioError, match="closed"):
        threaded.step(actions_for(3, random))


class Meeting(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Whose steps go on only when all of them are at work."""

    together = threading.Barrier(2, timeout=60)

    def step(self, action: Any) -> Any:
        self.together.wait()
        return super().step(action)


def test_environments_step_at_the_same_time() -> None:
    threaded = ThreadedVectorEnv([lambda: Meeting(VoxelEnvironment("brisk", "64x64"))] * 2, threads=2)
    threaded.reset(seed=1)
    _, _, _, _, info = threaded.step(actions_for(2, np.random.default_rng(0)))
    assert info["tick"].tolist() == [1, 1]
    threaded.close()


def test_a_refused_reset_changes_nothing() -> None:
    threaded = ThreadedVectorEnv([short_world] * 2, threads=2)
    threaded.reset(seed=1)
    before = [env.unwrapped.state_hash() for env in threaded.envs]
    for mask in ([True, False], np.array([True])):
        with pytest.raises((TypeError, ValueError)):
            threaded.reset(options={"reset_mask": mask})
    with pytest.raises(ValueError, match="seeds"):
        threaded.reset(seed=[1])
    assert [env.unwrapped.state_hash() for env in threaded.envs] == before
    threaded.reset(seed=np.int64(7), options={"reset_mask": np.array([False, True])})
    assert threaded.envs[0].unwrapped.state_hash() == before[0]
    assert threaded.envs[1].unwrapped.state.world.seed == 8
    threaded.close()


@pytest.mark.parametrize(("makers", "threads"), [([], None), ([short_world], 0), ([short_world], -1)])
def test_a_vector_of_nothing_is_refused(makers: list[Any], threads: int | None) -> None:
    with pytest.raises(StudioError):
        ThreadedVectorEnv(makers, threads=threads)


def test_restoring_past_the_rewards_earns_nothing() -> None:
    environment, world = rewarded_world()
    empty = world.snapshot()
    give(world, Item.DIAMOND, 1)
    environment.step({})
    rich = world.snapshot()
    total = 0.0
    for _ in range(2):
        world.restore(empty)
        total += environment.step({})[1]
        world.restore(rich)
        total += environment.step({})[1]
    environment.restore(empty)
    environment.restore(rich)
    total += environment.step({})[1]
    assert total == 0


def test_the_account_can_be_asked_for_at_any_time() -> None:
    environment = gymnasium.wrappers.TimeLimit(Milestones(VoxelEnvironment("brisk", "64x64")), 2)
    environment.reset(seed=1)
    environment.step({})
    assert environment.get_wrapper_attr("statistics")()["ticks"] == 1


def test_rewards_need_the_built_in_world() -> None:
    with pytest.raises(StudioError, match="CartPole"):
        ItemRewards(gymnasium.make("CartPole-v1"))
