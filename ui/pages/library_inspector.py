"""The Library's inspector: one recording at a glance, or several summed up."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import paint_icon
from ui.lanes import BUTTON_WORDS, TickColumns, held_buttons, more_keys, recording_lanes
from ui.library_model import facts_of, verdict_in_words
from ui.look import look
from ui.recording_columns import read_columns
from ui.studio import Studio
from ui.widgets.buttons import KeyButton, button, icon_button
from ui.widgets.cards import empty, line, row
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.labels import NAME_DOTS, breakable, eliding, words
from ui.widgets.recording_words import SOURCE_CHIPS, health_chip, total_in_words
from ui.widgets.thumbnails import Thumbnails, paint_picture
from ui.widgets.timeline import Timeline
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.health import Health

_LANES_IN_STRIP = 3


class _Picture(QWidget):
    """The recording's picture, 16:9, with a sign that it can be played."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._picture: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_picture(self, picture: QPixmap | None) -> None:
        self._picture = picture
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return width * 9 // 16

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(288, 162)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        paint_picture(painter, area, self._picture, 8)
        if self._picture is not None:
            circle = QRectF(0, 0, 48, 48)
            circle.moveCenter(area.center())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(Qt.GlobalColor.black)
            painter.setOpacity(0.6)
            painter.drawEllipse(circle)
            painter.setOpacity(1)
            paint_icon(painter, circle.adjusted(15, 15, -13, -15), "play-fill", "on_accent")
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002
        self.pressed.emit()


class RecordingInspector(QFrame):
    """Describes what is selected.

    Signals:
        open_wanted: The recording is to be opened.
        export_wanted: The selected recordings are to be exported.
        trash_wanted: They are to be moved to the trash.
        repair_wanted: A repaired copy of this recording is wanted.
    """

    open_wanted = Signal()
    export_wanted = Signal(str)
    trash_wanted = Signal(str)
    repair_wanted = Signal(str)

    def __init__(self, studio: Studio, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName("The selected recording")
        self._studio, self._thumbnails = studio, thumbnails
        self._shown = ""
        self._strips: dict[tuple[Path, str], TickColumns] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 12, 8, 12)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("ground", "clear")
        scroll.setWidget(inside)
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(0, 0, 6, 0)
        self._layout.setSpacing(8)
        self._fill(self._layout)
        outer.addWidget(scroll, 1)
        outer.addLayout(self._buttons())
        self.show_recordings([])

    def _fill(self, layout: QVBoxLayout) -> None:
        self._picture = _Picture()
        self._picture.pressed.connect(self.open_wanted)
        self._name = eliding("", "heading", weight=600, mode=NAME_DOTS)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self._verdict = words("", colour="text_secondary", wrap=True)
        self._repair = button("Repair copy", lambda: self.repair_wanted.emit(self._shown), small=True)
        self._strip = Timeline(ruler=False, labels=112, interactive=False)
        self._strip.setAccessibleName("Activity")
        self._more = words("", "small", colour="text_hint", wrap=True)
        self._facts = QGridLayout()
        self._facts.setVerticalSpacing(5)
        self._facts.setColumnStretch(1, 1)
        for part in (self._picture, self._name):
            layout.addWidget(part)
        layout.addLayout(self._chips)
        layout.addWidget(self._verdict)
        layout.addWidget(self._repair)
        self._line = line()
        layout.addWidget(self._line)
        layout.addWidget(self._strip)
        layout.addWidget(self._more)
        self._strip_line = line()
        layout.addWidget(self._strip_line)
        layout.addLayout(self._facts)
        layout.addStretch(1)

    def _buttons(self) -> QHBoxLayout:
        self._open = KeyButton("Open", "Enter", icon_name="play", kind="primary")
        self._open.clicked.connect(self.open_wanted)
        self._export = button("Export", lambda: self.export_wanted.emit(self._shown), icon_name="export")
        self._trash = icon_button(
            "trash", "Move to the trash (Del)", lambda: self.trash_wanted.emit(self._shown)
        )
        made = row(self._open, self._export, self._trash)
        made.setStretch(0, 1)
        return made

    def show_recordings(self, rows: list[RecordingRow], count: int = 0) -> None:
        """Describe the selected recordings; `count` of them are selected, of which `rows` are at hand."""
        for part in (self._open, self._export, self._trash):
            part.setEnabled(bool(rows))
        self._open.setEnabled(len(rows) == 1)
        if len(rows) == 1 and count <= 1:
            self._show_one(rows[0])
        else:
            self._show_many(rows, max(count, len(rows)))

    def _show_one(self, item: RecordingRow) -> None:
        project = self._studio.session.project
        assert project is not None
        self._shown = item.id
        self._picture.setVisible(True)
        self._picture.show_picture(None)
        self._thumbnails.bring(item.id, project.folder, lambda picture: self._show_picture(item.id, picture))
        self._name.setText(item.id)
        source = SOURCE_CHIPS[item.source]
        self._show_chips(
            [
                Chip(source.word, source.icon, "text_secondary", mark=source.mark),
                health_chip(item),
            ]  # tags: below
        )
        self._verdict.setText(breakable(verdict_in_words(item)))
        self._repair.setVisible(item.health in (Health.FLAWED, Health.BROKEN))
        self._show_facts(facts_of(item, project.folder))
        self._hide_strip()
        if item.actions is not None:
            self._bring_strip(item.id, project.folder)

    def _show_many(self, rows: list[RecordingRow], count: int) -> None:
        self._shown = ""
        self._picture.setVisible(False)
        self._hide_strip()
        self._repair.setVisible(False)
        self._show_chips([])
        if not rows:
            self._name.setText("Nothing selected")
            self._verdict.setText("Select a recording to see what is in it.")
            self._show_facts([])
            return
        self._name.setText(f"{count:,} recordings")
        if len(rows) < count:
            self._verdict.setText("Too many to sum up. What is done with them is done with all.")
            self._show_facts([])
            return
        self._verdict.setText("")
        with_actions = sum(item.actions is not None for item in rows)
        broken = sum(item.health is Health.BROKEN for item in rows)
        facts = [
            ("Length", total_in_words(sum(item.duration_ticks for item in rows))),
            ("With actions", f"{with_actions} of {len(rows)}"),
            ("Broken", str(broken)),
            ("Sources", ", ".join(sorted({SOURCE_CHIPS[item.source].word for item in rows}))),
        ]
        self._show_facts(facts)

    def _show_picture(self, recording: str, picture: QPixmap) -> None:
        if recording == self._shown:
            self._picture.show_picture(picture)

    def _show_chips(self, chips: list[Chip]) -> None:
        empty(self._chips)
        for chip in chips:
            self._chips.addWidget(ChipLabel(chip))
        self._chips.addStretch(1)

    def _show_facts(self, facts: list[tuple[str, str]]) -> None:
        empty(self._facts)
        for place, (title, text) in enumerate(facts):
            self._facts.addWidget(words(title, colour="text_secondary"), place, 0)
            value = eliding(text, weight=500, mode=Qt.TextElideMode.ElideMiddle)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value.setMinimumHeight(look().pixels(18))
            self._facts.addWidget(value, place, 1)

    def _bring_strip(self, recording: str, folder: Path) -> None:
        columns = self._strips.get((folder, recording))
        if columns is not None:
            self._show_strip(recording, folder, columns)
            return
        self._studio.background.run(
            lambda _task: read_columns(folder, recording),
            lambda found: self._show_strip(recording, folder, found),
            failed=lambda _error: None,  # the verdict above says what is wrong with its files
            lane="activity",
            newest="activity",
        )

    def _show_strip(self, recording: str, folder: Path, columns: TickColumns) -> None:
        self._strips = {**dict(list(self._strips.items())[-20:]), (folder, recording): columns}
        project = self._studio.session.project
        if recording == self._shown and project is not None and project.folder == folder:
            held = held_buttons(columns)
            self._strip.show_lanes(recording_lanes(columns, held[:_LANES_IN_STRIP]), len(columns))
            self._strip.setVisible(True)
            others = [BUTTON_WORDS[name][0] for name in held[_LANES_IN_STRIP:]]
            self._more.setText(f"{more_keys(len(others))}: {', '.join(others)}")
            self._more.setVisible(bool(others))
            self._strip_line.setVisible(True)

    def _hide_strip(self) -> None:
        self._strip.setVisible(False)
        self._more.setVisible(False)
        self._strip_line.setVisible(False)
