"""What ``vpt-studio record`` asks a scout: whether all is ready, and how late the picture answers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import click

from recorder.game.window import choose_window
from recorder.game_profiles import read_profile
from recorder.messages import messages_from
from vpt_studio.commands.console import answer, note, table
from vpt_studio.errors import StudioError

_STATES = {"ok": "ok", "warn": "look", "bad": "no", "wait": "..."}
#: Known only once it was measured, which is another command.
_MEASURED = "sync"
_UP = "\x1b[{}F\x1b[J"


def check(asked: Mapping[str, Any], as_json: bool) -> None:
    """Show the checks until all are known, the time is up or Ctrl+C is pressed; exit with 1 where one is red.

    Raises:
        StudioError: The desktop cannot be looked at, or there is no such window.
    """
    end = None if asked["seconds"] is None else time.monotonic() + asked["seconds"]
    told: list[dict[str, Any]] = []
    lines, is_live = 0, not as_json and sys.stdout.isatty()
    with _watching(asked) as messages, suppress(KeyboardInterrupt):
        for message in messages:
            if message["is"] != "look":
                continue
            told = [one for one in message["checks"] if one["id"] != _MEASURED]
            if is_live:
                click.echo((_UP.format(lines) if lines else "") + _in_words(told))
                lines = _in_words(told).count("\n") + 1
            if all(one["state"] != "wait" for one in told) or (end is not None and time.monotonic() >= end):
                break
    is_ready = bool(told) and all(one["state"] != "bad" for one in told)
    answer(as_json, {"ready": is_ready, "checks": told}, "" if is_live else _in_words(told))
    if not is_ready:
        sys.exit(1)


def measure(asked: Mapping[str, Any], as_json: bool) -> None:
    """Measure the time from an input to its picture, and print it.

    Raises:
        StudioError: It cannot be measured, with why.
    """
    with _watching(asked) as messages:
        note("Click into the game, hold still, and tap a key or flick the mouse about once a second.")
        heard = -1
        for message in messages:
            match message["is"]:
                case "look" if message["in_front"] and heard < 0:
                    heard = 0
                    messages.send({"do": "sync"})
                case "sync" if message["heard"] > heard:
                    heard = message["heard"]
                    note(f"{message['left']:.0f} s left: heard {heard}, answered {message['seen']}")
                case "synced":
                    told = {name: message[name] for name in ("offset_ms", "spread_ms", "samples")}
                    answer(as_json, told, f"{message['words']}.")
                    return
    raise StudioError("the measurement was broken off")


class _Messages:
    """What a scout says, as it says it; and a way to tell it something."""

    def __init__(self, scout: subprocess.Popen[bytes]) -> None:
        self._scout = scout

    def send(self, command: Mapping[str, Any]) -> None:
        assert self._scout.stdin is not None
        self._scout.stdin.write(json.dumps(command).encode() + b"\n")
        self._scout.stdin.flush()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        assert self._scout.stdout is not None
        for message in messages_from(self._scout.stdout.fileno()):
            if message["is"] == "failed":
                raise StudioError(**message["error"])
            yield message


@contextmanager
def _watching(asked: Mapping[str, Any]) -> Iterator[_Messages]:
    """A scout that watches the window that is asked for."""
    from recorder.desktop.choose import this_desktop

    profile = read_profile(asked["profile"])
    desktop = this_desktop()
    try:
        window = choose_window(
            desktop, asked["window_id"], [asked["title"]] if asked["title"] else profile.window
        )
    finally:
        desktop.close()
    words = [sys.executable, "-m", "recorder.scout", "--folder", str(asked["folder"])]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as scout:
        # Ctrl+C reaches it as it reaches us.
        messages = _Messages(scout)
        messages.send({"do": "watch", "window": window.id, "profile": asked["profile"]})
        try:
            yield messages
        finally:
            with suppress(OSError):
                scout.send_signal(signal.SIGTERM)


def _in_words(checks: list[dict[str, Any]]) -> str:
    rows = [
        (one["id"], _STATES[one["state"]], one["words"], one["mend"] if one["state"] != "ok" else "")
        for one in checks
    ]
    return table(rows, ("check", "", "what is so", "what to do")) if rows else "Nothing is known yet."
