"""A row of choices of which one is on, as for speeds, tabs and views."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QToolButton

from ui.look import give_text


class Modes(QFrame):
    """Choices side by side.

    Signals:
        chosen: A person chose the mode with this key.
    """

    chosen = Signal(str)

    def __init__(self, modes: Sequence[tuple[str, str]], name: str, *, height: int = 24) -> None:
        """`modes` are pairs of key and words; `name` is what a screen reader calls the row."""
        super().__init__()
        self.setProperty("role", "modes")
        self.setAccessibleName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        self.setFixedHeight(height + 8)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout.setSpacing(2)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        for key, text in modes:
            made = QToolButton()
            made.setText(text)
            give_text(made, "body", 500)
            made.setProperty("mode", "true")
            made.setCheckable(True)
            made.setFixedHeight(height + 2)
            made.setAccessibleName(f"{name}: {text}")
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(made)
            self._buttons[key] = made
            layout.addWidget(made)

    @property
    def current(self) -> str:
        """The key of the mode that is on."""
        return next((key for key, made in self._buttons.items() if made.isChecked()), "")

    def show_mode(self, key: str) -> None:
        """Switch to a mode without telling."""
        self._buttons[key].setChecked(True)
