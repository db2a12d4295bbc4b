"""What must be so before a take is begun, each in words, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from recorder.game.disk_room import WARN_MINUTES
from recorder.game.frame_schedule import TICK_NS
from recorder.game.window import STORED
from recorder.scout.sync_check import SyncResult
from vpt_studio.words import with_capital

#: A picture that takes longer than this share of a tick may come too late on a busy computer.
_SLOW_MS = TICK_NS / 1e6 / 2
_LEAST_HERTZ = 19.5
_WIDE = 16 / 9
_WIDE_ENOUGH = 0.02
_MINUTES_AS_HOURS = 180.0


@dataclass
class ScoutFacts:
    """What the scout knows of the window that it watches.

    Attributes:
        is_gone: The window was closed.
        is_shown: It is on the desktop, not minimised.
        is_in_front: It has the keyboard.
        is_pictured: There is a picture of it.
        tells_cover: The system tells what lies over a window.
        covered: What lies over it; "" where nothing does.
        is_own_cover: That is the studio.
        ignores_cover: What lies over it is to be recorded.
        is_black: Its pictures are.
        trouble: What else is wrong with the pictures, in words.
        size: Width and height.
        is_beyond: Part of the window lies beyond the screen.
        input: How devices are heard; "" where they are not.
        input_mend: Then: why not, and what to do about it.
        untrusted: Why the mouse's motion is not exact; "" where it is.
        keys: Keys and buttons that were heard, as people call them, the latest first.
        moved: Whether the mouse was heard.
        hertz: Pictures a second; 0 where none are taken.
        grab_ms: How long one takes: the middle and the longest.
        disk_minutes: How many minutes the disk has room for.
        hotkeys: The profile's, as they stand on keyboards, with what they do.
        refused: Those that another program has; None where none can be kept from the game.
        sync: What was measured.
        sync_failure: Why it could not be, and what to do.
    """

    is_gone: bool = False
    is_shown: bool = True
    is_in_front: bool = False
    is_pictured: bool = False
    tells_cover: bool = True
    covered: str = ""
    is_own_cover: bool = False
    ignores_cover: bool = False
    is_black: bool = False
    trouble: str = ""
    size: tuple[int, int] = (0, 0)
    is_beyond: bool = False
    input: str = ""
    input_mend: tuple[str, str] = ("", "")
    untrusted: str = ""
    keys: list[str] = field(default_factory=list)
    moved: bool = False
    hertz: float = 0.0
    grab_ms: tuple[float, float] | None = None
    disk_minutes: float = 0.0
    hotkeys: dict[str, str] = field(default_factory=dict)
    refused: frozenset[str] | None = frozenset()
    sync: SyncResult | None = None
    sync_failure: tuple[str, str] = ("", "")


#: State, words, mend.
_Verdict = tuple[str, str, str]


def checks(facts: ScoutFacts) -> list[dict[str, Any]]:
    """The checks, as the scout's message ``look`` has them; one that is "bad" stops a start."""
    return [
        {"id": name, "state": state, "words": words, "mend": mend}
        for name, (state, words, mend) in _checks(facts)
    ]


def _checks(facts: ScoutFacts) -> Iterator[tuple[str, _Verdict]]:
    yield "screen", _screen(facts)
    yield "input", _input(facts)
    yield "front", _front(facts)
    yield "keys", _keys(facts)
    yield "mouse", _mouse(facts)
    yield "rate", _rate(facts)
    yield "size", _size(facts)
    yield "cover", _cover(facts)
    yield "disk", _disk(facts)
    yield "hotkeys", _hotkeys(facts)
    yield "sync", _sync(facts)


def _screen(facts: ScoutFacts) -> _Verdict:
    if facts.is_gone:
        return "bad", "The window was closed", "Start the game again, and choose its window"
    if not facts.is_shown:
        return "wait", "The game is minimised", "Open its window"
    if facts.is_black:
        return "bad", "The picture is black", "Set the game to a window, or to full screen without a frame"
    if facts.trouble:
        return "warn", facts.trouble, "See whether the game still answers"
    if not facts.is_pictured:
        return "wait", "The game cannot be seen yet", "Click into the game"
    return "ok", "The game can be seen", ""


def _input(facts: ScoutFacts) -> _Verdict:
    if not facts.input:
        return "bad", with_capital(facts.input_mend[0]), facts.input_mend[1]
    if facts.untrusted:
        return "warn", f"{facts.input}; the camera is not to be trusted", facts.untrusted
    return "ok", facts.input, ""


def _front(facts: ScoutFacts) -> _Verdict:
    if facts.is_in_front:
        return "ok", "The game is in front", ""
    return "wait", "Another window is in front", "Click into the game: nothing else is recorded"


def _keys(facts: ScoutFacts) -> _Verdict:
    if facts.keys:
        return "ok", f"Heard: {', '.join(facts.keys)}", ""
    return "wait", "No key was heard yet", "Press a key in the game"


def _mouse(facts: ScoutFacts) -> _Verdict:
    if not facts.moved:
        return "wait", "The mouse was not heard yet", "Move the mouse in the game"
    if facts.untrusted:
        return "warn", "The mouse is heard, but not exactly", facts.untrusted
    return "ok", "The mouse is heard", ""


def _rate(facts: ScoutFacts) -> _Verdict:
    if facts.grab_ms is None or not facts.hertz:
        return "wait", "No pictures are taken yet", "Click into the game"
    middle, longest = facts.grab_ms
    words = f"{facts.hertz:.1f} Hz, {middle:.1f} ms a picture, {longest:.0f} at most"
    if facts.hertz < _LEAST_HERTZ or middle > _SLOW_MS:
        return "warn", words, "Close what keeps the computer busy, or make the game's window smaller"
    return "ok", words, ""


def _size(facts: ScoutFacts) -> _Verdict:
    width, height = facts.size
    words = f"{width} x {height}"
    if facts.is_beyond:
        return (
            "warn",
            f"{words}, partly beyond the screen",
            "Move it onto the screen: what lies beyond is black",
        )
    if width < STORED[0] or height < STORED[1]:
        return "warn", words, f"Make the window at least {STORED[0]} x {STORED[1]}"
    if abs(width / height / _WIDE - 1) > _WIDE_ENOUGH:
        return "warn", f"{words}, not 16:9", "The picture is squeezed to 16:9; 1280 x 720 is not"
    return "ok", words, ""


def _cover(facts: ScoutFacts) -> _Verdict:
    if not facts.tells_cover:
        return (
            "warn",
            "Not known on this system",
            "Turn notifications off while you play: what lies over the game is recorded",
        )
    if facts.ignores_cover:
        is_told = facts.covered and not facts.is_own_cover
        what = f"{facts.covered} lies over the game, and" if is_told else "What lies over the game"
        return "warn", f"{what} is recorded", "You chose that for this window: it is in the pictures"
    if facts.is_own_cover:
        return "wait", "VPT Studio lies over the game", "Click into the game"
    if facts.covered:
        return "warn", f"{facts.covered} lies over the game", "Nothing is recorded until it is gone: move it"
    if not facts.is_in_front:
        return "wait", "Known once the game is in front", "Click into the game"
    return "ok", "Nothing lies over the game", ""


def _disk(facts: ScoutFacts) -> _Verdict:
    minutes = facts.disk_minutes
    words = f"Room for {minutes:.0f} min" if minutes < _MINUTES_AS_HOURS else f"Room for {minutes / 60:.0f} h"
    if facts.disk_minutes <= 0:
        return "bad", "The disk is full", "Free some space"
    if facts.disk_minutes < WARN_MINUTES:
        return "warn", words, "Free some space"
    return "ok", words, ""


def _hotkeys(facts: ScoutFacts) -> _Verdict:
    if not facts.hotkeys:
        return "warn", "None", "Name hotkeys in the game's profile; the buttons of VPT Studio work without"
    words = ", ".join(f"{key} {what}" for key, what in facts.hotkeys.items())
    if facts.refused is None:
        return "warn", words, "The game hears them, too: see that it does nothing with them"
    if facts.refused:
        taken = ", ".join(sorted(facts.refused))
        return "warn", f"Another program has {taken}", f"{words}. Give that program other keys"
    return "ok", words, ""


def _sync(facts: ScoutFacts) -> _Verdict:
    if facts.sync is not None:
        if facts.sync.is_late:
            return "warn", facts.sync.words, "Close what keeps the computer busy, and turn V-Sync off"
        return "ok", facts.sync.words, ""
    if facts.sync_failure[0]:
        return "warn", with_capital(facts.sync_failure[0]), facts.sync_failure[1]
    return "wait", "Not measured yet", "Measure it: 10 seconds in the game"
