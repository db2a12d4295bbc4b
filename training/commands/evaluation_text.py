"""An evaluation's summary as a person reads it: tables with a column for each player."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vpt_studio.commands.console import table
from vpt_studio.playing.behaviour import BEHAVIOUR
from vpt_studio.playing.intervals import FEW
from vpt_studio.words import count_words, duration_words

_TICKS_PER_SECOND = 20
_NOTHING = "-"

Told = Mapping[str, Any]


def summary_text(told: Told) -> str:
    """The tables of what ``vpt-studio evaluate --json`` tells."""
    players, suite = told["players"], told["suite"]
    names = list(players)
    length = duration_words(suite["ticks"] / _TICKS_PER_SECOND)
    rows = [
        ["episodes", *(str(players[name]["episodes"]) for name in names)],
        ["attempts", *(str(players[name]["attempts"]) for name in names)],
        ["failed attempts", *(str(players[name]["failures"]) for name in names)],
        ["reward of the paper", *(_amount(players[name]["reward"]) for name in names)],
        ["deaths per episode", *(_amount(players[name]["deaths"]) for name in names)],
        ["died of", *(_causes(players[name]["causes"]) for name in names)],
    ]
    parts = [
        f"{suite['name']}, version {suite['version']}: {count_words(len(suite['seeds']), 'world')}"
        f" ({suite['preset']}), {length} each. Ranges are 95 % intervals.",
        table(rows, ["", *names]),
        table(_rows(players, "reached", _share), ["episodes with", *names]),
        table(_rows(players, "seconds", _time), ["median time to, where reached", *names]),
        table(_rows(players, "items", _amount), ["items per episode", *names]),
        table(
            [
                [_behaviour_words(name), *(_behaviour(players[each], name) for each in names)]
                for name in BEHAVIOUR
            ],
            ["behaviour", *names],
        ),
    ]
    few = [name for name in names if players[name]["few"]]
    if few:
        counts = ", ".join(f"{name} {players[name]['episodes']}" for name in few)
        parts.append(f"Fewer than {FEW} episodes ({counts}): the intervals say little.")
    return "\n\n".join(parts)


def _rows(players: Told, part: str, words: Callable[[Told], str]) -> list[list[str]]:
    """A row for each thing that anybody obtained."""
    rows = []
    for thing in next(iter(players.values()))["reached"]:
        if any(player["reached"][thing]["value"] for player in players.values()):
            words_of = [words(player[part][thing]) for player in players.values()]
            rows.append([thing.replace("_", " "), *words_of])
    return rows or [["nothing", *(_NOTHING for _ in players)]]


def _share(figure: Told) -> str:
    if figure["value"] is None:
        return _NOTHING
    low, high = figure["interval"]
    few = f", n = {figure['count']}" if figure["count"] < FEW else ""
    return f"{figure['value']:.0%} ({100 * low:.0f} to {100 * high:.0f}{few})"


def _time(figure: Told) -> str:
    if figure["value"] is None:
        return _NOTHING
    middle, interval = duration_words(figure["value"]), figure["interval"]
    if interval is None:
        return f"{middle} (n = {figure['count']})"
    return f"{middle} ({duration_words(interval[0])} to {duration_words(interval[1])})"


def _amount(figure: Told) -> str:
    if figure["value"] is None:
        return _NOTHING
    interval = figure["interval"]
    if interval is None:
        return _number(figure["value"])
    return f"{_number(figure['value'])} ({_number(interval[0])} to {_number(interval[1])})"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _causes(causes: Mapping[str, int]) -> str:
    return ", ".join(f"{cause} {count}" for cause, count in causes.items()) or _NOTHING


def _behaviour_words(name: str) -> str:
    unit = BEHAVIOUR[name]
    return name.replace("_", " ") + ("" if unit == "share" else f", {unit}")


def _behaviour(player: Told, name: str) -> str:
    figure = player["behaviour"][name]
    if BEHAVIOUR[name] != "share" or figure["value"] is None:
        return _amount(figure)
    interval = figure["interval"]
    if interval is None:
        return f"{figure['value']:.1%}"
    return f"{figure['value']:.1%} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"
