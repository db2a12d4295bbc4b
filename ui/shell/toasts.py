"""Notices as they come (at the lower right, never in the way) and all of them (behind the bell)."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.icons import icon
from ui.notices import Notice, Notices
from ui.widgets.buttons import button, icon_button
from ui.widgets.cards import empty, line, row
from ui.widgets.labels import words

_SECONDS = 6
_AT_MOST = 3
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
        sign = QLabel()
        sign.setPixmap(
            icon(SEVERITY_ICONS[notice.severity], notice.severity).pixmap(
                QSize(18, 18), self.devicePixelRatioF()
            )
        )
        text = words(notice.text, wrap=True)
        self.closer = icon_button("x", "Close this notice", small=True)
        self.closer.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        top = row(sign, text, self.closer)
        top.setStretch(1, 1)
        top.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
        top.setAlignment(self.closer, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(top)
        acts = []
        if notice.run is not None:
            self.act = button(notice.action, kind="link")
            acts.append(self.act)
        if notice.details:
            acts.append(
                button(
                    "Copy details", lambda: QGuiApplication.clipboard().setText(notice.details), kind="link"
                )
            )
        if acts:
            for act in acts:
                act.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            layout.addLayout(row(1, *acts))


class Toasts(QWidget):
    """Shows up to three notices over the window's lower right corner; it never takes the focus."""

    def __init__(self, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._shown: list[_Toast] = []
        notices.on_notice(self._add)
        self.hide()

    def place(self) -> None:
        """Stand at the corner again, after the window or the notices changed size."""
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
            run = notice.run
            toast.act.clicked.connect(lambda: self._remove(toast))
            toast.act.clicked.connect(lambda: run())
        self._shown.append(toast)
        self._layout.addWidget(toast)
        while len(self._shown) > _AT_MOST:
            passing = [old for old in self._shown if old.notice.severity != "danger"]
            self._remove((passing or self._shown)[0])
        if notice.severity != "danger":
            QTimer.singleShot(_SECONDS * 1000, toast, lambda: self._remove(toast))
        self.show()
        toast.show()
        self.place()

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
            self._layout.addWidget(line())
        self._layout.addStretch(1)
        self.move(place.x() - self.width(), place.y() + 6)
        self.show()
