"""What a person agrees to before their play is recorded, asked in the window, once per version."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from recorder.consent import VERSION
from ui.consent_words import consent_lines
from ui.widgets.buttons import button
from ui.widgets.cards import Card, row
from ui.widgets.labels import words
from ui.widgets.sign import Sign


class ConsentPanel(QWidget):
    """The words, with a way to agree and one to go back.

    Signals:
        answered: Whether the person agreed.
    """

    answered = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(12)
        self._title = words("", "title", weight=600)
        layout.addWidget(self._title)
        card = Card("What is recorded, and what never is", spacing=8)
        card.heading_row.insertWidget(0, Sign("shield-check", "accent_text", 24))
        for sentence in consent_lines():
            card.content.addWidget(words(sentence, wrap=True))
        card.content.addWidget(
            words(
                f"Version {VERSION} of these words; each take keeps them. They stand in Settings, Privacy.",
                "small",
                colour="text_hint",
                wrap=True,
            )
        )
        self.agree = button("I agree", lambda: self.answered.emit(True), kind="primary", icon_name="check")
        refuse = button("Not now", lambda: self.answered.emit(False))
        card.content.addLayout(row(self.agree, refuse, 1))
        layout.addWidget(card)
        layout.addStretch(1)

    def ask(self, agreed_before: int) -> None:
        """Ask; `agreed_before` is the version that was agreed to earlier, 0 for none."""
        self._title.setText(
            "The words about recording have changed" if agreed_before else "Before the first recording"
        )
        self.agree.setFocus()
