"""``python -m recorder``: record one take; `recorder.capture.process` says what is told meanwhile."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from recorder.capture.process import Capture, TakeOrder
from recorder.consent import consent_note
from recorder.desktop.choose import this_desktop
from recorder.desktop.frames import ScreenFrames
from recorder.desktop.window import DesktopWindow
from recorder.devices.choose import best_input_source
from recorder.devices.source import InputSource
from recorder.game.disk_room import KEEP_FREE_BYTES
from recorder.game.hotkeys import Hotkeys
from recorder.game.privacy_gate import IDLE_NS
from recorder.game.window import GameWindow, choose_window
from recorder.game_profiles import read_profile
from recorder.messages import ENDING_SIGNALS, Speaker, messages_from
from recorder.scout.sync_check import sync_note
from vpt_studio.errors import StudioError
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.source import Source

#: What the sidecars of these takes say made them.
MADE_BY = "vpt-studio record"
_SWITCH_SECONDS = 0.0005  # threads take turns this often: no encoder that holds Python's lock delays a grab


def main() -> None:
    """Record what the command line says, for whoever holds the other ends of our pipes."""
    chosen = _options().parse_args()
    sys.setswitchinterval(_SWITCH_SECONDS)
    speaker = Speaker(sys.stdout.buffer)
    failed = False
    try:
        _record(chosen, speaker)
    except StudioError as error:
        speaker.tell("failed", command="record", error=error.as_json())
        failed = True
    finally:
        speaker.close()
    sys.exit(int(failed))


def _record(chosen: argparse.Namespace, speaker: Speaker) -> None:
    profile, desktop, source = read_profile(chosen.profile), this_desktop(), best_input_source()
    try:
        window = choose_window(desktop, chosen.window, [chosen.title] if chosen.title else profile.window)
        frames = ScreenFrames()
        order = TakeOrder(
            chosen.folder,
            chosen.name,
            profile,
            _sidecar(chosen, profile.title, window, source),
            chosen.seconds,
            round(chosen.idle_seconds * 1e9),
            chosen.keep_free_mb << 20,
            chosen.countdown,
            chosen.ignore_cover,
        )
        game = GameWindow(desktop, frames, window, native=chosen.native)
        capture = Capture(order, game, source, Hotkeys(desktop, profile, window.id), speaker)
        for number in ENDING_SIGNALS:
            signal.signal(number, lambda *_: capture.commands.put({"do": "quit", "by": "told by the system"}))
        threading.Thread(target=_listen, args=(sys.stdin.fileno(), capture), daemon=True).start()
        try:
            capture.run()
        finally:
            frames.close()
    finally:
        desktop.close()


def _listen(descriptor: int, capture: Capture) -> None:
    """Hand on commands to the end of the pipe."""
    for message in messages_from(descriptor):
        capture.commands.put(message)
    capture.commands.put({"do": "quit"})


def _sidecar(chosen: argparse.Namespace, game: str, window: DesktopWindow, source: InputSource) -> Sidecar:
    notes: dict[str, Any] = {
        **chosen.notes,
        **({"sync": chosen.sync} if chosen.sync else {}),
        "consent": chosen.consent,
        "profile": chosen.profile,
        "window": {"program": window.program, "width": window.width, "height": window.height},
        "input": {"source": source.name, "untrusted": source.untrusted},
        # Nobody told us of screens and of the hot-bar: keys and the pointer did.
        "screens": "guessed",
        "hotbar": "followed from the keys",
        **({"cover": "recorded"} if chosen.ignore_cover else {}),
    }
    return Sidecar(source=Source.HUMAN, person=chosen.person, environment=game, made_by=MADE_BY, notes=notes)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m recorder", description=__doc__)
    which = options.add_mutually_exclusive_group()
    which.add_argument("--window", type=int, help="the system's number of the window")
    which.add_argument("--title", default="", help="part of the window's title; else the profile's")
    options.add_argument("--folder", type=Path, required=True, help="where the take lies")
    options.add_argument("--name", required=True, help="what it is called")
    options.add_argument("--profile", default="generic", help="name of a game profile, or path of one")
    options.add_argument("--consent", type=_consent, required=True, help="version of the words agreed to")
    options.add_argument("--person", default="", help="alias of whoever plays")
    options.add_argument("--notes", type=_notes, default={}, help="more for the sidecar, as a JSON object")
    options.add_argument("--sync", type=_sync, help="what the scout measured, as a JSON object")
    options.add_argument("--native", action="store_true", help="keep the window's size instead of 640x360")
    options.add_argument("--countdown", type=float, default=0.0, help="seconds until it begins")
    options.add_argument(
        "--ignore-cover", action="store_true", help="record also while something lies over the game"
    )
    options.add_argument("--seconds", type=float, help="stop after so long")
    options.add_argument("--idle-seconds", type=float, default=IDLE_NS / 1e9, help="without input")
    options.add_argument("--keep-free-mb", type=int, default=KEEP_FREE_BYTES >> 20, help="of the disk")
    return options


def _consent(text: str) -> dict[str, Any]:
    try:
        return consent_note(int(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _notes(text: str) -> dict[str, Any]:
    notes = json.loads(text)
    if not isinstance(notes, dict):
        raise argparse.ArgumentTypeError("these are no notes: a JSON object is meant")
    return notes


def _sync(text: str) -> dict[str, Any]:
    told = _notes(text)
    try:
        return sync_note(told)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


if __name__ == "__main__":
    main()
