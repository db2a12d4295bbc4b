"""One window before it is recorded: its picture, what is done in it, and whether all is ready for a take."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from recorder.desktop.window import Desktop, DesktopWindow, Picture, Place, WindowPlace
from recorder.devices.events import InputEvent
from recorder.devices.source import InputSource
from recorder.game.disk_room import minutes_left
from recorder.game.frame_schedule import FrameSchedule
from recorder.game.frame_watch import FrameWatch
from recorder.game.hotkeys import HotkeyListener, Hotkeys
from recorder.game.privacy_gate import PrivacyGate
from recorder.game.window import Frames, GameWindow, Shot, words_for
from recorder.game_profiles import GameProfile, Hotkey
from recorder.key_names import key_words
from recorder.pictures import PictureBoard
from recorder.scout.checks import ScoutFacts, checks
from recorder.scout.sync_check import SyncCheck
from recorder.scout.windows import picture_of
from vpt_studio.errors import StudioError

LOOK_NS = 100_000_000
_SECOND_NS = 1_000_000_000
#: Over so long pictures are counted and grabs compared.
_RATE_NS = 2 * _SECOND_NS
_NEVER_NS = 1 << 62
_NAMED_KEYS = 5
#: A window in the back is pictured this often; its picture costs more.
_BACK_NS = 4 * LOOK_NS


class ScoutWatch:
    """Watches one window. Used by one thread; :attr:`heard` gets events from another.

    Attributes:
        heard: What the devices said and nobody has listened to yet.
        facts: What is known.
        sync: The measurement that is under way, which is told all that is seen and heard.
    """

    def __init__(
        self,
        desktop: Desktop,
        frames: Frames,
        window: DesktopWindow,
        profile: GameProfile,
        source: InputSource | None,
        *,
        folder: Path,
        board: PictureBoard | None,
        hidden_process: int,
        on_hotkey: Callable[[Hotkey], None],
    ) -> None:
        """Watch `window` from now on.

        Args:
            desktop: Has it.
            frames: Take its pictures.
            window: The window.
            profile: The game's keys: no other is told of.
            source: Hears the devices into :attr:`heard`; None where nothing can be heard.
            folder: Where a take would lie.
            board: Shows its pictures; None where nobody looks.
            hidden_process: The studio's own, which goes away before a take.
            on_hotkey: Is told of the recorder's keys, whichever window is in front.
        """
        self.heard: deque[InputEvent] = deque()
        self.sync: SyncCheck | None = None
        self._desktop, self._frames, self._id = desktop, frames, window.id
        self._game = GameWindow(desktop, frames, window, native=False)
        self._profile, self._source = profile, source
        self._folder, self._board, self._hidden_process = folder, board, hidden_process
        self._hotkey_listener = HotkeyListener(profile, on_hotkey)
        self._hotkeys = Hotkeys(desktop, profile, window.id)
        now = time.monotonic_ns()
        self._gate = PrivacyGate(profile, now, idle_ns=_NEVER_NS)
        self._schedule, self._watch = FrameSchedule(now), FrameWatch(now)
        self._grabs: deque[tuple[int, int]] = deque()  # when, and how long it took
        self._picture, self._back_at = 0, now - _BACK_NS
        self._shot: Shot | None = None
        self._waiting: list[InputEvent] = []
        self._pressed: list[str] = []
        self._moved, self._wheel = [0.0, 0.0], 0
        self._keys: list[str] = []
        self.facts = ScoutFacts(tells_cover=desktop.tells_cover, hotkeys=self._hotkeys.words)
        if source is not None:
            self.facts.input = source.name

    def cannot_hear(self, why: StudioError) -> None:
        """Keyboards and mice are not heard."""
        self.facts.input, self.facts.input_mend = "", (why.what, why.mend or "")
        self._source = None

    def ignore_cover(self, *, ignored: bool) -> None:
        """Look at the game also while something lies over it, as a take that records it would; or no more."""
        self.facts.ignores_cover = ignored

    def step(self) -> None:
        """Look who is in front, listen, and take a picture if one is due."""
        self._listen()
        is_in_front = not self._game.is_gone and self._game.is_in_front()
        self._gate.look(time.monotonic_ns(), is_in_front)
        self._settle()
        is_due = time.monotonic_ns() >= self._schedule.due
        if is_due or self.sync is not None:
            self._look_at_game(is_in_front, is_due)
        if is_due:
            self._schedule.pass_on(time.monotonic_ns())

    def look(self) -> dict[str, Any]:
        """What there is to tell since the last time, as the scout's message ``look`` has it."""
        now = time.monotonic_ns()
        facts = self.facts
        if self._shot is not None:
            self._show(self._shot.picture)
        elif not self._may_shoot(facts.is_in_front) and now - self._back_at >= _BACK_NS:
            self._back_at = now
            self._show_from_the_back()
        self._shot = None
        self._rate(now)
        facts.trouble = self._watch.trouble(now) if facts.hertz else ""
        facts.is_black = bool(facts.hertz) and self._watch.is_black(now)
        facts.disk_minutes = self._disk_minutes()
        facts.refused = self._hotkeys.refused()
        facts.is_beyond = not _lies_in(self._desktop.whole(), self._game.place)
        if self._source is not None:
            facts.untrusted = self._source.untrusted
        facts.keys, facts.moved = self._keys[:_NAMED_KEYS], facts.moved or any(self._moved)
        place = self._game.place
        told = {
            "picture": self._picture,
            "in_front": facts.is_in_front,
            "covered": facts.covered,
            "gone": facts.is_gone,
            "size": [place.width, place.height],
            "place": [place.left, place.top, place.width, place.height],
            "hertz": facts.hertz,
            "grab_ms": list(facts.grab_ms or ()),
            "trouble": facts.trouble,
            "held": self._held(),
            "pressed": self._pressed,
            "moved": self._moved,
            "wheel": self._wheel,
            "disk_minutes": round(facts.disk_minutes, 1),
            "checks": checks(facts),
        }
        self._pressed, self._moved, self._wheel = [], [0.0, 0.0], 0
        return told

    def close(self) -> None:
        """Give the hotkeys back."""
        self._hotkeys.give_back()

    def _listen(self) -> None:
        while self.heard:
            event = self.heard.popleft()
            self._hotkey_listener.hear(event)
            allowed = self._gate.hear(event)
            if allowed is not None:
                self._waiting.append(allowed)

    def _settle(self) -> None:
        """Tell of what was done in the game, now that it is known to have been in front."""
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            if not self._gate.why_closed(event.at, event.at + 1):
                self._note(event)

    def _note(self, event: InputEvent) -> None:
        self._watch.hear(event.at)
        if self.sync is not None:
            self.sync.hear(event)
        if event.kind == "motion":
            self._moved[0] += event.dx
            self._moved[1] += event.dy
        elif event.kind == "wheel":
            self._wheel += event.steps
        elif event.is_down:
            self._pressed.append(self._profile.buttons[event.code])
            key = key_words(event.code)
            self._keys = [key, *(known for known in self._keys if known != key)]

    def _may_shoot(self, is_in_front: bool) -> bool:
        return is_in_front and self.facts.is_shown and not self._is_hidden

    @property
    def is_seen(self) -> bool:
        """Whether a take would record the game now."""
        return self._may_shoot(self.facts.is_in_front)

    @property
    def _is_hidden(self) -> bool:
        return bool(self.facts.covered) and not self.facts.ignores_cover

    def _look_at_game(self, is_in_front: bool, is_due: bool) -> None:
        """See where the game is and what lies over it; take a picture where a take would."""
        game, facts = self._game, self.facts
        facts.is_shown = self._desktop.is_shown(self._id)
        self._look_over()
        begin = time.monotonic_ns()
        shot = game.shoot() if self._may_shoot(is_in_front) else None
        took = time.monotonic_ns() - begin
        if shot is None:
            game.look()
        else:
            self._look_over()
            is_in_front = not game.is_gone and game.is_in_front()
        facts.is_gone, facts.is_in_front = game.is_gone, is_in_front and not game.is_gone
        facts.size = game.place.width, game.place.height
        if shot is None or self._is_hidden or not facts.is_in_front:
            if self.sync is not None:
                self.sync.interrupt()
            return
        if is_due:  # a measurement takes more
            self._grabs.append((shot.at, took))
        self._watch.see(shot.picture, shot.at)
        self._shot = shot
        if self.sync is not None:
            self.sync.see(shot.picture, shot.at)

    def _look_over(self) -> None:
        facts, cover = self.facts, self._game.cover()
        self._gate.look_over(time.monotonic_ns(), cover is not None and not facts.ignores_cover)
        facts.covered = "" if cover is None else words_for(cover)
        facts.is_own_cover = cover is not None and 0 < self._hidden_process == cover.process

    def _show(self, picture: Picture | None) -> None:
        self.facts.is_pictured = picture is not None
        self._picture = 0
        if picture is not None and self._board is not None:
            self._picture = self._board.show(picture, None)

    def _show_from_the_back(self) -> None:
        """Another window is in front, or lies over it: show what is in the game's, if that is known."""
        self._watch = FrameWatch(time.monotonic_ns())
        found = self._desktop.find(self._id)
        picture = None
        if found is not None:
            picture = picture_of(self._desktop, self._frames, found, is_in_front=self.facts.is_in_front)
        self._show(None if picture is None else self._game.stored(picture))

    def _rate(self, now: int) -> None:
        grabs = self._grabs
        while grabs and grabs[0][0] < now - _RATE_NS:
            grabs.popleft()
        if len(grabs) < 2:
            self.facts.hertz, self.facts.grab_ms = 0.0, None
            return
        took = sorted(one for _, one in grabs)
        self.facts.hertz = round((len(grabs) - 1) * _SECOND_NS / (grabs[-1][0] - grabs[0][0]), 2)
        self.facts.grab_ms = round(took[len(took) // 2] / 1e6, 2), round(took[-1] / 1e6, 2)

    def _held(self) -> list[str]:
        now = time.monotonic_ns()
        if self._source is None or not self.facts.is_in_front or self._gate.why_closed(now, now + 1):
            return []
        names = (self._profile.buttons.get(code) for code in self._source.held())
        return sorted(name for name in names if name is not None)

    def _disk_minutes(self) -> float:
        folder = self._folder
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        try:
            return minutes_left(shutil.disk_usage(folder).free, 0, 0.0)
        except OSError as error:
            raise StudioError(
                f"the disk's room is not known ({(error.strerror or str(error)).lower()})", where=folder
            ) from error


def _lies_in(whole: Place, place: WindowPlace) -> bool:
    left, top, width, height = whole
    return (
        place.left >= left
        and place.top >= top
        and place.left + place.width <= left + width
        and place.top + place.height <= top + height
    )
