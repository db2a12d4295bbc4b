"""The file that remembers settings: several windows share it, people edit it, newer versions know more.

So it is never written as a whole from memory. Each change is an *edit* of the tree that the file holds at
that moment, made while no other window writes; what an edit does not name stays as it is. Knows no Qt.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from vpt_studio.atomic_files import write_atomically
from vpt_studio.errors import StudioError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

Tree = dict[str, Any]
#: Changes a section; it may find anything in it that a person wrote.
Edit = Callable[[Tree], None]

_PATIENCE_SECONDS = 2.0
_AGAIN_SECONDS = 0.02
#: The system's lock is per process: it does not keep two threads of this one apart.
_one_thread = threading.Lock()


class UnreadableFileError(Exception):
    """The file is there, but holds no settings; the message says why."""


def read_tree(path: Path) -> Tree:
    """What the file holds, unchecked; nothing where there is no file.

    Raises:
        UnreadableFileError: It cannot be read, or is no YAML, or no mapping.
    """
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnreadableFileError(" ".join(str(error).split())) from error
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise UnreadableFileError("it is no list of sections")
    return tree


def edit_file(path: Path, edits: Sequence[tuple[str, Edit]]) -> Path | None:
    """Make `edits`, each of a section, in the file.

    Returns:
        Where the file of before was moved to, because it could not be read; None if it could.

    Raises:
        StudioError: It cannot be written; then it is as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _one_thread, _held(path.with_name(f"{path.name}.lock")):
            return _edit(path, edits)
    except OSError as error:
        raise StudioError(
            f"the settings could not be stored ({error.strerror or error})",
            where=path,
            mend="They hold until the window is closed; free space or mend the folder's permissions",
        ) from error


def _edit(path: Path, edits: Sequence[tuple[str, Edit]]) -> Path | None:
    moved = None
    try:
        tree = read_tree(path)
        for section, _ in edits:
            if not isinstance(tree.get(section, {}), dict):
                del tree[section]
                moved = path
    except UnreadableFileError:
        tree, moved = {}, path
    if moved is not None:
        moved = _free_name(path)
        os.replace(path, moved)
    for section, edit in edits:
        values = tree.setdefault(section, {})
        edit(values)
        if not values:
            del tree[section]
    text = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
    write_atomically(path, text.encode())
    return moved


def _free_name(path: Path) -> Path:
    """A name beside `path` that says that it is bad, and since when."""
    name = f"{path.name}.bad-{datetime.now().astimezone():%Y-%m-%d}"
    found, number = path.with_name(name), 1
    while found.exists():
        number += 1
        found = path.with_name(f"{name}-{number}")
    return found


@contextmanager
def _held(lock: Path) -> Iterator[None]:
    """Keep other windows from writing meanwhile; where the file system knows no locks, do without."""
    with lock.open("a+b") as stream:
        is_held = _wait_for(stream.fileno())
        try:
            yield
        finally:
            if is_held:
                with suppress(OSError):
                    _let_go(stream.fileno())


def _wait_for(descriptor: int) -> bool:
    """Whether the lock could be had; a window that was stopped while it wrote is not waited for for ever."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            _take(descriptor)
        except (BlockingIOError, PermissionError):
            if time.monotonic() > end:
                return False
            time.sleep(_AGAIN_SECONDS)
        except OSError:
            return False
        else:
            return True


def _take(descriptor: int) -> None:
    if sys.platform == "win32":
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _let_go(descriptor: int) -> None:
    if sys.platform == "win32":
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.lockf(descriptor, fcntl.LOCK_UN)
