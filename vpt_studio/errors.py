"""The one error a person is meant to read: what happened, where, and how to mend it."""

from __future__ import annotations

from pathlib import Path


class StudioError(Exception):
    """A failure that a person can understand and act on.

    Attributes:
        what: What happened, as a sentence without a final full stop.
        where: The file or place it concerns, if there is one.
        mend: What the person can do about it, as a sentence without a final full stop.
    """

    def __init__(self, what: str, *, where: str | Path | None = None, mend: str | None = None) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.mend = mend
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f". {self.mend}" if self.mend else ""
        return f"{place}{self.what}{remedy}."

    def as_json(self) -> dict[str, str | None]:
        """The error as the value of ``error`` in every command's ``--json`` answer."""
        return {"what": self.what, "where": self.where, "mend": self.mend}
