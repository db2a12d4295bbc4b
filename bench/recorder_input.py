"""Is every motion, press and release recorded exactly, whatever the game does with the pointer?

Run ``python -m bench.recorder_input``. It brings its own X server and a window that puts the pointer back to
its middle as games do, moves a made mouse in seven ways, half of each with a button held, and compares all
that was moved with all that was recorded. Latency is from the server's own time of a motion to its reading.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.comparing import Figure, print_figures
from bench.x_screen import XHand, own_screen
from recorder.devices.choose import best_input_source
from recorder.devices.events import InputEvent

Move = tuple[int, int]

_WAIT_SECONDS = 30.0
_KEYS = {
    **{name: f"key.keyboard.{name}" for name in ("w", "a", "s", "d", "space", "e", "q", "1", "9")},
    "Shift_L": "key.keyboard.left.shift",
    "Control_L": "key.keyboard.left.control",
}
_BUTTONS = {1: "0", 2: "2", 3: "1"}


class Heard:
    """All that a source said: motions, and everything else."""

    def __init__(self) -> None:
        self.motions: list[InputEvent] = []
        self.others: list[InputEvent] = []
        self._more = threading.Condition()

    def receive(self, event: InputEvent) -> None:
        """Keep an event."""
        with self._more:
            (self.motions if event.kind == "motion" else self.others).append(event)
            self._more.notify()

    def wait_for(self, motions: int, others: int) -> bool:
        """Wait for so many; whether they came."""
        with self._more:
            return self._more.wait_for(
                lambda: len(self.motions) >= motions and len(self.others) >= others, _WAIT_SECONDS
            )


def trials(share: float) -> dict[str, tuple[list[Move], float]]:
    """Motions by name, each with its events in a second; 10,000 events in all where `share` is 1."""
    chance = random.Random(7)

    def some(count: int, reach: int, drift: int = 0) -> list[Move]:
        return [
            (chance.randint(-reach, reach) + drift, chance.randint(-reach, reach))
            for _ in range(round(count * share))
        ]

    circle = [(round(9 * math.cos(n / 20)), round(9 * math.sin(n / 20))) for n in range(round(600 * share))]
    return {
        "1 count, 50/s": ([(1, 0)] * round(200 * share), 50),
        "20 counts, 125/s": (some(2000, 20), 125),
        "6 counts, 1000/s": (some(6000, 6), 1000),
        "always to the right, 125/s": (some(1000, 5, 10), 125),
        "circles, 500/s": (circle, 500),
        "flicks beyond both edges, 20/s": ([(2500, -900), (-2500, 900)] * round(50 * share), 20),
        "flicks of 1000 one way, 20/s": ([(1000, 0)] * round(100 * share), 20),
    }


@contextmanager
def warping_game() -> Iterator[Callable[[], tuple[int, int]]]:
    """The window that holds the pointer; call to end it: how often it warped, how far it turned."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.warping_game"],
        cwd=Path(__file__).resolve().parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    given, said = process.stdin, process.stdout

    def end() -> tuple[int, int]:
        given.close()
        warps, right, _down = said.readline().split()
        return int(warps), int(right)

    with given, said:
        said.readline()
        yield end
    process.wait()


def _play(hand: XHand, moves: list[Move], rate: float) -> float:
    """Make the moves at that rate; at which rate it was."""
    begin = time.monotonic()
    for number, move in enumerate(moves):
        left = begin + number / rate - time.monotonic()
        if left > 0:
            time.sleep(left)
        hand.move(*move, sync=False)
    return len(moves) / (time.monotonic() - begin)


def _motion(name: str, hand: XHand, heard: Heard, moves: list[Move], rate: float) -> Figure:
    """Make the moves, the second half with the left button held; how many of them were told exactly."""
    begin, half = len(heard.motions), len(moves) // 2
    reached = _play(hand, moves[:half], rate)
    hand.button(1, True)
    reached = (reached + _play(hand, moves[half:], rate)) / 2
    hand.button(1, False)
    heard.wait_for(begin + len(moves), 0)
    told = [(event.dx, event.dy) for event in heard.motions[begin:]]
    exact = sum(one == other for one, other in zip(moves, told, strict=False)) - max(
        0, len(told) - len(moves)
    )
    return Figure(f"{name} ({reached:.0f} reached): exact", exact, f"of {len(moves)}", aim=len(moves))


def _presses(hand: XHand, heard: Heard, count: int) -> list[Figure]:
    """Press and release keys and buttons at random, moving meanwhile; which were told, in their order."""
    motions, begin = len(heard.motions), len(heard.others)
    everything: tuple[str | int, ...] = (*_KEYS, *_BUTTONS)
    down = set[str | int]()
    chance, wanted = random.Random(3), list[tuple[str, bool]]()

    def change(name: str | int) -> None:
        down.symmetric_difference_update({name})
        is_down = name in down
        if isinstance(name, int):
            wanted.append((_BUTTONS[name], is_down))
            hand.button(name, is_down, sync=False)
        else:
            wanted.append((_KEYS[name], is_down))
            hand.key(name, is_down, sync=False)

    for _ in range(count):
        change(chance.choice(everything))
        hand.move(1, 0, sync=False)
    for name in tuple(down):
        change(name)
    hand.finish()
    heard.wait_for(motions + count, begin + len(wanted))
    told = [(event.code, event.is_down) for event in heard.others[begin:]]
    right = sum(one == other for one, other in zip(wanted, told, strict=False))
    return [
        Figure("presses and releases told in their order", right, f"of {len(wanted)}", aim=len(wanted)),
        Figure("and nothing else", len(told) - right, "events", aim=0, at_most=True),
    ]


def measure(share: float) -> list[Figure]:
    """Play and compare, on an X server of its own."""
    with own_screen() as screen:
        os.environ["DISPLAY"] = screen
        source, heard, hand = best_input_source(), Heard(), XHand(screen)
        source.start(heard.receive)
        with warping_game() as end_game:
            figures = [
                _motion(name, hand, heard, moves, rate) for name, (moves, rate) in trials(share).items()
            ]
            motions = len(heard.motions)
            wanted = sum(dx for moves, _ in trials(share).values() for dx, _ in moves)
            presses = _presses(hand, heard, round(2000 * share))
            warps, turned = end_game()
        hand.close()
        still_held = source.held()
        source.stop()
    turned -= len(heard.motions) - motions
    late = sorted((event.received - event.at) / 1e6 for event in heard.motions[:motions])
    return [
        *figures,
        Figure("motions recorded in all", motions, "events"),
        *presses,
        Figure("held in the end", len(still_held), "codes", aim=0, at_most=True),
        Figure("the game put the pointer back", warps, "times"),
        Figure("the mouse went to the right, by flicks for the most part", wanted, "counts"),
        Figure("the game, which screen edges stop, turned", turned, "pixels"),
        Figure("read after it happened: median", late[len(late) // 2], "ms"),
        Figure("read after it happened: 99 of 100 within", late[int(0.99 * len(late))], "ms"),
        Figure("read after it happened: latest", late[-1], "ms"),
    ]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.recorder_input", description=__doc__)
    options.add_argument("--share", type=float, default=1.0, help="of the 10,000 motions")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = options.parse_args()
    before = os.getloadavg()[0]
    figures = measure(chosen.share)
    load = f"load {before:.1f} before, {os.getloadavg()[0]:.1f} at the end"
    print_figures(f"Input of the recorder, {os.cpu_count()} cores, {load}", figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
