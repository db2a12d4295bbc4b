"""Recordings as tiles: the same model as the table's, shown as pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.look import look
from ui.widgets.chips import paint_chip
from ui.widgets.labels import NAME_DOTS
from ui.widgets.paged_table import ROW_ROLE, AnyIndex, PagedModel, draw_words
from ui.widgets.recording_words import health_chip, length_in_words
from ui.widgets.thumbnails import Thumbnails, paint_picture

_WIDTH, _PICTURE, _HEIGHT = 204, 108, 168


class TileView(QListView):
    """Tiles in rows."""

    def __init__(self, model: PagedModel[Any], thumbnails: Thumbnails, folder: Callable[[], Path]) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Recordings as tiles")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSpacing(4)
        self.setItemDelegate(_TileDelegate(self, thumbnails, folder))


class _TileDelegate(QStyledItemDelegate):
    def __init__(self, view: QListView, thumbnails: Thumbnails, folder: Callable[[], Path]) -> None:
        super().__init__(view)
        self._view, self._thumbnails, self._folder = view, thumbnails, folder

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802, ARG002
        return QSize(_WIDTH, _HEIGHT + look().pixels(20) - 20)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        item = index.data(ROW_ROLE)
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(look().tokens.accent), 1))
            painter.setBrush(QColor(look().tokens.selected))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)
        if item is not None:
            picture = self._thumbnails.at_hand(item.id, self._folder())
            if picture is None:
                self._thumbnails.bring(
                    item.id, self._folder(), lambda _picture: self._view.viewport().update()
                )
            frame = QRectF(area.left() + 6, area.top() + 6, _WIDTH - 12, _PICTURE)
            paint_picture(painter, frame, picture)
            words = QRectF(frame.left(), frame.bottom() + 3, frame.width(), look().pixels(20))
            draw_words(painter, words, item.id, weight=600, dots=NAME_DOTS)
            paint_chip(painter, QPointF(frame.left(), words.bottom() + 2), health_chip(item))
            draw_words(
                painter,
                words.translated(0, look().pixels(20) + 3),
                length_in_words(item.duration_ticks),
                colour="text_secondary",
                side=Qt.AlignmentFlag.AlignRight,
            )
        painter.restore()
