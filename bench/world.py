"""Steps a second of the built-in world, drawn as recordings (640x360) and as models see it (128x128, 64x64).

A step is a whole one: action checked, physics, drops, light, every ray, hand and display, observation
resized and encoded as a dictionary. The players walk, look about, dig, place and open screens at random.
Run ``python -m bench.world``; ``--quick`` takes a tenth of the steps.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from bench.comparing import Figure, print_figures
from vpt_studio.actions import BUTTONS, Action
from vpt_studio.envs.vector import ThreadedVectorEnv
from vpt_studio.envs.voxel.environment import VoxelEnvironment

#: Steps a second that users of MineRL v1 publish (facts: 17 to 56, by machine).
MINERL_SLOW, MINERL_FAST = 20, 60
AIMS = {"128x128": 200, "64x64": 450, "640x360": 35}
_BATCHES = (1, 8, 16)


class RandomPlayer:
    """Plays as a beginner might: holds keys for a while, turns in strokes, opens a screen now and then."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._held: frozenset[str] = frozenset()
        self._turn = (0.0, 0.0)
        self._left = 0

    def act(self) -> dict[str, Any]:
        """The next action."""
        if self._left == 0:
            self._left = int(self._random.integers(3, 30))
            chances = {"forward": 0.6, "attack": 0.35, "jump": 0.15, "sprint": 0.2, "left": 0.1, "right": 0.1}
            chances |= {button: 0.02 for button in BUTTONS if button not in chances}
            self._held = frozenset(name for name, chance in chances.items() if self._random.random() < chance)
            self._turn = (float(self._random.normal(0, 2)), float(self._random.normal(0, 6)))
        self._left -= 1
        return Action(self._held, *self._turn).to_environment()


def steps_alone(preset: str, picture: str, steps: int) -> float:
    """Steps a second of one environment, by the processor's time of this thread."""
    environment = VoxelEnvironment(preset, picture)
    environment.reset(seed=1)
    player = RandomPlayer(1)
    for _ in range(20):
        environment.step(player.act())
    begin = time.thread_time()
    for _ in range(steps):
        environment.step(player.act())
    return steps / (time.thread_time() - begin)


def steps_together(preset: str, picture: str, batch: int, threads: int, steps: int) -> tuple[float, float]:
    """Steps a second of `batch` environments in `threads`, by the clock and by processor time."""
    makers = [partial(VoxelEnvironment, preset, picture) for _ in range(batch)]
    environments = ThreadedVectorEnv(makers, threads=threads, copy=False)
    environments.reset(seed=1)
    players = [RandomPlayer(index) for index in range(batch)]
    rounds = max(3, steps // batch)
    plays = [[player.act() for player in players] for _ in range(rounds + 3)]
    batches = [
        {key: np.stack([action[key] for action in actions]) for key in actions[0]} for actions in plays
    ]
    for actions in batches[:3]:
        environments.step(actions)
    begin, used = time.perf_counter(), time.process_time()
    for actions in batches[3:]:
        environments.step(actions)
    wall, used = time.perf_counter() - begin, time.process_time() - used
    environments.close()
    return rounds * batch / wall, rounds * batch / used


def speeds(preset: str, steps: int) -> list[Figure]:
    """Steps a second of every picture, alone and in batches."""
    figures = [
        Figure("MineRL v1, as its users publish it, slow", MINERL_SLOW, "steps/s"),
        Figure("MineRL v1, as its users publish it, fast", MINERL_FAST, "steps/s"),
    ]
    cores = os.cpu_count() or 1
    for picture, aim in AIMS.items():
        alone = steps_alone(preset, picture, steps)
        figures.append(Figure(f"{picture}, one environment, one core", alone, "steps/s", aim=aim))
        figures.append(
            Figure(f"{picture}, one environment", alone, "steps/s", "MineRL's fast", alone / MINERL_FAST)
        )
        for batch in _BATCHES:
            _, one = steps_together(preset, picture, batch, 1, steps)
            figures.append(Figure(f"{picture}, {batch} together, one core", one, "steps/s"))
    for picture in AIMS:
        one, _ = steps_together(preset, picture, 16, 1, steps)
        all_cores, _ = steps_together(preset, picture, 16, cores, steps)
        figures.append(
            Figure(
                f"{picture}, 16 together, {cores} threads",
                all_cores,
                "steps/s",
                "one thread",
                all_cores / one,
                1.7,
            )
        )
    return figures


def resets(preset: str, times: int = 7) -> list[Figure]:
    """Seconds of a reset, and of taking and restoring a snapshot."""
    environment = VoxelEnvironment(preset, "128x128")
    environment.reset(seed=0)

    def median(call: Callable[[], object]) -> float:
        taken = []
        for _ in range(times):
            begin = time.perf_counter()
            call()
            taken.append(time.perf_counter() - begin)
        return statistics.median(taken)

    seeds = iter(range(1, times + 1))
    reset = median(lambda: environment.reset(seed=next(seeds)))
    snapshot = environment.snapshot()
    return [
        Figure("reset to a new world", reset, "s", aim=0.3, at_most=True),
        Figure("snapshot taken", 1000 * median(environment.snapshot), "ms", aim=20, at_most=True),
        Figure(
            "snapshot restored and drawn",
            1000 * median(lambda: environment.restore(snapshot)),
            "ms",
            aim=20,
            at_most=True,
        ),
        Figure("size of a snapshot", len(snapshot) / 1e6, "MB"),
    ]


def memory(preset: str, batch: int = 8) -> list[Figure]:
    """Memory that each environment after the first takes."""
    first = VoxelEnvironment(preset, "128x128")
    first.reset(seed=0)
    first.step({})
    before = _resident()
    more = [VoxelEnvironment(preset, "128x128") for _ in range(batch)]
    for index, environment in enumerate(more):
        environment.reset(seed=index)
        environment.step({})
    each = (_resident() - before) / batch / 1e6
    return [Figure("memory of each environment after the first", each, "MB", aim=15, at_most=True)]


def cold_start() -> list[Figure]:
    """Seconds from the start of a process to the first picture, kernels compiled before."""
    code = (
        "from vpt_studio.envs.voxel.environment import VoxelEnvironment as V\n"
        "V('survival', '128x128').reset(seed=0)"
    )
    taken = []
    for _ in range(3):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        taken.append(time.perf_counter() - begin)
    return [
        Figure(
            "process to first picture, compiled before", statistics.median(taken), "s", aim=2, at_most=True
        )
    ]


def _resident() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * float(resource.getpagesize())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="survival", choices=["survival", "brisk"])
    parser.add_argument("--quick", action="store_true", help="a tenth of the steps")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args()
    steps = 80 if chosen.quick else 800
    figures = speeds(chosen.preset, steps) + resets(chosen.preset) + memory(chosen.preset) + cold_start()
    print_figures(f"The built-in world, preset {chosen.preset}", figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
