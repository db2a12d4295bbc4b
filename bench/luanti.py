"""Is a take of a real game what the game itself says it was?

Run ``python -m bench.luanti --minutes 5``. It brings its own X server, starts Luanti as `vpt-studio games
luanti` does, plays it by injected keys and motions, records that with the real `python -m recorder`, and
compares the take with what a mod of our tests wrote down in the game: yaw, controls and slot at each of its
steps. The game itself may lose a little of the mouse: it reads where the pointer is, then puts it back, and
what comes between is gone. Beside that stands how much later the picture turns than the mouse.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import psutil

from bench.comparing import Figure, print_figures
from bench.luanti_figures import (
    Take,
    input_figures,
    key_figures,
    lag_figures,
    pace_figures,
    screen_figures,
    turn_figures,
)
from bench.luanti_play import LuantiPlay, Played
from bench.luanti_report import MOD, MOD_NAME, read_report, report_file
from bench.x_screen import XHand, own_screen
from recorder.consent import VERSION
from recorder.desktop.choose import this_desktop
from recorder.desktop.window import DesktopWindow
from recorder.games.bare_screen import give_keyboard
from recorder.games.luanti import LuantiOrder, find_luanti, start_luanti
from recorder.games.luanti_world import make_world

_SEED = 2024  # begins at a wood
_SIZES = {"640x360": (640, 360), "1280x720": (1280, 720)}
_BESIDE = {
    "secure.trusted_mods": MOD_NAME,
    "time_speed": "0",  # no night
    "world_start_time": "12000",
    "enable_damage": "false",
    "enable_sound": "false",
    "give_initial_stuff": "true",
    "dedicated_server_step": "0.03",
    # Without a graphics card every pixel is the processor's.
    "viewing_range": "60",
    "enable_shaders": "false",
    "enable_clouds": "false",
    "leaves_style": "simple",
}
#: A turn is in the picture so long after the hand made it, and so is a screen that opens.
_SEEN_AFTER_NS = 60_000_000
_SETTLE_SECONDS = 4.0


@contextmanager
def game_with_report(
    folder: Path, size: tuple[int, int]
) -> Iterator[tuple[psutil.Process, DesktopWindow, Path]]:
    """Luanti on the screen of ``DISPLAY``, in a new world with our mod: process, window, report."""
    world = folder / "worlds" / "bench"
    make_world(world)
    shutil.copytree(MOD, world / "worldmods" / MOD_NAME)
    desktop = this_desktop()
    try:
        order = LuantiOrder(folder, world.name, size, seed=_SEED, further=_BESIDE)
        number, window = start_luanti(find_luanti(), order, desktop)
    finally:
        desktop.close()
    process = psutil.Process(number)
    try:
        give_keyboard(window)
        report = report_file(world)
        end = time.monotonic() + 60
        while not (report.exists() and report.stat().st_size):
            if time.monotonic() > end or process.status() == psutil.STATUS_ZOMBIE:
                raise SystemExit(f"the mod does not report: {(folder / 'luanti.log').read_text()[-1000:]}")
            time.sleep(0.05)
        yield process, window, report
    finally:
        process.terminate()
        process.wait(30)


class Recorder:
    """A real capture process, and what it said."""

    def __init__(self, folder: Path, window: DesktopWindow) -> None:
        words = ["--folder", folder, "--name", "take", "--consent", str(VERSION), "--profile", "luanti"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "recorder", *map(str, words), "--window", str(window.id)],
            cwd=Path(__file__).resolve().parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._until("recording")
        self._until("status")
        self._cpu = psutil.Process(self._process.pid)

    def cpu_seconds(self) -> float:
        """Of all its threads up to now."""
        used = self._cpu.cpu_times()
        return used.user + used.system

    def stop(self) -> Path:
        """Stop and save; the take's video."""
        assert self._process.stdin is not None
        self._process.stdin.write(b'{"do":"stop"}\n')
        self._process.stdin.flush()
        video = Path(self._until("taken")["video"])
        self._process.stdin.close()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return video

    def _until(self, what: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told: dict[str, Any] = orjson.loads(line)
            if told["is"] == "failed":
                raise SystemExit(f"the recorder failed: {told['error']}")
            if told["is"] == what:
                return told
        raise SystemExit(f"the recorder ended before it said {what!r}")


def play_and_record(
    folder: Path, minutes: float, size: tuple[int, int]
) -> tuple[Path, Path, Played, list[Figure]]:
    """Play and record; the take's video, the game's report, what was done, and what it cost."""
    with own_screen() as screen:
        os.environ["DISPLAY"] = screen
        with game_with_report(folder / "game", size) as (game, window, report):
            hand = XHand(screen)
            time.sleep(_SETTLE_SECONDS)  # the ground around is still being made
            recorder = Recorder(folder / "takes", window)
            costs = _cpu_seconds(game), recorder.cpu_seconds(), time.monotonic()
            played = LuantiPlay(hand, seed=3).play(60 * minutes)
            seconds = time.monotonic() - costs[2]
            shares = [
                Figure("the game takes", 100 * (_cpu_seconds(game) - costs[0]) / seconds, "% of a core"),
                Figure(
                    "the recorder takes", 100 * (recorder.cpu_seconds() - costs[1]) / seconds, "% of a core"
                ),
            ]
            time.sleep(0.5)
            video = recorder.stop()
            hand.close()
        return video, report, played, shares


def _cpu_seconds(process: psutil.Process) -> float:
    used = process.cpu_times()
    return used.user + used.system


def measure(folder: Path, minutes: float, size: tuple[int, int]) -> list[Figure]:
    """Play, record and compare."""
    video, report_path, played, shares = play_and_record(folder, minutes, size)
    take, report = Take.read(video), read_report(report_path)
    walked = float(abs(report.position[1:, ::2] - report.position[:-1, ::2]).sum())
    return [
        *pace_figures(take),
        *shares,
        Figure("walked", walked, "nodes"),
        Figure("dug", report.dug, "nodes"),
        Figure("placed", report.placed, "nodes"),
        Figure("the game's steps in a second", len(report.at) / ((report.at[-1] - report.at[0]) / 1e9), "Hz"),
        *input_figures(take, played),
        *turn_figures(take, report),
        *lag_figures(take),
        *key_figures(take, report),
        *screen_figures(take, report, played, _SEEN_AFTER_NS),
    ]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.luanti", description=__doc__)
    options.add_argument("--minutes", type=float, default=5.0, help="to play")
    options.add_argument("--size", choices=list(_SIZES), default="640x360", help="of the game's window")
    options.add_argument("--keep", type=Path, help="an empty folder in which take, world and report stay")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = options.parse_args()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as own:
        figures = measure((chosen.keep or Path(own)).absolute(), chosen.minutes, _SIZES[chosen.size])
    load = f"load {before:.1f} before, {os.getloadavg()[0]:.1f} at the end"
    title = f"Luanti {chosen.size}, {chosen.minutes:g} min, {os.cpu_count()} cores, {load}"
    print_figures(title, figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
