"""Rewards and milestones on the way to the diamond pickaxe, as Gymnasium wrappers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium

from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.items import Item

_LOGS = (Item.OAK_LOG, Item.BIRCH_LOG, Item.SPRUCE_LOG)
_PLANKS = (Item.OAK_PLANKS, Item.BIRCH_PLANKS, Item.SPRUCE_PLANKS)


@dataclass(frozen=True)
class RewardRow:
    """What one kind of item earns.

    Attributes:
        name: As the paper calls it.
        items: What counts as it.
        quantity: How many are rewarded in an episode.
        reward: For each.
    """

    name: str
    items: tuple[Item, ...]
    quantity: float
    reward: float


#: The reward of the VPT paper's RL fine-tuning (arXiv 2206.11795, appendix on RL): every row is worth its
#: tier (1 wood and stone, 2 coal, 4 iron, 8 diamond) once its quantity is reached.
PAPER_REWARDS: tuple[RewardRow, ...] = (
    RewardRow("log", _LOGS, 8, 1 / 8),
    RewardRow("planks", _PLANKS, 20, 1 / 20),
    RewardRow("stick", (Item.STICK,), 16, 1 / 16),
    RewardRow("crafting_table", (Item.CRAFTING_TABLE,), 1, 1),
    RewardRow("wooden_pickaxe", (Item.WOODEN_PICKAXE,), 1, 1),
    RewardRow("cobblestone", (Item.COBBLESTONE,), 11, 1 / 11),
    RewardRow("stone_pickaxe", (Item.STONE_PICKAXE,), 1, 1),
    RewardRow("furnace", (Item.FURNACE,), 1, 1),
    RewardRow("coal", (Item.COAL,), 5, 2 / 5),
    RewardRow("torch", (Item.TORCH,), 16, 1 / 8),
    RewardRow("iron_ore", (Item.IRON_ORE,), 3, 4 / 3),
    RewardRow("iron_ingot", (Item.IRON_INGOT,), 3, 4 / 3),
    RewardRow("iron_pickaxe", (Item.IRON_PICKAXE,), 1, 4),
    RewardRow("diamond", (Item.DIAMOND,), math.inf, 8 / 3),
    RewardRow("diamond_pickaxe", (Item.DIAMOND_PICKAXE,), math.inf, 8),
)


class ItemRewards(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Rewards items when they are obtained, in any order and each only up to its quantity.

    ``info["rewarded"]`` tells what this step earned, by row.
    """

    def __init__(self, env: gymnasium.Env[Any, Any], rows: Sequence[RewardRow] = PAPER_REWARDS) -> None:
        super().__init__(env)
        self.rows = tuple(rows)
        self._counted = [0.0] * len(self.rows)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin anew; what a snapshot already obtained is not rewarded again."""
        observation, info = self.env.reset(seed=seed, options=options)
        self._counted = self._counts()
        return observation, {**info, "rewarded": {}}

    def step(self, action: Mapping[str, Any]) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One step, with the reward of what it obtained added."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        before, self._counted = self._counted, self._counts()
        rewarded = {
            row.name: (after - earlier) * row.reward
            for row, earlier, after in zip(self.rows, before, self._counted, strict=True)
            if after > earlier
        }
        return (
            observation,
            float(reward) + sum(rewarded.values()),
            terminated,
            truncated,
            {**info, "rewarded": rewarded},
        )

    def _counts(self) -> list[float]:
        obtained = _world_of(self).state.progress.obtained
        return [min(row.quantity, float(sum(obtained[item] for item in row.items))) for row in self.rows]


class Milestones(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Tells how far a player has come.

    ``info["milestones"]`` has the tick in which each item was first obtained; when the episode ends,
    ``info["statistics"]`` has its whole account: ticks, deaths and, by item, what was mined, crafted,
    smelted, placed and so on.
    """

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin anew."""
        observation, info = self.env.reset(seed=seed, options=options)
        return observation, {**info, "milestones": self._milestones()}

    def step(self, action: Mapping[str, Any]) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One step, told with its milestones."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        told = {**info, "milestones": self._milestones()}
        if terminated or truncated:
            state = _world_of(self).state
            told["statistics"] = {"ticks": state.tick, "deaths": state.deaths, **state.ledger.statistics()}
        return observation, float(reward), terminated, truncated, told

    def _milestones(self) -> dict[str, int]:
        first = _world_of(self).state.progress.first_ticks
        return {item.label: int(first[item]) for item in Item if first[item] >= 0}


def _world_of(wrapper: gymnasium.Env[Any, Any]) -> VoxelEnvironment:
    world = wrapper.unwrapped
    assert isinstance(world, VoxelEnvironment), "rewards need the built-in world"
    return world
