"""What a recording needs in `bench.recorder`: a game that moves, a hand that plays, and the real capture."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from recorder.consent import VERSION

ROOT = Path(__file__).resolve().parents[1]
TITLE = "A moving game"
_ENDS_SECONDS = 120.0


@dataclass(frozen=True)
class Setting:
    """What is recorded how.

    Attributes:
        name: What it is called in the table.
        window: Width and height of the game's window.
        words: Further words for the capture.
    """

    name: str
    window: tuple[int, int]
    words: tuple[str, ...] = ()


SETTINGS = {
    "640x360": Setting("640x360", (640, 360)),
    "1280x720": Setting("1280x720, stored at 640x360", (1280, 720)),
    "native": Setting("1280x720, stored as it is", (1280, 720), ("--native",)),
}


def start(words: list[str], screen: str, **pipes: Any) -> subprocess.Popen[bytes]:
    """A program of ours on that X server, with its input open."""
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        env={**os.environ, "DISPLAY": screen},
        **pipes,
    )


@contextmanager
def moving_game(screen: str, size: tuple[int, int], log: Path | None = None) -> Iterator[list[int]]:
    """The window; once it is gone, the list holds how often it put the pointer back."""
    words = ["bench.moving_game", "--title", TITLE, "--width", str(size[0]), "--height", str(size[1])]
    game = start(words + (["--log", str(log)] if log else []), screen, stdout=subprocess.PIPE)
    warps: list[int] = []
    assert game.stdout is not None
    try:
        game.stdout.readline()
        yield warps
        said, _ = game.communicate(timeout=_ENDS_SECONDS)
        warps.append(int(said))
    finally:
        end(game)


@contextmanager
def playing_hand(
    screen: str, seconds: float, seed: int, log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Somebody who plays for so long, at most until the block is left."""
    words = ["bench.recorder_hand", screen, str(seconds), "--seed", str(seed)]
    hand = start(words + (["--log", str(log)] if log else []), screen)
    try:
        yield hand
    finally:
        end(hand)


def end(process: subprocess.Popen[bytes]) -> None:
    """Have a process of ours be over."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


class RunningCapture:
    """A capture process, told and heard through its pipes as the window does it."""

    def __init__(self, screen: str, folder: Path, name: str, setting: Setting) -> None:
        """Start it; it records once :meth:`until` has seen ``recording``."""
        words = ["recorder", "--folder", str(folder), "--name", name, "--title", TITLE]
        words += ["--consent", str(VERSION), *setting.words]
        self.process = start(words, screen, stdout=subprocess.PIPE)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._told: IO[bytes] = self.process.stdin
        self._said: IO[bytes] = self.process.stdout
        self.statuses: list[Mapping[str, Any]] = []

    def until(self, what: str) -> Mapping[str, Any]:
        """Listen until it says so.

        Raises:
            SystemExit: It failed or ended instead.
        """
        while line := self._said.readline():
            message: dict[str, Any] = orjson.loads(line)
            if message["is"] == "status":
                self.statuses.append(message)
            if message["is"] == what:
                return message
            if message["is"] == "failed":
                raise SystemExit(f"the capture failed: {message['error']}")
        raise SystemExit(f"the capture ended before it said {what!r}")

    def do(self, command: str) -> None:
        """Tell it something."""
        self._told.write(orjson.dumps({"do": command}) + b"\n")
        self._told.flush()

    def stop(self) -> Path:
        """Have the take finished; its video."""
        self.do("stop")
        return Path(self.until("taken")["video"])

    def close(self) -> None:
        """It is over."""
        end(self.process)
