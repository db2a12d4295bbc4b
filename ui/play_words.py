"""Play in words: what is held, how long it has been, what a take is like. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from recorder.take_facts import TakeFacts
from recorder.tasks import PlayTask

_KEYS = {
    "forward": "W", "left": "A", "back": "S", "right": "D", "jump": "Space", "sneak": "Shift",
    "sprint": "Ctrl", "inventory": "E", "drop": "Q", "swapHands": "F", "attack": "left button",
    "use": "right button", "pickItem": "middle button", "ESC": "Esc",
    **{f"hotbar.{slot}": f"key {slot}" for slot in range(1, 10)},
}  # fmt: skip
_ORDER = list(_KEYS)
_UNBROKEN = "\u00a0"  # a space at which no line ends


def input_in_words(held: Iterable[str], dx: int, dy: int) -> str:
    """What the devices say: ``W, Ctrl, left button, mouse 31 px right``."""
    parts = [_KEYS[name] for name in sorted(held, key=_ORDER.index)]
    ways = [
        f"{abs(count)} px {more if count > 0 else less}"
        for count, more, less in ((dx, "right", "left"), (dy, "down", "up"))
        if count
    ]
    if ways:
        parts.append(f"mouse {', '.join(ways)}")
    said = ", ".join(parts)
    return said[:1].upper() + said[1:] if said else "Nothing held, mouse still"


def clock(seconds: float) -> str:
    """A time as a clock shows it: ``1:23``, ``1:02:03``. Seconds count once they are over, everywhere."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def length_saved(seconds: float) -> str:
    """A length in words: ``41 s``, ``2 min 41 s``."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def recording_in_words(ticks: int, slipped: int, task: PlayTask) -> str:
    """What stands on the picture while it is recorded."""
    said = f"Recording {clock(ticks / 20)}"
    if task.minutes is not None:
        said += f" of {task.minutes}:00"
    if slipped:
        said += f", {slipped_in_words(slipped)}"
    return said


def time_left(ticks: int, task: PlayTask) -> tuple[str, bool]:
    """The clock on the task card, and whether the time is up."""
    if task.minutes is None:
        return clock(ticks / 20), False
    left = 60 * task.minutes - ticks / 20
    return (clock(left), False) if left > 0 else (f"Time is up, {clock(ticks / 20)}", True)


def slipped_in_words(slipped: int) -> str:
    """So many late ticks."""
    return "1 tick slipped" if slipped == 1 else f"{slipped:,} ticks slipped"


def take_name(task: PlayTask, now: datetime) -> str:
    """What a take is called: task and time, in order when sorted."""
    return f"{task.id}-{now:%Y%m%d-%H%M%S}"


def facts_in_rows(facts: TakeFacts) -> list[tuple[str, str]]:
    """The figures of a take: what, and how much."""
    paused = {None: "unknown", 0: "never", 1: "once"}.get(facts.pauses, f"{facts.pauses} times")
    rows = [
        ("Length", clock(facts.ticks / 20)),
        ("Ticks", f"{facts.ticks:,}"),
        ("Keys or mouse in use", f"{_percent(facts.active)} of the time"),
        ("Screens opened", f"{facts.screens}"),
        ("Screen open", f"{_percent(facts.screen_share)} of the time"),
        ("Paused", paused),
    ]
    if facts.slipped is not None:
        rows.append(("Ticks slipped", f"{facts.slipped:,}" if facts.slipped else "none"))
    most = [
        f"{_KEYS[name]}: {_percent(share)}".replace(" ", _UNBROKEN)
        for name, share in list(facts.held.items())[:4]
    ]
    if most:
        said = ", ".join(most)
        rows.append(("Held most", said[:1].upper() + said[1:]))
    return rows


def _percent(share: float) -> str:
    return f"{100 * share:.0f}{_UNBROKEN}%"
