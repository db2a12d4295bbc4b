"""The first two steps of Record: what to do, and where."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from recorder.tasks import TASKS, PlayTask
from ui.icons import icon
from ui.look import look
from ui.widgets.buttons import button, icon_button
from ui.widgets.cards import Card, column, row
from ui.widgets.labels import words
from ui.widgets.modes import Modes

_ICONS = {
    "free-play": "person-simple-walk",
    "gather-wood": "tree",
    "stone-pickaxe": "wrench",
    "simple-house": "house-line",
    "find-diamonds": "diamond",
}
_COLUMNS = 2
#: In words of ours, for the presets' own names.
PRESETS = (
    ("survival", "Survival", "The game's own times and quantities: it is a long way to the first diamond."),
    ("brisk", "Brisk", "The same rules on a smaller island: ores near the grass, fast digging and smelting."),
)


class TaskChoice(QWidget):
    """Cards of tasks.

    Signals:
        chosen: The task that was chosen.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(words("What will you do?", "title", weight=600))
        layout.addWidget(
            words(
                "The prompt is kept with the take, so that models can learn what was meant.",
                colour="text_secondary",
                wrap=True,
            )
        )
        grid = QGridLayout()
        grid.setSpacing(12)
        self._cards: dict[str, QPushButton] = {}
        for place, task in enumerate(TASKS):
            card = _task_card(task, self.chosen.emit)
            self._cards[task.id] = card
            grid.addWidget(card, place // _COLUMNS, place % _COLUMNS)
        for number in range(_COLUMNS):
            grid.setColumnStretch(number, 1)
        layout.addLayout(grid)
        layout.addStretch(1)

    def show_task(self, task: PlayTask) -> None:
        """Mark a task as the chosen one."""
        # No group of buttons: in one an arrow key would choose, and choosing leads on to the next step.
        for name, card in self._cards.items():
            card.setChecked(name == task.id)


def _task_card(task: PlayTask, chosen: Callable[[PlayTask], object]) -> QPushButton:
    card = QPushButton()
    card.setProperty("kind", "choice")
    card.setCheckable(True)
    card.setCursor(Qt.CursorShape.PointingHandCursor)
    limit = "no limit" if task.minutes is None else f"{task.minutes} min"
    card.setAccessibleName(f"{task.title}, {limit}. {task.prompt}")
    card.setFixedHeight(look().pixels(122))
    sign = words("")
    sign.setPixmap(icon(_ICONS[task.id], "accent_text").pixmap(24, 24))
    inside = QVBoxLayout(card)
    inside.setContentsMargins(14, 12, 14, 12)
    inside.setSpacing(6)
    inside.addLayout(
        row(
            sign,
            words(task.title, "heading", weight=600),
            1,
            words(limit, weight=500, colour="text_secondary"),
            spacing=10,
        )
    )
    inside.addWidget(words(task.prompt, colour="text_secondary", wrap=True))
    inside.addStretch(1)
    for child in card.findChildren(QWidget):
        child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    card.clicked.connect(lambda _checked=False: chosen(task))
    return card


class WorldChoice(QWidget):
    """The built-in world: its preset and seed.

    Signals:
        entered: The person wants into the world of this preset and seed.
    """

    entered = Signal(str, object)

    def __init__(self, another_seed: Callable[[], int]) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(words("Where will you play?", "title", weight=600))
        card = Card("Built-in world", spacing=12)
        sign = words("")
        sign.setPixmap(icon("cube", "accent_text").pixmap(24, 24))
        card.heading_row.insertWidget(0, sign)
        card.content.addWidget(
            words(
                "An island of blocks, played in this window. Nothing has to be installed.",
                colour="text_secondary",
                wrap=True,
            )
        )
        self._preset = Modes([(key, title) for key, title, _ in PRESETS], "Kind of world")
        self._preset.chosen.connect(self._on_preset)
        self._purpose = words("", colour="text_secondary", wrap=True)
        kind = column(words("Kind of world", weight=500), self._preset, self._purpose, spacing=6)
        card.content.addLayout(kind)
        self._seed = QLineEdit()
        self._seed.setAccessibleName("Seed of the world")
        self._seed.setFixedWidth(look().pixels(200))
        self._seed.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{1,18}"), self))
        self._seed.textChanged.connect(lambda _text: self._show_can_enter())
        self._seed.returnPressed.connect(self._enter)
        dice = icon_button("dice-five", "Another world", lambda: self._seed.setText(str(another_seed())))
        seed = column(words("Seed", weight=500), spacing=6)
        seed.addLayout(row(self._seed, dice, 1))
        same = words("The same seed is the same island, for everybody.", "small", colour="text_hint")
        seed.addWidget(same)
        card.content.addLayout(seed)
        self.enter = button("Enter the world", self._enter, kind="primary", icon_name="play")
        card.content.addLayout(row(self.enter, 1))
        layout.addWidget(card)
        layout.addStretch(1)

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
