"""What the window has told its person: short notices, and the history of them. Knows no Qt."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from vpt_studio.errors import StudioError
from vpt_studio.words import with_capital

Severity = Literal["ok", "info", "warn", "danger"]
Place = Literal["project", "settings"]
HISTORY = 200
_AT_ONCE = timedelta(seconds=2)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """One thing told.

    Attributes:
        text: What is so, then what to do.
        severity: ``danger`` stays until it is closed; the others go by themselves.
        action: Words of the one thing that can be done about it (``Undo``).
        run: Does it.
        details: What “Copy details” copies.
        is_failure: Something that was to be read or written was not.
        place: Where it was to be read or written; writing there again cures it.
        about: What it is about, if that can be over: see :meth:`Notices.over`.
        at: When, local time.
    """

    text: str
    severity: Severity = "info"
    action: str = ""
    run: Callable[[], object] | None = field(default=None, compare=False)
    details: str = ""
    is_failure: bool = False
    place: Place = "project"
    about: object = field(default=None, compare=False)
    at: datetime = field(default_factory=lambda: datetime.now().astimezone())


class Notices:
    """The history, newest last; views are told of each new one."""

    def __init__(self) -> None:
        self.history: list[Notice] = []
        self._listeners: list[Callable[[Notice], None]] = []
        self._on_over: list[Callable[[object], None]] = []

    def on_notice(self, listener: Callable[[Notice], None]) -> None:
        """Call `listener` with every new notice."""
        self._listeners.append(listener)

    def on_over(self, listener: Callable[[object], None]) -> None:
        """Call `listener` with what is over: notices about it need not be shown any longer."""
        self._on_over.append(listener)

    def over(self, about: object) -> None:
        """Say that what notices are about is over, as a step is that was taken back."""
        for listener in self._on_over:
            listener(about)

    def tell(
        self,
        text: str,
        severity: Severity = "info",
        *,
        action: str = "",
        run: Callable[[], object] | None = None,
        details: str = "",
        is_failure: bool = False,
        place: Place = "project",
        about: object = None,
    ) -> Notice:
        """Tell something; the arguments are those of :class:`Notice`."""
        notice = Notice(text, severity, action, run, details, is_failure, place, about)
        self.history = [*self.history, notice][-HISTORY:]
        level = {"danger": logging.ERROR, "warn": logging.WARNING}.get(severity, logging.INFO)
        logger.log(level, "%s", text)
        for listener in self._listeners:
            listener(notice)
        return notice

    def tell_failure(self, error: StudioError, place: Place = "project") -> None:
        """Tell that something failed, in the error's own words.

        What several parts of a page find at the same time is told once.
        """
        where = f" ({error.where})" if error.where else ""
        what = with_capital(error.what)
        mend = f" {error.mend}." if error.mend else ""
        text = f"{what}{where}.{mend}"
        newest = self.history[-1] if self.history else None
        if newest is None or newest.text != text or datetime.now().astimezone() - newest.at > _AT_ONCE:
            self.tell(text, "danger", details=str(error), is_failure=True, place=place)
