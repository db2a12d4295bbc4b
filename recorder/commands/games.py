"""``vpt-studio games``: games that are started so that they can be recorded."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from vpt_studio.commands.console import StudioGroup, answer, json_option, table
from vpt_studio.errors import StudioError

_SIZES = {"1280x720": (1280, 720), "640x360": (640, 360)}


@click.group(cls=StudioGroup, invoke_without_command=True)
@json_option
@click.pass_context
def games(ctx: click.Context, as_json: bool) -> None:
    """Start a game that can be recorded; without one, list them."""
    if ctx.invoked_subcommand is not None:
        return
    from recorder.games.luanti import find_luanti

    try:
        found = find_luanti()
        installed, program, mend = found.version, str(found.program), None
    except StudioError as error:
        installed, program, mend = None, None, error.mend
    data = {"game": "luanti", "installed": installed, "program": program, "mend": mend}
    rows = [("luanti", installed or "not installed", program or mend)]
    answer(as_json, {"games": [data]}, table(rows, ("game", "installed", "where")))


@games.command()
@click.option("--display", metavar=":N", help="The X display to play on. Default: this desktop's.")
@click.option("--size", type=click.Choice(list(_SIZES)), default="1280x720", show_default=True)
@click.option("--windowed/--full-screen", default=True, help="In a window (the default), or on all of it.")
@click.option("--world", default="play", show_default=True, help="Name of the world; made where missing.")
@click.option("--seed", type=click.IntRange(min=0), help="Of a world that is made. Default: chance.")
@click.option("--new", is_flag=True, help="Always make a new world; the one of that name stays.")
@click.option(
    "--program", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The game's own program."
)
@json_option
def luanti(
    display: str | None,
    size: str,
    windowed: bool,
    world: str,
    seed: int | None,
    new: bool,
    program: Path | None,
    as_json: bool,
) -> None:
    """Start Luanti (Minetest) with the keys and the mouse that the profile `luanti` knows.

    Its settings and worlds are its own: those of a Luanti that you play otherwise are neither read nor
    changed. F8, F9 and F10 do nothing in it; they are the recorder's.
    """
    from recorder.desktop.choose import this_desktop
    from recorder.games.bare_screen import give_keyboard
    from recorder.games.luanti import LuantiOrder, find_luanti, start_luanti
    from recorder.games.luanti_world import demand_world_name, free_world_name
    from recorder.games.places import games_folder

    if display is not None:
        os.environ["DISPLAY"] = display
        os.environ.pop("WAYLAND_DISPLAY", None)
    demand_world_name(world)
    found, folder = find_luanti(program), games_folder() / "luanti"
    name = free_world_name(folder / "worlds", world) if new else world
    if seed is not None and (folder / "worlds" / name).exists():
        raise StudioError(
            "this world is made already, its seed stays",
            where=folder / "worlds" / name,
            mend="Say --new as well",
        )
    desktop = this_desktop()
    try:
        order = LuantiOrder(folder, name, _SIZES[size], full_screen=not windowed, seed=seed)
        process, window = start_luanti(found, order, desktop)
    finally:
        desktop.close()
    give_keyboard(window)
    words = [] if display is None else [f"DISPLAY={display}"]
    following = shlex.join([*words, *f"vpt-studio record --window {window.id} --profile luanti".split()])
    data = {
        "window": window.id,
        "title": window.title,
        "process": process,
        "world": name,
        "folder": folder,
        "record": following,
    }
    text = f"{found.version} plays the world {name!r} in window {window.id}.\nRecord it: {following}"
    answer(as_json, data, text)
