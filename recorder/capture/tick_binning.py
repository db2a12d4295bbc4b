"""What the devices said, sorted into ticks: between the grabs of two frames, by the devices' own time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from recorder.devices.events import InputEvent

#: How long after its end a tick waits for events that are on their way. X11 delivered all of 15,000
#: within 110 ms on a machine with five times more to do than it has cores for; nearly twice that still
#: leaves most of the second that a kill may cost.
SETTLE_NS = 200_000_000
_DEVICE_RESOLUTION_NS = 1_000_000


@dataclass(frozen=True, slots=True)
class BinnedTick:
    """What the devices said from the grab of one frame to that of the next.

    Attributes:
        begin: When its frame was grabbed, nanoseconds of ``time.monotonic_ns()``.
        end: When the next one was; an event at this very moment belongs to the next tick.
        held_before: Codes of what was down at its begin.
        held: Codes of what was down at its end or was pressed in it.
        pressed: Codes of what was pressed in it, in order; one that was pressed twice is in here twice.
        released: Codes of what was let go in it, in order.
        raw: Sums of the device's counts, to the right and downwards.
        accelerated: Sums of what the system made of them; of the counts where it does not say.
        wheel: Notches, + is up.
        events: All of them, by their time.
        late: How many came after the tick that they belong to had been given away; they count in this one.
    """

    begin: int
    end: int
    held_before: frozenset[str]
    held: frozenset[str]
    pressed: tuple[str, ...]
    released: tuple[str, ...]
    raw: tuple[float, float]
    accelerated: tuple[float, float]
    wheel: int
    events: tuple[InputEvent, ...]
    late: int


class TickBinner:
    """Sorts events into ticks. Used by one thread.

    Ticks come in spans: from :meth:`begin` on, each frame ends a tick and begins the next. The
    tick that the last frame of a span began is none.
    """

    def __init__(self) -> None:
        self._events: list[InputEvent] = []
        self._frames: deque[int] = deque()
        self._down: set[str] = set()
        self._begin = 0
        self._given = 0

    def begin(self, at: int, held: frozenset[str]) -> None:
        """A span begins; what waited of the one before is forgotten.

        Args:
            at: Before `held` was asked for.
            held: Codes of what is down.
        """
        self._frames.clear()
        self._down = set(held)
        # Device time is cut to its resolution: an event just after `at` may claim to be from before it.
        # What is in `held` already changes nothing when it is heard again.
        self._begin = self._given = at - _DEVICE_RESOLUTION_NS
        self._events = [event for event in self._events if event.at >= self._begin]

    def hear(self, event: InputEvent) -> None:
        """A device said something."""
        if event.at >= self._begin:
            self._events.append(event)

    def frame(self, at: int) -> None:
        """A frame was grabbed."""
        self._frames.append(at)

    def ready(self, now: int) -> list[BinnedTick]:
        """The ticks that nothing more is to come for, each once."""
        ready = []
        while len(self._frames) > 1 and self._frames[1] + SETTLE_NS <= now:
            begin = self._frames.popleft()
            self._catch_up(begin)
            ready.append(self._tick(begin, self._frames[0]))
        return ready

    def waiting(self) -> bool:
        """Whether there are ticks with an end that have not been given yet."""
        return len(self._frames) > 1

    def _catch_up(self, begin: int) -> None:
        """Between a span's begin and its first frame only what is down matters."""
        if self._given == self._begin:
            for event in self._taken(begin):
                self._press(event)
            self._given = begin

    def _taken(self, end: int) -> list[InputEvent]:
        self._events.sort(key=lambda event: event.at)  # each device's are in order; those of two may not be
        count = sum(1 for event in self._events if event.at < end)
        taken, self._events = self._events[:count], self._events[count:]
        return taken

    def _press(self, event: InputEvent) -> bool:
        """Note what a key did; whether it did anything."""
        if event.kind not in ("key", "button") or event.is_down == (event.code in self._down):
            return False
        self._down ^= {event.code}
        return True

    def _tick(self, begin: int, end: int) -> BinnedTick:
        events, held_before = self._taken(end), frozenset(self._down)
        pressed: list[str] = []
        released: list[str] = []
        for event in events:
            if self._press(event):
                (pressed if event.is_down else released).append(event.code)
        motions = [event for event in events if event.kind == "motion"]
        turned = [one.accelerated if one.accelerated is not None else (one.dx, one.dy) for one in motions]
        self._given = end
        return BinnedTick(
            begin,
            end,
            held_before,
            frozenset(self._down) | frozenset(pressed),
            tuple(pressed),
            tuple(released),
            (sum(event.dx for event in motions), sum(event.dy for event in motions)),
            (sum(dx for dx, _ in turned), sum(dy for _, dy in turned)),
            sum(event.steps for event in events),
            tuple(events),
            sum(1 for event in events if event.at < begin),
        )
