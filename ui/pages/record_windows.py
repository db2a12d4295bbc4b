"""The step Window of Record: the built-in world first, then the windows of the desktop as they are found."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.desktop_session import ChosenWindow
from ui.icons import paint_icon
from ui.look import look
from ui.pages.page import Switched, waiting
from ui.pages.record_world import WorldCard
from ui.theme import DARK
from ui.widgets.buttons import button
from ui.widgets.cards import Card, column, row
from ui.widgets.fields import Select
from ui.widgets.labels import breakable, eliding, words
from ui.widgets.sign import Sign
from vpt_studio.errors import StudioError
from vpt_studio.words import sentence

_THUMBNAIL = QSize(128, 72)
_NONE = "Hidden, no picture"
_WHY_NONE = (
    "The window is minimised, or other windows lie over it and this desktop does not tell what is beneath. "
    "It can be chosen all the same; bring it to the front to see it."
)
#: The profile of the world that is played in this window; no other window's.
_OWN_PROFILE = "built-in"


class WindowChoice(QWidget):
    """Where the person will play.

    Attributes:
        world: The built-in world's card.

    Signals:
        chosen: A window of the desktop, as a :class:`ChosenWindow`.
        again: Look at the desktop once more.
    """

    chosen = Signal(object)
    again = Signal()

    def __init__(self, another_seed: Callable[[], int]) -> None:
        super().__init__()
        self._profiles: dict[str, str] = {}
        self._rows: dict[int, WindowRow] = {}
        self.world = WorldCard(another_seed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(words("Where will you play?", "title", weight=600))
        layout.addWidget(self.world)
        self._count = words("", "small", colour="text_hint")
        layout.addLayout(row(words("Or a game on the desktop", "heading", weight=600), self._count, 1))
        inside = QWidget()
        inside.setProperty("ground", "clear")
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 4, 0)
        self._list.setSpacing(8)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self._contents = Switched()
        self._looking = self._contents.add(waiting("Looking for windows"))
        self._none = self._contents.add(
            waiting("There is no other window. Start the game; it appears here by itself.")
        )
        self._found = self._contents.add(scroll)
        self._trouble = self._contents.add(self._made_trouble())
        layout.addWidget(self._contents, 1)

    def know_profiles(self, profiles: Mapping[str, str]) -> None:
        """The game profiles there are: names and titles."""
        self._profiles = dict(profiles)
        for shown in self._rows.values():
            shown.know_profiles(self._profiles)

    def begin(self) -> None:
        """Nothing is known of the desktop yet."""
        self.show_windows([])
        self._contents.show_content(self._looking)

    def show_windows(self, windows: Sequence[Mapping[str, Any]]) -> None:
        """Show these rows, as the scout tells them; those that are shown stay where they are."""
        told = {int(window["window"]): window for window in windows}
        for number in [number for number in self._rows if number not in told]:
            gone = self._rows.pop(number)
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for number, window in told.items():
            if number not in self._rows:
                made = self._rows[number] = WindowRow(number, self._profiles)
                made.chosen.connect(self.chosen)
                self._list.insertWidget(self._list.count() - 1, made)
            self._rows[number].show_window(window)
        self._count.setText(f"{len(told)} windows" if len(told) > 1 else "1 window" if told else "")
        self._contents.show_content(self._found if told else self._none)

    def show_trouble(self, error: StudioError) -> None:
        """Say why the desktop cannot be looked at, and what to do."""
        self.show_windows([])
        where = f"\n{error.where}" if error.where else ""
        self._what.setText(breakable(sentence(error.what) + where))
        self._mend.setText(sentence(error.mend) if error.mend else "")
        self._mend.setVisible(bool(error.mend))
        self._contents.show_content(self._trouble)

    def row_of(self, window: int) -> WindowRow | None:
        """The row of a window; None for one that is not listed."""
        return self._rows.get(window)

    def trouble_shown(self) -> str:
        """Why the desktop cannot be looked at, as it is shown; "" where it can."""
        return self._what.text() if self._trouble.isVisible() else ""

    def _made_trouble(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        card = Card("The windows of this desktop cannot be recorded", spacing=10)
        card.heading_row.insertWidget(0, Sign("warning-circle", "danger", 20))
        self._what = words("", wrap=True)
        self._mend = words("", colour="text_secondary", wrap=True)
        card.content.addWidget(self._what)
        card.content.addWidget(self._mend)
        again = button("Test again", self.again.emit, kind="primary", icon_name="arrow-clockwise")
        card.content.addLayout(row(again, 1))
        card.content.addWidget(
            words(
                "The built-in world needs none of this: it is played in this window.",
                "small",
                colour="text_hint",
                wrap=True,
            )
        )
        layout.addWidget(card)
        layout.addStretch(1)
        return holder


class WindowRow(Card):
    """One window of the desktop.

    Signals:
        chosen: This window, with the profile that is selected.
    """

    chosen = Signal(object)

    def __init__(self, number: int, profiles: Mapping[str, str]) -> None:
        super().__init__(padding=10, spacing=0)
        self._number = number
        self._title = ""
        self._guess = ""
        self._is_changed = False
        self._thumbnail = _Thumbnail()
        self._name = eliding("", "heading", weight=600)
        self._facts = eliding("", colour="text_secondary")
        self._profile = Select("Game")
        self._profile.setToolTip("Which keys are recorded, and what they mean")
        self._profile.setMinimumWidth(look().pixels(170))
        self._profile.activated.connect(self._on_profile)
        self._select = button("Choose", self.choose, icon_name="arrow-right")
        across = row(self._thumbnail, spacing=12)
        across.addLayout(column(1, self._name, self._facts, 1, spacing=2), 1)
        across.addLayout(
            column(1, words("Keys of", "small", colour="text_hint"), self._profile, 1, spacing=2)
        )
        across.addWidget(self._select)
        self.content.addLayout(across)
        self.know_profiles(profiles)

    def know_profiles(self, profiles: Mapping[str, str]) -> None:
        """The game profiles there are."""
        chosen = self._profile.currentData() or self._guess
        self._profile.clear()
        for name, title in profiles.items():
            if name != _OWN_PROFILE or name == self._guess:
                self._profile.addItem(title, name)
        self._show_profile(chosen)

    def show_window(self, window: Mapping[str, Any]) -> None:
        """Show it as it is now."""
        title = window["title"] or "(no title)"
        if title != self._title:
            self._title = title
            self._name.setText(title)
            self.setAccessibleName(f"Window {title}")
            self._select.setAccessibleName(f"Choose {title}")
            self._profile.setAccessibleName(f"Game of {title}")
        width, height = window["size"]
        facts = f"{width} × {height}"
        facts = f"{window['program']} · {facts}" if window["program"] else facts
        if facts != self._facts.text():
            self._facts.setText(facts)
        if window["profile"] != self._guess:
            self._guess = window["profile"]
            if not self._is_changed:
                self._show_profile(self._guess)
        self._thumbnail.show_picture(window["thumbnail"])

    def _show_profile(self, name: str) -> None:
        place = self._profile.findData(name)
        self._profile.setCurrentIndex(place)

    def _on_profile(self, _place: int) -> None:
        self._is_changed = True

    def choose(self) -> None:
        """Choose this window, with the profile that is selected."""
        name = self._profile.currentData() or self._guess
        self.chosen.emit(ChosenWindow(self._number, self._title, name))


class _Thumbnail(QWidget):
    """A small picture of a window, whole; a sign until there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_THUMBNAIL)
        self._told: str | None = None
        self._picture = QPixmap()
        self._show_why()

    def show_picture(self, jpeg: str | None) -> None:
        """Show a JPEG in base64; None keeps the sign."""
        if jpeg == self._told:
            return
        self._told, self._picture = jpeg, QPixmap()
        if jpeg:
            self._picture.loadFromData(base64.b64decode(jpeg))
        self._show_why()
        self.update()

    def _show_why(self) -> None:
        self.setToolTip(_WHY_NONE if self._picture.isNull() else "")
        self.setAccessibleName(_NONE if self._picture.isNull() else "Picture of the window")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint the picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(area, 6, 6)
        painter.setClipPath(path)
        painter.fillRect(area, QColor(DARK.rail))
        if self._picture.isNull():
            side = QRectF(0, 0, 24, 24)
            side.moveCenter(area.center() - QPointF(0, 10))
            paint_icon(painter, side, "app-window", "text_secondary", tokens=DARK)
            painter.setFont(look().font("small", 500))
            painter.setPen(QColor(DARK.text_secondary))
            below = QRectF(0, side.bottom() + 2, area.width(), area.height() - side.bottom() - 2)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, _NONE)
        else:
            size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(area.center())
            painter.drawPixmap(place, self._picture, QRectF(self._picture.rect()))
        painter.end()
