"""How the processes of the recorder speak with whoever started them: lines of JSON through pipes.

The module of each process says what its messages hold.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from typing import IO, Any

import orjson

#: What a terminal tells all processes in it: Ctrl+C, and that it is closed.
TERMINAL_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
#: How a process is ended that can still save its take.
ENDING_SIGNALS = [*TERMINAL_SIGNALS, signal.SIGTERM]
_PIPE_BYTES = 1 << 16
#: Said many times a second, and soon said again; of those, so many may wait while nobody reads.
_PASSING = {"tick", "look", "windows"}
_MOST_WAITING = 400


class Speaker:
    """Writes lines in a thread of its own: a reader who is slow holds up nobody.

    Lines about what passes (ticks, looks, windows) are left out while too many wait; all others are kept.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._lines: deque[bytes] = deque()
        self._more = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._write, name="speaker", daemon=True)
        self._thread.start()

    def tell(self, what: str, /, **facts: Any) -> None:
        """Say something."""
        line = orjson.dumps(
            {"is": what, **facts}, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY
        )
        with self._more:
            if what not in _PASSING or len(self._lines) < _MOST_WAITING:
                self._lines.append(line)
                self._more.notify()

    def close(self, seconds: float = 5.0) -> None:
        """Write what waits, if it is read within so long."""
        with self._more:
            self._ended = True
            self._more.notify()
        self._thread.join(seconds)

    def _write(self) -> None:
        while True:
            with self._more:
                while not self._lines and not self._ended:
                    self._more.wait()
                said = b"".join(self._lines)
                self._lines.clear()
            try:
                self._stream.write(said)
                self._stream.flush()
            except OSError:  # nobody listens any more; the end of our input will say so, too
                return
            if self._ended and not self._lines:
                return


def messages_from(descriptor: int) -> Iterator[dict[str, Any]]:
    """The objects that are said on a pipe, line by line, to its end; other lines are passed over.

    Read without Python's buffers: a thread that waits in one would not let the interpreter end.
    """
    rest = b""
    while part := os.read(descriptor, _PIPE_BYTES):
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            message = read_message(line)
            if message is not None:
                yield message


def read_message(line: bytes) -> dict[str, Any] | None:
    """A line as an object; None where it is none."""
    try:
        message = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return message if isinstance(message, dict) else None
