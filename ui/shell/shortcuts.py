"""Binds the keys of the registry to the window, for the page that is shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QWidget,
)

from ui.notices import Notices
from ui.user_actions import UserAction, UserActions

#: Keys with which widgets are worked; they belong to the widget that has the focus before any shortcut.
_BUTTON_KEYS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_WALKING_KEYS = {
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
}


class Shortcuts(QObject):
    """One shortcut per key of every action that can act now.

    Text fields get their letters first by Qt's own rule; here buttons get Space and Enter, and lists,
    sliders and selects the keys that walk them.
    """

    def __init__(self, actions: UserActions, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self._actions, self._notices, self._window = actions, notices, window
        self._page = ""
        self._bound: list[QShortcut] = []
        actions.on_change(self._bind)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def show_page(self, page: str) -> None:
        """Bind the keys that act on `page`."""
        self._page = page
        self._bind()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the focused widget have the keys it is worked with."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            focus = QApplication.focusWidget()
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if focus is not None and plain and self._works_with(focus, event.key()):
                event.accept()
                return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _works_with(focus: QWidget, key: int) -> bool:
        if isinstance(focus, QAbstractButton):
            return key in _BUTTON_KEYS
        if isinstance(focus, QComboBox | QAbstractSlider):
            return key in _BUTTON_KEYS | _WALKING_KEYS
        if isinstance(focus, QAbstractItemView):
            return key in _WALKING_KEYS
        return False

    def _bind(self) -> None:
        for shortcut in self._bound:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._bound = []
        for action in self._actions.on_page(self._page):
            for key in action.keys:
                shortcut = QShortcut(QKeySequence(key), self._window)
                shortcut.setAutoRepeat(not action.in_menu)
                shortcut.activated.connect(lambda action=action: self.run(action))
                self._bound.append(shortcut)

    def run(self, action: UserAction) -> None:
        """Do it, or tell why it cannot be done now."""
        why_not = action.why_not()
        if why_not:
            self._notices.tell(why_not)
        else:
            action.run()
