"""How quick the window is, on a real screen: each figure beside its aim.

Run ``python -m bench.window [PART ...]``; parts are ``start``, ``library``, ``player`` and ``seek``, by
default all. Needs a screen (``xvfb-run`` brings a virtual one). Settings and projects are made in a scratch
folder.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bench.comparing import Figure, print_figures
from bench.window.playing import measure_playing, measure_seeking, open_player
from bench.window.scene import make_large_project, make_play_project, open_window, own_folders
from bench.window.scrolling import measure_library
from bench.window.start import measure_start

PARTS = ("start", "library", "player", "seek")


def measure(chosen: argparse.Namespace) -> list[Figure]:
    """Make the projects, measure the chosen parts."""
    parts = chosen.parts or PARTS
    figures: list[Figure] = []
    with own_folders() as folder:
        playing, recording = make_play_project(folder / "play", chosen.recording)
        if "start" in parts:
            figures += measure_start(playing, chosen.rounds)
        if "library" in parts:
            large = make_large_project(folder / "large", chosen.recordings)
            with open_window(large) as window:
                figures += measure_library(window, chosen.recordings, min(chosen.seconds, 10))
        if {"player", "seek"} & set(parts):
            with open_window(playing) as window:
                page = open_player(window, recording)
                if "player" in parts:
                    figures += measure_playing(window, page, chosen.seconds)
                if "seek" in parts:
                    figures += measure_seeking(window, page, chosen.seeks)
    return figures


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.window", description=__doc__)
    options.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}")
    options.add_argument(
        "--recording", type=Path, help="video to play (default: a shared one, or a made one)"
    )
    options.add_argument("--rounds", type=int, default=5, help="starts that are measured")
    options.add_argument("--seconds", type=float, default=60, help="how long to play; to scroll 10 at most")
    options.add_argument("--recordings", type=int, default=10_000, help="in the large project")
    options.add_argument("--seeks", type=int, default=100)
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = options.parse_args()
    unknown = set(chosen.parts) - set(PARTS)
    if unknown:
        options.error(f"there is no part {', '.join(sorted(unknown))}")
    figures = measure(chosen)
    load = "/".join(f"{load:.1f}" for load in os.getloadavg())
    print_figures(f"The window, {os.cpu_count()} cores, load {load}", figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
