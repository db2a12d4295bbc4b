"""When nothing may be recorded, and which keys never are."""

from __future__ import annotations

import time
from dataclasses import dataclass

from recorder.devices.events import InputEvent
from recorder.game_profiles import GameProfile

NOT_IN_FRONT = "the game is not in front"
COVERED = "something covers the game"
CHAT = "the chat is open"
IDLE = "nobody plays"
PAUSED = "paused"
SLEPT = "the computer slept"
DELETED = "deleted"
BLIND = "the recorder was held up"
#: How long after the key that closes it a chat may still be seen on the screen where nothing was sent.
CHAT_FADES_NS = 300_000_000
_SENDS = ".enter"
#: After so long without any input nobody plays.
IDLE_NS = 60_000_000_000
_SLEPT_NS = 500_000_000
#: Who did not look for so long cannot say what was in front meanwhile.
LONGEST_BLIND_NS = 200_000_000
_MEMORY_NS = 10_000_000_000


@dataclass
class _Closing:
    why: str
    begin: int
    end: int | None = None


class PrivacyGate:
    """Knows of every moment whether it may be recorded. Used by one thread.

    There may be several reasons at once; each closes the gate from one moment to another, and the moment may
    lie in the past: what was not seen to be allowed was not. All times are nanoseconds of
    ``time.monotonic_ns()``.
    """

    def __init__(self, profile: GameProfile, at: int, *, idle_ns: int = IDLE_NS) -> None:
        """The gate is closed until the game was first seen in front.

        Args:
            profile: Says which keys count.
            at: Now.
            idle_ns: After how long without input nobody plays.
        """
        self._profile, self._idle_ns = profile, idle_ns
        self._closings = [_Closing(NOT_IN_FRONT, at)]
        self._in_front_at = self._uncovered_at = self._heard_at = self._looked_at = at
        self._asleep, self._read_until = time_asleep(), at

    def close(self, why: str, at: int) -> None:
        """From `at` on nothing may be recorded, whether or not other reasons come and go."""
        latest = self._latest(why)
        if latest is not None and (latest.end is None or latest.end > at):
            latest.end = None
        else:
            self._closings.append(_Closing(why, at))

    def open(self, why: str, at: int) -> None:
        """The reason `why` ends at `at`."""
        latest = self._latest(why)
        if latest is not None and latest.end is None:
            latest.end = max(at, latest.begin)

    def why_closed(self, begin: int, end: int) -> str:
        """Why nothing of the time from `begin` to `end` may be recorded; "" where it may."""
        for closing in self._closings:
            if closing.begin < end and (closing.end is None or closing.end > begin):
                return closing.why
        return ""

    def was_elsewhere(self, at: int) -> bool:
        """Whether what was done at `at`, not long ago, was not done in the game."""
        return any(
            closing.why == NOT_IN_FRONT and closing.begin <= at and (closing.end is None or at < closing.end)
            for closing in self._closings
        )

    def hear(self, event: InputEvent) -> InputEvent | None:
        """What of an event may be recorded if the gate is open then: None for a key the game does not use."""
        self._heard_at = max(self._heard_at, event.at)
        self.open(IDLE, event.at)
        if event.kind == "key" and event.is_down:
            self._hear_of_chat(event)
        if event.kind in ("key", "button") and event.code not in self._profile.buttons:
            return None
        return event

    def look(self, at: int, is_in_front: bool) -> None:
        """What was seen just now: whether the game's window is in front; looked at every few milliseconds."""
        if at - self._looked_at > LONGEST_BLIND_NS:
            self.close(BLIND, self._looked_at)
            self.open(BLIND, at)
        if is_in_front:
            self.open(NOT_IN_FRONT, at)
            self._in_front_at = at
        else:
            self.close(NOT_IN_FRONT, self._in_front_at)
        asleep = time_asleep()
        if asleep > self._asleep + _SLEPT_NS:
            self.close(SLEPT, self._looked_at)
            self.open(SLEPT, at)
        self._asleep, self._looked_at = asleep, at
        if at - self._heard_at > self._idle_ns:
            self.close(IDLE, at)
        self._forget(at - _MEMORY_NS)

    def look_over(self, at: int, is_covered: bool) -> None:
        """What was seen just now: whether something lies over the game; looked at with every picture."""
        if is_covered:
            self.close(COVERED, self._uncovered_at)
        else:
            self.open(COVERED, at)
            self._uncovered_at = at

    def _hear_of_chat(self, event: InputEvent) -> None:
        if self.was_elsewhere(event.at):
            return  # the key was meant for another window; a chat that is open in the game stays open
        # A key may both open and close: it opens a chat that is closed.
        if event.code in self._profile.chat_opens and not self._is_closed(CHAT):
            self.close(CHAT, event.at)
        elif event.code in self._profile.chat_closes and self._is_closed(CHAT):
            if event.code.endswith(_SENDS):
                self._read_until = event.at + round(self._profile.chat_stays * 1e9)
            # What was sent before can still be read when a later word is taken back.
            self.open(CHAT, max(self._read_until, event.at + CHAT_FADES_NS))

    def _latest(self, why: str) -> _Closing | None:
        return next((closing for closing in reversed(self._closings) if closing.why == why), None)

    def _is_closed(self, why: str) -> bool:
        latest = self._latest(why)
        return latest is not None and latest.end is None

    def _forget(self, before: int) -> None:
        self._closings = [one for one in self._closings if one.end is None or one.end > before]


def time_asleep() -> int:
    """Nanoseconds that this computer slept, from some moment on: they do not count as time otherwise."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns()
    return time.time_ns() - time.monotonic_ns()
