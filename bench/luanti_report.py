"""What Luanti itself says of its player, as the mod of our tests writes it down once a server step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

#: The game's controls, and what actions call them.
CONTROLS = {
    "up": "forward",
    "down": "back",
    "left": "left",
    "right": "right",
    "jump": "jump",
    "sneak": "sneak",
    "aux1": "sprint",
    "dig": "attack",
    "place": "use",
}
MOD = Path(__file__).resolve().parents[1] / "tests" / "recorder" / "luanti_mod"
MOD_NAME = "play_report"
_PAUSE_NS, _STEP_NS = 1_000_000_000, 30_000_000


@dataclass(frozen=True)
class GameReport:
    """M server steps.

    Attributes:
        at: int64 [M]: when, nanoseconds of ``time.monotonic_ns()``.
        right: float64 [M]: degrees turned to the right since the first step, however often around.
        down: float64 [M]: degrees below the horizon.
        slot: int64 [M]: the slot in hand, from 0.
        held: bool [M, 9]: controls held, columns as ``CONTROLS``.
        position: float64 [M, 3]: nodes.
        dug, placed: Nodes in all.
    """

    at: npt.NDArray[np.int64]
    right: npt.NDArray[np.float64]
    down: npt.NDArray[np.float64]
    slot: npt.NDArray[np.int64]
    held: npt.NDArray[np.bool_]
    position: npt.NDArray[np.float64]
    dug: int
    placed: int


def _without_pauses(lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The steps, and two in each pause (a menu): the view stays as it was, and nothing is held."""
    for before, line in pairwise([lines[0], *lines]):
        if line["at"] - before["at"] > _PAUSE_NS:
            for at in (before["at"] + _STEP_NS, line["at"] - _STEP_NS):
                yield {**before, "at": at, "held": []}
        yield line


def report_file(world: Path) -> Path:
    """Where the mod writes in a world."""
    return world / f"{MOD_NAME}.jsonl"


def read_report(path: Path) -> GameReport:
    """Read what the mod wrote; a last line that is not whole is left out."""
    lines = [
        orjson.loads(line) for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")
    ]
    lines = list(_without_pauses(lines))
    yaw = np.unwrap([line["yaw"] for line in lines], period=360)
    return GameReport(
        np.array([line["at"] for line in lines], np.int64),
        yaw[0] - yaw,
        np.array([line["pitch"] for line in lines]),
        np.array([line["slot"] for line in lines]),
        np.array([[control in line["held"] for control in CONTROLS] for line in lines]),
        np.array([line["position"] for line in lines]),
        lines[-1]["dug"],
        lines[-1]["placed"],
    )
