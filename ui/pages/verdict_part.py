"""The part of a take that a person marks on its timeline, to cut it out by hand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.verdict_words import hand_cut, part_in_words
from ui.widgets.buttons import KeyButton
from ui.widgets.labels import eliding
from ui.widgets.timeline import Timeline


class VerdictPart(QWidget):
    """A line that says how it goes, with three buttons. The part is the timeline's loop.

    Attributes:
        span: First tick and one past the last; None for each that is not marked.

    Signals:
        cut_wanted: The person wants the part out; carries the mend.
    """

    cut_wanted = Signal(object)

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
        self._timeline = timeline
        self._ticks = 0
        self._is_busy = False
        self.span: tuple[int | None, int | None] = (None, None)
        self._words = eliding("", "small", colour="text_secondary")
        self._begin, self._end = KeyButton("Begin here", "["), KeyButton("End here", "]")
        self._cut = KeyButton("Cut out", "X", icon_name="scissors")
        self._begin.clicked.connect(self.mark_begin)
        self._end.clicked.connect(self.mark_end)
        self._cut.clicked.connect(self.cut_out)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(self._words, 1)
        for made in (self._begin, self._end, self._cut):
            across.addWidget(made)
        timeline.loop_set.connect(self._mark_both)

    def begin(self, ticks: int) -> None:
        """Mark nothing of a take of so many ticks."""
        self._ticks = ticks
        self._mark(None, None)

    def mark_begin(self) -> None:
        """The part begins at the timeline's place; what ended before that is marked no more."""
        at, end = self._timeline.tick, self.span[1]
        self._mark(at, end if end is not None and end > at else None)

    def mark_end(self) -> None:
        """The part ends with the timeline's place."""
        begin, at = self.span[0], self._timeline.tick + 1
        self._mark(begin if begin is not None and begin < at else None, at)

    def cut_out(self) -> None:
        """Ask that what is marked be cut out."""
        begin, end = self.span
        if self.why_not is None and begin is not None and end is not None:
            self.cut_wanted.emit(hand_cut((begin, end), self._ticks))

    @property
    def why_not(self) -> str | None:
        """Why nothing can be cut out now; None where it can."""
        if self._is_busy:
            return "The take is being mended or handed in."
        begin, end = self.span
        if begin is None or end is None:
            return "Mark the part first: [ at its begin, ] at its end."
        return "That is the whole take: discard it instead." if end - begin >= self._ticks else None

    def show_busy(self, is_busy: bool) -> None:
        """Something else is being done about the take, or no more."""
        self._is_busy = is_busy
        self._show()

    def _mark_both(self, begin: int, end: int) -> None:
        self._mark(*((begin, end) if end > begin else (None, None)))

    def _mark(self, begin: int | None, end: int | None) -> None:
        self.span = begin, end
        whole = begin is not None and end is not None
        self._timeline.show_loop(begin or 0, end or 0) if whole else self._timeline.show_loop(0, 0)
        self._show()

    def _show(self) -> None:
        said = part_in_words(*self.span)
        self._words.setText(said)
        self._words.setToolTip(said)
        why_not = self.why_not
        self._cut.setEnabled(why_not is None)
        self._cut.setToolTip(why_not or "The seam is marked, and Undo brings the part back")
