"""The strip at the top of Record: takes that wait, after a crash or for a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout

from recorder.takes import Take
from ui.play_words import length_saved
from ui.widgets.buttons import button
from ui.widgets.cards import row
from ui.widgets.labels import eliding


class TakeOffer(QFrame):
    """A strip that offers the oldest take that waits.

    Attributes:
        take: The take.
    """

    def __init__(self, accepted: Callable[[], object], refused: Callable[[], object]) -> None:
        """`accepted` is called when the person wants it, `refused` when it is to be put away unseen."""
        super().__init__()
        self.setProperty("role", "offer")
        self.take: Take | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        self._words = eliding("", weight=500)
        self._button = button("Recover", accepted, small=True)
        self._refuse = button("Discard", refused, small=True)
        across = row(self._words, self._refuse, self._button)
        across.setStretch(0, 1)
        layout.addLayout(across)
        self.setVisible(False)

    def show_takes(self, takes: Sequence[Take]) -> None:
        """Offer the first of `takes`; nothing without one."""
        self.take = takes[0] if takes else None
        self.setVisible(self.take is not None)
        if self.take is None:
            return
        saved = length_saved(self.take.seconds)
        more = f" {len(takes) - 1} more wait." if len(takes) > 1 else ""
        self._words.setText(
            f"A take waits for your verdict: {saved}.{more}"
            if self.take.is_whole
            else f"A take was cut off: {saved} saved.{more}"
        )
        self._button.setText("Look" if self.take.is_whole else "Recover")
        self._refuse.setVisible(not self.take.is_whole)  # who looks at a whole one can discard it there
