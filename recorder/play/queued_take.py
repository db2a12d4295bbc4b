"""A take whose pictures are encoded beside the play, so that a slow one delays no tick."""

from __future__ import annotations

import logging
import queue
import shutil
import threading
from collections.abc import Mapping
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recorder.priority import give_way
from vpt_studio.errors import StudioError
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.take_writer import TakeWriter
from vpt_studio.recordings.tick_writing import TickInput

#: Pictures that may wait: 0.6 s, so that a kill costs less than a second with what the video holds back. When
#: there are more the play waits: ticks slip, none is lost.
MOST_WAITING = 12

_Waiting = tuple[npt.NDArray[np.uint8], TickInput, Mapping[str, Any] | None]

logger = logging.getLogger(__name__)


class QueuedTakeWriter(TakeWriter):
    """Writes as :class:`TakeWriter`, in a thread of its own. Used by one thread."""

    def __init__(self, folder: Path, name: str, sidecar: Sidecar) -> None:
        """Begin the take; see :class:`TakeWriter`."""
        super().__init__(folder, name, sidecar)
        self._waiting: queue.Queue[_Waiting | None] = queue.Queue(MOST_WAITING)
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
        """Write what waits, and finish the recording; see :meth:`TakeWriter.close`.

        Raises:
            StudioError: Nothing was recorded, then nothing stays; or the disk refuses, then the take stays.
        """
        self._finish()
        if self._failure is not None:
            self.leave()
            raise self._failure
        if not self.ticks:
            self.discard()
            raise StudioError("nothing was recorded", mend="Click into the game, and play")
        return super().close(notes)

    def leave(self) -> None:
        """Write what waits and stop; the take stays as it is, to be recovered, if there is a tick of it."""
        self._finish()
        with suppress(OSError):  # a disk elsewhere on the network may refuse only when files are closed
            super().leave()
        if not self.ticks:
            shutil.rmtree(self._take, ignore_errors=True)

    def _finish(self) -> None:
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _encode(self) -> None:
        give_way()
        while (waiting := self._waiting.get()) is not None:
            if self._failure is None:
                try:
                    super().write(*waiting)
                except StudioError as error:
                    self._failure = error
                except Exception as error:
                    # Whatever it was: the play would wait for ever for a thread that is no more.
                    logger.exception("the take cannot be written on")
                    reason = f"{type(error).__name__}: {error}"
                    self._failure = StudioError(
                        f"the take cannot be written on ({reason})", mend="Recover it, and record another"
                    )


def refusal(what: str, error: OSError) -> StudioError:
    """What cannot be done because the disk refuses, in words for a person."""
    reason = (error.strerror or str(error)).lower()
    mend = "Free some space" if error.errno == ENOSPC else "See whether its folder can be written to"
    return StudioError(f"{what} ({reason})", where=error.filename, mend=mend)
