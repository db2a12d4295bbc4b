"""The sign of life of a worker, in a file that everyone can look at."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

import orjson
import psutil

from vpt_studio.atomic_files import write_atomically
from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

EVERY_SECONDS = 5.0

logger = logging.getLogger(__name__)


class Heartbeat:
    """Writes the time and the machine's memory every five seconds, in a thread of its own."""

    def __init__(self, path: Path) -> None:
        """Write the first beat, then go on.

        Raises:
            OSError: It could not be written.
            StudioError: Likewise, in words.
        """
        self._path = path
        self._ended = threading.Event()
        self._beat()
        self._thread = threading.Thread(target=self._go_on, name="heartbeat", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Write no more."""
        self._ended.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            try:
                self._beat()
            except (OSError, StudioError) as error:
                # A full disk must not end the heart: the training thread meets it too and says so.
                logger.warning("no heartbeat could be written: %s", error)

    def _beat(self) -> None:
        memory = psutil.virtual_memory()
        beat = {"time": time.time(), "memory_free": memory.available, "memory_total": memory.total}
        write_atomically(self._path, orjson.dumps(beat), durable=False)
