"""The recordings that were found, as a table or as tiles, with one selection for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QVBoxLayout

from ui.library_model import PAGE_ROWS, Listing, Query
from ui.pages.library_columns import library_columns
from ui.pages.page import Switched
from ui.widgets.paged_table import PagedModel, PagedTable
from ui.widgets.thumbnails import Thumbnails
from ui.widgets.tiles import TileView
from vpt_studio.project.recording_row import RecordingRow

ROW_HEIGHT = 54


class RecordingList(QFrame):
    """Table and tiles over the same rows.

    Signals:
        opened: A recording is to be opened.
        selection_changed: Others are selected, or the selected ones are others now.
        order_wanted: The rows are to be ordered by this; asked for again, the other way round.
        menu_wanted: What can be done is to be offered at this place of the screen.

    Attributes:
        table: The rows as a table.
        shown: The table or the tiles, whichever is seen.
    """

    opened = Signal()
    selection_changed = Signal()
    order_wanted = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(
        self, thumbnails: Thumbnails, folder: Callable[[], Path], fetch: Callable[[int], None]
    ) -> None:
        """`fetch` is asked for a page by number, and answers by calling :meth:`add_page` later."""
        super().__init__()
        self.setProperty("role", "card")
        columns = library_columns(thumbnails, folder, self._paint_again)
        self._model: PagedModel[RecordingRow] = PagedModel(columns, PAGE_ROWS, fetch)
        self._query: Query | None = None
        self.table = PagedTable(self._model, ROW_HEIGHT, "Recordings")
        self._tiles = TileView(self._model, thumbnails, folder)
        self.shown: QAbstractItemView = self.table
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 4, 3, 6)
        self._views = Switched()
        layout.addWidget(self._views)
        self._tiles.setSelectionModel(self.table.selectionModel())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.table.horizontalHeader().sectionClicked.connect(self._on_title)
        for view in (self.table, self._tiles):
            self._views.add(view)
            view.doubleClicked.connect(lambda _index: self.opened.emit())
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(partial(self._ask_for_menu, view))

    def show_view(self, view: str) -> None:
        """Show the ``list`` or the ``tiles``, and let it have the focus."""
        self.shown = self._tiles if view == "tiles" else self.table
        self._views.show_content(self.shown)
        self.shown.setFocus()

    def show_listing(self, listing: Listing, wanted: Sequence[str]) -> None:
        """Show an answer, and select those of the `wanted` recordings that it holds."""
        stays = listing.query == self._query and not wanted
        places, bar = self._places_to_select(listing, stays), self.table.verticalScrollBar()
        height, self._query = bar.value(), listing.query
        self._model.show_rows(listing.found, listing.first)
        self.table.select_rows(places)
        if stays:
            bar.setValue(height)
        self.selection_changed.emit()

    def add_page(self, number: int, rows: list[RecordingRow]) -> None:
        """A page has come."""
        self._model.add_page(number, rows)

    def clear(self) -> None:
        """Show nothing, until another answer comes."""
        self._query = None
        self._model.show_rows(0, [])

    def show_order(self, order: str, *, rising: bool) -> None:
        """Say at its title that the rows are ordered by this."""
        section = [column.order for column in self._model.columns].index(order)
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSortIndicator(
            section, Qt.SortOrder.AscendingOrder if rising else Qt.SortOrder.DescendingOrder
        )

    @property
    def has_selection(self) -> bool:
        """Whether any recording is selected."""
        return self.table.selectionModel().hasSelection()

    def places(self) -> list[int]:
        """The places of the selected recordings, from the top."""
        return self.table.selected_rows()

    def selected(self) -> list[RecordingRow]:
        """The selected recordings that are here."""
        rows = (self._model.row_at(place) for place in self.places())
        return [found for found in rows if found is not None]

    def _places_to_select(self, listing: Listing, stays: bool) -> list[int]:
        """Rows to select: the wanted ones, those selected before, or what took their place."""
        before = self.places()
        if stays and len(before) > 1 and len(before) == self._model.rowCount():
            return list(range(listing.found))
        if listing.places:
            return list(listing.places.values())
        return [min(before[0] if before else 0, listing.found - 1)] if listing.found else []

    def _paint_again(self, recording: str) -> None:
        self.table.paint_again(lambda item: item.id == recording, column=0)

    def _on_title(self, section: int) -> None:
        order = self._model.columns[section].order
        if order:
            self.order_wanted.emit(order)

    def _ask_for_menu(self, view: QAbstractItemView, place: QPoint) -> None:
        self.menu_wanted.emit(view.viewport().mapToGlobal(place))
