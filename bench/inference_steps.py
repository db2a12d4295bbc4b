"""One agent that plays on and on: whether its steps take longer or more memory with time."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass

import numpy as np
import psutil
import torch

from vpt_studio.agent import Agent
from vpt_studio.models.checkpoints import PolicyCheckpoint
from vpt_studio.models.policy import Policy
from vpt_studio.models.presets import policy_network

AIM_OF_TIME = (
    1.1  # a shared machine is not steadier; growth by a step's share would be thousands of times more
)
AIM_OF_MEMORY = 1.01
_TENTHS = 10
_EPISODE = 1000  # steps, so that starts are among them


@dataclass(frozen=True)
class Tenth:
    """A tenth of the steps.

    Attributes:
        milliseconds: Median time of a step.
        quick_milliseconds: Time that the quickest tenth of its steps stays below: what a step costs where no
            neighbour on the machine gets in its way.
        memory_mb: Memory in use behind it.
    """

    milliseconds: float
    quick_milliseconds: float
    memory_mb: float


def play_on(preset: str, steps: int, threads: int) -> list[Tenth]:
    """Time and memory of `steps` steps of one stream, by tenths."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    agent = Agent(PolicyCheckpoint(Policy(policy_network(preset))))
    pictures = np.random.default_rng(7).integers(0, 256, (16, 360, 640, 3), np.uint8)
    process, tenths, step = psutil.Process(), [], 0
    for _ in range(_TENTHS):
        seconds = []
        for _ in range(steps // _TENTHS):
            begin = time.perf_counter()
            agent.act(pictures[step % len(pictures)], first=step % _EPISODE == 0)
            seconds.append(time.perf_counter() - begin)
            step += 1
        gc.collect()
        quick, middle = (float(value) for value in np.quantile(seconds, (0.1, 0.5)) * 1e3)
        tenths.append(Tenth(middle, quick, process.memory_info().rss / 1e6))
    return tenths
