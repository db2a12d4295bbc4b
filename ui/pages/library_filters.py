"""The Library's filters: words, source, health and tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.library_model import Query
from ui.widgets.cards import row
from ui.widgets.fields import SearchField, Select
from ui.widgets.recording_words import HEALTH_TITLES, SOURCE_CHIPS
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source

_SEARCH_PAUSE_MS = 120
_TRASH = "trash"  # among the healths, which are others


class LibraryFilters(QWidget):
    """A row of filters.

    Signals:
        changed: A person chose others, or typed and rests.

    Attributes:
        search: The field for words.
        health: Which health; the trash is among them.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = SearchField("Search names, people, tags", "Search recordings", key="/")
        self.search.setFixedWidth(268)
        self._source, self.health = Select("Filter by source"), Select("Filter by health")
        self._tags = Select("Filter by tag")
        self._source.addItem("Any source", None)
        for source in Source:
            self._source.addItem(SOURCE_CHIPS[source].word, source)
        self.health.addItem("Any health", None)
        for health in Health:
            self.health.addItem(HEALTH_TITLES[health], health)
        self.health.insertSeparator(self.health.count())
        self.health.addItem("In the trash", _TRASH)
        self._tags.addItem("Any tag", None)
        self._boxes = (self._source, self.health, self._tags)
        for box in self._boxes:
            box.setMinimumWidth(118)
            box.activated.connect(lambda _index: self.changed.emit())
        self.setLayout(row(self.search, *self._boxes))
        self._pause = QTimer(self, singleShot=True, interval=_SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _text: self._pause.start())

    def applied_to(self, query: Query) -> Query:
        """`query` with what is chosen here."""
        health = self.health.currentData()
        return replace(
            query,
            search=self.search.text().strip(),
            source=self._source.currentData(),
            health=None if health == _TRASH else health,
            tag=self._tags.currentData(),
            removed=health == _TRASH,
        )

    def clear(self) -> None:
        """Choose nothing, without telling."""
        self.search.clear()
        for box in self._boxes:
            box.setCurrentIndex(0)

    def show_health(self, health: Health) -> None:
        """Choose a health, without telling."""
        self.health.setCurrentIndex(self.health.findData(health))

    def show_tags(self, tags: Mapping[str, int]) -> None:
        """Offer the tags in use, with their counts; the chosen one stays."""
        chosen = self._tags.currentData()
        self._tags.clear()
        self._tags.addItem("Any tag", None)
        for tag, count in tags.items():
            self._tags.addItem(f"{tag} ({count})", tag)
        self._tags.setCurrentIndex(max(0, self._tags.findData(chosen)))

    def focus_search(self) -> None:
        """Let the person type, in the place of what stands there."""
        self.search.setFocus()
        self.search.selectAll()
