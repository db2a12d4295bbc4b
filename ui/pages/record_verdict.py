"""The last step of Record: what the take is like, before it is kept or discarded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recorder.take_facts import TakeFacts
from ui.play_words import clock, facts_in_rows, slipped_in_words
from ui.widgets.cards import Card, empty, row
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.game_view import GameView
from ui.widgets.key_facts import FactRows
from ui.widgets.labels import eliding, words
from ui.widgets.thumbnails import PictureTile

PICTURES = 6
#: Below this share of ticks with any input a take teaches little.
LITTLE_USE = 0.3
_HEALTH = {
    "healthy": Chip("Healthy", "check-circle", "ok"),
    "flawed": Chip("Flawed", "warning", "warn"),
    "broken": Chip("Broken", "warning-circle", "danger"),
}


class VerdictView(QWidget):
    """A take: its pictures, its figures, and what the check says."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self._picture = GameView()
        self._picture.layers = set()
        self._picture.setAccessibleName("A picture of the take")
        layout.addWidget(self._picture, 1)
        self._film = QHBoxLayout()
        self._film.setSpacing(8)
        layout.addLayout(self._film)
        self._summary = Card(spacing=8)
        self._name = eliding("", "heading", weight=600)
        self._length, self._health, self._slipped, self._use = (ChipLabel() for _ in range(4))
        chips = row(self._length, self._health, self._slipped, self._use, 1)
        self._summary.content.addWidget(self._name)
        self._summary.content.addLayout(chips)
        self._why = words("", colour="text_secondary", wrap=True)
        self._summary.content.addWidget(self._why)
        layout.addWidget(self._summary)
        self._tiles: list[PictureTile] = []
        self._images: dict[int, QImage] = {}

    def begin(self, name: str) -> None:
        """Show a take of which nothing is known yet."""
        self._name.setText(name)
        self._length.show_chip(Chip(""))
        self._slipped.show_chip(Chip(""))
        self._use.show_chip(Chip(""))
        self._health.show_chip(Chip("Checking", "circle-dashed"))
        self._why.setText("Every picture is decoded once to see that nothing is missing.")
        self._picture.clear()
        empty(self._film)

    def show_facts(self, facts: TakeFacts) -> None:
        """Show its figures."""
        self._length.show_chip(Chip(clock(facts.ticks / 20), "clock", "info"))
        if facts.slipped is not None:
            self._slipped.show_chip(
                Chip(slipped_in_words(facts.slipped), "warning", "warn")
                if facts.slipped
                else Chip("No tick slipped", "check-circle", "ok")
            )
        little = facts.active < LITTLE_USE
        good, poor = (
            Chip("Input throughout", "check-circle", "ok"),
            Chip("Hardly any input", "warning", "warn"),
        )
        self._use.show_chip(poor if little else good)

    def show_check(self, verdict: Mapping[str, Any]) -> None:
        """Show what validation found."""
        chip = _HEALTH[verdict["health"]]
        self._health.show_chip(Chip(verdict["reason"] or chip.word, chip.icon, chip.token))
        problems = [f"{one['what']}. {one['mend']}." for one in verdict["problems"][:3]]
        self._why.setText(
            "\n".join(text[:1].upper() + text[1:] for text in problems)
            or "Every picture can be decoded and has its action."
        )

    def show_check_failure(self, words: str) -> None:
        """The check itself failed."""
        self._health.show_chip(Chip("Not checked", "circle-dashed"))
        self._why.setText(words)

    def show_film(self, pictures: Mapping[int, QImage]) -> None:
        """Show some of its pictures, by tick; a click shows one of them large."""
        empty(self._film)
        self._images = dict(pictures)
        for tick in sorted(pictures):
            length = clock(tick / 20)
            tile = PictureTile(f"tick {tick:,}", length)
            tile.setAccessibleName(f"Picture at {length}")
            tile.setToolTip(f"Picture at {length}")
            tile.show_picture(QPixmap.fromImage(pictures[tick]))
            tile.clicked.connect(lambda _checked=False, tick=tick: self._enlarge(tick))
            self._film.addWidget(tile, 1)
        if pictures:
            self._enlarge(sorted(pictures)[len(pictures) // 2])

    def _enlarge(self, tick: int) -> None:
        self._picture.show_picture(tick, tick, self._images[tick])


class VerdictSide(QWidget):
    """The figures, for the right side."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        card = Card("This take")
        self._rows = FactRows()
        card.content.addWidget(self._rows)
        layout.addWidget(card)
        what = Card("What happens next", spacing=6)
        for text in (
            "Keep brings it into the Library as a recording of yours.",
            "Discard puts it away; for a week it can be taken back.",
        ):
            what.content.addWidget(words(text, colour="text_secondary", wrap=True))
        layout.addWidget(what)
        layout.addStretch(1)

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these figures."""
        self._rows.show_rows(rows)

    def show_facts(self, facts: TakeFacts) -> None:
        """Show a take's figures."""
        task = [("Task", facts.task)] if facts.task else []
        self.show_rows([*task, *facts_in_rows(facts)])
