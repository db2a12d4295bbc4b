"""A take whose pictures are encoded beside the play, so that a slow one delays no tick."""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vpt_studio.errors import StudioError
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.take_writer import TakeWriter
from vpt_studio.recordings.tick_writing import TickInput

#: Pictures that may wait: four seconds, 55 MB. When there are more the play waits: ticks slip, none is lost.
MOST_WAITING = 80

_Waiting = tuple[npt.NDArray[np.uint8], TickInput, Mapping[str, Any] | None]


class QueuedTakeWriter(TakeWriter):
    """Writes as :class:`TakeWriter`, in a thread of its own. Used by one thread."""

    def __init__(self, folder: Path, name: str, sidecar: Sidecar) -> None:
        """Begin the take; see :class:`TakeWriter`."""
        super().__init__(folder, name, sidecar)
        self._waiting: queue.Queue[_Waiting | None] = queue.Queue(MOST_WAITING)
        self._failure: StudioError | None = None
        self._thread = threading.Thread(target=self._encode, name="encoder", daemon=True)
        self._thread.start()

    @property
    def backlog(self) -> int:
        """How many ticks wait to be written."""
        return self._waiting.qsize()

    def write(
        self, frame: npt.NDArray[np.uint8], tick: TickInput, extra: Mapping[str, Any] | None = None
    ) -> None:
        """Have a tick written soon; `frame` must not be changed any more.

        Raises:
            StudioError: An earlier tick could not be written.
        """
        if self._failure is not None:
            raise self._failure
        self._waiting.put((frame, tick, extra))

    def close(self, notes: Mapping[str, Any] | None = None) -> Path:
        """Write what waits, and finish the recording; see :meth:`TakeWriter.close`."""
        self._finish()
        if self._failure is not None:
            raise self._failure
        return super().close(notes)

    def discard(self) -> None:
        """Throw away what was recorded."""
        self._finish()
        super().discard()

    def leave(self) -> None:
        """Write what waits and stop; the take stays as it is, to be recovered."""
        self._finish()
        self._stop()

    def _finish(self) -> None:
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _encode(self) -> None:
        _give_way()
        while (waiting := self._waiting.get()) is not None:
            if self._failure is None:
                try:
                    super().write(*waiting)
                except StudioError as error:
                    self._failure = error
                except OSError as error:
                    reason = (error.strerror or str(error)).lower()
                    self._failure = StudioError(
                        f"the take cannot be written on ({reason})", mend="Free some space"
                    )


def _give_way() -> None:
    """Let ticks go before encoding where both want a core; the encoder's own threads inherit it.

    Only by a little: beside other programs that want all cores, encoding still has to keep up.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.nice(0) + 2)
