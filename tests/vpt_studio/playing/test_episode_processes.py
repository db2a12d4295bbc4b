"""Episodes in processes of their own: one that dies costs its episode, and none is left behind."""

from __future__ import annotations

import signal
import sys

import psutil
import pytest

from vpt_studio.playing.episode_processes import Attempt, play_side_by_side
from vpt_studio.playing.episode_worker import EpisodePlan, PlayerPlan

NULL, RANDOM = PlayerPlan("null"), PlayerPlan("random")
ENDLESS = EpisodePlan(PlayerPlan("scripted", style="steady", goal="explore"), "brisk", 1, 72_000)


def short(*seeds: int) -> list[EpisodePlan]:
    return [EpisodePlan(player, "brisk", seed, 30) for seed in seeds for player in (NULL, RANDOM)]


def workers() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if any("episode_worker" in word for word in child.cmdline())
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_a_killed_process_fails_its_episode_and_no_other() -> None:
    plans = [ENDLESS, *short(1), ENDLESS]
    counted, killed = 0, False

    def count(ticks: int) -> None:
        nonlocal counted, killed
        counted += ticks
        if not killed:
            killed = True
            (worker,) = workers()
            worker.send_signal(signal.SIGKILL)

    asked = play_side_by_side(plans, 1, count)
    attempts = [next(asked) for _ in range(3)]
    assert [attempt.plan for attempt in attempts] == plans[:3]
    assert attempts[0] == Attempt(ENDLESS, None, "the process that played it was ended by SIGKILL")
    assert all(attempt.episode is not None and not attempt.failure for attempt in attempts[1:])
    assert counted == sum(plan.ticks for plan in plans[:3])
    asked.close()  # nobody wants the last one
    assert not workers()
