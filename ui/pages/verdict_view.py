"""A take before it is decided about: its pictures, where in it something is wrong, and what mends that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.look import look
from ui.pages.verdict_part import VerdictPart
from ui.play_words import clock
from ui.playback import TICK_RATE
from ui.verdict_words import (
    HEALTH,
    STATES,
    TITLES,
    Reason,
    in_one_sentence,
    mend_button,
    needs_a_word,
    places_in_words,
    verdict_lanes,
)
from ui.widgets.buttons import button
from ui.widgets.cards import column, row
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.game_view import GameView
from ui.widgets.labels import eliding, words
from ui.widgets.overlay_keyboard import TickShown
from ui.widgets.timeline import Timeline

_LAYERS = {"keyboard", "vector", "screen", "legend"}
#: Of the height, what reasons may take before they scroll.
_REASONS_SHARE = 0.36
#: What covers so much of a take is everywhere in it.
_WHOLE = 0.95


class VerdictView(QWidget):
    """Picture, timeline, reasons.

    Signals:
        sought: The person wants to see this tick.
        film_wanted: The filmstrip needs the pictures of these ticks.
        mend_wanted: The person wants a reason mended; carries its mend.
        check_wanted: The person wants the take looked at, for it was not.
    """

    sought = Signal(int)
    film_wanted = Signal(object)
    mend_wanted = Signal(object)
    check_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self._name = eliding("", "heading", weight=600)
        self._length, self._health = ChipLabel(), ChipLabel()
        top = row(self._name, self._length, self._health)
        top.setStretch(0, 1)
        layout.addLayout(top)
        self.picture = GameView()
        self.picture.layers = set(_LAYERS)
        self.picture.setMinimumSize(320, 180)
        self.picture.setAccessibleName("A picture of the take")
        layout.addWidget(self.picture, 1)
        self.timeline = Timeline()
        self.timeline.sought.connect(self.seek)
        self.timeline.film_wanted.connect(self.film_wanted)
        layout.addWidget(self.timeline)
        self.part = VerdictPart(self.timeline)
        self.part.cut_wanted.connect(self.mend_wanted)
        layout.addWidget(self.part)
        self._reasons = _Reasons()
        layout.addWidget(self._reasons)
        self._reasons_shown: Sequence[Reason] = ()
        self._marks: Sequence[int] = ()
        self._buttons: list[QPushButton] = []
        self._ticks = 0

    def begin(self, name: str, ticks: int) -> None:
        """Show a take of which nothing is known yet but its length."""
        self._name.setText(name)
        self._ticks = ticks
        self._length.show_chip(Chip(clock(ticks / TICK_RATE), "clock", "info"))
        self.picture.clear()
        self.picture.label(None)
        self.timeline.show_lanes([], 0)  # the film of another take is forgotten
        self._reasons_shown, self._marks = (), ()
        self._show_lanes()
        self.part.begin(ticks)
        self._show_checking()
        self.seek(ticks // 2)

    def show_verdict(self, verdict: Mapping[str, Any]) -> None:
        """Show what the check found."""
        reasons: Sequence[Reason] = verdict["reasons"]
        self._ticks = max(self._ticks, int(verdict["ticks"]))
        self._health.show_chip(Chip(*HEALTH[verdict["health"]]))
        self._reasons_shown = reasons
        self._show_lanes()
        self._buttons.clear()
        rows = [self._row(reason) for reason in needs_a_word(reasons)]
        self._reasons.show_rows(in_one_sentence(reasons), rows)

    def show_noted(self, marks: Sequence[int], caps: Mapping[str, str] | None) -> None:
        """Show the ticks that were marked, and call the keys as the game does (see :func:`caps_of`)."""
        self._marks = marks
        self.picture.label(caps)
        self._show_lanes()

    def seek_mark(self, direction: int) -> bool:
        """Go to the next mark after this tick (1), or the last one before it (-1); False where is none."""
        tick = self.timeline.tick
        found = [mark for mark in self._marks if (mark - tick) * direction > 0]
        if found:
            self.seek(min(found, key=lambda mark: abs(mark - tick)))
        return bool(found)

    def show_failure(self, told: str) -> None:
        """The check itself failed, or was broken off."""
        self._health.show_chip(Chip("Not checked", "circle-dashed"))
        self._buttons.clear()
        again = button("Check again", self._check_again, icon_name="arrow-clockwise", small=True)
        again.setAccessibleDescription("Looks at every picture, and at every action")
        self._buttons.append(again)
        self._reasons.show_rows(told, [(QWidget(), QWidget(), QWidget(), again)])

    def show_busy(self, told: str) -> None:
        """Say what is being done about the take; "" when that is over. No mend can be begun meanwhile."""
        self.part.show_busy(bool(told))
        for made in self._buttons:
            made.setEnabled(not told)
            made.setToolTip(told or made.accessibleDescription())
        if told:
            self._health.show_chip(Chip(told, "circle-dashed"))

    def show_picture(self, tick: int, image: QImage | None, shown: TickShown | None) -> None:
        """Show the picture of a tick, and what was done in it; a message where it has none."""
        self.picture.show_picture(tick, self._ticks, image, "" if image else "This frame is damaged")
        if shown is not None:
            self.picture.show_actions(shown)

    def show_film(self, pictures: Mapping[int, QImage]) -> None:
        """Pictures of the filmstrip have come."""
        for tick, image in pictures.items():
            self.timeline.show_film(tick, QPixmap.fromImage(image))

    def seek(self, tick: int) -> None:
        """Go to a tick."""
        self.timeline.show_tick(tick)
        self.sought.emit(tick)

    def _show_lanes(self) -> None:
        self.timeline.show_lanes(verdict_lanes(self._reasons_shown, self._marks), self._ticks)

    def _check_again(self) -> None:
        self._show_checking()
        self.check_wanted.emit()

    def _show_checking(self) -> None:
        self._health.show_chip(Chip("Checking", "circle-dashed"))
        self._buttons.clear()
        self._reasons.show_rows("Every picture is looked at, and every action.", [])

    def _row(self, reason: Reason) -> tuple[QWidget, ...]:
        """Sign, words and buttons of a reason."""
        title = TITLES.get(reason["id"], str(reason["id"]))
        chip = ChipLabel(Chip(*STATES[reason["state"]]))
        said = column(words(reason["words"], weight=500, wrap=True), spacing=2)
        if reason["why"]:
            said.addWidget(words(reason["why"], colour="text_secondary", wrap=True))
        told = QWidget()
        told.setLayout(said)
        said.setContentsMargins(0, 0, 0, 0)
        place, mend = QWidget(), QWidget()
        covered = sum(stop - start for start, stop in reason["spans"])
        if 0 < covered < _WHOLE * self._ticks:
            start = int(reason["spans"][0][0])
            place = button(places_in_words(reason), lambda: self.seek(start), kind="link", small=True)
            place.setToolTip("Show it")
        if reason["mend"] is not None:
            mend = self._mend_button(title, reason["mend"])
        return chip, told, place, mend

    def _mend_button(self, title: str, mend: Mapping[str, Any]) -> QPushButton:
        text, icon_name, told = mend_button(mend, self._ticks)
        made = button(text, lambda: self.mend_wanted.emit(mend), icon_name=icon_name, small=True)
        made.setToolTip(told)
        made.setAccessibleName(f"{title}: {text}")
        made.setAccessibleDescription(told)
        self._buttons.append(made)
        return made


class _Reasons(QScrollArea):
    """A sentence and the reasons in rows; as high as they are where that leaves the picture its room."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("What is wrong with the take")

    def show_rows(self, told: str, rows: Sequence[tuple[QWidget, ...]]) -> None:
        """Show others."""
        inner = QFrame()
        inner.setProperty("role", "card")
        grid = QGridLayout(inner)
        grid.setContentsMargins(14, 10, 14, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(look().pixels(8))
        grid.setColumnStretch(1, 1)
        grid.addWidget(words(told, weight=600, wrap=True), 0, 0, 1, 4)
        for number, parts in enumerate(rows, 1):
            for place, part in enumerate(parts):
                grid.addWidget(
                    part, number, place, Qt.AlignmentFlag.AlignTop if place != 1 else Qt.AlignmentFlag(0)
                )
        self.setWidget(inner)
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        inner, above = self.widget(), self.parentWidget()
        if inner is None or above is None:
            return QSize(400, 60)
        width = self.width()
        wanted = inner.heightForWidth(width) if inner.hasHeightForWidth() else inner.sizeHint().height()
        return QSize(width, min(wanted, round(above.height() * _REASONS_SHARE)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)
