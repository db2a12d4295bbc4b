"""A take of Luanti beside what the game itself says of the same time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from bench.comparing import Figure
from bench.luanti_play import Played
from bench.luanti_report import CONTROLS, GameReport
from recorder.takes.lag import lag_of
from vpt_studio.actions import RawTicks
from vpt_studio.actions.buttons import BUTTON_INDEX
from vpt_studio.actions.camera import DEGREES_PER_PIXEL
from vpt_studio.recordings.recording import Recording

_MS = 1_000_000
_DELAYS = range(-50 * _MS, 200 * _MS, 5 * _MS)
#: Ticks that are summed up together: 10 s.
_WINDOW = 200
_CHAT_SETTLES_NS = 250 * _MS

_Floats = npt.NDArray[np.float64]
_Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Take:
    """N ticks of a take.

    Attributes:
        recording: All of it.
        raw: Its input.
        lines: Its lines as they are.
        begins, ends: int64 [N]: when each tick did, nanoseconds of ``time.monotonic_ns()``.
        events: What the devices said, as far as it is kept.
    """

    recording: Recording
    raw: RawTicks
    lines: list[dict[str, object]]
    begins: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    events: list[dict[str, object]]

    @classmethod
    def read(cls, video: Path) -> Take:
        """Read the take of this video."""
        recording = Recording.open(video)
        table = recording.ticks
        assert table is not None
        lines = _json_lines(video.with_suffix(".jsonl"))
        begins = np.array([line["grabbed_ns"] for line in lines], np.int64)
        ends = begins + np.array([line["lasts_ns"] for line in lines], np.int64)
        said = _json_lines(video.with_suffix(".events.jsonl"))
        events = [line for line in said if "device" in line]
        return cls(recording, table.raw, lines, begins, ends, events)


def _json_lines(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def pace_figures(take: Take) -> list[Figure]:
    """Whether twenty times a second was twenty times a second."""
    notes = take.recording.sidecar.notes
    lasts = (take.ends - take.begins) / _MS
    missed = sum(entry["frames"] for entry in notes["missed"])
    return [
        Figure("recorded", len(take.begins), "ticks"),
        Figure("ticks a second while it recorded", len(lasts) / (lasts.sum() / 1e3), "Hz"),
        Figure("missed ticks", missed, "ticks", aim=0, at_most=True),
        Figure("ticks grabbed 10 ms late or more", notes["late"], "ticks"),
        Figure("a tick lasts: 99 of 100 at most", float(np.percentile(lasts, 99)), "ms"),
    ]


def input_figures(take: Take, played: Played) -> list[Figure]:
    """What the hand did, and what of it was recorded."""
    motions = [event for event in take.events if event["kind"] == "motion"]
    told = [sum(float(str(event[name])) for event in motions) for name in ("dx", "dy")]
    # What was done in a gap is not kept, on purpose: gaps are chats, and where the recorder was held up.
    ticks = np.searchsorted(take.begins, [at for at, _, _ in played.motions], side="right") - 1
    kept = [
        one for one, tick in zip(played.motions, ticks, strict=True) if tick >= 0 and one[0] < take.ends[tick]
    ]
    made = [sum(one[1] for one in kept), sum(one[2] for one in kept)]
    presses = sum(event["kind"] in ("key", "button") and event["is_down"] is True for event in take.events)
    chats = [span for span in played.spans if span.what == "chat"]
    in_chats = sum(
        span.begin + _CHAT_SETTLES_NS <= int(str(event["at"])) <= span.end
        for event in take.events
        for span in chats
    )
    return [
        Figure("motions made in a gap, not kept", len(played.motions) - len(kept), "motions"),
        Figure("motions recorded", len(motions), f"of {len(kept)}", aim=len(kept)),
        Figure("counts to the right recorded", told[0], f"of {made[0]}"),
        Figure("counts downwards recorded", told[1], f"of {made[1]}"),
        Figure("presses recorded (chats left out)", presses, f"of {played.presses}", aim=played.presses),
        Figure(f"events recorded in {len(chats)} chats", in_chats, "events", aim=0, at_most=True),
    ]


def turn_figures(take: Take, report: GameReport) -> list[Figure]:
    """The turn that the take tells, beside the one that the game made."""
    closed = ~take.raw.gui_open
    told = np.where(closed, take.raw.motion[:, 0], 0.0) * DEGREES_PER_PIXEL
    path = float(np.abs(told).sum())
    delay = min(_DELAYS, key=lambda one: float(((told - _turned(take, report, one)) ** 2).sum()))
    made = _turned(take, report, delay)
    windows = [slice(start, start + _WINDOW) for start in range(0, len(told) - _WINDOW + 1, _WINDOW)]
    off = [abs(float((told[one] - made[one]).sum())) for one in windows]
    share = [
        100 * one / max(float(np.abs(told[window]).sum()), 1.0)
        for one, window in zip(off, windows, strict=True)
    ]
    down = np.where(closed, take.raw.motion[:, 1], 0.0) * DEGREES_PER_PIXEL
    tilted = np.interp(take.ends + delay, report.at, report.down) - np.interp(
        take.begins + delay, report.at, report.down
    )
    return [
        Figure("turned to the right, as recorded", float(told.sum()), "degrees"),
        Figure("turned to the right, as the game says", float(made.sum()), "degrees"),
        Figure("turned to and fro, as recorded", path, "degrees"),
        Figure("turned to and fro, as the game says", float(np.abs(made).sum()), "degrees"),
        Figure("the game's turn for 1,000 counts", 1000 * _slope(told, made) * DEGREES_PER_PIXEL, "degrees"),
        Figure("difference in all", 100 * abs(float((told - made).sum())) / path, "% of path"),
        Figure("difference in 10 s: median", float(np.median(off)), "degrees"),
        Figure("difference in 10 s: median", float(np.median(share)), "% of path"),
        Figure("difference in 10 s: largest", max(off), "degrees"),
        Figure("difference in 10 s: largest", max(share), "% of path"),
        Figure("difference up and down in all", abs(float((down - tilted).sum())), "degrees"),
    ]


def _turned(take: Take, report: GameReport, delay: int) -> _Floats:
    """Degrees that the game turned in each tick, float64 [N]."""
    return np.interp(take.ends + delay, report.at, report.right) - np.interp(
        take.begins + delay, report.at, report.right
    )


def _slope(told: _Floats, made: _Floats) -> float:
    """How far the game turned for each degree told, by least squares over tenths of a minute."""
    count = len(told) // 20 * 20
    first, second = (one[:count].reshape(-1, 20).sum(axis=1) for one in (told, made))
    return float((first * second).sum() / (first**2).sum())


def lag_figures(take: Take) -> list[Figure]:
    """How many frames after the mouse the picture turns."""
    lag = lag_of(take.recording)
    if lag.frames is None:
        return [Figure(f"lag not told: {lag.why}", lag.moving, "ticks")]
    return [
        Figure("picture behind the mouse (0: in the very next one)", lag.frames, "frames"),
        Figure("likeness of the two there", 100 * lag.likeness, "%"),
    ]


def key_figures(take: Take, report: GameReport) -> list[Figure]:
    """Controls held in the take and in the game."""
    columns = [BUTTON_INDEX[button] for button in CONTROLS.values()]
    told = take.raw.held[:, columns].astype(bool)
    delay = max(_DELAYS, key=lambda one: _alike(told, _held_in_game(take, report, one)))
    made = _held_in_game(take, report, delay)
    away = told & ~_widened(made) | made & ~_widened(told)
    return [
        Figure("controls alike, of all", 100 * float((told == made).mean()), "%"),
        Figure("held in both, of those held in either", 100 * _alike(told, made), "%"),
        Figure("controls that differ by more than a tick", int(away.sum()), f"of {told.size}"),
        Figure("held, as recorded", int(_begun(told).sum()), "times"),
        Figure("held, as the game says", int(_begun(made).sum()), "times"),
        Figure("the game tells a key after the hand", delay / _MS, "ms"),
    ]


def _held_in_game(take: Take, report: GameReport, delay: int) -> _Bools:
    """bool [N, 9]: what the game said was held at any step of a tick, or at the last one before it."""
    first = np.searchsorted(report.at, take.begins + delay)
    last = np.searchsorted(report.at, take.ends + delay)
    first = np.clip(np.minimum(first, last - 1), 0, len(report.at) - 1)
    sums = np.concatenate([np.zeros((1, len(CONTROLS)), int), np.cumsum(report.held, axis=0)])
    return np.asarray(sums[np.maximum(last, first + 1)] - sums[first] > 0)


def _alike(first: _Bools, second: _Bools) -> float:
    return float((first & second).sum() / max((first | second).sum(), 1))


def _widened(held: _Bools) -> _Bools:
    """Held in this tick or a neighbour of it."""
    wide = held.copy()
    wide[1:] |= held[:-1]
    wide[:-1] |= held[1:]
    return wide


def _begun(held: _Bools) -> _Bools:
    return np.asarray(held[1:] & ~held[:-1])


def screen_figures(take: Take, report: GameReport, played: Played, seen_after: int) -> list[Figure]:
    """Inventory and menu, told from outside, beside when the hand opened and closed them.

    Args:
        take: The take.
        report: The game's.
        played: What the hand did.
        seen_after: Nanoseconds from the hand to the screen.
    """
    is_open = np.zeros(len(take.begins), bool)
    for span in played.spans:
        if span.what != "chat":
            is_open |= (take.begins >= span.begin + seen_after) & (take.begins < span.end + seen_after)
    told = take.raw.gui_open
    away = told & ~_widened(is_open) | is_open & ~_widened(told)
    # Until a number key was pressed nobody can know the slot.
    since = int(np.argmax([any("hotbar" in str(name) for name in _names(line)) for line in take.lines])) + 1
    slots = np.searchsorted(report.at, take.ends + seen_after).clip(0, len(report.at) - 1)
    right = take.raw.hotbar[since:] == report.slot[slots][since:]
    return [
        Figure("ticks with a screen open", int(is_open.sum()), "ticks"),
        Figure("of those called open", 100 * float(told[is_open].mean()), "%"),
        Figure("others called open", int((told & ~is_open).sum()), "ticks"),
        Figure("that differ by more than a tick", int(away.sum()), "ticks", aim=0, at_most=True),
        Figure("the slot in hand is right", 100 * float(right.mean()), "% of ticks"),
    ]


def _names(line: dict[str, object]) -> list[object]:
    pressed = line.get("pressed", [])
    return pressed if isinstance(pressed, list) else []
