"""The first choice of the step Window: the built-in world, its kind and its seed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit

from ui.look import look
from ui.widgets.buttons import button, icon_button
from ui.widgets.cards import Card
from ui.widgets.labels import words
from ui.widgets.modes import Modes
from ui.widgets.sign import Sign

#: In words of ours, for the presets' own names.
PRESETS = (
    ("survival", "Survival", "The game's own times and quantities: it is a long way to the first diamond."),
    ("brisk", "Brisk", "The same rules on a smaller island: ores near the grass, fast digging and smelting."),
)


class WorldCard(Card):
    """The built-in world: its preset and seed.

    Signals:
        entered: The person wants into the world of this preset and seed.
    """

    entered = Signal(str, object)

    def __init__(self, another_seed: Callable[[], int]) -> None:
        super().__init__("Built-in world", spacing=10)
        self.heading_row.insertWidget(0, Sign("cube", "accent_text", 24))
        self.content.addWidget(
            words(
                "An island of blocks, played in this window. Nothing has to be installed.",
                colour="text_secondary",
                wrap=True,
            )
        )
        self._preset = Modes([(key, title) for key, title, _ in PRESETS], "Kind of world")
        self._preset.chosen.connect(self._on_preset)
        self._seed = QLineEdit()
        self._seed.setAccessibleName("Seed of the world")
        self._seed.setFixedWidth(look().pixels(150))
        self._seed.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{1,18}"), self))
        self._seed.setToolTip("The same seed is the same island, for everybody")
        self._seed.textChanged.connect(lambda _text: self._show_can_enter())
        self._seed.returnPressed.connect(self._enter)
        dice = icon_button("dice-five", "Another world", lambda: self._seed.setText(str(another_seed())))
        self.enter = button("Enter the world", self._enter, kind="primary", icon_name="play")
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(words("Kind of world", weight=500), 0, 0)
        grid.addWidget(words("Seed", weight=500), 0, 2)
        grid.addWidget(self._preset, 1, 0)
        grid.setColumnMinimumWidth(1, 12)
        for place, part in enumerate((self._seed, dice), start=2):
            grid.addWidget(part, 1, place)
        grid.setColumnStretch(4, 1)
        grid.addWidget(self.enter, 1, 5)
        self.content.addLayout(grid)
        self._purpose = words("", "small", colour="text_hint", wrap=True)
        self.content.addWidget(self._purpose)

    def show_world(self, preset: str, seed: int) -> None:
        """Offer this world."""
        self._preset.show_mode(preset)
        self._on_preset(preset)
        self._seed.setText(str(seed))

    def _on_preset(self, preset: str) -> None:
        self._purpose.setText(next(purpose for key, _, purpose in PRESETS if key == preset))

    def _show_can_enter(self) -> None:
        self.enter.setEnabled(bool(self._seed.text()))
        self.enter.setToolTip("" if self._seed.text() else "A seed is a whole number")

    def _enter(self) -> None:
        if self._seed.text():
            self.entered.emit(self._preset.current, int(self._seed.text()))
