"""Worlds of Luanti that are made for recording."""

from __future__ import annotations

import re
from pathlib import Path

import psutil

from vpt_studio.atomic_files import make_folder, write_atomically
from vpt_studio.errors import StudioError

#: The game that is played in them: survival, digging, crafting. Files call it so without its "_game".
GAME = "minetest"
_WORLD = f"""gameid = {GAME}
backend = sqlite3
player_backend = sqlite3
auth_backend = sqlite3
mod_storage_backend = sqlite3
"""
_NAME = re.compile(r"[^\W_][\w -]{0,60}")


def demand_world_name(name: str) -> None:
    """Refuse what cannot be a folder's name on every system.

    Raises:
        StudioError: It cannot.
    """
    if not _NAME.fullmatch(name):
        raise StudioError(
            f"a world cannot be called {name!r}",
            mend="Choose letters, digits, spaces, - and _, such as meadow-2",
        )


def free_world_name(worlds: Path, name: str) -> str:
    """`name`, or with a number behind it where there is such a world."""
    number, free = 1, name
    while (worlds / free).exists():
        number += 1
        free = f"{name}-{number}"
    return free


def make_world(world: Path) -> None:
    """Make the world in the folder `world` where there is none; the game makes its ground when it starts.

    Raises:
        StudioError: It cannot be made.
    """
    about = world / "world.mt"
    if about.exists():
        return
    make_folder(world)
    write_atomically(about, _WORLD.encode())


def demand_not_played(world: Path) -> None:
    """Refuse a world that is open in a game: two would write into it, and neither would know.

    Raises:
        StudioError: It is.
    """
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "--world" in words[:-1] and words[words.index("--world") + 1] == str(world):
            raise StudioError(
                f"this world is being played (process {process.pid})",
                where=world,
                mend="Leave it there first, or name another with --world",
            )
