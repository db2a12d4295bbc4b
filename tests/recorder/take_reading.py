"""What tests read of a take on the disk."""

from __future__ import annotations

from pathlib import Path

import orjson

from recorder.game.privacy_gate import BLIND


class HeldUpError(Exception):
    """The machine held the recorder up, so that not all that was done is recorded: to be tried anew."""


def lines(path: Path) -> list[dict]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def gaps(video: Path) -> list[str]:
    """Why there are gaps; a machine that holds the capture up makes ones of its own."""
    whys = [line["gap"]["why"] for line in lines(video.with_suffix(".jsonl")) if "gap" in line]
    if BLIND in whys:
        raise HeldUpError("for 200 ms nobody looked: this machine has too much to do to record on it")
    return whys
