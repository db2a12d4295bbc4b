"""The takes of a project that nobody has decided about yet: those to be recovered, kept or discarded.

They lie in the folder `takes` of the project. A kept take becomes a recording; a discarded one waits for a
week in `takes/discarded`, so that it can be taken back; so does the original of a take that was mended.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recorder.takes.moves import (
    DISCARDED,
    IN_ORDER,
    OUT_ORDER,
    Move,
    finish_moves,
    free_names,
    locked_take,
    move_all,
)
from vpt_studio.atomic_files import make_folder
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings
from vpt_studio.recordings.recording import TICK_RATE
from vpt_studio.recordings.take_lock import is_being_written
from vpt_studio.recordings.take_writer import TAKE_SUFFIX, recover_take, unfinished_takes

DISCARDED_DAYS = 7

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Take:
    """A take that waits.

    Attributes:
        name: Its name.
        folder: Where it lies.
        ticks: How many ticks of it are on the disk.
        is_whole: Whether it was stopped as usual; else a crash left it, and it is to be recovered first.
    """

    name: str
    folder: Path
    ticks: int
    is_whole: bool

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.ticks / TICK_RATE

    @property
    def video(self) -> Path:
        """Its video, once it is whole."""
        return self.folder / f"{self.name}.mp4"

    def as_json(self) -> dict[str, Any]:
        """The take for ``--json`` answers."""
        return {"take": self.name, "seconds": self.seconds, "ticks": self.ticks, "is_whole": self.is_whole}


def takes_folder(project_folder: Path) -> Path:
    """Where the takes of a project wait."""
    return project_folder / "takes"


def look_for_takes(folder: Path) -> tuple[list[Take], dict[str, StudioError]]:
    """All takes in `folder` but those that a process is writing now; names in order.

    What a kill left undone of a mend, a discard or a restore is done on the way.

    Returns:
        The takes; and by name the trouble with some, which may be among them as far as they can be seen.
    """
    if not folder.is_dir():
        return [], {}
    troubles = finish_moves(folder)
    paths = [path for path in unfinished_takes(folder) if not is_being_written(folder, path.stem)]
    paths += [path for path in folder.glob("*.mp4") if not path.name.startswith(".")]
    found = []
    for path in paths:
        is_whole = path.suffix != TAKE_SUFFIX
        try:
            ticks = _count_lines(path.with_suffix(".jsonl") if is_whole else path / "ticks.jsonl")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            troubles[path.stem] = StudioError(
                f"the take cannot be read ({reason})", where=path, mend="Make its files readable"
            )
        else:
            found.append(Take(path.stem, folder, ticks, is_whole))
    return sorted(found, key=lambda take: take.name), troubles


def waiting_takes(folder: Path) -> list[Take]:
    """The takes of :func:`look_for_takes`; troubles are logged."""
    found, troubles = look_for_takes(folder)
    for name, trouble in troubles.items():
        logger.warning("take %s: %s", name, trouble)
    return found


def waiting_take(folder: Path, name: str) -> Take:
    """The take called `name`.

    Raises:
        StudioError: There is none, or there is trouble with it.
    """
    found, troubles = look_for_takes(folder)
    if name in troubles:
        raise troubles[name]
    for take in found:
        if take.name == name:
            return take
    raise StudioError(f"there is no take {name}", where=folder, mend="vpt-studio takes list names them")


def recover(take: Take) -> Take:
    """Make a whole take of one that a crash left.

    Raises:
        StudioError: It is being written, or nothing of it reached the disk.
    """
    if take.is_whole:
        return take
    with locked_take(take.folder, take.name):
        recover_take(take.folder / f"{take.name}{TAKE_SUFFIX}")
    return waiting_take(take.folder, take.name)


def keep(project: Project, take: Take) -> str:
    """Bring a whole take into `project` as a recording; it waits no longer then.

    Returns:
        The recording's id.

    Raises:
        StudioError: It cannot be used; it stays where it is.
    """
    with locked_take(take.folder, take.name):  # nobody mends it meanwhile
        report = import_recordings(project, [take.video], ImportOptions(workers=1))
        if report.left_out:
            problem = report.left_out[0]
            raise StudioError(problem.what, where=problem.path, mend=problem.mend)
        kept = report.imported[0].id if report.imported else report.known[0][1]
        for suffix in OUT_ORDER:
            (take.folder / f"{take.name}{suffix}").unlink(missing_ok=True)
    return kept


def discard(take: Take) -> None:
    """Put a take away; :func:`bring_back` undoes it for a week. One of its name there gets a number.

    Raises:
        StudioError: It is in use.
    """
    folder, away = take.folder, take.folder / DISCARDED
    make_folder(away)
    with locked_take(folder, take.name):
        names = [f"{take.name}{suffix}" for suffix in (*OUT_ORDER, TAKE_SUFFIX)]
        number = next(free_names(folder, take.name)).removeprefix(take.name)
        aside: list[Move] = [
            (f"{DISCARDED}/{name}", f"{DISCARDED}/{take.name}{number}{name.removeprefix(take.name)}")
            for name in names
            if (away / name).exists()
        ]
        names = [name for name in names if (folder / name).exists()]
        for name in names:
            os.utime(folder / name)  # its week begins now
        move_all(folder, take.name, [*aside, *((name, f"{DISCARDED}/{name}") for name in names)])


def bring_back(take: Take) -> None:
    """Undo :func:`discard`.

    Raises:
        StudioError: It is gone, or a take of its name is there.
    """
    folder, away = take.folder, take.folder / DISCARDED
    with locked_take(folder, take.name):
        names = [f"{take.name}{suffix}" for suffix in (*IN_ORDER, TAKE_SUFFIX)]
        names = [name for name in names if (away / name).exists()]
        if not names:
            raise StudioError(f"the take {take.name} is gone", where=away)
        for name in names:
            if (folder / name).exists():
                raise StudioError("a take of this name is there already", where=folder / name)
        move_all(folder, take.name, [(f"{DISCARDED}/{name}", name) for name in names])


def clear_discarded(folder: Path, days: float = DISCARDED_DAYS) -> None:
    """Delete for good what was discarded more than `days` ago."""
    away = folder / DISCARDED
    if not away.is_dir():
        return
    before = time.time() - days * 24 * 3600
    for path in away.iterdir():
        try:
            if path.stat().st_mtime < before:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
        except OSError as error:  # tried again with the next look; another may have deleted it already
            logger.warning("what was discarded cannot be deleted: %s", error)


def _count_lines(path: Path) -> int:
    if not path.is_file():
        return 0
    with path.open("rb") as lines:
        return sum(part.count(b"\n") for part in iter(lambda: lines.read(1 << 20), b""))
