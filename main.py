"""The front door: opens every room's commands by name, each loaded only when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from importlib import import_module

import click

from vpt_studio.commands.console import StudioGroup

# A room joins the command line by listing its commands in <room>/commands/__init__.py.
ROOMS = ("vpt_studio.commands", "recorder.commands", "training.commands", "ui.commands")


class RoomGroup(StudioGroup):
    """The top level: knows every command's name and help line, imports one only to run it."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self._listed: dict[str, tuple[str, str]] = {}
        for room in ROOMS:
            self._listed.update(import_module(room).COMMANDS)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Every command of every room, in the rooms' own order."""
        return list(self._listed)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command called `name`."""
        if name not in self._listed:
            return None
        module, _, attribute = self._listed[name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the command list from the rooms' help lines, importing none of the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in self._listed.items()])


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        metadata = importlib.import_module("importlib.metadata")
        try:
            version = metadata.version("vpt-studio")
        except metadata.PackageNotFoundError:
            version = "of unknown version: it runs from its sources and is not installed"
        click.echo(f"vpt-studio {version}")
        ctx.exit()


@click.group(
    cls=RoomGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Video PreTraining on your own machine.

    Record play, train an inverse dynamics model (IDM) on it, let the IDM label video. Without a command, the
    window opens.
    """
    if ctx.invoked_subcommand is None:
        command = cli.get_command(ctx, "studio")
        if not _has_screen() or command is None:
            click.echo(ctx.get_help())
            return
        ctx.invoke(command)


def _has_screen() -> bool:
    return not sys.platform.startswith("linux") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def main() -> None:
    """Run the command line (script ``vpt-studio``)."""
    try:
        cli(prog_name="vpt-studio")
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
