"""Does the recorder hold 20 pictures a second, and is all that was done in the take, in the tick of its time?

Run ``python -m bench.recorder --minutes 5`` (18 minutes in all). It brings its own X server, a window that
draws 60 pictures a second and holds the mouse as games do, and a made hand that plays without a break; the
capture is the real ``python -m recorder``. Then captures are killed at random moments and recovered, and a
``vpt-studio record`` is killed while it records. Keep the machine quiet meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import psutil

from bench.comparing import Figure
from bench.recorder_checks import in_a_wrong_tick, pictures_seen, read_take, recovered, wrong_lines
from bench.recorder_kills import kill_captures, kill_the_window
from bench.recorder_stage import SETTINGS, RunningCapture, Setting, moving_game, playing_hand
from bench.x_screen import own_screen
from recorder.game_profiles import read_profile
from vpt_studio.recordings.recording import TICK_RATE
from vpt_studio.recordings.sidecar import read_sidecar

#: Percent of one core, of the capture at 640x360.
AIM_PROCESSOR = 20.0
#: A picture may seem to be so far from its time: that is the middle of the time that the grab took.
AIM_BESIDE_MS = 10.0


def measure(setting: Setting, seconds: float, folder: Path) -> list[Figure]:
    """Record so many seconds of play, and compare what was done with what is in the take."""
    drawn, done = folder / "drawn", folder / "done"
    with own_screen() as screen, moving_game(screen, setting.window, drawn) as warps:
        capture = RunningCapture(screen, folder, "take", setting)
        try:
            capture.until("status")  # by now all that it needs is loaded
            process, server = psutil.Process(capture.process.pid), _server()
            with playing_hand(screen, seconds, 1, done) as hand:
                begin, before = time.monotonic(), (_cpu(process), _cpu(server))
                while hand.poll() is None:
                    capture.until("status")
                lasted = time.monotonic() - begin
                used = _cpu(process) - before[0], _cpu(server) - before[1]
            memory = process.memory_info().rss
            for _ in range(2):  # the take goes on a little after the last thing that was done
                capture.until("status")
            video = capture.stop()
        finally:
            capture.close()
    aim = AIM_PROCESSOR if setting.window == (640, 360) else None
    return [
        *_tick_figures(video, capture.statuses),
        Figure("processor: capture", 100 * used[0] / lasted, "% of a core", aim=aim, at_most=True),
        Figure("processor: X server", 100 * used[1] / lasted, "% of a core"),
        Figure("memory of the capture", memory / 1e6, "MB"),
        *_truth_figures(video, setting, done, drawn),
        Figure("the game put the pointer back", warps[0], "times"),
    ]


def _server() -> psutil.Process:
    """The X server, of which we run one at a time."""
    return next(child for child in psutil.Process().children() if child.name() == "Xvfb")


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _tick_figures(video: Path, statuses: list[Mapping[str, Any]]) -> list[Figure]:
    sidecar, begins = read_sidecar(video.with_suffix(".json")), read_take(video).begins
    assert sidecar is not None
    notes, hertz = sidecar.notes, (len(begins) - 1) * 1e9 / float(begins[-1] - begins[0])
    times = [
        Figure(f"{what}: {part}", notes[name][share], "ms")
        for name, what in (("late_ms", "tick late"), ("grab_ms", "grab"), ("encode_ms", "encode"))
        for share, part in (("p50", "half within"), ("p99", "99 of 100 within"))
    ]
    sizes = [
        video.with_suffix(suffix).stat().st_size / len(begins) * TICK_RATE * 60 / 1e6
        for suffix in (".mp4", ".jsonl", ".events.jsonl")
    ]
    return [
        Figure("ticks", len(begins), ""),
        Figure("pictures a second", round(hertz, 2), "Hz", aim=TICK_RATE),
        Figure("ticks missed", sum(entry["frames"] for entry in notes["missed"]), "", aim=0, at_most=True),
        Figure("gaps", len(notes["gaps"]), "", aim=0, at_most=True),
        Figure("ticks late by 10 ms or more", notes["late"], ""),
        *times,
        Figure("most ticks that waited for the encoder", max(one["backlog"] for one in statuses), ""),
        Figure("a minute: video", sizes[0], "MB"),
        Figure("a minute: lines and raw events", sizes[1] + sizes[2], "MB"),
    ]


def _truth_figures(video: Path, setting: Setting, done: Path, drawn: Path) -> list[Figure]:
    take = read_take(video)
    motions, others = recovered(take, done, motions=True), recovered(take, done, motions=False)
    seen = pictures_seen(video, take, drawn, setting.window[0])
    buttons = read_profile("generic").buttons
    mistakes = {
        "nobody did it, or not then": motions.more + others.more,
        "in another tick than that of its time": in_a_wrong_tick(take),
        "lines that say something else": wrong_lines(take, buttons, setting.window),
    }
    return [
        Figure("motions: done", motions.done, ""),
        Figure("motions: in the take exactly", motions.exact, "", aim=motions.done),
        Figure("presses, releases, notches: done", others.done, ""),
        Figure("presses, releases, notches: in the take in order", others.exact, "", aim=others.done),
        *(Figure(f"mistakes: {what}", count, "", aim=0, at_most=True) for what, count in mistakes.items()),
        Figure("ticks taken for those of an open screen", sum(one["isGuiOpen"] for one in take.lines), ""),
        Figure("pictures seen twice", seen.again, ""),
        Figure("pictures beside their time by up to", seen.beside_ms, "ms", aim=AIM_BESIDE_MS, at_most=True),
    ]


def print_columns(title: str, columns: Mapping[str, list[Figure]]) -> None:
    """Print a table in Markdown: a column for each setting, one row for figures alike up to a colon."""
    print(f"\n{title}\n\n| what | {' | '.join(columns)} | aim |\n|---|{'---|' * len(columns)}---|")
    figures = list(zip(*columns.values(), strict=True))
    for what, group in groupby(figures, lambda row: row[0].what.partition(": ")[0]):
        rows = list(group)
        parts = ", ".join(row[0].what.partition(": ")[2] for row in rows)
        units = {row[0].unit for row in rows}
        cells = [
            f"{', '.join(_number(figure.value) for figure in column)} {' '.join(units)}".rstrip()
            for column in zip(*rows, strict=True)
        ]
        verdicts = [figure.verdict for row in rows for figure in row if figure.verdict]
        missed = [verdict for verdict in verdicts if verdict.endswith("MISSED")]
        alike = verdicts[:1] if len(set(verdicts)) < 2 else ["met"]
        told = ", ".join(dict.fromkeys(missed or alike))
        print(f"| {what}{': ' * bool(parts)}{parts} | {' | '.join(cells)} | {told} |")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or value >= 100 else f"{value:.{3 + (value > 10)}g}"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.recorder", description=__doc__)
    length = options.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=5.0, help="of play in each setting")
    length.add_argument("--seconds", type=float, help="the same, for a short run")
    options.add_argument("--settings", nargs="*", choices=SETTINGS, default=list(SETTINGS))
    options.add_argument("--kills", type=int, default=20, help="captures killed at random moments")
    options.add_argument("--seed", type=int, default=6, help="of those moments")
    options.add_argument("--kill-window", action=argparse.BooleanOptionalAction, default=True)
    options.add_argument("--json", action="store_true", help="print JSON instead of tables")
    chosen = options.parse_args()
    seconds = chosen.seconds if chosen.seconds is not None else 60 * chosen.minutes
    load, tables = os.getloadavg()[0], dict[str, dict[str, list[Figure]]]()
    with tempfile.TemporaryDirectory() as scratch:
        columns = {}
        for number, name in enumerate(chosen.settings):
            (folder := Path(scratch) / str(number)).mkdir()
            columns[SETTINGS[name].name] = measure(SETTINGS[name], seconds, folder)
        if columns:
            tables[f"{seconds:,.0f} seconds of play"] = columns
        if chosen.kills:
            killed = kill_captures(Path(scratch) / "kills", chosen.kills, chosen.seed)
            tables[f"kill -9 of the capture at {chosen.kills} random moments"] = {"figure": killed}
        if chosen.kill_window:
            ended = kill_the_window(Path(scratch) / "window")
            tables["kill -9 of `vpt-studio record`, while it records"] = {"figure": ended}
    if chosen.json:
        rows = {
            title: {
                name: [asdict(figure) | {"verdict": figure.verdict} for figure in figures]
                for name, figures in columns.items()
            }
            for title, columns in tables.items()
        }
        print(json.dumps(rows, indent=2))
        return
    print(f"Recorder, {os.cpu_count()} cores, load {load:.1f} before, {os.getloadavg()[0]:.1f} at the end")
    for title, columns in tables.items():
        print_columns(title, columns)


if __name__ == "__main__":
    main()
