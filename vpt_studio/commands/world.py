"""The commands about the built-in world: its presets, its pictures, and getting it ready."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from vpt_studio.commands.console import StudioGroup, answer, json_option, progress, table
from vpt_studio.errors import StudioError

# The world loads numba and its kernels: each command imports it, so that help stays quick.


@click.group(cls=StudioGroup)
def world() -> None:
    """Look at the built-in world, and get it ready."""


@world.command()
@json_option
def presets(as_json: bool) -> None:
    """List the kinds of world there are."""
    from vpt_studio.envs.voxel.presets import PRESETS

    rows = [
        [
            preset.name,
            f"{preset.size} x {preset.size}",
            f"{preset.digging_speed:g}x",
            preset.smelting_ticks,
            preset.purpose,
        ]
        for preset in PRESETS.values()
    ]
    answer(
        as_json,
        {"presets": [_with_names(asdict(preset)) for preset in PRESETS.values()]},
        table(rows, ["preset", "cells", "digging", "smelting ticks", "what it is for"]),
    )


@world.command("warm-up")
@json_option
def warm_up(as_json: bool) -> None:
    """Compile the world's loops, once after an installation.

    Without it the first world does so, which takes about half a minute.
    """
    begin = time.perf_counter()
    make_world_ready(hidden=as_json)
    seconds = time.perf_counter() - begin
    answer(as_json, {"seconds": round(seconds, 3)}, f"The world is ready ({seconds:.1f} s).")


@world.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--preset", default="survival", show_default=True, help="survival or brisk.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**63 - 1), help="Which world.")
@click.option("--turn", default=0.0, help="Degrees to look to the right of south.")
@click.option("--down", default=0.0, type=click.FloatRange(-90, 90), help="Degrees to look down.")
@click.option(
    "--wait",
    default=0,
    type=click.IntRange(0, 24000),
    help="Ticks to let pass first; night falls after 12,000.",
)
@json_option
def picture(out: Path, preset: str, seed: int, turn: float, down: float, wait: int, as_json: bool) -> None:
    """Draw what a player sees who begins in the world of SEED, as a PNG.

    \b
    vpt-studio world picture spawn.png --seed 7 --turn 90
    """
    import cv2

    from vpt_studio.atomic_files import write_atomically
    from vpt_studio.envs.voxel.environment import VoxelEnvironment

    if out.suffix.lower() != ".png":
        raise StudioError("the picture is written as PNG", where=out, mend="Give a name that ends in .png")
    if not (math.isfinite(turn) and math.isfinite(down)):
        raise StudioError("an angle is not a number", mend="Give --turn and --down in degrees")
    make_world_ready(hidden=as_json)
    environment = VoxelEnvironment(preset, "64x64")
    _, info = environment.reset(seed=seed)
    environment.state.body.turn(down, math.fmod(turn, 360))
    for _ in range(wait):
        environment.step({})
    pixels = environment.whole_picture(pointer=True)
    written, content = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    assert written
    write_atomically(out, content.tobytes())
    answer(as_json, {"picture": out, **info}, f"Drew {out}: {preset}, seed {seed}.")


def _with_names(preset: dict[str, Any]) -> dict[str, Any]:
    ores = [{**ore, "block": ore["block"].name.lower()} for ore in preset["ores"]]
    return {**preset, "ores": ores}


def make_world_ready(*, hidden: bool, label: str = "Compiling the world (once)") -> None:
    """Compile the world's loops, and those of its scripted players, with a progress bar; or load them."""
    from vpt_studio.contractors.warm_up import make_contractors_ready
    from vpt_studio.envs.voxel.warm_up import WarmUp

    parts = (*WarmUp().parts, ("players", make_contractors_ready))
    with progress(label, len(parts), hidden=hidden) as bar:
        for _, make_ready in parts:
            make_ready()
            bar.update(1)
