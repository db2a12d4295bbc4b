"""Makes takes of a game on the desktop without a desktop: what was seen and done is given tick by tick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.take_writer import TakeWriter
from vpt_studio.recordings.tick_writing import TickInput

TICK_NS = 50_000_000
_WIDTH, _HEIGHT = 160, 90
_SHADES = np.random.default_rng(7).integers(30, 230, (120, 320, 1), np.uint8)
_WORLD = _SHADES.repeat(3, axis=2).repeat(4, axis=0).repeat(4, axis=1)
#: The keys of a take that is made, and what each is in actions.
_BUTTONS = {
    "key.keyboard.w": "forward",
    "key.keyboard.s": "back",
    "0": "attack",
    "key.keyboard.2": "hotbar.2",
}
W, S, ATTACK, TWO = _BUTTONS

Held = Callable[[int], frozenset[str]]


def view(x: float, y: float) -> np.ndarray:
    """What is to be seen of the world when the mouse has gone so far."""
    left, top = round(x) % (_WORLD.shape[1] - _WIDTH), round(y) % (_WORLD.shape[0] - _HEIGHT)
    return _WORLD[top : top + _HEIGHT, left : left + _WIDTH]


def make_take(
    folder: Path,
    name: str,
    ticks: int,
    *,
    held: Held = lambda tick: frozenset(),
    motion: Callable[[int], tuple[int, int]] = lambda tick: (0, 0),
    picture: Callable[[int, np.ndarray], np.ndarray] = lambda tick, seen: seen,
    screen: Callable[[int], bool] = lambda tick: False,
    lag: int = 0,
    gaps: Mapping[int, tuple[str, float]] = {},
    missed: Mapping[int, int] = {},
    notes: Mapping[str, Any] = {},
) -> Path:
    """Write a take as the capture does, and close it.

    Args:
        folder: Where.
        name: What it is called.
        ticks: How long it is.
        held: What is down at each tick, by code.
        motion: How far the mouse goes in each tick.
        picture: What is seen at each tick, instead of the view there.
        screen: Whether a screen is open.
        lag: How many frames later than in the next the view follows the mouse.
        gaps: Ticks before which something is missing: why, and how many seconds.
        missed: How many frames were missed after a tick.
        notes: More for the sidecar.

    Returns:
        Its video.
    """
    sidecar = Sidecar(source=Source.HUMAN, person="amber", environment="luanti", notes=dict(notes))
    writer = TakeWriter(folder, name, sidecar, width=_WIDTH, height=_HEIGHT, preset="ultrafast")
    moves = [motion(tick) for tick in range(ticks)]
    gone = np.cumsum([(0, 0)] * (lag + 1) + moves, axis=0)
    at, down, slot, told = 5_000_000_000, frozenset[str](), 0, []
    for tick in range(ticks):
        further: dict[str, Any] = {}
        events: list[dict[str, Any]] = [] if tick else [{"kind": "source", "name": "made"}]
        if tick in gaps:
            why, seconds = gaps[tick]
            at += round(seconds * 1e9)
            further["gap"] = {"why": why, "seconds": seconds}
            told.append({"tick": tick, **further["gap"]})
        if tick in gaps or not tick:
            events.append({"kind": "held", "at": at, "codes": sorted(down)})
        lasts = TICK_NS * (1 + missed.get(tick, 0))
        events.append({"kind": "frame", "at": at, "until": at + lasts})
        wanted = held(tick)
        for code in sorted(wanted ^ down):
            kind = "key" if code.startswith("key") else "button"
            events.append({"kind": kind, "at": at + 2_000_000, "code": code, "is_down": code in wanted})
        if any(moves[tick]):
            events.append({"kind": "motion", "at": at, "dx": moves[tick][0], "dy": moves[tick][1]})
        down, slot = wanted, 1 if TWO in wanted else slot
        if tick in missed:
            further["missed"] = missed[tick]
        further |= {"grabbed_ns": at, "lasts_ns": lasts}
        writer.write_events(events)
        names = frozenset(_BUTTONS[code] for code in down)
        said = TickInput(names, *map(float, moves[tick]), gui_open=screen(tick), hotbar=slot)
        writer.write(np.ascontiguousarray(picture(tick, view(*gone[tick]))), said, further)
        at += lasts
    return writer.close(
        {
            "missed": [{"tick": tick, "frames": frames} for tick, frames in missed.items()],
            "late": 0,
            "late_ms": {"p50": 0.1, "p99": 2.0},
            "gaps": told,
            "pauses": [],
            "marks": [ticks // 3, ticks // 2],
        }
    )


def playful(tick: int) -> tuple[int, int]:
    """A mouse that moves as a hand does: strokes of different length and speed, and rests."""
    dx, dy = _stroke(tick // 9)
    bend = 1 - abs(tick % 9 - 4) / 5
    return round(dx * bend), round(dy * bend)


@lru_cache(2000)
def _stroke(number: int) -> tuple[float, float]:
    rng = np.random.default_rng(number)
    return (0, 0) if rng.random() < 0.35 else (rng.normal(0, 9), rng.normal(0, 3))


def walking(tick: int) -> frozenset[str]:
    """Keys as a hand presses them."""
    return _keys(tick // 14)


@lru_cache(2000)
def _keys(number: int) -> frozenset[str]:
    rng = np.random.default_rng(1000 + number)
    return frozenset(code for code, share in ((W, 0.6), (S, 0.1), (ATTACK, 0.3)) if rng.random() < share)
