"""Play in words: what is held, how long it has been, what a take is like. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from recorder.game_profiles import GameProfile
from recorder.key_names import key_words
from recorder.takes.facts import TakeFacts
from recorder.tasks import PlayTask
from ui.playback import TICK_RATE
from vpt_studio.words import with_capital

_KEYS = {
    "forward": "W", "left": "A", "back": "S", "right": "D", "jump": "Space", "sneak": "Shift",
    "sprint": "Ctrl", "inventory": "E", "drop": "Q", "swapHands": "F", "attack": "left button",
    "use": "right button", "pickItem": "middle button", "ESC": "Esc",
    **{f"hotbar.{slot}": f"key {slot}" for slot in range(1, 10)},
}  # fmt: skip
_ORDER = list(_KEYS)
_UNBROKEN = "\u00a0"  # a space at which no line ends


def keys_of(profile: GameProfile) -> dict[str, str]:
    """What each of the game's buttons is called in words, by the key that the profile gives it."""
    made: dict[str, str] = {}
    for code, button in profile.buttons.items():
        name = key_words(code)
        made.setdefault(button, f"key {name}" if name.isdigit() else name)
    return made


def caps_of(profile: GameProfile) -> dict[str, str]:
    """What stands on the caps of the game's keys, by button."""
    return {button: name.removeprefix("key ") for button, name in keys_of(profile).items()}


def hotkeys_of(profile: GameProfile) -> dict[str, str]:
    """The keys of the recorder, by what they do: ``stop``, ``mark``, ``cut``."""
    return {what: key_words(code) for code, what in profile.hotkeys.items()}


def input_in_words(held: Iterable[str], dx: int, dy: int, keys: Mapping[str, str] | None = None) -> str:
    """What the devices say: ``W, Ctrl, left button, mouse 31 px right``; `keys` as of :func:`keys_of`."""
    names = {**_KEYS, **(keys or {})}
    parts = [names[name] for name in sorted(held, key=_ORDER.index)]
    ways = [
        f"{abs(count)} px {more if count > 0 else less}"
        for count, more, less in ((dx, "right", "left"), (dy, "down", "up"))
        if count
    ]
    if ways:
        parts.append(f"mouse {', '.join(ways)}")
    said = ", ".join(parts)
    return with_capital(said) if said else "Nothing held, mouse still"


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
    said = f"Recording {clock(ticks / TICK_RATE)}"
    if task.minutes is not None:
        said += f" of {task.minutes}:00"
    if slipped:
        said += f", {slipped_in_words(slipped)}"
    return said


def time_left(ticks: int, task: PlayTask) -> tuple[str, bool]:
    """The clock on the task card, and whether the time is up."""
    if task.minutes is None:
        return clock(ticks / TICK_RATE) if ticks else "no limit", False
    left = 60 * task.minutes - ticks / TICK_RATE
    return (clock(left), False) if left > 0 else (f"Time is up, {clock(ticks / TICK_RATE)}", True)


#: Why a take ended, as the capture says it, and as it is told; what a person did is not told.
_ENDED = {
    "the time is up": "The take ended because the task's time is up.",
    "the window was closed": "The take ended because the game's window was closed.",
    "the disk is full": "The take ended because the disk is full. Free some space before the next one.",
}


def ended_in_words(why: str) -> str:
    """Why a take ended; "" where the person who played ended it."""
    return _ENDED.get(why, "" if why in ("hotkey", "command") else f"The take ended: {why}.")


def recorded_clock(ticks: int) -> str:
    """How long a recording is."""
    return clock(ticks / TICK_RATE)


def status_in_words(status: Mapping[str, Any]) -> str:
    """How a recording goes, on one line: its rate and how long the disk has room."""
    parts = []
    if status.get("hertz"):
        parts.append(f"{status['hertz']:.1f} Hz")
    if "disk_minutes" in status:
        parts.append(f"disk for {room_in_words(status['disk_minutes'])}")
    return " · ".join(parts)


def room_in_words(minutes: float) -> str:
    """How long there is room: ``42 min``, ``21 h``."""
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:,.0f} h"


def closed_in_words(why: str) -> str:
    """That nothing is recorded, and why."""
    return f"Not recorded: {why}"


def sync_in_words(progress: Mapping[str, Any]) -> tuple[str, str]:
    """What to do in a sync check, and how it goes."""
    seconds = f"{max(0.0, float(progress['left'])):.0f} s"
    said = f"{seconds} left · {progress['heard']} heard, {progress['seen']} seen"
    if progress.get("waits"):
        return "Sync check: click into the game", said
    return "In the game: hold still, tap a key once a second", said


def measured_in_words(sync: Mapping[str, Any]) -> tuple[str, str]:
    """What a sync check found, in the words of its check, on two lines."""
    said, _, how_sure = str(sync["words"]).partition(" (")
    return said, with_capital(how_sure.removesuffix(")"))


def slipped_in_words(slipped: int) -> str:
    """So many late ticks."""
    return "1 tick slipped" if slipped == 1 else f"{slipped:,} ticks slipped"


def take_name(task: PlayTask, now: datetime) -> str:
    """What a take is called: task and time, in order when sorted."""
    return f"{task.id}-{now:%Y%m%d-%H%M%S}"


def facts_in_rows(facts: TakeFacts, keys: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """The figures of a take: what, and how much; `keys` as of :func:`keys_of`."""
    names = {**_KEYS, **(keys or {})}
    paused = {None: "unknown", 0: "never", 1: "once"}.get(facts.pauses, f"{facts.pauses} times")
    rows = [
        ("Length", clock(facts.ticks / TICK_RATE)),
        ("Ticks", f"{facts.ticks:,}"),
        ("Keys or mouse in use", f"{_percent(facts.active)} of the time"),
        ("Screens opened", f"{facts.screens}"),
        ("Screen open", f"{_percent(facts.screen_share)} of the time"),
        ("Paused", paused) if facts.gaps is None else ("Gaps", _gaps_in_words(facts.gaps)),
    ]
    if facts.slipped is not None:
        rows.append(("Ticks slipped", f"{facts.slipped:,}" if facts.slipped else "none"))
    if facts.missed is not None:
        rows.append(("Pictures missing", f"{facts.missed:,}" if facts.missed else "none"))
    most = [
        f"{names[name]}: {_percent(share)}".replace(" ", _UNBROKEN)
        for name, share in list(facts.held.items())[:4]
    ]
    if most:
        said = ", ".join(most)
        rows.append(("Held most", with_capital(said)))
    return rows


def _gaps_in_words(gaps: Sequence[float]) -> str:
    return f"{len(gaps)}, {length_saved(round(sum(gaps)))} in all" if gaps else "none"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}{_UNBROKEN}%"
