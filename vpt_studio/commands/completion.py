"""What the shell completes: ids of recordings, and columns to order by. Loads nothing slow."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path

import click
from click.shell_completion import CompletionItem

_MOST = 500  # a shell asks before it lists more than a screenful

#: Columns to order by, as ``--json`` calls them, with what the project calls them.
ORDERS = {
    "id": "id",
    "source": "source",
    "health": "health",
    "problems": "problems",
    "ticks": "duration_ticks",
    "frames": "frames",
    "width": "width",
    "height": "height",
    "person": "person",
    "version": "version",
    "imported_at": "imported_at",
}


def recording_ids(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The ids that begin as `begun`, of the project the command would use; files where there is none."""
    removed = ctx.command.name == "restore"
    return [CompletionItem(found) for found in _ids(ctx.params.get("project_folder"), begun, removed)] or [
        CompletionItem(begun, type="file")
    ]


def orders(_ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The columns that begin as `begun`; after a - before it click looks for options only."""
    return [CompletionItem(name) for name in ORDERS if name.startswith(begun)]


def _ids(folder: Path | None, begun: str, removed: bool) -> list[str]:
    import sqlite3  # which --help need not pay

    # Not through vpt_studio.project: that takes a third of a second, on every press of the Tab key.
    database = _database(folder)
    if database is None:
        return []
    sql = (
        "SELECT id FROM recordings WHERE (deleted_at IS NOT NULL) = ? AND substr(id, 1, ?) = ? "
        "ORDER BY id LIMIT ?"
    )
    with (
        suppress(sqlite3.Error),  # no project, or a damaged one: there is nobody to tell it to
        closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=0.2)) as connection,
    ):
        return [str(found[0]) for found in connection.execute(sql, [removed, len(begun), begun, _MOST])]
    return []


def _database(folder: Path | None) -> Path | None:
    named = folder or os.environ.get("VPT_STUDIO_PROJECT")
    here = Path.cwd()
    folders = [Path(named).expanduser().resolve()] if named else [here, *here.parents]
    return next((place / "project.db" for place in folders if (place / "project.db").is_file()), None)


recording_argument = click.argument("recording", metavar="RECORDING", shell_complete=recording_ids)
