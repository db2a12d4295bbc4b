"""How much room a project takes, and making room. Knows no Qt."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from vpt_studio.project.layout import ProjectLayout


@dataclass(frozen=True)
class Storage:
    """Bytes by kind."""

    recordings: int
    runs: int
    cache: int
    backups: int
    free: int

    def rows(self) -> list[tuple[str, int, str]]:
        """Title, bytes and what it is."""
        return [
            ("Recordings", self.recordings, "copied into the project; references take no room"),
            ("Runs", self.runs, "checkpoints, models, logs"),
            ("Cache", self.cache, "thumbnails, frames, predictions; can be made again"),
            ("Backups", self.backups, "copies of the database"),
            ("Free", self.free, "on this disk"),
        ]


def look_at_storage(folder: Path) -> Storage:
    """Measure the project in `folder`; asks the disk about every file."""
    layout = ProjectLayout.at(folder)
    return Storage(
        recordings=_size(layout.recordings),
        runs=_size(layout.runs),
        cache=_size(layout.cache),
        backups=_size(layout.backups),
        free=shutil.disk_usage(layout.folder).free,
    )


def empty_cache(folder: Path) -> int:
    """Delete what can be made again; the bytes that were freed."""
    cache = ProjectLayout.at(folder).cache
    before = _size(cache)
    for entry in list(cache.iterdir()) if cache.exists() else []:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
    return before - _size(cache)


def size_in_words(size: int) -> str:
    """Bytes in the unit that keeps them short."""
    amount = float(size)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(place, name), follow_symlinks=False).st_size
            except OSError:  # it went away meanwhile
                continue
    return total
