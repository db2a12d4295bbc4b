"""Evaluating a policy: it plays a suite, and so do players to compare it with, on the same seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vpt_studio.playing.episode_processes import play_side_by_side
from vpt_studio.playing.episode_worker import EpisodePlan, PlayerPlan
from vpt_studio.playing.results import Result, Results
from vpt_studio.playing.suites import Suite

#: Everybody who plays, in the order in which they are shown.
PLAYERS = ("policy", "null", "random", "scripted")


@dataclass(frozen=True)
class Evaluation:
    """What is to be played.

    Attributes:
        suite: Where.
        checkpoint: Where the policy is: an export folder or an OpenAI ``.model`` file.
        temperature: Of the policy's choice.
        greedy: Whether it always does what is likeliest.
    """

    suite: Suite
    checkpoint: str
    temperature: float = 1.0
    greedy: bool = False

    def plans(self) -> list[EpisodePlan]:
        """Every episode: seed by seed, so that players can be compared also when it is broken off."""
        suite = self.suite
        players = [self._player(name) for name in PLAYERS]
        return [
            EpisodePlan(player, suite.preset, seed, suite.ticks) for seed in suite.seeds for player in players
        ]

    def missing(self, results: Results) -> list[EpisodePlan]:
        """The episodes that were not played to their end yet: never tried, broken off or failed."""
        done = results.done()
        return [plan for plan in self.plans() if (plan.player.name, plan.seed) not in done]

    def _player(self, name: str) -> PlayerPlan:
        if name == "policy":
            return PlayerPlan(name, self.checkpoint, self.temperature, self.greedy)
        if name == "scripted":
            return PlayerPlan(name, style=self.suite.style, goal=self.suite.goal)
        return PlayerPlan(name)


def evaluate(
    evaluation: Evaluation,
    results: Results,
    *,
    workers: int,
    tell: Callable[[int], None],
    failed: Callable[[Result], None],
) -> None:
    """Play what is missing in `results`, each episode once, and keep it there as soon as it is over.

    Args:
        evaluation: What is to be played.
        results: Where it is kept. Episodes that were played to their end are not played again.
        workers: Processes side by side; nothing but the time it takes depends on them.
        tell: Called with how many ticks were played since it was called last.
        failed: Called with attempts that failed.

    Raises:
        StudioError: The policy cannot be loaded.
        OSError: The disk refuses.
    """
    for attempt in play_side_by_side(evaluation.missing(results), workers, tell):
        result = Result(attempt.plan.player.name, attempt.plan.seed, attempt.episode, attempt.failure)
        results.add(result)
        if result.episode is None:
            failed(result)
