"""``vpt-studio studio``: the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from vpt_studio.commands.console import StudioCommand
from vpt_studio.errors import StudioError


@click.command(cls=StudioCommand)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--recording", metavar="ID", help="Show this recording.")
@click.option("--run", metavar="ID", help="Show this run.")
@click.pass_context
def studio(ctx: click.Context, folder: Path | None, recording: str | None, run: str | None) -> None:
    """Open the window, with the project in FOLDER or the last one.

    A second start raises the window of that project instead of opening another.
    """
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        raise StudioError(
            "there is no screen to open a window on", mend="Set DISPLAY, or use the commands instead"
        )
    try:
        from ui.application import open_window
    except ImportError as error:
        raise StudioError(
            f"the window's packages are not installed ({error.name or error})",
            mend="pip install 'vpt-studio[window]'",
        ) from error
    page, where = (
        ("player", {"recording": recording}) if recording else ("run", {"run": run}) if run else ("", {})
    )
    ctx.exit(open_window(folder, page, where))
