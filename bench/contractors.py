"""How far scripted contractors get: milestones of many worlds, without drawing.

Run ``python -m bench.contractors --preset survival --seeds 20``. It prints a line for each world, then the
share of worlds in which the diamond pickaxe was made in time with its 95 % Wilson interval, the median tick
of every milestone, the share of null ticks and what a tick of the contractor costs.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from vpt_studio.actions import (
    BUTTONS,
    DEFAULT_CAMERA,
    ENVIRONMENT_BUTTONS,
    Action,
    null_in_policy_space,
    played_buttons,
)
from vpt_studio.contractors import GOALS, HELD_OUT_STYLES, STYLES, Contractor, Input, style_named
from vpt_studio.envs.voxel.handling import DEGREES_PER_PIXEL
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.presets import PRESETS
from vpt_studio.envs.voxel.simulation import advance
from vpt_studio.envs.voxel.state import State

MILESTONES = (
    Item.OAK_PLANKS,
    Item.CRAFTING_TABLE,
    Item.WOODEN_PICKAXE,
    Item.COBBLESTONE,
    Item.STONE_PICKAXE,
    Item.COAL,
    Item.IRON_ORE,
    Item.FURNACE,
    Item.IRON_INGOT,
    Item.IRON_PICKAXE,
    Item.DIAMOND,
    Item.DIAMOND_PICKAXE,
)


@dataclass
class Outcome:
    """One world's play."""

    seed: int
    style: str
    ticks: int
    deaths: int
    first_ticks: dict[Item, int]
    null_share: float
    cost: float  # ms of CPU per tick of the contractor
    last_goal: str
    pressed: Counter[str] = field(default_factory=Counter)


def play(preset: str, seed: int, style: str, ticks: int, goal: str = "diamond_pickaxe") -> Outcome:
    """Let a contractor play a fresh world until it has the diamond pickaxe, or the time is over."""
    state = State.begin(PRESETS[preset], seed)
    contractor = Contractor(style_named(style), seed, goal)
    inputs: list[Input] = []
    cost = 0.0
    while state.tick < ticks and not state.inventory.count(Item.DIAMOND_PICKAXE):
        begun = time.thread_time()
        given = contractor.act(state)
        cost += time.thread_time() - begun
        inputs.append(given)
        held = played_buttons(given.held, state.screen is not None)
        advance(state, Action(held, given.dy * DEGREES_PER_PIXEL, given.dx * DEGREES_PER_PIXEL))
    first = {item: int(tick) for item in MILESTONES if (tick := state.progress.first_ticks[item]) >= 0}
    planks = [int(state.progress.first_ticks[item]) for item in (Item.BIRCH_PLANKS, Item.SPRUCE_PLANKS)]
    known = [tick for tick in (first.get(Item.OAK_PLANKS, -1), *planks) if tick >= 0]
    if known:
        first[Item.OAK_PLANKS] = min(known)
    spans = contractor.spans
    pressed: Counter[str] = Counter()
    for given in inputs:
        pressed.update(given.held)
        pressed["(camera)"] += bool(given.dx or given.dy)
    return Outcome(
        seed,
        style,
        state.tick,
        state.deaths,
        first,
        _null_share(inputs),
        1e3 * cost / max(1, len(inputs)),
        spans[-1].goal if spans else "",
        pressed,
    )


def _null_share(inputs: list[Input]) -> float:
    buttons = np.array([[name in given.held for name in ENVIRONMENT_BUTTONS] for given in inputs], np.uint8)
    camera = np.array([[given.dy, given.dx] for given in inputs]) * DEGREES_PER_PIXEL
    null = null_in_policy_space(buttons[:, : len(BUTTONS)], DEFAULT_CAMERA.encode(camera))
    return float(np.mean(null))


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, successes / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return (middle - spread) / scale, (middle + spread) / scale


def main() -> None:
    """Play and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="survival", choices=sorted(PRESETS))
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument(
        "--style", choices=sorted(STYLES | HELD_OUT_STYLES), help="one style; else all in turn"
    )
    parser.add_argument("--ticks", type=int, default=24_000)
    parser.add_argument("--goal", default="diamond_pickaxe", choices=sorted(GOALS))
    options = parser.parse_args()
    styles = [options.style] if options.style else list(STYLES)
    outcomes = []
    for number in range(options.seeds):
        seed = options.first_seed + number
        outcome = play(options.preset, seed, styles[number % len(styles)], options.ticks, options.goal)
        outcomes.append(outcome)
        reached = " ".join(
            f"{item.label}:{tick}" for item, tick in sorted(outcome.first_ticks.items(), key=lambda p: p[1])
        )
        print(
            f"seed {seed} {outcome.style}: {outcome.ticks} ticks, {outcome.deaths} deaths, "
            f"null {outcome.null_share:.0%}, {outcome.cost:.2f} ms, ended in {outcome.last_goal}: {reached}",
            flush=True,
        )
    done = sum(Item.DIAMOND_PICKAXE in outcome.first_ticks for outcome in outcomes)
    low, high = wilson(done, len(outcomes))
    print(f"\n{options.preset}: diamond pickaxe in {done} of {len(outcomes)}, 95 % {low:.0%} to {high:.0%}")
    for item in MILESTONES:
        ticks = [outcome.first_ticks[item] for outcome in outcomes if item in outcome.first_ticks]
        if ticks:
            print(f"  {item.label:18} {len(ticks):3} worlds, median tick {statistics.median(ticks):7.0f}")
    print(f"null ticks {statistics.mean(outcome.null_share for outcome in outcomes):.1%}")
    print(f"CPU per tick {statistics.mean(outcome.cost for outcome in outcomes):.3f} ms")
    stuck = Counter(o.last_goal for o in outcomes if Item.DIAMOND_PICKAXE not in o.first_ticks)
    print("not done, ended in:", dict(stuck))
    total = sum(outcome.ticks for outcome in outcomes)
    pressed = sum((outcome.pressed for outcome in outcomes), Counter[str]())
    print(
        "share of ticks:", ", ".join(f"{name} {count / total:.1%}" for name, count in pressed.most_common())
    )


if __name__ == "__main__":
    main()
