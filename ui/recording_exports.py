"""Recordings handed out, each in a process of its own: as OpenAI's loader reads them, or as a film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ui.recording_edits import counted
from ui.studio import Studio
from ui.studio_commands import run_command


def export_recordings(studio: Studio, recordings: Sequence[str], out: Path) -> None:
    """Write recordings into `out` as OpenAI's loader reads them."""
    what = recordings[0] if len(recordings) == 1 else counted(len(recordings))
    _export(studio, f"Export {what}", [*recordings], out, f"Exported {what} to {out}.")


def export_ticks(studio: Studio, recording: str, start: int, stop: int, out: Path) -> None:
    """Write the ticks from `start` to before `stop` into `out` as OpenAI's loader reads them."""
    part = [recording, "--start", str(start), "--stop", str(stop)]
    told = f"Ticks {start:,} to {stop:,} of {recording} are in {out}."
    _export(studio, f"Export {recording}", part, out, told)


def export_film(studio: Studio, recording: str, out: Path) -> None:
    """Write a film of the recording with its overlays to the file `out`."""
    run_command(
        studio,
        f"Film of {recording}",
        ["recordings", "show", recording, "--overlay", str(out), "--project", str(studio.folder)],
        lambda _answer: studio.session.notices.tell(f"The film is {out}.", "ok"),
    )


def _export(studio: Studio, title: str, what: list[str], out: Path, told: str) -> None:
    run_command(
        studio,
        title,
        ["recordings", "export", *what, "--out", str(out), "--project", str(studio.folder)],
        lambda _answer: studio.session.notices.tell(told, "ok"),
    )
