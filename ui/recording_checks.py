"""Recordings checked again, and repaired copies of damaged ones, each in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.recording_edits import counted
from ui.recording_imports import import_files
from ui.studio import Studio
from ui.studio_commands import run_command

_TOLD = 3  # problems in a notice; the rest is among its details


def check_recordings(studio: Studio, recordings: Sequence[str]) -> None:
    """Decode recordings anew, and tell what is wrong with them."""

    def done(answer: Mapping[str, Any]) -> None:
        _tell(studio, answer["recordings"])
        studio.session.changed("recordings")

    run_command(
        studio,
        f"Check {counted(len(recordings))}",
        ["recordings", "validate", *recordings, "--project", str(studio.folder)],
        done,
    )


def repair_recording(studio: Studio, recording: str) -> None:
    """Make repaired copies beside a damaged recording, and import them."""
    folder = studio.folder
    out = folder / "repaired"

    def done(_answer: object) -> None:
        studio.session.notices.tell(f"Repaired copies of {recording} are in {out}. They are imported now.")
        import_files(studio, folder, [out])

    run_command(
        studio,
        f"Repair {recording}",
        ["recordings", "repair", recording, "--out", str(out), "--project", str(folder)],
        done,
    )


def _tell(studio: Studio, verdicts: Mapping[str, Any]) -> None:
    lines = [_in_words(problem) for verdict in verdicts.values() for problem in verdict["problems"]]
    if lines:
        more = f" And {len(lines) - _TOLD} more." if len(lines) > _TOLD else ""
        told = ". ".join(lines[:_TOLD])
        studio.session.notices.tell(f"{told}.{more}", "warn", details="\n".join(lines))
    else:
        checked = counted(len(verdicts))
        studio.session.notices.tell(f"Checked {checked}: nothing is missing or damaged.", "ok")


def _in_words(problem: Mapping[str, Any]) -> str:
    place = f", {problem['place']}" if problem.get("place") else ""
    return f"{problem['file']}{place}: {problem['what']}"
