"""Ending a run without saving: asked at its button first, because work is lost by it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.widgets.buttons import button
from ui.widgets.cards import row
from ui.widgets.labels import words

_WIDTH = 340


class EndQuestion(QFrame):
    """A popover below the button that asked for it.

    Signals:
        decided: The run is to be ended at once.
    """

    decided = Signal()

    def __init__(self, step: int, asker: QWidget) -> None:
        super().__init__(asker, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("End without saving")
        self.setFixedWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(words("End without saving", "heading", weight=600))
        layout.addWidget(
            words(
                f"The run is at step {step:,} and saves at the end of the step it is at."
                " Ended now, it loses all it has learned since its last checkpoint.",
                colour="text_secondary",
                wrap=True,
            )
        )
        self.stay = button("Let it save", self.close)
        self.end = button("End without saving", self._end)
        layout.addLayout(row(1, self.end, self.stay))

    def open_below(self, asker: QWidget) -> None:
        """Show the question below `asker`, its right edge at the asker's; Enter lets the run save."""
        self.adjustSize()
        corner = asker.mapToGlobal(QPoint(asker.width() - self.width(), asker.height() + 6))
        self.move(corner)
        self.show()
        self.stay.setFocus()

    def _end(self) -> None:
        self.close()
        self.decided.emit()
