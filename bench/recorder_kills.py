"""What is left of a take when its capture, or the program that started it, is killed."""

from __future__ import annotations

import random
import statistics
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
import psutil

from bench.comparing import Figure
from bench.recorder_checks import read_take
from bench.recorder_stage import (
    SETTINGS,
    TITLE,
    RunningCapture,
    Setting,
    end,
    moving_game,
    playing_hand,
    start,
)
from bench.x_screen import own_screen
from recorder.takes.waiting import takes_folder, waiting_takes
from vpt_studio.project import Project
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import read_sidecar

#: A kill may cost so much.
AIM_LOST_SECONDS = 1.0
_LONGEST = 4.0  # seconds of a take before it is killed
_SAVING_LASTS = 0.15
_ENDS_SECONDS = 60.0


@dataclass(frozen=True)
class _Loss:
    """What a kill cost: seconds of play up to it; and whether what is left can be read.

    Without a picture on the disk there is nothing to read: `is_readable` is None then.
    """

    seconds: float
    is_readable: bool | None


def kill_captures(folder: Path, kills: int, seed: int) -> list[Figure]:
    """Kill captures at random moments, every fourth while it saves, and recover what they left."""
    chance = random.Random(seed)
    losses = list[_Loss]()
    with own_screen() as screen:
        Project.create(folder, "Killed").close()
        with moving_game(screen, SETTINGS["native"].window), playing_hand(screen, 3600, seed):
            for number in range(kills):
                is_saving = number % 4 == 3
                after = chance.uniform(0, _SAVING_LASTS if is_saving else _LONGEST)
                setting = SETTINGS[chance.choice(("1280x720", "native"))]
                losses.append(_kill(screen, folder, f"take-{number}", setting, after, is_saving=is_saving))
    lost = sorted(loss.seconds for loss in losses)
    unread = sum(loss.is_readable is False for loss in losses)
    return [
        Figure("takes whose capture was killed", len(losses), ""),
        Figure(
            "of them before a picture was on the disk", sum(loss.is_readable is None for loss in losses), ""
        ),
        Figure("lost: median", statistics.median(lost), "s"),
        Figure("lost: most", lost[-1], "s", aim=AIM_LOST_SECONDS, at_most=True),
        Figure("takes that cannot be read", unread, "", aim=0, at_most=True),
    ]


def _kill(screen: str, project: Path, name: str, setting: Setting, after: float, *, is_saving: bool) -> _Loss:
    takes = takes_folder(project)
    capture = RunningCapture(screen, takes, name, setting)
    try:
        capture.until("recording")
        begin = time.monotonic_ns()
        if is_saving:
            capture.until("status")
            played_to = time.monotonic_ns()
            capture.do("stop")
            capture.until("saving")
            time.sleep(after)
        else:
            time.sleep(after)  # the random moment
            played_to = time.monotonic_ns()
        capture.process.kill()
    finally:
        capture.close()
    words = ["main", "takes", "recover", "--project", str(project)]
    recover = start(words, screen, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    recover.communicate(timeout=_ENDS_SECONDS)
    video = takes / f"{name}.mp4"
    if video.is_file():
        return _Loss((played_to - _read(video)) / 1e9, is_readable=True)
    nothing = not _has_pictures(takes / f"{name}.take")
    return _Loss((played_to - begin) / 1e9, is_readable=None if nothing else False)


def _has_pictures(take: Path) -> bool:
    """Whether the files of a take that cannot be recovered hold a picture all the same."""
    for path in take.glob("*.mkv"):
        with suppress(av.error.FFmpegError), av.open(str(path)) as container:
            if any(True for _ in container.decode(video=0)):
                return True
    return False


def kill_the_window(folder: Path) -> list[Figure]:
    """Kill the program that started a capture, and see what becomes of the take."""
    with own_screen() as screen, moving_game(screen, SETTINGS["640x360"].window), playing_hand(screen, 60, 1):
        words = ["main", "record", "--agree", "--title", TITLE, "--folder", str(folder), "--name", "take"]
        window = start(words, screen, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            assert window.stderr is not None
            while (line := window.stderr.readline()) and not line.startswith(b"Recording"):
                pass
            captures = psutil.Process(window.pid).children()
            time.sleep(0.5 + random.random())
            killed = time.monotonic_ns()
            window.kill()
            _, alive = psutil.wait_procs(captures, _ENDS_SECONDS)
            closed = time.monotonic_ns()
        finally:
            end(window)
    (take,) = waiting_takes(folder)
    sidecar = read_sidecar(take.video.with_suffix(".json"))
    assert sidecar is not None
    is_clean = take.is_whole and not alive and len(captures) == 1 and bool(sidecar.notes["ended"])
    return [
        Figure("takes that were closed cleanly", float(is_clean), "of 1", aim=1),
        Figure("lost up to the kill", max(killed - _read(take.video), 0) / 1e9, "s", aim=0.1, at_most=True),
        Figure("until the take was whole", (closed - killed) / 1e9, "s"),
        Figure("ticks in it, all read", take.ticks, ""),
    ]


def _read(video: Path) -> int:
    """Read all of a take; when its last tick ended.

    Raises:
        SystemExit: Its parts do not fit together.
    """
    take = read_take(video)
    with Recording.open(video) as recording:
        pictures = sum(1 for _ in recording.pictures())
    if not len(take.lines) == pictures == len(recording):
        raise SystemExit(f"{video}: {pictures} pictures, {len(take.lines)} lines")
    if take.ticks and take.ticks[-1] >= pictures:
        raise SystemExit(f"{video}: events of tick {take.ticks[-1]}, {pictures} pictures")
    return int(take.ends[-1])
