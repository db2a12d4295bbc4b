"""The verdict on a take in words and signs: what was looked at, how it stands, what mends it. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ui.lanes import FilmLane, Lane, SpansLane
from ui.play_words import clock

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
            told = f"Keeps {clock(start / 20)} to {clock(stop / 20)}; {left} stay."
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


def length_in_words(ticks: int) -> str:
    """So many ticks: ``8 s``, ``2 min 5 s``; below ten seconds with a tenth."""
    if 0 < ticks < 200:
        return f"{ticks / 20:.1f}".removesuffix(".0") + " s"
    minutes, seconds = divmod(round(ticks / 20), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def places_in_words(reason: Reason) -> str:
    """Where in the take: ``at 0:12``, ``at 0:12 and 3 more places``."""
    spans = reason["spans"]
    if not spans:
        return ""
    more = len(spans) - 1
    places = "1 more place" if more == 1 else f"{more} more places"
    return f"at {clock(spans[0][0] / 20)}" + (f" and {places}" if more else "")


def verdict_lanes(reasons: Sequence[Reason]) -> list[Lane]:
    """The film, and below it where in the take each reason is."""
    shown = [reason for reason in flaws(reasons) if reason["spans"]]
    marked = [reason for reason in reasons if reason["id"] == "gaps" and reason["state"] == "ok"]
    lanes: list[Lane] = [FilmLane()]
    for reason in [*shown, *(one for one in marked if one["spans"])][:_LANES]:
        spans = np.array(reason["spans"], np.int64).reshape(-1, 2)
        token = STATES[reason["state"]][2] if reason in shown else "grey"
        lanes.append(SpansLane(TITLES.get(reason["id"], reason["id"]), spans, token))
    return lanes
