"""The step Play of Record for a game on the desktop: how its recording goes, for whoever comes back here."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.desktop_session import DesktopSession
from ui.play_words import closed_in_words, recorded_clock, status_in_words
from ui.widgets.buttons import button
from ui.widgets.cards import Card, row
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.key_hints import KeyHints
from ui.widgets.labels import eliding, words

_MORE = {"stop": "stop and save", "mark": "mark this moment", "cut": "delete the last 2 minutes"}


class DesktopPlay(QWidget):
    """What is recorded, for how long, and what can be done about it."""

    def __init__(self, session: DesktopSession) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(12)
        self._title = eliding("", "title", weight=600)
        layout.addWidget(self._title)
        card = Card(spacing=12)
        self._state = ChipLabel()
        self._clock = words("", "figure", weight=600)
        card.content.addLayout(row(self._clock, self._state, 1, spacing=12))
        self._facts = words("", colour="text_secondary")
        card.content.addWidget(self._facts)
        self._why = words("", wrap=True)
        card.content.addWidget(self._why)
        self._cover = words("What lies over the game is in the pictures.", colour="warn", wrap=True)
        card.content.addWidget(self._cover)
        self._cut = button("Delete the last 2 minutes", lambda: session.do("cut"), icon_name="eraser")
        self._mark = button("Mark this moment", lambda: session.do("mark"), icon_name="bookmark-simple")
        card.content.addLayout(row(self._cut, self._mark, 1))
        layout.addWidget(card)
        more = Card("While you play", spacing=8)
        more.content.addWidget(
            words(
                "Go to the game; this window stays out of the way. Only while the game is in front is it"
                " recorded. A beep tells that it began, ended, was marked or cut, where the system has one.",
                colour="text_secondary",
                wrap=True,
            )
        )
        self._keys = KeyHints()
        more.content.addWidget(self._keys)
        layout.addWidget(more)
        layout.addStretch(1)

    def begin(self, title: str, hotkeys: Mapping[str, str]) -> None:
        """Show the recording of this window; `hotkeys` by what they do."""
        self._title.setText(f"Recording {title}")
        self._keys.show_hints([(hotkeys[what], told) for what, told in _MORE.items() if what in hotkeys])

    def show_session(self, session: DesktopSession) -> None:
        """Show how it goes."""
        closed = str(session.status.get("closed", ""))
        ticks = int(session.status.get("ticks", 0))
        chip, why = Chip("Recording", "record-fill", "danger"), ""
        match session.stage:
            case "starting":
                chip, why = Chip("Starting", "circle-dashed"), "Getting ready. Go to the game."
            case "countdown":
                chip = Chip(f"Begins in {session.left}", "timer", "info")
                why = "Go to the game."
            case "saving":
                chip, why = Chip("Saving", "circle-dashed"), "The take is brought into its files."
            case _ if closed:
                chip, why = Chip("Not recorded now", "pause-circle", "warn"), f"{closed_in_words(closed)}."
        self._state.show_chip(chip)
        self._clock.setText(recorded_clock(ticks))
        self._facts.setText(status_in_words(session.status))
        self._facts.setVisible(bool(self._facts.text()))
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self._cover.setVisible(session.ignores_cover)
        for act in (self._cut, self._mark):
            act.setEnabled(session.stage == "recording")
