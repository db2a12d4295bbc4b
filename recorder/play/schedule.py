"""When ticks are due: twenty a second on one clock, whatever else takes its time."""

from __future__ import annotations

import time

TICK_SECONDS = 0.05
#: How many ticks may be made up for at once; after a longer halt the world goes on from now. It would lag
#: behind the hand otherwise, for as long as the machine cannot catch up.
MOST_BEHIND = 2


class TickSchedule:
    """Deadlines 50 ms apart. A late tick does not move those that follow: they come sooner after it.

    Attributes:
        deadline: When the next tick is due, ``time.monotonic()``.
        slipped: Ticks that began a whole tick or more after they were due, and those that never came
            because more than :data:`MOST_BEHIND` were due.
        lateness: Seconds by which each tick since the last :meth:`begin_count` began after it was due.
    """

    def __init__(self) -> None:
        self.deadline = 0.0
        self.slipped = 0
        self.lateness: list[float] = []

    def begin(self) -> None:
        """The first tick, or the first after a pause, is due in 50 ms."""
        self.deadline = time.monotonic() + TICK_SECONDS

    def begin_count(self) -> None:
        """Count slipped ticks and lateness from here."""
        self.slipped = 0
        self.lateness = []

    def wait(self) -> None:
        """Sleep until the next tick is due."""
        left = self.deadline - time.monotonic()
        if left > 0:
            time.sleep(left)

    def tick(self) -> tuple[float, float]:
        """A tick begins now.

        Returns:
            When it was due, and by how many seconds it is late.
        """
        due, now = self.deadline, time.monotonic()
        late = now - due
        self.lateness.append(late)
        if late >= TICK_SECONDS:
            self.slipped += 1
        self.deadline = due + TICK_SECONDS
        behind = int((now - self.deadline) / TICK_SECONDS)
        if behind > MOST_BEHIND:
            self.slipped += behind
            self.deadline += behind * TICK_SECONDS
        return due, late

    def quantile(self, share: float) -> float:
        """The lateness in seconds that this share of the counted ticks stays below; 0 without any."""
        ordered = sorted(self.lateness)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
