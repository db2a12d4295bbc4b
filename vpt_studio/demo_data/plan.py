"""Who plays what in a data set of scripted play."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle

import numpy as np

#: Recordings of contractors last at most five minutes, as OpenAI's do.
LONGEST_TAKE = 6000
#: A take may begin this far into a game, so that takes show more than its first minutes.
LONGEST_HEAD_START = 18_000

_EXPLORING = 0.15  # share of takes without the pickaxe as their goal
_OTHER_GOALS = ("explore", "gather", "build")


@dataclass(frozen=True)
class TakePlan:
    """One recording to be made.

    Attributes:
        name: Of its files, in the manner of OpenAI's: alias, session, date, time.
        style: Which contractor plays.
        seed: Of the world and of the player.
        goal: What the player is after.
        preset: The kind of world.
        head_start: Ticks that are played before the recording begins.
        ticks: Ticks that are recorded.
    """

    name: str
    style: str
    seed: int
    goal: str
    preset: str
    head_start: int
    ticks: int


def plan_takes(hours: float, styles: tuple[str, ...], preset: str, seed: int) -> list[TakePlan]:
    """Recordings of `hours` altogether, shared out evenly among `styles`; each in a world of its own.

    Args:
        hours: How much play.
        styles: Names of the contractors.
        preset: The kind of world.
        seed: Start of every choice.
    """
    random = np.random.default_rng([seed, 5])
    ticks_each = max(20, round(hours * 3600 * 20 / len(styles)))
    n_takes = -(-ticks_each // LONGEST_TAKE)
    lengths = [ticks_each // n_takes + (number < ticks_each % n_takes) for number in range(n_takes)]
    plans = []
    for number, length in enumerate(lengths):
        for style in styles:
            world_seed = int(random.integers(2**31))
            explores = random.random() < _EXPLORING
            goal = str(random.choice(_OTHER_GOALS)) if explores else "diamond_pickaxe"
            # The first take of everybody begins at the beginning.
            head_start = int(random.integers(LONGEST_HEAD_START)) if number else 0
            name = f"{style}-{world_seed:012x}-20260101-{number // 60:02d}{number % 60:02d}00"
            plans.append(TakePlan(name, style, world_seed, goal, preset, head_start, length))
    return plans


def short_takes(
    styles: tuple[str, ...], seconds: float, preset: str, seed: int, head_starts: tuple[int, ...]
) -> list[TakePlan]:
    """One recording of `seconds` by each of `styles`, all after the pickaxe, each from another stage of it.

    Args:
        styles: Names of the contractors.
        seconds: Length of each recording.
        preset: The kind of world.
        seed: Start of every choice.
        head_starts: How many ticks each plays before, in turn.
    """
    seeds = np.random.default_rng([seed, 6]).integers(2**31, size=len(styles))
    return [
        TakePlan(
            f"{style}-{int(world_seed):012x}-20260101-000000",
            style,
            int(world_seed),
            "diamond_pickaxe",
            preset,
            head_start,
            round(seconds * 20),
        )
        for style, world_seed, head_start in zip(styles, seeds, cycle(head_starts), strict=False)
    ]
