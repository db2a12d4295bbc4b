"""How long the disk still has room for a take, closing it included."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

#: Left alone for whatever else runs on the computer.
KEEP_FREE_BYTES = 200 << 20
#: From so few minutes on a person is told.
WARN_MINUTES = 10.0
#: What a take of 640 x 360 needs in a busy game, until it has told better itself.
_BYTES_PER_SECOND = 300_000
_ENOUGH_SECONDS = 10.0


def minutes_left(free: int, taken: int, seconds: float, keep_free: int = KEEP_FREE_BYTES) -> float:
    """How many more minutes can be recorded; 0 when it is time to stop.

    Args:
        free: Bytes free on the disk.
        taken: Bytes that the take has on it.
        seconds: How long it is.
        keep_free: Bytes that must stay free.
    """
    rate = taken / seconds if seconds >= _ENOUGH_SECONDS else _BYTES_PER_SECOND
    # The recording is copied from the take before the take goes.
    room = free - keep_free - taken
    return max(0.0, room / (2 * max(rate, 1)) / 60)


def room_beside(take: Path, seconds: float, keep_free: int = KEEP_FREE_BYTES) -> float:
    """:func:`minutes_left` for the folder `take`, which is `seconds` long."""
    taken = 0
    with os.scandir(take) as files:
        for file in files:
            with suppress(
                FileNotFoundError
            ):  # a file that is written anew lies beside the old one for a while
                taken += file.stat().st_size
    return minutes_left(shutil.disk_usage(take).free, taken, seconds, keep_free)
