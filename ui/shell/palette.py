"""Ctrl+K: every page, command, recent project and recording, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.icons import paint_icon
from ui.look import look
from ui.widgets.fields import SearchField
from ui.widgets.labels import words

WIDTH, ROW, ROWS = 620, 38, 9
_WORD_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Entry:
    """One line of the palette.

    Attributes:
        title: What it is or does.
        kind: ``Page``, ``Recording`` … or the group of a command.
        icon: Phosphor name.
        run: Does it.
        key: Its key, if it has one.
        why_not: Why it cannot be done now; empty while it can.
    """

    title: str
    kind: str
    icon: str
    run: Callable[[], object]
    key: str = ""
    why_not: str = ""


class _Entries(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def show_entries(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role == _WORD_ROLE:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{entry.title}, {entry.kind}"
        return None


class _EntryDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802, ARG002
        return QSize(0, look().pixels(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry: Entry = index.data(_WORD_ROLE)
        area = QRectF(option.rect)
        tokens = look().tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QColor(tokens.accent))
            painter.setBrush(QColor(tokens.selected))
            painter.drawRoundedRect(area.adjusted(2.5, 1.5, -2.5, -1.5), 6, 6)
        can = not entry.why_not
        paint_icon(
            painter,
            QRectF(area.left() + 12, area.center().y() - 8, 16, 16),
            entry.icon or "caret-right",
            "text_secondary" if can else "text_disabled",
        )
        painter.setFont(look().font("body", 500))
        painter.setPen(QColor(tokens.text if can else tokens.text_disabled))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        room = area.adjusted(40, 0, -200, 0)
        title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, flags, title)
        painter.setFont(look().font("small"))
        painter.setPen(QColor(tokens.text_secondary))
        right = entry.why_not or (f"{entry.kind}   {entry.key}" if entry.key else entry.kind)
        painter.drawText(
            area.adjusted(0, 0, -14, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right
        )
        painter.restore()


class Palette(QFrame):
    """A popup with one field and what was found."""

    def __init__(self, find: Callable[[str], list[Entry]], parent: QWidget) -> None:
        """`find` gives the entries for the words typed so far, best first."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAccessibleName("Search or run any command")
        self._find = find
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        self.field = SearchField("Search or run any command", "Search or run any command")
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        self._model = _Entries()
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_EntryDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("Found")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = words("Nothing is called so.", colour="text_secondary")
        self.list.clicked.connect(lambda index: self._run(index.row()))
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._nothing)

    def open_over(self, window: QWidget) -> None:
        """Show it in the upper middle of `window`."""
        self.setFixedWidth(WIDTH)
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - WIDTH) // 2, corner.y() + 80)
        self.field.clear()
        self.search("")
        self.show()
        self.field.setFocus()

    def search(self, text: str) -> None:
        """Show what `text` finds."""
        self._show(self._find(text), 0)

    def add(self, text: str, entries: list[Entry]) -> None:
        """Add what was found later, if `text` is still what is asked."""
        if self.field.text() == text and entries:
            chosen = self.list.currentIndex().row()
            self._show([*self._model.entries, *entries], max(chosen, 0))

    def _show(self, entries: list[Entry], chosen: int) -> None:
        self._model.show_entries(entries)
        self._select(chosen)
        self.list.setFixedHeight(look().pixels(ROW) * min(len(entries), ROWS))
        self.list.setVisible(bool(entries))
        self._nothing.setVisible(not entries)
        self.adjustSize()

    @property
    def entries(self) -> list[Entry]:
        """What is listed."""
        return self._model.entries

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Arrows walk the list while one types, Enter runs."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            at, last = self.list.currentIndex().row(), len(self._model.entries) - 1
            match event.key():
                case Qt.Key.Key_Down:
                    self._select(min(at + 1, last))
                case Qt.Key.Key_Up:
                    self._select(max(at - 1, 0))
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._run(at)
                case _:
                    return super().eventFilter(watched, event)
            return True
        return super().eventFilter(watched, event)

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self._model.index(row, 0))

    def _run(self, row: int) -> None:
        if 0 <= row < len(self._model.entries) and not self._model.entries[row].why_not:
            self.close()
            self._model.entries[row].run()
