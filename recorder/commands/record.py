"""``vpt-studio record``: a take of any game on the desktop, as the Record page makes it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from vpt_studio.commands.console import (
    StudioCommand,
    answer,
    count_words,
    duration_words,
    json_option,
    note,
    project_option,
    table,
)
from vpt_studio.errors import StudioError

# The decoders take half a second to load: the command imports what it uses.


@click.command(cls=StudioCommand)
@click.option("--windows", "list_windows", is_flag=True, help="List the windows that can be recorded.")
@click.option("--title", help="Part of the window's title. Default: the profile's.")
@click.option("--window", "window_id", type=int, help="The window's number, as --windows tells it.")
@click.option("--profile", default="generic", show_default=True, help="A game, or a profile of your own.")
@click.option("--name", help="What the take is called. Default: the profile and the time.")
@click.option("--seconds", type=click.FloatRange(min=0.1), help="Stop after so long.")
@click.option("--native", is_flag=True, help="Keep the window's size instead of 640x360.")
@click.option("--person", default="", help="Alias of whoever plays.")
@click.option("--agree", is_flag=True, help="You have read what is recorded, and agree.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the take goes. Default: the project's takes.",
)
@project_option
@json_option
def record(
    list_windows: bool,
    title: str | None,
    window_id: int | None,
    profile: str,
    name: str | None,
    seconds: float | None,
    native: bool,
    person: str,
    agree: bool,
    folder: Path | None,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Record a game's window with keyboard and mouse.

    Only while it is in front, and only keys that the game's profile names. F9 or Ctrl+C stops, F10 marks the
    moment, F8 deletes the last two minutes. The take waits for `vpt-studio takes`.
    """
    if list_windows:
        _list_windows(as_json)
        return
    from recorder.consent import TEXT, VERSION
    from recorder.game_profiles import read_profile

    read_profile(profile)  # says what is wrong before anything starts
    if not agree:
        note(TEXT)
        click.confirm("Do you agree?", abort=True, err=True)
    words = ["--folder", str(folder or _takes_folder(project_folder)), "--consent", str(VERSION)]
    words += ["--name", name or f"{Path(profile).stem}-{datetime.now():%Y%m%d-%H%M%S}"]
    words += ["--profile", profile, "--person", person]
    for option, value in (("--title", title), ("--window", window_id), ("--seconds", seconds)):
        if value is not None:
            words += [option, str(value)]
    taken = _watched([*words, *(["--native"] if native else [])])
    length = duration_words(taken["ticks"] / 20)
    answer(as_json, taken, f"{length} recorded ({taken['ended']}): {taken['video']}")


def _list_windows(as_json: bool) -> None:
    from recorder.desktop.choose import this_desktop

    desktop = this_desktop()
    try:
        found = desktop.windows()
    finally:
        desktop.close()
    rows = [(window.id, window.title, window.program, f"{window.width}x{window.height}") for window in found]
    data = [
        {
            "window": window.id,
            "title": window.title,
            "program": window.program,
            "size": [window.width, window.height],
        }
        for window in found
    ]
    text = table(rows, ("window", "title", "program", "size")) if rows else "There is no window."
    answer(as_json, {"windows": data}, text)


def _takes_folder(project_folder: Path | None) -> Path:
    from recorder.takes import takes_folder
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as project:
        return takes_folder(project.layout.folder)


def _watched(words: list[str]) -> dict[str, Any]:
    """Run a capture to its end, saying what happens; what it took.

    Raises:
        StudioError: It failed.
    """
    from recorder.play_messages import read_message

    # Its input stays open as long as we live: when we are gone it saves the take and ends. Ctrl+C reaches it
    # as it reaches us, and it is the one to stop.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "recorder", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as capture:
            assert capture.stdout is not None
            for line in capture.stdout:
                message = read_message(line) or {}
                match message.get("is"):
                    case "taken":
                        return {name: message[name] for name in ("video", "ticks", "ended")}
                    case "failed" if message["command"] == "record":
                        raise StudioError(**message["error"])
                    case _:
                        _say(message)
    finally:
        signal.signal(signal.SIGINT, before)
    raise StudioError(
        f"the capture ended without a word (exit status {capture.returncode})",
        mend="What it wrote can be recovered: vpt-studio takes recover",
    )


def _say(message: Mapping[str, Any]) -> None:
    match message.get("is"):
        case "recording":
            note(f"Recording with {message['input']}. F9 or Ctrl+C stops.")
            if message["untrusted"]:
                note(f"The camera's labels are not to be trusted: {message['untrusted']}.")
        case "closed":
            note(f"Nothing is recorded: {message['why']}." if message["why"] else "Recording.")
        case "cut":
            note(f"Deleted {message['seconds']:.0f} s; {count_words(message['ticks'], 'tick')} left.")
        case "marked":
            note("Marked.")
        case "disk":
            note(f"The disk has room for {message['minutes']:.0f} more minutes.")
        case "saving":
            note("Saving.")
        case "failed":
            note(str(StudioError(**message["error"])))
