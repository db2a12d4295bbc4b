"""Reading many recordings with few open files: systems allow a process a thousand or fewer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from training.file_limit import open_files_allowed
from vpt_studio.recordings.recording import Recording

#: Each open video holds a decoder of some megabytes besides its file.
_MOST_OPEN = 64


class OpenVideos:
    """Lends recordings, closing the video of the one that was lent longest ago where too many are open.

    A closed recording opens its video again by itself when it is next read. One is lent at a time, so that
    none is closed while another thread reads it.

    Args:
        most: Videos kept open at most; as the system allows when None.
    """

    def __init__(self, most: int | None = None) -> None:
        # The rest of what is allowed is for everything else: libraries, logs, the frame cache.
        self._most = max(1, int(min(_MOST_OPEN, open_files_allowed() / 4))) if most is None else most
        self._open: OrderedDict[int, Recording] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def lent(self, recording: Recording) -> Iterator[Recording]:
        """`recording`, to be read inside the block."""
        with self._lock:
            self._open[id(recording)] = recording
            self._open.move_to_end(id(recording))
            while len(self._open) > self._most:
                _, longest_ago = self._open.popitem(last=False)
                longest_ago.close()
            yield recording
