"""Rewards and milestones on the way to the diamond pickaxe, as Gymnasium wrappers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium

from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.state import State
from vpt_studio.errors import StudioError

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


class _OverTheWorld(gymnasium.Wrapper[Any, Any, Any, Any]):
    """A wrapper that knows the built-in world it wraps, and offers its snapshots."""

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        super().__init__(env)
        world = env.unwrapped
        if not isinstance(world, VoxelEnvironment):
            raise StudioError(
                f"{type(self).__name__} needs the built-in world, not {type(world).__name__}",
                mend="Wrap a VoxelEnvironment",
            )
        self.world = world

    def snapshot(self) -> bytes:
        """As :meth:`VoxelEnvironment.snapshot`."""
        return self.world.snapshot()

    def restore(self, snapshot: bytes) -> tuple[Any, dict[str, Any]]:
        """As :meth:`VoxelEnvironment.restore`; what the snapshot already obtained is not rewarded again."""
        return self.reset(options={"snapshot": snapshot})


class ItemRewards(_OverTheWorld):
    """Rewards items when they are obtained, in any order and each only up to its quantity.

    ``info["rewarded"]`` tells what this step earned, by row.
    """

    def __init__(self, env: gymnasium.Env[Any, Any], rows: Sequence[RewardRow] = PAPER_REWARDS) -> None:
        super().__init__(env)
        self.rows = tuple(rows)
        self._state: State | None = None
        self._counted = [0.0] * len(self.rows)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin anew; what a snapshot already obtained is not rewarded again."""
        observation, info = self.env.reset(seed=seed, options=options)
        self._look()
        return observation, {**info, "rewarded": {}}

    def step(self, action: Mapping[str, Any]) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One step, with the reward of what it obtained added."""
        if self.world.state is not self._state:  # somebody restored a snapshot past this wrapper
            self._look()
        before = self._counted
        observation, reward, terminated, truncated, info = self.env.step(action)
        self._look()
        rewarded = {
            row.name: (after - earlier) * row.reward
            for row, earlier, after in zip(self.rows, before, self._counted, strict=True)
            if after > earlier
        }
        total = float(reward) + sum(rewarded.values())
        return observation, total, terminated, truncated, {**info, "rewarded": rewarded}

    def _look(self) -> None:
        self._state = self.world.state
        obtained = self._state.progress.obtained
        self._counted = [
            min(row.quantity, float(sum(obtained[item] for item in row.items))) for row in self.rows
        ]


class Milestones(_OverTheWorld):
    """Tells how far a player has come.

    ``info["milestones"]`` has the tick in which each item was first obtained. When the episode ends in here,
    ``info["statistics"]`` has what :meth:`statistics` gives; a ``TimeLimit`` around this wrapper ends it
    outside, where ``env.get_wrapper_attr("statistics")()`` gives the same.
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
            told["statistics"] = self.statistics()
        return observation, float(reward), terminated, truncated, told

    def statistics(self) -> dict[str, Any]:
        """The world's account so far: ticks, deaths and, by item, what was mined, crafted and so on."""
        state = self.world.state
        return {"ticks": state.tick, "deaths": state.deaths, **state.ledger.statistics()}

    def _milestones(self) -> dict[str, int]:
        first = self.world.state.progress.first_ticks
        return {item.label: int(first[item]) for item in Item if first[item] >= 0}
