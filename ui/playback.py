"""Where playing stands: tick, speed, loop; knows the clock it is given, and no Qt."""

from __future__ import annotations

from dataclasses import dataclass

#: Ticks a second. The core has it in `vpt_studio.recordings.recording`, which loads the decoders, too.
TICK_RATE = 20
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)


@dataclass
class Playback:
    """The state of a player over `ticks` ticks.

    Playing follows the clock, not the pictures: a picture that comes late is passed over, and time is never
    stretched.

    Attributes:
        ticks: How many there are.
        tick: The one that is shown.
        speed: One of ``SPEEDS``; 1 is 20 ticks a second.
        playing: Whether it goes on by itself.
        loop: First tick and one past the last of the part that repeats; (0, 0) for none.
        repeats: Begin again at the end.
    """

    ticks: int
    tick: int = 0
    speed: float = 1.0
    playing: bool = False
    loop: tuple[int, int] = (0, 0)
    repeats: bool = False
    _since: float = 0.0
    _from: int = 0

    def play(self, now: float) -> None:
        """Go on from here; from the beginning if the end is reached."""
        if self.ticks == 0:
            return
        if self.tick >= self.ticks - 1 and not self.has_loop:
            self.tick = 0
        self.playing = True
        self._anchor(now)

    def pause(self) -> None:
        """Stay at this tick."""
        self.playing = False

    def set_speed(self, speed: float, now: float) -> None:
        """Play so fast from now on."""
        self.speed = speed
        self._anchor(now)

    def faster(self, now: float, steps: int) -> None:
        """Go `steps` up or down the list of speeds."""
        place = min(max(0, SPEEDS.index(self.speed) + steps), len(SPEEDS) - 1)
        self.set_speed(SPEEDS[place], now)

    def seek(self, tick: int, now: float) -> None:
        """Be at `tick`; playing goes on from there."""
        self.tick = min(max(0, tick), max(0, self.ticks - 1))
        self._anchor(now)

    def step(self, ticks: int) -> None:
        """Pause, and move by so many ticks."""
        self.pause()
        self.tick = min(max(0, self.tick + ticks), max(0, self.ticks - 1))

    @property
    def has_loop(self) -> bool:
        """Whether a part repeats."""
        return self.loop[1] > self.loop[0]

    def advance(self, now: float) -> int:
        """Move to the tick that is due at `now`; the number of ticks moved."""
        if not self.playing:
            return 0
        due = self._from + int((now - self._since) * TICK_RATE * self.speed + 1e-6)
        before = self.tick
        first, last = self.loop if self.has_loop else (0, self.ticks)
        if due >= last:
            if self.has_loop or self.repeats:
                self.tick = first
                self._anchor(now)
                return 1
            self.tick = self.ticks - 1
            self.playing = False
            return self.tick - before
        self.tick = max(due, first) if self.has_loop and before < first else due
        return self.tick - before

    def seconds_to_next(self, now: float) -> float:
        """How long until the next tick is due."""
        due = self._since + (self.tick + 1 - self._from) / (TICK_RATE * self.speed)
        return max(0.0, due - now)

    def _anchor(self, now: float) -> None:
        self._since, self._from = now, self.tick
