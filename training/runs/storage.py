"""Files of lines that grow while others read them; what is replaced whole is written by `atomic_files`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from pathlib import Path


class LineFile:
    """An append-only file of lines; each line is one write, so that lines never interleave.

    A line that a killed predecessor left half written is cut off when the file is opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        _cut_half_line(path)
        self._descriptor = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644
        )

    def append(self, row: dict[str, Any]) -> None:
        """Append ``row`` as one JSON line; numbers that are not finite become null.

        Raises:
            OSError: The disk did not take the whole line.
        """
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY)
        while line:  # a nearly full disk takes part of a line, and says why at the next write
            line = line[os.write(self._descriptor, line) :]

    def close(self) -> None:
        """Close the file; appending afterwards is an error."""
        os.close(self._descriptor)


def _cut_half_line(path: Path) -> None:
    if not path.exists():
        return
    with path.open("r+b") as stream:
        size = end = stream.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - 65536)
            stream.seek(start)
            newline = stream.read(end - start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        if end != size:
            stream.truncate(end)


@dataclass(frozen=True)
class Lines:
    """Whole lines read from a growing file.

    Attributes:
        lines: The lines, without their line ends.
        offset: Where to read on, in bytes; always the start of a line.
        restarted: The file was shorter than the offset asked for, so it was read from its start.
    """

    lines: list[bytes]
    offset: int
    restarted: bool


def read_lines(path: Path, offset: int = 0) -> Lines:
    """The whole lines of ``path`` from byte ``offset``; a last line still being written is left for later.

    A file that does not exist yet has no lines.

    Raises:
        OSError: The file exists and cannot be read.
    """
    try:
        with path.open("rb") as stream:
            restarted = offset > stream.seek(0, os.SEEK_END)
            start = 0 if restarted else offset
            stream.seek(start)
            content = stream.read()
    except FileNotFoundError:
        return Lines([], 0, restarted=offset > 0)
    whole = content[: content.rfind(b"\n") + 1]
    return Lines(whole.splitlines(), start + len(whole), restarted)


def read_last_lines(path: Path, count: int) -> list[str]:
    """The last ``count`` lines of a text file, at most 64 KiB of them; none if it is missing.

    Raises:
        OSError: The file exists and cannot be read.
    """
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - 65536))
            return stream.read().decode("utf-8", errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return []
