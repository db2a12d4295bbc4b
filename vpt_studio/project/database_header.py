"""The first bytes of a database file, read without harm to connections of this process.

POSIX drops all locks that a process has on a file as soon as the process closes any descriptor of it. Read
by hand while a connection is open, the header would cost that connection its locks; the next process to
close the database would take itself for its last user and delete the write-ahead log under us. So a file
that this process has ever connected to is not opened by hand again.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_AT = 68  # https://www.sqlite.org/fileformat.html#the_database_header

_connected: set[tuple[int, int]] = set()
_lock = threading.Lock()


def will_connect(path: Path) -> None:
    """Note that this process is about to open, or has made, the database at `path`."""
    with _lock:
        try:
            _connected.add(_identity(path))
        except OSError:
            return  # there is none yet


def read_header(path: Path) -> bytes | None:
    """The first 100 bytes of the file at `path`; None if this process has connected to it.

    Raises:
        OSError: It cannot be read.
    """
    with _lock:  # nobody connects while the file is open here
        if _identity(path) in _connected:
            return None
        with path.open("rb") as file:
            return file.read(HEADER_BYTES)


def is_database(header: bytes) -> bool:
    """Whether a whole SQLite header stands there."""
    return header.startswith(_MAGIC) and len(header) == HEADER_BYTES


def application_id(header: bytes) -> int:
    """Whose file it says it is."""
    return int.from_bytes(header[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4], "big")


def _identity(path: Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino
