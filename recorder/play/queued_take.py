"""A take whose pictures are encoded beside the play, so that a slow one delays no tick."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recorder.encoder_thread import EncoderThread
from vpt_studio.errors import StudioError
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.take_writer import TakeWriter
from vpt_studio.recordings.tick_writing import TickInput

_Waiting = tuple[npt.NDArray[np.uint8], TickInput, Mapping[str, Any] | None]


class QueuedTakeWriter(TakeWriter):
    """Writes as :class:`TakeWriter`, in a thread of its own. Used by one thread.

    When too much waits the play does: ticks slip, none is lost.
    """

    def __init__(self, folder: Path, name: str, sidecar: Sidecar) -> None:
        """Begin the take; see :class:`TakeWriter`."""
        super().__init__(folder, name, sidecar)
        self._encoder = EncoderThread[_Waiting](self._take, self._encode)

    @property
    def backlog(self) -> int:
        """How many ticks wait to be written."""
        return self._encoder.backlog

    def write(
        self, frame: npt.NDArray[np.uint8], tick: TickInput, extra: Mapping[str, Any] | None = None
    ) -> None:
        """Have a tick written soon; `frame` must not be changed any more.

        Raises:
            StudioError: An earlier tick could not be written.
        """
        if self._encoder.failure is not None:
            raise self._encoder.failure
        self._encoder.put((frame, tick, extra))

    def close(self, notes: Mapping[str, Any] | None = None) -> Path:
        """Write what waits, and finish the recording; see :meth:`TakeWriter.close`.

        Raises:
            StudioError: Nothing was recorded, then nothing stays; or the disk refuses, then the take stays.
        """
        self._encoder.finish()
        if self._encoder.failure is not None:
            self.leave()
            raise self._encoder.failure
        if not self.ticks:
            self.discard()
            raise StudioError("nothing was recorded", mend="Click into the game, and play")
        return super().close(notes)

    def leave(self) -> None:
        """Write what waits and stop; the take stays as it is, to be recovered, if there is a tick of it."""
        self._encoder.finish()
        with suppress(OSError):  # a disk elsewhere on the network may refuse only when files are closed
            super().leave()
        if not self.ticks:
            shutil.rmtree(self._take, ignore_errors=True)

    def _encode(self, waiting: _Waiting) -> None:
        super().write(*waiting)


def refusal(what: str, error: OSError) -> StudioError:
    """What cannot be done because the disk refuses, in words for a person."""
    reason = (error.strerror or str(error)).lower()
    mend = "Free some space" if error.errno == ENOSPC else "See whether its folder can be written to"
    return StudioError(f"{what} ({reason})", where=error.filename, mend=mend)
