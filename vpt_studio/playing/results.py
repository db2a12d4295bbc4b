"""The folder of an evaluation: what it is of, and its attempts, each written as soon as it is over."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from errno import ENOSPC
from pathlib import Path
from typing import Any, Self

import orjson

from vpt_studio.atomic_files import make_folder, write_atomically
from vpt_studio.errors import StudioError
from vpt_studio.playing.suites import Suite
from vpt_studio.recordings.take_lock import TakeLock, is_being_written

FORMAT, FORMAT_VERSION = "vpt-studio evaluation", 1

HEADER, ATTEMPTS, SUMMARY = "evaluation.json", "attempts.jsonl", "summary.json"
_LOCK = "evaluation"
_OTHERWISE = "Choose another folder with --out"


@dataclass(frozen=True)
class Subject:
    """What an evaluation is of: results of two subjects never come together.

    Attributes:
        suite: The suite.
        checkpoint: What the policy is called.
        files: SHA-256 of the checkpoint's files, by name.
        temperature: Of the policy's choice.
        greedy: Whether it always does what is likeliest.
        play_version: Of the world and the scripted players.
    """

    suite: Suite
    checkpoint: str
    files: Mapping[str, str]
    temperature: float
    greedy: bool
    play_version: int

    def as_json(self) -> dict[str, Any]:
        """This as it is kept."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "checkpoint": {"name": self.checkpoint, "sha256": dict(self.files)},
            "temperature": self.temperature,
            "greedy": self.greedy,
            "suite": {**self.suite.model_dump(mode="json"), "sha256": self.suite.sha256},
            "play_version": self.play_version,
        }


@dataclass(frozen=True)
class Result:
    """One attempt, as it stands in its line.

    Attributes:
        player: Who played: ``policy``, ``null``, ``random`` or ``scripted``.
        seed: Of the world.
        episode: What came of it; None if it failed.
        failure: Why it failed; empty if it did not.
    """

    player: str
    seed: int
    episode: dict[str, Any] | None
    failure: str = ""


class Results:
    """The folder of an evaluation, for one process at a time.

    As a context it lets go of the folder at the end.
    """

    def __init__(self, folder: Path, subject: Subject) -> None:
        """Begin an evaluation, or take it up where it was broken off.

        Args:
            folder: Where it is kept; made where missing.
            subject: What it is of.

        Raises:
            StudioError: The folder holds an evaluation of something else, is damaged, is used by another
                process, or cannot be written.
        """
        make_folder(folder)
        if is_being_written(folder, _LOCK):
            raise StudioError(
                "another process is at work on this evaluation",
                where=folder,
                mend="Wait until it is done, or stop it",
            )
        self.folder = folder
        self._lock = TakeLock(folder, _LOCK)
        try:
            _demand_same(folder, subject)
            self.attempts = _read(folder / ATTEMPTS)
            if not (folder / HEADER).exists():
                write_atomically(folder / HEADER, orjson.dumps(subject.as_json(), option=orjson.OPT_INDENT_2))
        except BaseException:
            self._lock.release()
            raise

    def add(self, result: Result) -> None:
        """Keep an attempt; when this returns, neither a kill nor a power cut takes it away.

        Raises:
            OSError: The disk refuses.
        """
        line = orjson.dumps(asdict(result), option=orjson.OPT_APPEND_NEWLINE)
        with (self.folder / ATTEMPTS).open("ab", buffering=0) as stream:
            begin = stream.seek(0, os.SEEK_END)
            if stream.write(line) != len(line):  # the disk took a part
                stream.truncate(begin)
                raise OSError(ENOSPC, os.strerror(ENOSPC), str(self.folder))
            os.fsync(stream.fileno())
        self.attempts.append(result)

    def done(self) -> set[tuple[str, int]]:
        """Player and seed of every episode that was played to its end."""
        return {(each.player, each.seed) for each in self.attempts if each.episode is not None}

    def summarised(self, summary: Mapping[str, Any]) -> None:
        """Keep `summary` beside the attempts."""
        write_atomically(self.folder / SUMMARY, orjson.dumps(summary, option=orjson.OPT_INDENT_2))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _demand_same(folder: Path, subject: Subject) -> None:
    """Refuse a folder that holds an evaluation of something else, and say of what."""
    path = folder / HEADER
    if not path.exists():
        if (folder / ATTEMPTS).exists():
            raise StudioError(
                f"the folder holds attempts, but no {HEADER} that says of what", where=folder, mend=_OTHERWISE
            )
        return
    try:
        kept, ours = orjson.loads(path.read_bytes()), subject.as_json()
        if kept["format"] != FORMAT or kept["format_version"] != FORMAT_VERSION:
            raise ValueError("of another format")
        difference = _difference(kept, ours)
    except (ValueError, KeyError, TypeError) as error:
        raise StudioError(f"this is no evaluation of ours ({error})", where=path, mend=_OTHERWISE) from error
    if difference:
        raise StudioError(f"the folder holds an evaluation {difference}", where=folder, mend=_OTHERWISE)


def _difference(kept: dict[str, Any], ours: dict[str, Any]) -> str:
    """In what two evaluations differ, in words; empty where they do not."""
    suite, other = ours["suite"], kept["suite"]
    if (other["name"], other["version"]) != (suite["name"], suite["version"]):
        return (
            f"in the suite {other['name']}, version {other['version']},"
            f" not in {suite['name']}, version {suite['version']}"
        )
    if other["sha256"] != suite["sha256"]:
        return f"in a suite {suite['name']} of other content: a suite that changes needs a new version"
    if kept["checkpoint"]["sha256"] != ours["checkpoint"]["sha256"]:
        return f"of another checkpoint, called {kept['checkpoint']['name']}"
    if (kept["greedy"], kept["temperature"]) != (ours["greedy"], ours["temperature"]):
        how = "doing what is likeliest" if kept["greedy"] else f"at temperature {kept['temperature']:g}"
        return f"of this policy {how}"
    if kept["play_version"] != ours["play_version"]:
        return "by another version of VPT Studio, whose world or players are others"
    return ""


def _read(path: Path) -> list[Result]:
    """The attempts so far. A last line that a kill cut off is taken away: its episode is played again."""
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("r+b") as stream:
            stream.truncate(whole)
    attempts = []
    for number, line in enumerate(content[:whole].splitlines(), 1):
        try:
            attempts.append(Result(**orjson.loads(line)))
        except (ValueError, TypeError) as error:
            raise StudioError(
                f"line {number} is no attempt ({error})",
                where=path,
                mend="Take the line away: its episode is played again then",
            ) from error
    return attempts
