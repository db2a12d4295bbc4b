"""The strip at the top of Record: takes that wait, after a crash or for a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from recorder.takes.waiting import Take
from ui.play_words import length_saved
from ui.take_desk import TakeDesk
from ui.widgets.buttons import button
from ui.widgets.cards import row
from ui.widgets.labels import eliding


class TakeOffer(QFrame):
    """A strip that offers the oldest take that waits.

    Attributes:
        take: The take.

    Signals:
        accepted: The person wants to look at this take; it is whole, recovered where it had to be.
    """

    accepted = Signal(object)

    def __init__(self, desk: TakeDesk, looked_at: Callable[[], Take | None]) -> None:
        """`looked_at` tells the take that is being decided about and need not be offered."""
        super().__init__()
        self.setProperty("role", "offer")
        self._desk, self._looked_at = desk, looked_at
        self.take: Take | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        self._words = eliding("", weight=500)
        self._button = button("Recover", self.accept, small=True)
        self._refuse = button("Discard", self.refuse, small=True)
        across = row(self._words, self._refuse, self._button)
        across.setStretch(0, 1)
        layout.addLayout(across)
        self.setTabOrder(self._button, self._refuse)  # a key pressed at once throws nothing away
        self.setVisible(False)

    def look(self) -> None:
        """Find the takes that wait, and offer one."""
        self._desk.find(self._offer)

    def clear(self) -> None:
        """Offer nothing."""
        self.show_takes([])

    def show_takes(self, takes: Sequence[Take]) -> None:
        """Offer the first of `takes`; nothing without one."""
        self.take = takes[0] if takes else None
        self.setVisible(self.take is not None)
        if self.take is None:
            return
        saved = length_saved(self.take.seconds)
        more = f" {len(takes) - 1} more wait." if len(takes) > 1 else ""
        if not self.take.is_whole:
            said = f"A take was cut off: {saved} saved.{more}"
        elif self._looked_at() is None:
            said = f"A take waits for your verdict: {saved}.{more}"
        else:  # beside the one that is shown
            said = f"{len(takes)} more takes wait." if len(takes) > 1 else f"1 more take waits: {saved}."
        self._words.setText(said)
        self._button.setText("Look" if self.take.is_whole else "Recover")
        self._refuse.setVisible(not self.take.is_whole)  # who looks at a whole one can discard it there

    def accept(self) -> None:
        """Look at the take, recovered where a crash left it."""
        take = self.take
        if take is None:
            return
        self.clear()
        if take.is_whole:
            self.accepted.emit(take)
        else:
            self._desk.recover(take, self.accepted.emit)

    def refuse(self) -> None:
        """Put the take away unseen."""
        take = self.take
        if take is not None:
            self.clear()
            self._desk.discard(take)

    def _offer(self, takes: Sequence[Take]) -> None:
        shown = self._looked_at()
        self.show_takes([take for take in takes if shown is None or take.name != shown.name])
