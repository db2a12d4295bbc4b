"""``python -m recorder.scout``: looks at the desktop before a take is recorded, and stores nothing.

It is told lines of JSON with `do`: ``list`` (tell the windows, now and once a second), ``watch`` (a `window`
with a `profile`), ``ignore_cover`` (`on`: look at it also while something lies over it), ``sync`` (measure
how late the picture answers; `seconds`, 10 without), ``sync_stop``, ``quit``. The end of its input is a
``quit``.

It says lines, each with `is`:

* ``windows``: `windows`, topmost first, each with `window` (the system's number), `title`, `program`,
  `process` (0 where unknown), `size`, `profile` (guessed from the title) and `thumbnail` (a JPEG of at most
  240x135 as base64; null where it is not known what is in the window).
* ``watching``: `window`, `title`, `profile`, `input` (how devices are heard; "" where they are not),
  `untrusted`.
* ``look``, ten times a second while it watches: `picture` (its number on the board; 0 without one),
  `in_front`, `covered` (title of what lies over the game, or ""), `gone`, `size`, `place` ([left, top, width,
  height]), `hertz`, `grab_ms` ([middle, longest]), `trouble`, `held` and `pressed` (buttons by their names in
  actions), `moved` ([counts to the right, downwards]), `wheel`, `disk_minutes`, and `checks` (each `id`,
  `state`: "ok", "warn", "bad" or "wait", `words`, `mend`). What is done is told only while the game is in
  front, and only keys of the profile: the same gate stands here as before a take.
* ``hotkey``: `what` ("stop", "cut" or "mark"), whichever window is in front.
* ``sync`` (`left` seconds, `waits` for the game to be in front, `heard` inputs, `seen` answers), then
  ``synced`` (`offset_ms`, `spread_ms`, `samples`, `is_late`, `words`).
* ``failed``: the `command` that did, and a StudioError's fields as `error`.
"""

from __future__ import annotations

import argparse
import queue
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from recorder.desktop.choose import this_desktop
from recorder.desktop.frames import ScreenFrames
from recorder.desktop.window import Desktop
from recorder.devices.choose import best_input_source
from recorder.devices.source import InputSource
from recorder.game.window import choose_window
from recorder.game_profiles import read_profile
from recorder.messages import ENDING_SIGNALS, Speaker, messages_from
from recorder.pictures import PictureBoard
from recorder.scout.sync_check import SECONDS, SyncCheck
from recorder.scout.watch import LOOK_NS, ScoutWatch
from recorder.scout.windows import ScoutWindows
from vpt_studio.errors import StudioError

_LIST_SECONDS = 1.0
_STEP_SECONDS = 0.02
#: A measurement looks at more pictures: about a hundred a second.
_SYNC_STEP_SECONDS = 0.008
_SYNC_TELL_SECONDS = 0.25
_LONGEST_SYNC = 60.0
#: So long a measurement waits for the game to be in front.
_LONGEST_SYNC_WAIT = 60.0


class Scout:
    """Obeys commands, and looks in between. Used by one thread, but for :attr:`commands`."""

    def __init__(
        self,
        desktop: Desktop,
        frames: ScreenFrames,
        speaker: Speaker,
        *,
        folder: Path,
        board: PictureBoard | None,
        hidden_process: int,
    ) -> None:
        """Look at nothing before a command says what."""
        self.commands: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        self._desktop, self._frames, self._speaker = desktop, frames, speaker
        self._folder, self._board, self._hidden_process = folder, board, hidden_process
        self._windows: ScoutWindows | None = None
        self._watch: ScoutWatch | None = None
        self._source: InputSource | None = None
        self._next = self._next_look = time.monotonic()
        self._sync_left = self._sync_waited = self._sync_at = self._sync_told = 0.0
        self._is_over = False

    def run(self) -> None:
        """Look and listen until told to quit.

        Raises:
            StudioError: The desktop is gone.
        """
        try:
            while not self._is_over:
                self._obey_all()
                self._step()
        finally:
            self._rest()

    def _obey_all(self) -> None:
        """Obey what waits; wait for more until there is something to look at."""
        while not self._is_over:
            is_idle = self._windows is None and self._watch is None
            left = max(self._next - time.monotonic(), 0.0)
            try:
                command = self.commands.get(timeout=None if is_idle else left)
            except queue.Empty:
                return
            try:
                self._obey(command)
            except (StudioError, TypeError, ValueError, OverflowError) as error:
                told = error if isinstance(error, StudioError) else StudioError(str(error))
                self._speaker.tell("failed", command=command.get("do"), error=told.as_json())

    def _obey(self, command: Mapping[str, Any]) -> None:
        match command.get("do"):
            case "list":
                self._rest()
                self._windows = ScoutWindows(self._desktop, self._frames, self._hidden_process)
                self._next = time.monotonic()
            case "watch":
                self._begin(command.get("window"), str(command.get("profile") or "generic"))
            case "ignore_cover":
                if self._watch is not None:
                    self._watch.ignore_cover(ignored=bool(command.get("on", True)))
            case "sync":
                self._begin_sync(float(command.get("seconds", SECONDS)))
            case "sync_stop":
                if self._watch is not None:
                    self._watch.sync = None
            case "quit":
                self._is_over = True
            case other:
                raise StudioError(f"there is no command {other!r}")

    def _step(self) -> None:
        now = time.monotonic()
        if self._is_over or now < self._next:
            return
        if self._windows is not None:
            self._speaker.tell("windows", windows=self._windows.told())
            self._next = now + _LIST_SECONDS
        elif self._watch is not None:
            watch = self._watch
            watch.step()
            if now >= self._next_look:
                self._speaker.tell("look", **watch.look())
                self._next_look = max(self._next_look + LOOK_NS / 1e9, now)
            self._follow_sync(watch)
            self._next = now + (_STEP_SECONDS if watch.sync is None else _SYNC_STEP_SECONDS)

    def _begin(self, number: Any, name: str) -> None:
        if not isinstance(number, int):
            raise StudioError(f"{number!r} is no number of a window")
        profile, window = read_profile(name), choose_window(self._desktop, number, ())
        self._rest()
        refusal: StudioError | None = None
        try:
            self._source = best_input_source()
        except StudioError as error:
            refusal = error
        self._watch = watch = ScoutWatch(
            self._desktop,
            self._frames,
            window,
            profile,
            self._source,
            folder=self._folder,
            board=self._board,
            hidden_process=self._hidden_process,
            on_hotkey=lambda what: self._speaker.tell("hotkey", what=what),
        )
        if self._source is not None:
            try:
                self._source.start(watch.heard.append)
            except StudioError as error:
                refusal = error
        if refusal is not None:
            watch.cannot_hear(refusal)
        self._speaker.tell(
            "watching",
            window=window.id,
            title=window.title,
            profile=name,
            input=watch.facts.input,
            untrusted="" if self._source is None else self._source.untrusted,
        )
        self._next = self._next_look = time.monotonic()

    def _begin_sync(self, seconds: float) -> None:
        if self._watch is None:
            raise StudioError("no window is watched", mend="Choose the game's window first")
        if not 0 < seconds <= _LONGEST_SYNC:
            raise StudioError(f"{seconds:g} s is no length for a measurement", mend="10 s is a good one")
        if not self._watch.facts.input:
            what, mend = self._watch.facts.input_mend
            raise StudioError(what, mend=mend)
        self._watch.sync = SyncCheck()
        self._sync_left, self._sync_waited = seconds, 0.0
        self._sync_at, self._sync_told = time.monotonic(), 0.0

    def _follow_sync(self, watch: ScoutWatch) -> None:
        sync, now = watch.sync, time.monotonic()
        if sync is None:
            return
        waits = not watch.is_seen  # whoever asked for it has to go into the game first
        passed, self._sync_at = now - self._sync_at, now
        if waits:
            self._sync_waited += passed
        else:
            self._sync_left -= passed
        if self._sync_left > 0 and self._sync_waited < _LONGEST_SYNC_WAIT:
            if now - self._sync_told >= _SYNC_TELL_SECONDS:
                self._sync_told, left = now, round(self._sync_left, 1)
                self._speaker.tell("sync", left=left, waits=waits, heard=sync.heard, seen=sync.seen)
            return
        watch.sync, watch.facts.sync, watch.facts.sync_failure = None, None, ("", "")
        try:
            watch.facts.sync = result = sync.result()
        except StudioError as error:
            watch.facts.sync_failure = error.what, error.mend or ""
            self._speaker.tell("failed", command="sync", error=error.as_json())
        else:
            self._speaker.tell("synced", **asdict(result), is_late=result.is_late, words=result.words)

    def _rest(self) -> None:
        """Look at nothing, hear nothing, and hold nothing."""
        self._windows = None
        source, self._source = self._source, None
        watch, self._watch = self._watch, None
        if source is not None:
            source.stop()
        if watch is not None:
            watch.close()


def main() -> None:
    """Look at what is asked for, for whoever holds the other ends of our pipes."""
    chosen = _options().parse_args()
    speaker = Speaker(sys.stdout.buffer)
    failed = False
    try:
        _look(chosen, speaker)
    except StudioError as error:
        speaker.tell("failed", command="scout", error=error.as_json())
        failed = True
    finally:
        speaker.close()
    sys.exit(int(failed))


def _look(chosen: argparse.Namespace, speaker: Speaker) -> None:
    desktop = this_desktop()
    board = None
    try:
        frames = ScreenFrames()
        if chosen.pictures is not None:
            board = PictureBoard(chosen.pictures, make=True)
        scout = Scout(
            desktop, frames, speaker, folder=chosen.folder, board=board, hidden_process=chosen.hide_process
        )
        for number in ENDING_SIGNALS:
            signal.signal(number, lambda *_: scout.commands.put({"do": "quit"}))
        threading.Thread(target=_listen, args=(sys.stdin.fileno(), scout), daemon=True).start()
        try:
            scout.run()
        finally:
            frames.close()
    finally:
        desktop.close()
        if board is not None:
            board.close()


def _listen(descriptor: int, scout: Scout) -> None:
    """Hand on commands to the end of the pipe."""
    for message in messages_from(descriptor):
        scout.commands.put(message)
    scout.commands.put({"do": "quit"})


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="python -m recorder.scout", description="Look at the desktop before a take is recorded."
    )
    options.add_argument("--folder", type=Path, required=True, help="where takes would lie")
    options.add_argument("--pictures", type=Path, help="where the watched window's pictures are shown")
    options.add_argument("--hide-process", type=int, default=0, help="whose windows are not told")
    return options
