"""The ``?`` sheet: the keys of the page that is shown, then those that act everywhere."""

from __future__ import annotations

import re
from collections import defaultdict

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from ui.user_actions import UserAction, UserActions
from ui.widgets.cards import empty
from ui.widgets.labels import words


def key_in_words(key: str) -> str:
    """A key sequence as people of this system read it."""
    written = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return re.sub(r"(?<=.)\+(?=.)", " ", written)


class KeySheet(QFrame):
    """A popup in two columns."""

    def __init__(self, actions: UserActions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAccessibleName("Keys of this page")
        self._actions = actions
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(20, 16, 20, 18)

    def open_over(self, window: QWidget, page: str, title: str) -> None:
        """Show the keys of `page`, called `title`, in the middle of `window`."""
        empty(self._outer)
        self._outer.addWidget(words(f"Keys on {title}", "title", weight=600))
        groups: dict[str, list[UserAction]] = defaultdict(list)
        for action in self._actions.on_page(page):
            if action.keys:
                groups[action.group].append(action)
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(4)
        places = [0, 0]
        for group, members in groups.items():
            column = 0 if places[0] <= places[1] else 1
            grid.addWidget(words(group, weight=600, colour="text_hint"), places[column], column * 2, 1, 2)
            places[column] += 1
            for action in members:
                keys = "  or  ".join(key_in_words(key) for key in action.keys)
                grid.addWidget(words(action.title), places[column], column * 2)
                key = words(keys, "small", weight=600, colour="text_secondary")
                key.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(key, places[column], column * 2 + 1)
                places[column] += 1
            grid.setRowMinimumHeight(places[column], 8)
            places[column] += 1
        self._outer.addLayout(grid)
        self._outer.addWidget(
            words("Any of them can be changed in Settings, Keys.", "small", colour="text_hint")
        )
        self.adjustSize()
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(
            corner.x() + max(0, (window.width() - self.width()) // 2),
            corner.y() + max(0, (window.height() - self.height()) // 2),
        )
        self.show()
