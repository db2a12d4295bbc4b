"""How evenly play is ticked and recorded in the window, and how soon a key shows on the screen.

Run ``python -m bench.play --minutes 5``. Needs an X screen (``xvfb-run`` brings a virtual one) that nobody
else uses meanwhile: the keys and the mouse are real ones. The project and the settings are scratch.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from bench.comparing import Figure, print_figures
from bench.window.gui_thread import PaintWatch, wait_until
from bench.window.scene import open_window, own_folders
from recorder.takes.waiting import waiting_takes
from ui.consent_words import agree
from ui.pages.record import RecordPage
from ui.window import MainWindow
from vpt_studio.project import Project
from vpt_studio.recordings.recording import Recording

AIM_LATE_MS = 5.0
_WORLD_SECONDS = 180


class _Shown:
    """Notes when each picture of the game was first on the screen."""

    def __init__(self, window: MainWindow, page: RecordPage) -> None:
        self.at: dict[int, float] = {}
        self._fresh: list[int] = []
        page.game.view.painted.connect(self._fresh.append)
        self._watch = PaintWatch(window, self._note)

    def stop(self) -> None:
        """Note no longer."""
        self._watch.stop()

    def _note(self, _begin: float, end: float) -> None:
        for number in self._fresh:
            self.at.setdefault(number, end)
        self._fresh.clear()


def measure(minutes: float, preset: str) -> list[Figure]:
    """Play in a scratch project for so many minutes."""
    with own_folders() as folder:
        Project.create(folder / "project", "Play").close()
        with open_window(folder / "project") as window:
            page = _enter(window, preset)
            ticks: list[dict[str, Any]] = []
            assert page.world.process is not None
            page.world.process.ticked.connect(ticks.extend)
            shown = _Shown(window, page)
            page.toggle_recording()
            wait_until(lambda: page.is_recording and page.game.view.is_captured, "the recording")
            ours, theirs = psutil.Process(), psutil.Process(page.world.process.process_id)
            before = _cpu(ours), _cpu(theirs)
            probes = _play(60 * minutes)
            used = _cpu(ours) - before[0], _cpu(theirs) - before[1]
            page.toggle_recording()
            wait_until(lambda: page.step == "verdict", "the take", 120)
            shown.stop()
            return [
                *_tick_figures(ticks),
                *_latency_figures(probes, ticks, shown.at),
                Figure("processor: window", 100 * used[0] / (60 * minutes), "% core"),
                Figure("processor: play and recording", 100 * used[1] / (60 * minutes), "% core"),
                *_take_figures(folder / "project" / "takes", ticks, minutes),
            ]


def _enter(window: MainWindow, preset: str) -> RecordPage:
    window.studio.go("record")
    page = window.current_page()
    assert isinstance(page, RecordPage)
    agree(window.studio.session.settings, date.today())
    page.enter_world(preset, 7)
    wait_until(lambda: page.record_button.isEnabled(), "the world", _WORLD_SECONDS)
    return page


def _play(seconds: float) -> list[tuple[float, str]]:
    """Let a made hand play; when it pressed which button."""
    hand = subprocess.Popen(
        [sys.executable, "-m", "bench.play_hand", str(seconds)], stdout=subprocess.PIPE, text=True
    )
    wait_until(lambda: hand.poll() is not None, "the hand", seconds + 60)
    assert hand.stdout is not None
    with hand.stdout as lines:
        return [(float(at), name) for at, name in (line.split() for line in lines)]


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _tick_figures(ticks: list[dict[str, Any]]) -> list[Figure]:
    late = sorted(1000 * tick["late"] for tick in ticks if tick["recorded"] is not None)
    work = sorted(1000 * (tick["shown"] - tick["due"] - tick["late"]) for tick in ticks)
    return [
        Figure("ticks recorded", len(late), "ticks"),
        Figure("ticks slipped", ticks[-1]["slipped"], "ticks", aim=0, at_most=True),
        Figure("tick late: median", _at(late, 0.5), "ms"),
        Figure("tick late: 99 of 100 within", _at(late, 0.99), "ms", aim=AIM_LATE_MS, at_most=True),
        Figure("tick late: longest", late[-1], "ms"),
        Figure("tick takes: median", _at(work, 0.5), "ms"),
        Figure("tick takes: 99 of 100 within", _at(work, 0.99), "ms"),
        Figure("most ticks that waited for the encoder", max(tick["backlog"] for tick in ticks), "ticks"),
    ]


def _latency_figures(
    probes: list[tuple[float, str]], ticks: list[dict[str, Any]], at: dict[int, float]
) -> list[Figure]:
    """From the press of a key to the end of painting the first picture that shows its tick."""
    taken = []
    numbers = sorted(at)
    for pressed, button in probes:
        tick = next((tick for tick in ticks if tick["due"] > pressed and button in tick["held"]), None)
        if tick is None:
            continue
        number = next((number for number in numbers if number >= tick["picture"]), None)
        if number is not None:
            taken.append(1000 * (at[number] - pressed))
    taken.sort()
    pictures = len([tick for tick in ticks if tick["picture"] in at])
    return [
        Figure("keys followed to the screen", len(taken), f"of {len(probes)}"),
        Figure("key to picture: median", _at(taken, 0.5), "ms"),
        Figure("key to picture: 95 of 100 within", _at(taken, 0.95), "ms"),
        Figure("pictures shown", 100 * pictures / len(ticks), "%"),
    ]


def _take_figures(folder: Path, ticks: list[dict[str, Any]], minutes: float) -> list[Figure]:
    (take,) = waiting_takes(folder)
    with Recording.open(take.video) as recording:
        assert recording.ticks is not None
        wrong = 0
        told = [tick for tick in ticks if tick["recorded"] is not None]
        actions = recording.converted().actions
        for tick in told:
            row = tick["recorded"] - 1
            moved = recording.ticks.raw.motion[row].tolist() == [tick["dx"], tick["dy"]]
            held = {name for name in tick["held"] if name != "inventory"}
            wrong += not moved or any(not actions.column(name)[row] for name in held)
    return [
        Figure("ticks recorded other than played", wrong, "ticks", aim=0, at_most=True),
        Figure("size of an hour", take.video.stat().st_size / minutes * 60 / 1e6, "MB"),
    ]


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.play", description=__doc__)
    options.add_argument("--minutes", type=float, default=5)
    options.add_argument("--preset", default="survival")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = options.parse_args()
    before = os.getloadavg()[0]
    figures = measure(chosen.minutes, chosen.preset)
    load = f"load {before:.1f} before, {os.getloadavg()[0]:.1f} at the end"
    print_figures(f"Play, {os.cpu_count()} cores, {load}", figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
