"""Pictures and events joined into ticks, and those handed on that may be kept."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from recorder.capture.desktop_take import DesktopTick
from recorder.capture.desktop_ticks import DesktopTicks
from recorder.capture.meter import CaptureMeter
from recorder.capture.tick_binning import SETTLE_NS, TickBinner
from recorder.devices.events import InputEvent
from recorder.devices.source import InputSource
from recorder.game.frame_schedule import FrameSchedule
from recorder.game.frame_watch import FrameWatch
from recorder.game.hotkeys import HotkeyListener
from recorder.game.privacy_gate import DELETED, PrivacyGate
from recorder.game.window import GameWindow, Shot, words_for
from recorder.game_profiles import GameProfile, Hotkey

_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class _Frame:
    """A picture that waits for the end of its tick."""

    shot: Shot
    number: int  # on the schedule
    late: int
    pointer: tuple[int, int]
    pointer_is_shown: bool | None


class DesktopTicking:
    """Takes a picture of the game when one is due and allowed, and makes ticks of what was done between two.

    Used by one thread; :attr:`heard` gets events from another.

    Attributes:
        heard: What the devices said and nobody has listened to yet.
        closed: Why nothing is recorded; "" while it is.
        covered: What lay over the game when that was last looked at; "" where nothing did.
        meter: How it goes.
        tells_screens: Whether it was told of every picture if a screen was open then; else that was guessed.
    """

    def __init__(
        self,
        profile: GameProfile,
        window: GameWindow,
        source: InputSource,
        gate: PrivacyGate,
        on_hotkey: Callable[[Hotkey], None],
        *,
        ignore_cover: bool = False,
    ) -> None:
        """Nothing is looked at before :meth:`begin`.

        Args:
            profile: The game's keys.
            window: Its window.
            source: What the devices said comes from there.
            gate: Says what may be kept.
            on_hotkey: Is told of the recorder's own keys.
            ignore_cover: Go on also while something lies over the game, which pictures then show.
        """
        self.heard: deque[InputEvent] = deque()
        self.closed = self.covered = ""
        self.tells_screens = True
        self._ignore_cover = ignore_cover
        self.meter = CaptureMeter(profile.buttons)
        self._buttons = frozenset(profile.buttons)
        self._down_at: dict[str, int] = {}
        #: Pressed while another window had the keyboard, and still down when the game came back.
        self._not_the_games = frozenset[str]()
        self._window, self._source = window, source
        self._gate, self._hotkeys = gate, HotkeyListener(profile, on_hotkey)
        self._binner, self._ticks = TickBinner(), DesktopTicks(profile)
        self._frames: dict[int, _Frame] = {}
        self._gap, self._given_to = "", 0
        self.begin()

    def begin(self) -> None:
        """The first frame is due now."""
        now = time.monotonic_ns()
        self._schedule, self._watch = FrameSchedule(now), FrameWatch(now)
        self._in_span, self._ended_at = False, now - SETTLE_NS

    @property
    def is_waiting(self) -> bool:
        """Whether there are whole ticks that :meth:`ready` has not given yet."""
        return self._binner.waiting()

    def trouble(self) -> str:
        """What is wrong with the pictures; "" where nothing is, and while none are taken."""
        return self._watch.trouble(time.monotonic_ns()) if self._in_span else ""

    def wait(self) -> None:
        """Wait for the next frame; look meanwhile who is in front: windows change in no time."""
        while True:
            self._gate.look(time.monotonic_ns(), self._window.is_in_front())
            left = (self._schedule.due - time.monotonic_ns()) / 1e9
            if left <= 0:
                return
            time.sleep(min(left, _LOOK_SECONDS))

    def pass_by(self) -> None:
        """Take no picture though one is due; hear the recorder's keys, and see where the game is."""
        self._listen()
        self._window.look()
        self._look_over(time.monotonic_ns())
        self._schedule.pass_on(time.monotonic_ns())

    def shoot(self) -> None:
        """Take the picture that is due, if it may be taken."""
        self._listen()
        now = time.monotonic_ns()
        why = self._gate.why_closed(now, now + 1)
        if why:
            if self._in_span:
                self._in_span, self._ended_at = False, now
            self._gap = self._gap or why
            self._window.look()
            self._look_over(now)
        elif self._in_span or self._begin_span(now):
            self._grab()
        if why or self._in_span:
            self.closed = why
        self._schedule.pass_on(time.monotonic_ns())

    def ready(self) -> Iterator[DesktopTick]:
        """The ticks that nothing more is to come for, and that may be kept."""
        # What was heard up to now is sorted in before anything is called settled: a grab may have taken long.
        now = time.monotonic_ns()
        self._listen()
        for binned in self._binner.ready(now):
            frame, following = self._frames.pop(binned.begin), self._frames[binned.end]
            why = self._gate.why_closed(binned.begin, binned.end)
            if why:
                self._gap = self._gap or why
                continue
            tick, further = self._ticks.tick(binned, frame.shot.place, frame.pointer, frame.pointer_is_shown)
            missed = following.number - frame.number - 1
            gap = self._gap if binned.begin != self._given_to else ""
            self._gap, self._given_to = "" if gap else self._gap, binned.end
            self.meter.given(binned)
            yield DesktopTick(frame.shot.picture, tick, further, binned, frame.late, missed, gap)

    def forget_since(self, at: int) -> None:
        """Of what is still here, nothing that was after `at` may be kept; what comes from now on may."""
        now = time.monotonic_ns()
        self._gate.close(DELETED, at)
        self._gate.open(DELETED, now)
        self._in_span, self._ended_at = False, now
        self._gap = DELETED

    def _listen(self) -> None:
        while self.heard:
            event = self.heard.popleft()
            self._watch.hear(event.at)
            self._hotkeys.hear(event)
            allowed = self._gate.hear(event)
            if allowed is None or self._is_from_elsewhere(allowed):
                continue
            if self._in_span or self._binner.waiting():
                self._binner.hear(allowed)

    def _is_from_elsewhere(self, event: InputEvent) -> bool:
        """Whether this ends what was pressed in another window; remembers when what is down was pressed."""
        if event.kind not in ("key", "button"):
            return False
        if event.is_down:
            self._down_at[event.code] = event.at
        else:
            self._down_at.pop(event.code, None)
        is_from_elsewhere = event.code in self._not_the_games and not event.is_down
        self._not_the_games -= {event.code}
        return is_from_elsewhere

    def _begin_span(self, now: int) -> bool:
        """Go on recording, once all that was heard before is dealt with."""
        if now - self._ended_at < SETTLE_NS or self._binner.waiting():
            return False
        self._frames.clear()
        held = self._source.held() & self._buttons
        pressed = {code: at for code in held if (at := self._down_at.get(code)) is not None}
        self._not_the_games = frozenset(c for c, at in pressed.items() if self._gate.was_elsewhere(at))
        self._binner.begin(time.monotonic_ns(), held - self._not_the_games)
        self._watch = FrameWatch(now)
        self._in_span = True
        return True

    def _look_over(self, at: int) -> None:
        cover = self._window.cover()
        self.covered = "" if cover is None else words_for(cover)
        if not self._ignore_cover:
            self._gate.look_over(at, cover is not None)

    def _grab(self) -> None:
        begin = time.monotonic_ns()
        shot, pointer = self._window.shoot(), self._source.pointer()
        pointer_is_shown = self._source.pointer_is_shown()
        seen_at = time.monotonic_ns()
        is_in_front = not self._window.is_gone and self._window.is_in_front()
        self._gate.look(seen_at, is_in_front)
        self._look_over(seen_at)
        self.meter.grabbed(seen_at - begin)
        if shot is None or not is_in_front or (self.covered and not self._ignore_cover):
            return
        self.tells_screens &= pointer_is_shown is not None
        self._watch.see(shot.picture, shot.at)
        self._binner.frame(shot.at)
        late = max(shot.at - self._schedule.due, 0)
        self._frames[shot.at] = _Frame(shot, self._schedule.number, late, pointer, pointer_is_shown)
