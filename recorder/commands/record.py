"""``vpt-studio record``: a take of any game on the desktop, as the Record page makes it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from vpt_studio.commands.console import StudioCommand, answer, json_option, note, project_option, table
from vpt_studio.errors import StudioError
from vpt_studio.words import count_words, duration_words

# The decoders take half a second to load: the command imports what it uses.


@click.command(cls=StudioCommand)
@click.option("--windows", "list_windows", is_flag=True, help="List the windows that can be recorded.")
@click.option("--check", "only_check", is_flag=True, help="Check whether all is ready; record nothing.")
@click.option(
    "--sync-check", is_flag=True, help="Measure how late the picture answers; record nothing. Takes 10 s."
)
@click.option("--title", help="Part of the window's title. Default: the profile's.")
@click.option("--window", "window_id", type=int, help="The window's number, as --windows tells it.")
@click.option("--profile", default="generic", show_default=True, help="A game, or a profile of your own.")
@click.option("--task", "task_id", help="What is to be done; vpt-studio tasks lists them.")
@click.option("--task-list", default="paper", show_default=True, help="The list that has the task.")
@click.option("--name", help="What the take is called. Default: the task or the profile, and the time.")
@click.option("--countdown", type=click.FloatRange(min=0), help="Begin after so many seconds.")
@click.option(
    "--seconds", type=click.FloatRange(min=0.1), help="Stop after so long. Default: the task's time."
)
@click.option(
    "--sync",
    "sync_file",
    type=click.File("rb"),
    help="Keep with the take what `--sync-check --json` said; - reads it from standard input.",
)
@click.option("--native", is_flag=True, help="Keep the window's size instead of 640x360.")
@click.option("--ignore-cover", is_flag=True, help="Record also what lies over the game.")
@click.option("--person", default="", help="Alias of whoever plays.")
@click.option("--agree", is_flag=True, help="You have read what is recorded, and agree.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the take goes. Default: the project's takes.",
)
@project_option
@json_option
def record(list_windows: bool, only_check: bool, sync_check: bool, as_json: bool, **chosen: Any) -> None:
    """Record a game's window with keyboard and mouse.

    Only while it is in front and nothing lies over it, and only keys that the game's profile names. F9 or
    Ctrl+C stops, F10 marks the moment, F8 deletes the last two minutes. The take waits for
    `vpt-studio takes`.

    Before that: --check says whether all is ready, and --sync-check measures the time from an input to its
    picture, which --sync keeps with a take.
    """
    if list_windows:
        _list_windows(as_json)
    elif sync_check:
        from recorder.commands.scouting import measure

        measure(_window_asked(chosen), as_json)
    elif only_check:
        from recorder.commands.scouting import check

        check(_window_asked(chosen), as_json)
    else:
        _record(chosen, as_json)


def _window_asked(chosen: Mapping[str, Any]) -> dict[str, Any]:
    folder = chosen["folder"]
    if folder is None:
        try:
            folder = _takes_folder(chosen["project_folder"])
        except StudioError:
            folder = Path.cwd()  # nothing is stored: it is asked for the disk's room only
    return {name: chosen[name] for name in ("title", "window_id", "profile", "seconds")} | {"folder": folder}


def _record(chosen: Mapping[str, Any], as_json: bool) -> None:
    from recorder.consent import TEXT, VERSION
    from recorder.game_profiles import read_profile
    from recorder.tasks import read_task_list

    profile, seconds, notes = chosen["profile"], chosen["seconds"], {}
    read_profile(profile)  # says what is wrong before anything starts
    name = f"{Path(profile).stem}-{datetime.now():%Y%m%d-%H%M%S}"
    if chosen["task_id"]:
        task = read_task_list(chosen["task_list"]).task(chosen["task_id"])
        note(
            "\n".join(
                [task.prompt, *(f"Do: {line}" for line in task.do), *(f"Don't: {line}" for line in task.dont)]
            )
        )
        name, notes = f"{task.id}-{datetime.now():%Y%m%d-%H%M%S}", {"task": task.as_note()}
        seconds = seconds or (task.minutes and 60.0 * task.minutes)
    sync = None if chosen["sync_file"] is None else _measured(chosen["sync_file"].read())
    if not chosen["agree"]:
        note(TEXT)
        try:
            click.confirm("Do you agree?", abort=True, err=True)
        except click.Abort:
            if sys.stdin.isatty():
                raise
            raise StudioError(
                "nothing is recorded without consent", mend="--agree gives it beforehand"
            ) from None
    folder = chosen["folder"] or _takes_folder(chosen["project_folder"])
    words = ["--folder", str(folder), "--consent", str(VERSION), "--name", chosen["name"] or name]
    words += ["--profile", profile, "--person", chosen["person"], "--notes", json.dumps(notes)]
    for option, value in (
        ("--title", chosen["title"]),
        ("--window", chosen["window_id"]),
        ("--seconds", seconds),
        ("--countdown", chosen["countdown"]),
        ("--sync", sync and json.dumps(sync)),
    ):
        if value is not None:
            words += [option, str(value)]
    for option, is_on in (("--native", chosen["native"]), ("--ignore-cover", chosen["ignore_cover"])):
        words += [option] if is_on else []
    taken = _watched(words)
    if taken is None:
        answer(as_json, {"discarded": True}, "Nothing was recorded.")
        return
    from vpt_studio.recordings.recording import TICK_RATE

    length = duration_words(taken["ticks"] / TICK_RATE)
    answer(as_json, taken, f"{length} recorded ({taken['ended']}): {taken['video']}")


def _measured(content: bytes) -> dict[str, Any]:
    from recorder.scout.sync_check import sync_note

    mend = "vpt-studio record --sync-check --json > sync.json makes one"
    try:
        told = json.loads(content)
        return sync_note(told if isinstance(told, dict) else {})
    except ValueError as error:
        raise StudioError(f"this is no measurement of --sync-check ({error})", mend=mend) from error


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
            "process": window.process,
            "size": [window.width, window.height],
        }
        for window in found
    ]
    text = table(rows, ("window", "title", "program", "size")) if rows else "There is no window."
    answer(as_json, {"windows": data}, text)


def _takes_folder(project_folder: Path | None) -> Path:
    from recorder.takes.waiting import takes_folder
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as project:
        return takes_folder(project.layout.folder)


def _watched(words: list[str]) -> dict[str, Any] | None:
    """Run a capture to its end, saying what happens; what it took, None where its countdown was broken off.

    Raises:
        StudioError: It failed.
    """
    from recorder.messages import TERMINAL_SIGNALS, read_message

    # Its input stays open as long as we live: when we are gone it saves the take and ends. Ctrl+C and the end
    # of the terminal reach it as they reach us, and it is the one to stop.
    before = {number: signal.signal(number, signal.SIG_IGN) for number in TERMINAL_SIGNALS}
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
                    case "discarded":
                        return None
                    case "failed" if message["command"] == "record":
                        raise StudioError(**message["error"])
                    case _:
                        _say(message)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    raise StudioError(
        f"the capture ended without a word (exit status {capture.returncode})",
        mend="What it wrote can be recovered: vpt-studio takes recover",
    )


def _say(message: Mapping[str, Any]) -> None:
    match message.get("is"):
        case "countdown":
            note(f"Begins in {message['left']} s; F9 or Ctrl+C calls it off.")
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
