"""Moves of the files of takes that are done all or not at all, whenever the process is killed.

What is to be moved is written down first; whoever looks for takes next carries out what a kill left undone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path, PurePosixPath

import orjson

from vpt_studio.atomic_files import make_folder, write_atomically
from vpt_studio.errors import StudioError
from vpt_studio.recordings.take_lock import TakeLock
from vpt_studio.recordings.take_writer import TAKE_SUFFIX

#: A recording's video goes first and comes last: a take is there while its video is.
OUT_ORDER = (".mp4", ".jsonl", ".events.jsonl", ".json")
IN_ORDER = tuple(reversed(OUT_ORDER))

#: Where takes wait that were put away, below the folder of takes.
DISCARDED = "discarded"
#: Between a take's name and a number, where several of one name were put away.
NUMBER_MARK = "~"

_JOURNAL, _WORK = ".moves.json", ".mending"

#: From where to where, relative to the folder of takes, with forward slashes.
Move = tuple[str, str]


def free_names(folder: Path, name: str) -> Iterator[str]:
    """Names under which a take called `name` can be put away, one after another."""
    for number in count(1):
        free = f"{name}{NUMBER_MARK}{number}"
        if not any((folder / DISCARDED / f"{free}{suffix}").exists() for suffix in (*OUT_ORDER, TAKE_SUFFIX)):
            yield free


def work_folder(folder: Path, name: str) -> Path:
    """Where files are made that :func:`move_all` brings to their places; gone when that is done."""
    return folder / f".{name}{_WORK}"


@contextmanager
def locked_take(folder: Path, name: str) -> Iterator[None]:
    """The lock of a take, with what a killed process left undone of it done.

    Raises:
        StudioError: The take is in use, or what is left undone cannot be read or done.
    """
    with TakeLock(folder, name):
        _finish(folder, name)
        yield


def move_all(folder: Path, name: str, moves: Sequence[Move]) -> None:
    """Carry out `moves`, in order; from here on they are carried out, whatever happens to this process.

    The caller holds :func:`locked_take` of `name`. A move's target is a name that nothing had, or one that
    an earlier move of these has freed.

    Raises:
        StudioError: The folder is gone, or something has the name of a target; nothing was moved then.
        OSError: The disk refuses; what is left undone is done by whoever looks next.
    """
    work, journal = work_folder(folder, name), folder / f".{name}{_JOURNAL}"
    freed = set[str]()
    for source, target in moves:
        if os.path.lexists(folder / target) and target not in freed:
            raise StudioError(
                "a file of this name is there already", where=folder / target, mend="Move it away"
            )
        freed.add(source)
    make_folder(work)
    written = work / "moves.json"
    write_atomically(written, orjson.dumps(list(moves)))
    written.rename(journal)
    _flush(folder)
    _carry_out(journal, name)


def finish_moves(folder: Path) -> dict[str, StudioError]:
    """Carry out what killed processes left undone in `folder`, and clear away what they had begun to make.

    Returns:
        By its name, why a take is left as it is; it holds up none of the others.
    """
    troubles: dict[str, StudioError] = {}
    for left in (*folder.glob(f".*{_JOURNAL}"), *folder.glob(f".*{_WORK}")):
        suffix = _JOURNAL if left.name.endswith(_JOURNAL) else _WORK
        name = left.name[1 : -len(suffix)]
        try:
            lock = TakeLock(folder, name)
        except StudioError:  # who holds it is at work on it
            continue
        with lock:
            try:
                _finish(folder, name)
            except StudioError as error:
                troubles[name] = error
            else:
                shutil.rmtree(work_folder(folder, name), ignore_errors=True)
    return troubles


def _finish(folder: Path, name: str) -> None:
    """Carry out what was left undone of a take whose lock the caller holds."""
    journal = folder / f".{name}{_JOURNAL}"
    if not os.path.lexists(journal):
        return
    try:
        _carry_out(journal, name)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StudioError(
            f"what was to be done with the take {name} cannot be done ({reason})",
            where=error.filename or journal,
            mend="See whether its folder can be written to",
        ) from error


def _carry_out(journal: Path, name: str) -> None:
    folder = journal.parent
    for source, target in _moves_in(journal):
        # Targets were free when this was written down: one that is there was moved already.
        if not os.path.lexists(folder / target) and os.path.lexists(folder / source):
            make_folder((folder / target).parent)
            (folder / source).rename(folder / target)
    shutil.rmtree(work_folder(folder, name), ignore_errors=True)
    journal.unlink()


def _flush(folder: Path) -> None:
    """Bring the folder's names to the disk, that of the journal before those of what it moves."""
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _moves_in(journal: Path) -> list[Move]:
    try:
        moves = [(str(source), str(target)) for source, target in orjson.loads(journal.read_bytes())]
    except (orjson.JSONDecodeError, ValueError, TypeError) as error:
        raise StudioError(
            "what was to be done with takes cannot be read", where=journal, mend="Remove the file"
        ) from error
    for path in (path for move in moves for path in move):
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\\" in path:
            raise StudioError(
                f"{path!r} is not a path below the folder of takes", where=journal, mend="Remove the file"
            )
    return moves
