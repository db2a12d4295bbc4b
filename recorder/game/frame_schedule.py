"""When frames are due: twenty a second on one grid, whatever a grab takes."""

from __future__ import annotations

TICK_NS = 50_000_000
#: A frame that would come sooner than this after a late one shows nothing new: it is missed.
_NEAREST_NS = 10_000_000


class FrameSchedule:
    """A grid of moments 50 ms apart, on ``time.monotonic_ns()``. What was missed is never made up for.

    Attributes:
        number: Of the frame that is due next, from 0.
    """

    def __init__(self, begin: int) -> None:
        """The first frame is due at `begin`."""
        self._begin = begin
        self.number = 0

    @property
    def due(self) -> int:
        """When the next frame is due."""
        return self._begin + self.number * TICK_NS

    def pass_on(self, now: int) -> None:
        """The frame that was due is grabbed, or is not to be: the next is due on the grid after `now`."""
        self.number = max(self.number + 1, (now + _NEAREST_NS - self._begin) // TICK_NS + 1)
