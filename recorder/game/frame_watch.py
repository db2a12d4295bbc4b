"""Watches the pictures of a take: is there a game to be seen, and does it still answer?

Games in exclusive full screen give black pictures, and a capture that died gives the same one for ever. Both
are found too late when nobody looks before the take has ended.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

#: Black is what has no value above this; the night of a game still has its bar and hand.
DARKEST = 12
#: How long black pictures, or none, or always the same while the player acts, are put up with.
BLACK_SECONDS = 3.0
SILENT_SECONDS = 2.0
FROZEN_SECONDS = 10.0
#: What the player does counts as playing for so long.
_PLAYING_SECONDS = 2.0
_STEP = 8  # every eighth pixel of every eighth row is looked at

_NS = 1_000_000_000


class FrameWatch:
    """Told of pictures and of input, says what is wrong. All times are nanoseconds of one clock."""

    def __init__(self, now: int) -> None:
        """Begin to watch, at a start or after a pause."""
        self._last_seen = now
        self._last_input: int | None = None
        self._black_since: int | None = None
        self._same_since = now
        self._same: int | None = None

    def see(self, picture: npt.NDArray[np.uint8], at: int) -> None:
        """A picture was taken.

        Args:
            picture: uint8 [H, W, 3].
            at: When.
        """
        looked_at = np.ascontiguousarray(picture[::_STEP, ::_STEP])
        self._last_seen = at
        if looked_at.max() > DARKEST:
            self._black_since = None
        elif self._black_since is None:
            self._black_since = at
        print_of_it = zlib.crc32(looked_at.data)
        if print_of_it != self._same:
            self._same, self._same_since = print_of_it, at

    def hear(self, at: int) -> None:
        """The player did something."""
        if self._last_input is None or at - self._last_input > _PLAYING_SECONDS * _NS:
            # Whoever comes back to a menu that stood still must first be able to change it.
            self._same_since = max(self._same_since, at)
        self._last_input = at

    def is_black(self, now: int) -> bool:
        """Whether the pictures have been black for a while."""
        return self._black_since is not None and (now - self._black_since) / _NS >= BLACK_SECONDS

    def trouble(self, now: int) -> str:
        """What is wrong, as a sentence without a final full stop; "" where nothing is."""
        silent = (now - self._last_seen) / _NS
        if silent >= SILENT_SECONDS:
            return f"No picture has come from the screen for {silent:.0f} seconds"
        if self.is_black(now):
            return "The pictures are black: set the game to a window, or to full screen without a frame"
        same = (now - self._same_since) / _NS
        if self._is_played(now) and same >= FROZEN_SECONDS:
            return f"The picture has not changed for {same:.0f} seconds, though you are playing"
        return ""

    def _is_played(self, now: int) -> bool:
        return self._last_input is not None and now - self._last_input <= _PLAYING_SECONDS * _NS
