"""Files that are there whole or not at all, and the hashes by which they are known again."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from vpt_studio.errors import StudioError

#: How long readers on Windows may hold the old file open before replacing it fails.
READERS_SECONDS = 2.0


def write_atomically(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write `content` to `path`; a crash at any moment leaves the old file or the new one.

    Args:
        path: The file to replace or create.
        content: Its whole new content.
        durable: As for :func:`replaced`.

    Raises:
        StudioError: Its folder does not exist.
        OSError: It could not be written; the old file is untouched.
    """
    with replaced(path, durable=durable) as temporary:
        temporary.write_bytes(content)


@contextmanager
def replaced(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """A temporary path beside `path` to write to; on success it takes `path`'s place, else it goes.

    Args:
        path: The file to replace or create.
        durable: Wait until the disk has it, so that a power cut cannot bring an empty file.

    Raises:
        StudioError: Its folder does not exist.
        OSError: It could not be written or replaced; the old file is untouched.
    """
    _demand_folder(path)
    temporary = _beside(path)
    try:
        yield temporary
        if durable:
            _flush(temporary)
        _rename_over(temporary, path)
        if durable:
            _flush_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def created(path: Path) -> Iterator[Path]:
    """As :func:`replaced`, but never takes the place of a file that is there.

    Raises:
        StudioError: `path` exists, or its folder does not.
    """
    _demand_folder(path)
    temporary = _beside(path)
    try:
        yield temporary
        _flush(temporary)
        try:
            os.link(temporary, path)  # unlike a rename, fails where the name is taken
        except FileExistsError:
            raise already_there(path) from None
        except OSError:  # a file system without hard links
            if os.path.lexists(path):
                raise already_there(path) from None
            os.rename(temporary, path)
        _flush_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def already_there(path: Path) -> StudioError:
    """The error of a file in the way."""
    return StudioError("the file is already there", where=path, mend="Choose another name or move it away")


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's content, as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def make_folder(folder: Path) -> None:
    """Make `folder` where it is missing, with those above it.

    Raises:
        StudioError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            f"the folder cannot be made ({(error.strerror or str(error)).lower()})",
            where=folder,
            mend="Choose another, in which you may write",
        ) from error


def _demand_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise StudioError("there is no such folder to write to", where=path.parent, mend="Make it first")


def _beside(path: Path) -> Path:
    # Names may have 255 bytes, and a letter up to four of them.
    return path.with_name(f".{path.stem[:40]}.{uuid4().hex[:8]}{path.suffix}")


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    """Bring a folder's names to the disk: a rename lives in the folder, not in the file."""
    if os.name == "nt":  # folders cannot be opened there
        return
    with suppress(OSError):  # the file is in place; not every file system can promise more
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _rename_over(temporary: Path, path: Path) -> None:
    deadline = time.monotonic() + READERS_SECONDS
    while True:
        try:
            os.replace(temporary, path)
            return
        except PermissionError as error:
            # Windows refuses while any reader has the old file open; readers hold it for an instant.
            if getattr(error, "winerror", None) is None or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
