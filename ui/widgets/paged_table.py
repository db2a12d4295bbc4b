"""The table pattern: a model that fetches its rows a page at a time, off the GUI thread, and one delegate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui.look import give_text, look

RowT = TypeVar("RowT")
AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Column(Generic[RowT]):
    """A column of a table.

    Attributes:
        title: In the header.
        width: In pixels; 0 takes what is left.
        words: What a cell says; it is drawn unless `paint` is given, and read to screen readers always.
        paint: Draws the cell into an area.
        order: What the project orders rows by for this column; empty if it cannot be sorted.
        right: Aligned to the right.
    """

    title: str
    width: int
    words: Callable[[RowT], str]
    paint: Callable[[QPainter, QRectF, RowT], None] | None = None
    order: str = ""
    right: bool = False


class PagedModel(QAbstractTableModel, Generic[RowT]):
    """Rows of which only the pages that are looked at are fetched."""

    def __init__(self, columns: Sequence[Column[RowT]], page_rows: int, fetch: Callable[[int], None]) -> None:
        """`fetch` is asked for a page by number, and answers by calling :meth:`add_page` later."""
        super().__init__()
        self.columns = columns
        self._page_rows = page_rows
        self._fetch = fetch
        self._count = 0
        self._pages: dict[int, list[RowT]] = {}
        self._asked: set[int] = set()

    def show_rows(self, count: int, first: list[RowT]) -> None:
        """Begin anew: `count` rows, of which the first page is here."""
        self.beginResetModel()
        self._count, self._pages, self._asked = count, {0: first}, {0}
        self.endResetModel()

    def add_page(self, number: int, rows: list[RowT]) -> None:
        """A page has come."""
        self._pages[number] = rows
        start = number * self._page_rows
        last = min(self._count, start + len(rows)) - 1
        if last >= start:
            self.dataChanged.emit(self.index(start, 0), self.index(last, len(self.columns) - 1))

    def row_at(self, row: int) -> RowT | None:
        """A row; None while its page is on its way."""
        number, place = divmod(row, self._page_rows)
        page = self._pages.get(number)
        if page is None:
            if number not in self._asked and 0 <= row < self._count:
                self._asked.add(number)
                self._fetch(number)
            return None
        return page[place] if place < len(page) else None

    def known_rows(self) -> list[tuple[int, RowT]]:
        """All rows that are here, with their places."""
        return [
            (number * self._page_rows + place, row)
            for number, page in sorted(self._pages.items())
            for place, row in enumerate(page)
        ]

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008
        """All rows, fetched or not."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008
        """All columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words of a cell, or its row."""
        if role not in (ROW_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.row_at(index.row())
        if role == ROW_ROLE:
            return row
        return "…" if row is None else self.columns[index.column()].words(row)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class CellDelegate(QStyledItemDelegate):
    """Paints all cells: ground of the selection, then the column's own painting or its words."""

    def __init__(self, columns: Sequence[Column[Any]], row_height: int, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._columns, self._row_height = columns, row_height

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802, ARG002
        """All rows have one height."""
        return QSize(80, look().pixels(self._row_height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one cell."""
        area = QRectF(option.rect)
        column = self._columns[index.column()]
        row = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, area, option, index)
        inner = area.adjusted(10, 0, -10, 0)
        if row is None:
            painter.setPen(look().colour("text_hint"))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, "…")
        elif column.paint is not None:
            painter.setClipRect(area)
            column.paint(painter, inner, row)
        else:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            draw_words(painter, inner, column.words(row), side=side)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, area: QRectF, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        tokens = look().tokens
        state: QStyle.StateFlag = option.state
        first, last = index.column() == 0, index.column() == len(self._columns) - 1
        body = area.adjusted(3 if first else -8, 1.5, -3 if last else 8, -1.5)
        painter.setClipRect(area)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QColor(tokens.accent))
            painter.setBrush(QColor(tokens.selected))
            painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        else:
            if state & QStyle.StateFlag.State_MouseOver:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(tokens.hover))
                painter.drawRoundedRect(body, 6, 6)
            painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), QColor(tokens.line))


def _stretches(places: Sequence[int]) -> list[tuple[int, int]]:
    """Rising places as stretches without a gap: first and last of each."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place == found[-1][1] + 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def draw_words(
    painter: QPainter,
    area: QRectF,
    text: str,
    *,
    colour: str = "text",
    weight: int = 400,
    small: bool = False,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    dots: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One line of words in a cell, with dots where there is no room."""
    painter.setFont(look().font("small" if small else "body", weight))
    painter.setPen(look().colour(colour))
    shown = painter.fontMetrics().elidedText(text, dots, int(area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | side, shown)


class PagedTable(QTableView):
    """A table over a :class:`PagedModel`, rows of equal height, one selection of whole rows."""

    def __init__(self, model: PagedModel[Any], row_height: int, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self._model = model
        self._columns = model.columns
        self.setAccessibleName(name)
        self.setItemDelegate(CellDelegate(model.columns, row_height, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # so scrolling moves pixels
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(20)
        rows.setDefaultSectionSize(look().pixels(row_height))
        header = self.horizontalHeader()
        give_text(header, "small", 600)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        header.setSectionsClickable(any(column.order for column in model.columns))
        for number, column in enumerate(model.columns):
            if column.width:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(number, look().pixels(column.width))
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        self._row_height = row_height
        look().changed.connect(self._fit_rows)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the ground, which Qt leaves to an opaque widget, then the cells."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), look().colour("card"))
        painter.end()
        super().paintEvent(event)

    def paint_again(self, fits: Callable[[Any], bool], column: int) -> None:
        """Paint a column's cell of the visible rows that `fits` says yes to; other rows stay as they are."""
        rows = range(max(0, self.rowAt(0)), self._model.rowCount())
        for place in rows:
            index = self._model.index(place, column)
            area = self.visualRect(index)
            if area.top() > self.viewport().height():
                return
            row = self._model.row_at(place)
            if row is not None and fits(row):
                self.viewport().update(area)

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(look().pixels(self._row_height))

    def select_rows(self, places: Sequence[int]) -> None:
        """Select these rows instead of others, and make the first of them the current one."""
        chosen, last = QItemSelection(), self._model.columnCount() - 1
        for start, stop in _stretches(sorted(places)):
            chosen.select(self._model.index(start, 0), self._model.index(stop, last))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(chosen, flags.ClearAndSelect)
        if places:
            self.selectionModel().setCurrentIndex(self._model.index(min(places), 0), flags.NoUpdate)

    def selected_rows(self) -> list[int]:
        """Places of the selected rows, from the top."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())
