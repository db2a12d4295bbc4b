"""What can be wrong with a recording, each as one line: file, place, what is so, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class Severity(StrEnum):
    """How much a problem matters to whoever wants to use the recording."""

    NOTE = "note"  # worth knowing; nothing is lost
    WARNING = "warning"  # part of the recording cannot be used
    ERROR = "error"  # the recording cannot be used as it is


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one file.

    Attributes:
        severity: How much it matters.
        file: Name of the file it was found in.
        place: Line, frame or byte, as in ``line 12``; empty when it is the whole file.
        what: What is so.
        mend: What to do about it.
        reason: The problem in a word or two, for a column of a table.
        path: Where the file lies, as far as whoever asked said.
    """

    severity: Severity
    file: str
    place: str
    what: str
    mend: str
    reason: str = "Unreadable"
    path: str = ""

    def __str__(self) -> str:
        place = f", {self.place}" if self.place else ""
        return f"{self.file}{place}: {self.what}. {self.mend}."

    def as_json(self) -> dict[str, Any]:
        """The problem for ``--json`` answers."""
        return {name: str(value) for name, value in asdict(self).items()}


def problem(
    severity: Severity, file: Path, place: str, what: str, mend: str, reason: str = "Unreadable"
) -> Problem:
    """A :class:`Problem` that names `file` by its last part, with unprintable characters made visible."""
    return Problem(severity, visible(file.name), place, what, mend, reason, str(file))


def visible(text: str) -> str:
    """`text` on one line with control and undecodable characters shown as escapes.

    File names may hold anything; what we print must not move the terminal's cursor.
    """
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "backslashreplace").decode()
        for character in text
    )


def shortened(text: str, length: int = 100) -> str:
    """`text` made :func:`visible`, and cut where it is longer than a message should be."""
    return visible(text) if len(text) <= length else f"{visible(text[:length])}…"


def worst(problems: list[Problem]) -> Severity | None:
    """The gravest severity among `problems`, None where there are none."""
    order = list(Severity)
    return max((entry.severity for entry in problems), key=order.index, default=None)
