"""Luanti (Minetest), started so that it can be recorded, apart from a person's own settings and worlds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recorder.desktop.window import Desktop, DesktopWindow
from recorder.games.luanti_settings import settings, write_settings
from recorder.games.luanti_world import GAME, demand_not_played, make_world
from vpt_studio.atomic_files import make_folder
from vpt_studio.errors import StudioError

#: What newer packages call it, then what older ones do.
PROGRAMS = ("luanti", "minetest")
# Debian keeps games apart from other programs, and root does not have them on its path.
_GAMES_FOLDERS = ("/usr/games", "/usr/local/games")
_INSTALL = (
    "Debian and Ubuntu: sudo apt install minetest (newer ones: sudo apt install luanti); others:"
    " https://www.luanti.org/downloads, then name it with --program"
)
_INSTALL_GAME = (
    "Debian and Ubuntu: sudo apt install minetest-data (newer ones: minetest-game); or start Luanti yourself,"
    " Content, Browse, and install Minetest Game"
)
_WINDOW_SECONDS = 60.0
_LOOK_SECONDS = 0.05
_ANSWER_SECONDS = 20.0
_LOG_LINES = 5


@dataclass(frozen=True)
class InstalledLuanti:
    """A Luanti that can be started.

    Attributes:
        program: Its path.
        version: As it says itself, such as ``Minetest 5.6.1``.
    """

    program: Path
    version: str


@dataclass(frozen=True)
class LuantiOrder:
    """How Luanti is to be started.

    Attributes:
        folder: Where its settings, worlds and log lie.
        world: Name of the world; made where it is missing.
        size: Of its window, [width, height] in pixels.
        full_screen: The whole screen instead of a window.
        seed: Of a world that is made; None leaves it to chance.
        further: Settings beside those that recordings need.
    """

    folder: Path
    world: str
    size: tuple[int, int] = (1280, 720)
    full_screen: bool = False
    seed: int | None = None
    further: Mapping[str, str] | None = None


def find_luanti(program: Path | None = None) -> InstalledLuanti:
    """The Luanti at `program`, else the one that is installed.

    Raises:
        StudioError: There is none; it says what to install. Or it does not start.
    """
    if program is None:
        places = os.pathsep.join((os.environ.get("PATH", ""), *_GAMES_FOLDERS))
        found = next((path for name in PROGRAMS if (path := shutil.which(name, path=places))), None)
        if found is None:
            raise StudioError("Luanti is not installed", mend=_INSTALL)
        program = Path(found)
    said = _answer(program, {}, "--version").splitlines()
    return InstalledLuanti(program, said[0].split("(")[0].strip() if said else "")


def start_luanti(luanti: InstalledLuanti, order: LuantiOrder, desktop: Desktop) -> tuple[int, DesktopWindow]:
    """Start it on the screen of ``DISPLAY``, and wait until its window is there. It outlives this process.

    Returns:
        The number of its process, and its window.

    Raises:
        StudioError: It has no game to play, the world is being played, or no window came.
    """
    folder = order.folder.absolute()
    make_folder(folder / "home")
    surroundings = _surroundings(folder)
    games = _answer(luanti.program, surroundings, "--gameid", "list").split()
    if not {GAME, f"{GAME}_game"} & set(games):
        raise StudioError("Luanti is installed, but not the game Minetest Game", mend=_INSTALL_GAME)
    world = folder / "worlds" / order.world
    demand_not_played(world)
    make_world(world)
    configuration = folder / "luanti.conf"
    needed = settings(order.size, full_screen=order.full_screen, seed=order.seed)
    write_settings(configuration, {**needed, **(order.further or {})})
    words = ["--config", str(configuration), "--go", "--world", str(world), "--gameid", GAME]
    log, before = folder / "luanti.log", {window.id for window in desktop.windows()}
    with log.open("wb") as said:
        process = subprocess.Popen(
            [luanti.program, *words],
            env={**os.environ, **surroundings},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl+C ends a recording, not the game
        )
    return process.pid, _its_window(process, desktop, before, log)


def _its_window(
    process: subprocess.Popen[bytes], desktop: Desktop, before: set[int], log: Path
) -> DesktopWindow:
    """The window that it opens; none of those `before` is it."""
    end = time.monotonic() + _WINDOW_SECONDS
    while time.monotonic() < end:
        windows = desktop.windows()
        for window in windows:
            # Packages may start the game by a script of theirs; systems may not tell whose a window is.
            is_called_so = any(name in window.title.lower() for name in PROGRAMS)
            if window.process == process.pid or (window.id not in before and is_called_so):
                return window
        before &= {window.id for window in windows}  # numbers of closed windows are given again
        if process.poll() is not None:
            raise StudioError(
                f"Luanti ended before its window was there ({_last_words(log)})",
                where=log,
                mend="Start it by hand to see whether it runs at all",
            )
        time.sleep(_LOOK_SECONDS)
    process.terminate()
    raise StudioError("Luanti showed no window within a minute", where=log, mend="Its log may say why")


def _answer(program: Path, surroundings: Mapping[str, str], *words: str) -> str:
    try:
        run = subprocess.run(
            [program, *words],
            env={**os.environ, **surroundings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_ANSWER_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise StudioError(f"this Luanti does not start ({error})", where=program, mend=_INSTALL) from error
    return run.stdout.decode(errors="replace")


def _surroundings(folder: Path) -> dict[str, str]:
    """Environment variables that keep the game in `folder`, and let it find what a person has installed."""
    own, home = folder / "home", Path.home()
    # Older ones go by HOME and MINETEST_SUBGAME_PATH, newer ones by the other two.
    user = Path(os.environ.get("MINETEST_USER_PATH", home / ".minetest"))
    games = os.environ.get("MINETEST_GAME_PATH", os.environ.get("MINETEST_SUBGAME_PATH", ""))
    games = os.pathsep.join(filter(None, (games, str(user / "games"))))
    on_x = {
        # A home of its own would hide the key to the X server.
        "XAUTHORITY": os.environ.get("XAUTHORITY", str(home / ".Xauthority")),
        "SDL_VIDEODRIVER": "x11",  # where it could, it would open its window on Wayland, unseen by us
    }
    return {
        "MINETEST_USER_PATH": str(own / ".minetest"),
        "HOME": str(own),
        "XDG_CACHE_HOME": str(own / ".cache"),
        "XDG_CONFIG_HOME": str(own / ".config"),
        "MINETEST_GAME_PATH": games,
        "MINETEST_SUBGAME_PATH": games,
        **(on_x if sys.platform.startswith("linux") else {}),
    }


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return " / ".join(line.strip() for line in lines[-_LOG_LINES:] if line.strip()) or "it said nothing"
