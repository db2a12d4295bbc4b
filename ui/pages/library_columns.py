"""The columns of the Library's table: what they say of a recording, and how they draw it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from ui.widgets.chips import HEIGHT, paint_chip
from ui.widgets.labels import NAME_DOTS
from ui.widgets.paged_table import Column, draw_words
from ui.widgets.recording_words import SOURCE_CHIPS, day_in_words, health_chip, length_in_words
from ui.widgets.thumbnails import Thumbnails, paint_picture
from vpt_studio.project.recording_row import RecordingRow


def library_columns(
    thumbnails: Thumbnails, folder: Callable[[], Path], paint_again: Callable[[str], None]
) -> list[Column[RecordingRow]]:
    """The columns; `paint_again` is called for a recording of the project in `folder` whose picture came."""

    def paint_name(painter: QPainter, area: QRectF, item: RecordingRow) -> None:
        picture = thumbnails.at_hand(item.id, folder())
        if picture is None:
            thumbnails.bring(item.id, folder(), lambda _picture: paint_again(item.id))
        paint_picture(painter, QRectF(area.left(), area.center().y() - 20, 72, 40), picture, 4)
        _paint_words(painter, area.adjusted(84, 0, 0, 0), item.id, item.person or item.version)

    return [
        Column("Recording", 0, lambda item: item.id, paint_name, "id"),
        Column("Source", 96, lambda item: SOURCE_CHIPS[item.source].word, _paint_source, "source"),
        Column("Health", 150, lambda item: health_chip(item).word, _paint_health, "health"),
        Column("Length", 76, _length, None, "duration_ticks", True),
        Column("Tag", 110, lambda item: ", ".join(item.tags), _paint_tags),
        Column("When", 104, _day, _paint_when, "imported_at", True),
    ]  # fmt: skip


def _paint_words(painter: QPainter, area: QRectF, name: str, below: str) -> None:
    if not below:
        draw_words(painter, area, name, weight=600, dots=NAME_DOTS)
        return
    half = area.height() / 2
    draw_words(painter, area.adjusted(0, 8, 0, 3 - half), name, weight=600, dots=NAME_DOTS)
    draw_words(painter, area.adjusted(0, half - 1, 0, -8), below, colour="text_secondary", small=True)


def _paint_source(painter: QPainter, area: QRectF, item: RecordingRow) -> None:
    paint_chip(painter, QPointF(area.left(), area.center().y() - HEIGHT / 2), SOURCE_CHIPS[item.source])


def _paint_health(painter: QPainter, area: QRectF, item: RecordingRow) -> None:
    paint_chip(painter, QPointF(area.left(), area.center().y() - HEIGHT / 2), health_chip(item))


def _paint_tags(painter: QPainter, area: QRectF, item: RecordingRow) -> None:
    draw_words(painter, area, ", ".join(item.tags), colour="text_secondary")


def _length(item: RecordingRow) -> str:
    return length_in_words(item.duration_ticks)


def _day(item: RecordingRow) -> str:
    return day_in_words(item.imported_at)


def _paint_when(painter: QPainter, area: QRectF, item: RecordingRow) -> None:
    draw_words(painter, area, _day(item), colour="text_secondary", side=Qt.AlignmentFlag.AlignRight)
