"""Ticks converted to actions a second from columns in memory; reading the JSON lines apart.

Run ``python -m bench.ticks [PATH]``.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import orjson

from bench.comparing import Figure, common_options, median_ratio, print_figures, recordings_in, take_turns
from vpt_studio.actions import ENVIRONMENT_BUTTONS, RawTicks, convert_ticks
from vpt_studio.actions.camera import DEGREES_PER_PIXEL
from vpt_studio.recordings.tick_lines import read_tick_lines

AIM_TICKS = 1_000_000
_TICKS = 200_000  # in memory; enough to outgrow the processor's caches


def columns_of(paths: list[Path]) -> RawTicks:
    """The ticks of all files, over and over until there are enough."""
    tables = [read_tick_lines(path).raw for path in paths]
    times = -(-_TICKS // sum(len(raw) for raw in tables))
    return RawTicks(
        *(
            np.concatenate([getattr(raw, column.name) for raw in tables] * times)[:_TICKS]
            for column in fields(RawTicks)
        )
    )


def one_by_one(raw: RawTicks) -> list[dict[str, object]]:
    """The baseline: a dictionary for every tick, as the published loader makes them."""
    actions: list[dict[str, object]] = []
    for index in range(len(raw)):
        action: dict[str, object] = dict(zip(ENVIRONMENT_BUTTONS, raw.held[index].tolist(), strict=True))
        dx, dy = raw.motion[index].tolist()
        action["camera"] = (dy * DEGREES_PER_PIXEL, dx * DEGREES_PER_PIXEL)
        actions.append(action)
    return actions


def converting(raw: RawTicks, rounds: int) -> list[Figure]:
    """Measure the conversion of columns."""
    part = raw.span(0, len(raw) // 10)  # the baseline is slow, and as fast on few as on many
    seconds = take_turns({"ours": lambda: convert_ticks(raw), "loop": lambda: one_by_one(part)}, rounds)
    speed = len(raw) / statistics.median(seconds["ours"])
    loop = len(part) / statistics.median(seconds["loop"])
    ratio = median_ratio([10 * taken for taken in seconds["loop"]], seconds["ours"])
    return [
        Figure("a dictionary for each tick, in a loop", loop, "ticks/s"),
        Figure("columns converted to actions", speed, "ticks/s", aim=AIM_TICKS),
        Figure("columns converted to actions", speed, "ticks/s", "the loop", ratio),
    ]


def reading(paths: list[Path], rounds: int) -> list[Figure]:
    """Measure the reading of tick lines, beside parsing them and keeping nothing."""
    contents = [path.read_bytes().splitlines() for path in paths]
    lines = sum(len(content) for content in contents)
    megabytes = sum(path.stat().st_size for path in paths) / 1e6

    def parse(loads: Callable[[bytes], object]) -> None:
        for content in contents:
            for line in content:
                loads(line)

    ways: dict[str, Callable[[], object]] = {
        "json": lambda: parse(json.loads),
        "orjson": lambda: parse(orjson.loads),
        "ours": lambda: [read_tick_lines(path) for path in paths],
    }
    seconds = take_turns(ways, rounds)
    middle = {name: statistics.median(taken) for name, taken in seconds.items()}
    ours = ("tick lines read to columns", lines / middle["ours"], "lines/s")
    return [
        Figure("json.loads alone", lines / middle["json"], "lines/s"),
        Figure("orjson.loads alone", lines / middle["orjson"], "lines/s"),
        Figure(*ours, "json.loads alone", median_ratio(seconds["json"], seconds["ours"])),
        Figure(*ours, "orjson.loads alone", median_ratio(seconds["orjson"], seconds["ours"])),
        Figure(ours[0], megabytes / middle["ours"], "MB/s"),
    ]


def main() -> None:
    """Measure and print."""
    chosen = common_options(__doc__).parse_args()
    with recordings_in(chosen.folder) as videos:
        paths = [path for path in (video.with_suffix(".jsonl") for video in videos) if path.is_file()]
        if not paths:
            raise SystemExit("these recordings have no tick lines (*.jsonl)")
        raw = columns_of(paths)
        figures = converting(raw, chosen.rounds) + reading(paths, chosen.rounds)
    title = f"{len(raw):,} ticks in memory; tick lines of {len(paths)} recordings"
    print_figures(title, figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
