"""The verdict on a take in words and signs: what was looked at, how it stands, what mends it. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ui.lanes import FilmLane, Lane, MarksLane, SpansLane
from ui.play_words import clock
from ui.playback import TICK_RATE

#: What was looked at, by a reason's id.
TITLES = {
    "length": "Length",
    "files": "Files",
    "rate": "Rate",
    "gaps": "Gaps",
    "black": "Black picture",
    "frozen": "Still picture",
    "offset": "Picture and input",
    "mouse": "Mouse",
    "keys": "Keys",
    "stuck": "Stuck keys",
    "idle": "Idle time",
    "ends": "Begin and end",
    "screens": "Open screens",
}
#: A state's word, icon and colour.
STATES = {
    "ok": ("Fine", "check-circle", "ok"),
    "unknown": ("Not known", "question", "text_secondary"),
    "warn": ("Flaw", "warning", "warn"),
    "bad": ("Broken", "warning-circle", "danger"),
}
HEALTH = {
    "healthy": ("Healthy", "check-circle", "ok"),
    "flawed": ("Flawed", "warning", "warn"),
    "broken": ("Broken", "warning-circle", "danger"),
}
_SIGNS = {"trim": "crop", "cut": "scissors", "split": "columns"}
_LANES = 4

Reason = Mapping[str, Any]
Span = tuple[int, int]


def flaws(reasons: Sequence[Reason]) -> list[Reason]:
    """Those that a person should look at, gravest first."""
    return [reason for reason in reasons if reason["state"] in ("warn", "bad")]


def needs_a_word(reasons: Sequence[Reason]) -> list[Reason]:
    """The flaws, and what is fine but can be mended all the same."""
    return flaws(reasons) + [
        reason for reason in reasons if reason["state"] not in ("warn", "bad") and reason["mend"] is not None
    ]


def in_one_sentence(reasons: Sequence[Reason]) -> str:
    """What all the reasons come to."""
    found = flaws(reasons)
    bad = [reason for reason in found if reason["state"] == "bad"]
    if bad:
        can_be_mended = all(reason["mend"] is not None for reason in bad)
        return "It cannot be used as it is" + ("; it can be mended here." if can_be_mended else ".")
    if not found:
        return "Nothing is wrong with it. Keep it, or hand it in."
    mendable = sum(1 for reason in found if reason["mend"] is not None)
    looked = "1 thing needs a look." if len(found) == 1 else f"{len(found)} things need a look."
    if not mendable:
        return f"{looked} It can be used as it is."
    mend = "A button mends it" if mendable == len(found) == 1 else f"{mendable} can be mended here"
    return f"{looked} {mend}; it can also be kept as it is."


def mend_button(mend: Mapping[str, Any], ticks: int) -> tuple[str, str, str]:
    """What stands on a mend's button, its icon, and what it does in a sentence."""
    left, spans = length_in_words(mend["leaves"]), mend["spans"]
    gone = length_in_words(ticks - mend["leaves"])
    match mend["do"]:
        case "trim":
            start, stop = spans[0]
            told = f"Keeps {clock(start / TICK_RATE)} to {clock(stop / TICK_RATE)}; {left} stay."
            return f"Trim to {left}", _SIGNS["trim"], told
        case "cut":
            parts = "1 part goes" if len(spans) == 1 else f"{len(spans)} parts go"
            return f"Cut out {gone}", _SIGNS["cut"], f"{parts}, the seam is marked; {left} stay in one take."
        case _:
            told = f"Makes {len(spans)} takes of {left} in all" + (f"; {gone} go." if gone != "0 s" else ".")
            return f"Split into {len(spans)}", _SIGNS["split"], told


def done_in_words(mend: Mapping[str, Any], name: str) -> str:
    """What was done, once it is."""
    match mend["do"]:
        case "trim":
            return f"{name} trimmed to {length_in_words(mend['leaves'])}."
        case "cut":
            return f"{name} cut; {length_in_words(mend['leaves'])} are left."
        case _:
            return f"{name} split into {len(mend['spans'])} takes."


def hand_cut(part: Span, ticks: int) -> dict[str, Any]:
    """The mend that cuts `part` out of a take of so many ticks."""
    return {"do": "cut", "spans": [list(part)], "leaves": ticks - (part[1] - part[0])}


def part_in_words(begin: int | None, end: int | None) -> str:
    """The part that a person marks, and how it goes on."""
    if begin is None and end is None:
        return "To cut a part out by hand: [ at its begin, ] at its end, then X."
    if end is None:
        return f"From {_moment(begin or 0)}: go to the part's end and press ]."
    if begin is None:
        return f"Up to {_moment(end)}: go to the part's begin and press [."
    return f"{_moment(begin)} to {_moment(end)}, {length_in_words(end - begin)}: X cuts it out."


def _moment(tick: int) -> str:
    tenths = tick * 10 // TICK_RATE
    return f"{clock(tenths // 10)}.{tenths % 10}"


def length_in_words(ticks: int) -> str:
    """So many ticks: ``8 s``, ``2 min 5 s``; below ten seconds with a tenth."""
    if 0 < ticks < 10 * TICK_RATE:
        return f"{ticks / TICK_RATE:.1f}".removesuffix(".0") + " s"
    minutes, seconds = divmod(round(ticks / TICK_RATE), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def places_in_words(reason: Reason) -> str:
    """Where in the take: ``at 0:12``, ``at 0:12 and 3 more places``."""
    spans = reason["spans"]
    if not spans:
        return ""
    more = len(spans) - 1
    places = "1 more place" if more == 1 else f"{more} more places"
    return f"at {clock(spans[0][0] / TICK_RATE)}" + (f" and {places}" if more else "")


def verdict_lanes(reasons: Sequence[Reason], marks: Sequence[int] = ()) -> list[Lane]:
    """The film, and below it what was marked (in ticks), and where in the take each reason is."""
    shown = [reason for reason in flaws(reasons) if reason["spans"]]
    marked = [reason for reason in reasons if reason["id"] == "gaps" and reason["state"] == "ok"]
    lanes: list[Lane] = [FilmLane()]
    if marks:
        lanes.append(MarksLane("Marks", np.array(marks, np.int64), "accent_text"))
    for reason in [*shown, *(one for one in marked if one["spans"])][:_LANES]:
        spans = np.array(reason["spans"], np.int64).reshape(-1, 2)
        token = STATES[reason["state"]][2] if reason in shown else "grey"
        lanes.append(SpansLane(TITLES.get(reason["id"], reason["id"]), spans, token))
    return lanes
