"""The right side of the step Verdict: what was looked at, the take's figures, and what happens next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from recorder.takes.facts import TakeFacts
from ui.play_words import facts_in_rows
from ui.verdict_words import STATES, TITLES, Reason
from ui.widgets.cards import Card, empty, row
from ui.widgets.key_facts import FactRows
from ui.widgets.labels import words
from ui.widgets.sign import Sign

_NEXT = (
    "Keep brings it into the Library. Hand in writes it into one file as well. "
    "Discard puts it away; for a week it can be taken back."
)


class VerdictSide(QWidget):
    """Three cards."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self._looked = Card("What was looked at", spacing=4)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(3)
        self._looked.content.addLayout(self._rows)
        layout.addWidget(self._looked)
        facts = Card("This take")
        self._facts = FactRows()
        facts.content.addWidget(self._facts)
        layout.addWidget(facts)
        after = Card("What happens next", spacing=6)
        after.content.addWidget(words(_NEXT, colour="text_secondary", wrap=True))
        layout.addWidget(after)
        layout.addStretch(1)
        self.begin()

    def begin(self) -> None:
        """Nothing is known yet."""
        self._facts.show_rows([])
        self.show_reasons([])

    def show_facts(self, facts: TakeFacts, keys: Mapping[str, str] | None = None) -> None:
        """Show a take's figures; `keys` are the game's in words, where it has other ones than Minecraft."""
        task = [("Task", facts.task)] if facts.task else []
        self._facts.show_rows([*task, *facts_in_rows(facts, keys)])

    def show_reasons(self, reasons: Sequence[Reason]) -> None:
        """Show how the take stands in each respect."""
        empty(self._rows)
        self._looked.setVisible(bool(reasons))
        by_id = {reason["id"]: reason for reason in reasons}
        for name in [*(one for one in TITLES if one in by_id), *(one for one in by_id if one not in TITLES)]:
            reason = by_id[name]
            word, sign, token = STATES[reason["state"]]
            picture = Sign(sign, token)
            title = words(TITLES.get(name, name), colour="text_secondary")
            state = words(word, "small", weight=500, colour=token)
            line = row(picture, title, 1, state)
            for label in (title, state):
                label.setToolTip(reason["words"])
            title.setAccessibleName(f"{TITLES.get(name, name)}: {word}. {reason['words']}")
            self._rows.addLayout(line)
