"""The thread in which a take is encoded, so that no slow picture or disk delays who plays or captures."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from recorder.priority import give_way
from vpt_studio.errors import StudioError

#: Ticks that may wait: 0.6 s, so that a kill costs less than a second with what the video holds back. When
#: there are more, who plays or captures waits.
MOST_WAITING = 12

Waiting = TypeVar("Waiting")

logger = logging.getLogger(__name__)


class EncoderThread(Generic[Waiting]):
    """Does the work of a take, one piece after another. Used by one thread.

    Attributes:
        failure: Why the take cannot be written on; what waits is passed over then.
    """

    def __init__(self, take: Path, work: Callable[[Waiting], None]) -> None:
        """Begin; `work` is called in the thread, and `take` is the folder that it writes."""
        self.failure: StudioError | None = None
        self._take, self._work = take, work
        self._waiting: queue.Queue[Waiting | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)
        self._thread.start()

    @property
    def backlog(self) -> int:
        """How much waits."""
        return self._waiting.qsize()

    def put(self, waiting: Waiting) -> None:
        """Have a piece of work done soon; waits while there is too much of it."""
        self._waiting.put(waiting)

    def finish(self) -> None:
        """Do what waits, and end; nothing happens where that was done before."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _run(self) -> None:
        give_way()
        while (waiting := self._waiting.get()) is not None:
            if self.failure is not None:
                continue
            try:
                self._work(waiting)
            except StudioError as error:
                self.failure = error
            except OSError as error:
                self.failure = unwritable(self._take, error)
            except Exception as error:
                # Whatever it was: the others would wait for ever for a thread that is no more.
                logger.exception("the take cannot be written on")
                self.failure = StudioError(
                    f"the take cannot be written on ({type(error).__name__}: {error})",
                    where=self._take,
                    mend="Recover it, and record another",
                )


def unwritable(take: Path, error: OSError) -> StudioError:
    """What to say where the disk refuses to hold more of a take."""
    reason = (error.strerror or str(error)).lower()
    return StudioError(
        f"the take cannot be written on ({reason})",
        where=take,
        mend="Free some space, then recover it: vpt-studio takes recover",
    )
