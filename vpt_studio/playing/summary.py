"""What attempts at a suite come to, player by player."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vpt_studio.envs.rewards import PAPER_REWARDS, RewardRow
from vpt_studio.playing.behaviour import BEHAVIOUR
from vpt_studio.playing.deaths import CAUSES
from vpt_studio.playing.intervals import FEW, Figure, mean, median, rate
from vpt_studio.playing.results import Result

_SECONDS_PER_TICK = 0.05


@dataclass(frozen=True)
class PlayerSummary:
    """How a player did.

    Attributes:
        attempts: How often an episode was tried.
        failures: How many of those broke, for reasons that are not the player's; they count nowhere else.
        episodes: How many seeds were played to the end: what all figures are taken of.
        reached: Share of episodes in which each thing was obtained at all, by the names of the paper's
            rewards.
        seconds: Median time until then, of the episodes in which it was.
        items: How many were obtained in an episode.
        reward: What they earn by the paper's reward.
        deaths: Deaths in an episode.
        causes: How often each cause was it, over all episodes.
        behaviour: The figures of :data:`~vpt_studio.playing.behaviour.BEHAVIOUR`.
        obtained: Mean number of every item there is, by MineRL's names, without those nobody obtained.
    """

    attempts: int
    failures: int
    episodes: int
    reached: dict[str, Figure]
    seconds: dict[str, Figure]
    items: dict[str, Figure]
    reward: Figure
    deaths: Figure
    causes: dict[str, int]
    behaviour: dict[str, Figure]
    obtained: dict[str, float]

    @property
    def few(self) -> bool:
        """Whether there are too few episodes for the intervals to say much."""
        return self.episodes < FEW


def summary_of(attempts: Sequence[Result]) -> PlayerSummary:
    """What one player's `attempts` come to; the order does not matter."""
    played = {each.seed: each.episode for each in attempts if each.episode is not None}
    episodes = [played[seed] for seed in sorted(played)]
    firsts = {row.name: [_first(row, episode) for episode in episodes] for row in PAPER_REWARDS}
    times = {
        name: [(tick + 1) * _SECONDS_PER_TICK for tick in ticks if tick is not None]
        for name, ticks in firsts.items()
    }
    counts = {row.name: [_count(row, episode) for episode in episodes] for row in PAPER_REWARDS}
    causes = Counter(death["cause"] for episode in episodes for death in episode["deaths"])
    totals: Counter[str] = Counter()
    for episode in episodes:
        totals.update(episode["obtained"])
    return PlayerSummary(
        attempts=len(attempts),
        failures=sum(each.episode is None for each in attempts),
        episodes=len(episodes),
        reached={name: rate(len(reached), len(episodes)) for name, reached in times.items()},
        seconds={name: median(reached) for name, reached in times.items()},
        items={name: mean(each) for name, each in counts.items()},
        reward=mean([_reward(episode) for episode in episodes]),
        deaths=mean([len(episode["deaths"]) for episode in episodes]),
        causes={cause: causes[cause] for cause in CAUSES if causes[cause]},
        behaviour={name: mean([episode["behaviour"][name] for episode in episodes]) for name in BEHAVIOUR},
        obtained={item: total / len(episodes) for item, total in sorted(totals.items())},
    )


def _first(row: RewardRow, episode: Mapping[str, Any]) -> int | None:
    """The tick in which something of `row` was first obtained."""
    ticks = [episode["first_ticks"][item.label] for item in row.items if item.label in episode["first_ticks"]]
    return min(ticks, default=None)


def _count(row: RewardRow, episode: Mapping[str, Any]) -> int:
    return sum(episode["obtained"].get(item.label, 0) for item in row.items)


def _reward(episode: Mapping[str, Any]) -> float:
    return sum(min(row.quantity, _count(row, episode)) * row.reward for row in PAPER_REWARDS)
