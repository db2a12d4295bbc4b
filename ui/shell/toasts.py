"""Notices as they come (at the lower right, never in the way) and all of them (behind the bell)."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.icons import icon
from ui.look import look
from ui.notices import Notice, Notices
from ui.widgets.buttons import button, icon_button
from ui.widgets.cards import empty, line, row
from ui.widgets.labels import words

_SECONDS = 6
_AT_MOST = 3
_SLIDE_MS, _SLIDE_PIXELS = 120, 12
_WIDTH = 400
SEVERITY_ICONS = {"ok": "check-circle", "info": "info", "warn": "warning", "danger": "warning-circle"}


class _Toast(QFrame):
    """One notice."""

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self.notice = notice
        self.setProperty("role", "notice")
        self.setAccessibleName(notice.text)
        self.setFixedWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 8, 10)
        text = words(notice.text, wrap=True)
        self.closer = icon_button("x", "Close this notice", small=True)
        sign = QLabel()
        sign.setPixmap(
            icon(SEVERITY_ICONS[notice.severity], notice.severity).pixmap(
                QSize(18, 18), self.devicePixelRatioF()
            )
        )
        # All three are centred on one line of text, and the sign stays there beside several.
        sign.setFixedHeight(self.closer.sizeHint().height())
        self.closer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        top = row(sign, text, self.closer)
        top.setStretch(1, 1)
        top.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
        top.setAlignment(self.closer, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(top)
        self.acts = _buttons(notice)
        if self.acts:
            for act in self.acts:
                act.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where it is
            layout.addLayout(row(1, *self.acts))

    @property
    def is_in_use(self) -> bool:
        """Whether someone has the focus in it, or the pointer on it."""
        focus = QApplication.focusWidget()
        return self.underMouse() or (focus is not None and self.isAncestorOf(focus))


def _buttons(notice: Notice) -> list[QPushButton]:
    """What can be done about a notice."""
    made = []
    if notice.run is not None:
        made.append(button(notice.action, notice.run, kind="link"))
    if notice.details:
        copy = lambda: QGuiApplication.clipboard().setText(notice.details)  # noqa: E731
        made.append(button("Copy details", copy, kind="link"))
    for act in made:
        act.setAccessibleDescription(notice.text)
    return made


class Toasts(QWidget):
    """Shows up to three notices over the window's lower right corner.

    It never takes the focus, but F6 and Tab go there; while someone is there, nothing goes by itself.
    """

    def __init__(self, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._shown: list[_Toast] = []
        self.seconds = _SECONDS
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutQuad)
        self.setAccessibleName("Notices")
        notices.on_notice(self._add)
        notices.on_over(self._remove_about)
        self.hide()

    def place(self) -> None:
        """Stand at the corner again, after the window or the notices changed size."""
        self._slide.stop()
        self.adjustSize()
        window = self._window
        self.move(window.width() - self.width() - 16, window.height() - self.height() - 40)
        self.raise_()

    @property
    def texts(self) -> list[str]:
        """What is shown now."""
        return [toast.notice.text for toast in self._shown]

    def _add(self, notice: Notice) -> None:
        toast = _Toast(notice)
        toast.closer.clicked.connect(lambda: self._remove(toast))
        if notice.run is not None:
            toast.acts[0].clicked.connect(lambda: self._remove(toast))
        self._shown.append(toast)
        self._layout.addWidget(toast)
        while len(self._shown) > _AT_MOST:
            passing = [old for old in self._shown if old.notice.severity != "danger"]
            self._remove((passing or self._shown)[0])
        if notice.severity != "danger":
            self._let_go_later(toast)
        self.show()
        toast.show()
        self.place()
        self._slide_in()

    def _slide_in(self) -> None:
        duration = look().milliseconds(_SLIDE_MS)
        if duration:
            self._slide.setDuration(duration)
            self._slide.setStartValue(self.pos() + QPoint(0, _SLIDE_PIXELS))
            self._slide.setEndValue(self.pos())
            self._slide.start()

    def _let_go_later(self, toast: _Toast) -> None:
        QTimer.singleShot(self.seconds * 1000, toast, lambda: self._let_go(toast))

    def _let_go(self, toast: _Toast) -> None:
        if toast.is_in_use:
            self._let_go_later(toast)
        else:
            self._remove(toast)

    def _remove_about(self, about: object) -> None:
        for toast in [shown for shown in self._shown if shown.notice.about is about]:
            self._remove(toast)

    def _remove(self, toast: _Toast) -> None:
        if toast not in self._shown:
            return
        self._shown.remove(toast)
        self._layout.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        self.setVisible(bool(self._shown))
        self.place()


class NoticeHistory(QFrame):
    """A popup with everything that was told, newest first."""

    def __init__(self, notices: Notices, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAccessibleName("What was told")
        self._notices = notices
        self.setFixedSize(440, 460)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 12, 6, 12)
        outer.addWidget(words("What was told", "heading", weight=600))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        inside = QWidget()
        inside.setProperty("ground", "clear")
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(0, 0, 8, 0)
        scroll.setWidget(inside)
        outer.addWidget(scroll, 1)

    def open_at(self, place: QPoint) -> None:
        """Show the history with its right upper corner at `place` (on the screen)."""
        empty(self._layout)
        if not self._notices.history:
            self._layout.addWidget(words("Nothing so far.", colour="text_secondary"))
        for notice in reversed(self._notices.history):
            sign = QLabel()
            sign.setPixmap(icon(SEVERITY_ICONS[notice.severity], notice.severity).pixmap(QSize(16, 16)))
            text = words(notice.text, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            when = words(f"{notice.at:%H:%M}", "small", colour="text_hint")
            parts = row(sign, text, when)
            parts.setStretch(1, 1)
            for part in (sign, when):
                parts.setAlignment(part, Qt.AlignmentFlag.AlignTop)
            self._layout.addLayout(parts)
            acts = _buttons(notice)
            for act in acts:
                act.clicked.connect(self.close)
            if acts:
                self._layout.addLayout(row(1, *acts))
            self._layout.addWidget(line())
        self._layout.addStretch(1)
        self.move(place.x() - self.width(), place.y() + 6)
        self.show()
