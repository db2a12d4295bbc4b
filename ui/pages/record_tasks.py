"""The step Task of Record: cards of a task list, other lists, and what is so where there is none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from recorder.tasks import FREE_PLAY, PlayTask
from ui.look import look
from ui.pages.page import Switched, waiting
from ui.studio import Studio
from ui.task_lists import OfferedTasks, offered_tasks
from ui.widgets.asking import ask_files
from ui.widgets.buttons import button
from ui.widgets.cards import Card, empty, row
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Select
from ui.widgets.labels import breakable, words
from ui.widgets.sign import Sign
from vpt_studio.words import sentence

#: Signs for tasks that come with the studio; others have the plain one.
_ICONS = {
    "free-play": "person-simple-walk",
    "gather-wood": "tree",
    "stone-pickaxe": "wrench",
    "simple-house": "house-line",
    "find-diamonds": "diamond",
    "early-game": "tree",
    "house-from-scratch": "house-line",
    "house-from-materials": "wall",
    "diamond-pickaxe": "diamond",
}
_PLAIN_ICON = "clipboard-text"
_COLUMNS = 2


class TaskChoice(QWidget):
    """Cards of tasks.

    Attributes:
        offered: What is shown; None before the first list was read.

    Signals:
        chosen: The task that was chosen.
        proposed: The task to begin with: that which was shown is not in this list.
    """

    chosen = Signal(object)
    proposed = Signal(object)

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self.offered: OfferedTasks | None = None
        self._shown: PlayTask | None = None
        self._cards: dict[str, QPushButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(12)
        self._lists = Select("Task list")
        self._lists.setMinimumWidth(look().pixels(220))
        self._lists.setSizeAdjustPolicy(Select.SizeAdjustPolicy.AdjustToContents)
        self._lists.activated.connect(self._on_list)
        opener = button("Open a task list…", self._ask_for_file, icon_name="folder-open")
        layout.addLayout(row(words("What will you do?", "title", weight=600), 1, self._lists, opener))
        layout.addWidget(
            words(
                "The prompt is kept with the take, so that models can learn what was meant.",
                colour="text_secondary",
                wrap=True,
            )
        )
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._grid.setContentsMargins(0, 0, 4, 0)
        for number in range(_COLUMNS):
            self._grid.setColumnStretch(number, 1)
        inside = QWidget()
        inside.setProperty("ground", "clear")
        under = QVBoxLayout(inside)
        under.setContentsMargins(0, 0, 0, 0)
        under.addLayout(self._grid)
        under.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        self._contents = Switched()
        self._waiting = self._contents.add(waiting("Reading the task list"))
        self._contents.add(self._scroll)
        self._none = self._contents.add(
            EmptyState(
                "clipboard-text",
                "No task list. Play freely or open one.",
                ("Play freely", lambda: self.chosen.emit(FREE_PLAY)),
                ("Open a task list…", self._ask_for_file),
            )
        )
        self._trouble = self._contents.add(self._made_trouble())
        layout.addWidget(self._contents, 1)

    def read(self) -> None:
        """Read the list that the settings name, off the GUI thread, and show it."""
        name = self._studio.session.settings.current.recording.task_list
        self._studio.background.run(
            lambda _task: offered_tasks(name), self.show_tasks, lane="task lists", newest="tasks"
        )

    def use_list(self, name: str) -> None:
        """Offer the tasks of this list, or of this file, from now on; "" for none."""
        self._studio.session.settings.change("recording", task_list=name)
        self.read()

    def show_tasks(self, offered: OfferedTasks) -> None:
        """Show this list, and which others there are."""
        if offered == self.offered:
            return
        self.offered = offered
        self._lists.clear()
        for name, title in offered.known:
            self._lists.addItem(title, name)
        self._lists.addItem("No list", "")
        self._lists.setCurrentIndex(self._lists.findData(offered.name))
        empty(self._grid)
        self._cards = {}
        if offered.trouble is not None:
            error = offered.trouble
            what = sentence(error.what)
            self._what.setText(breakable(f"{what}\nIn {error.where}" if error.where else what))
            self._mend.setText(sentence(error.mend) if error.mend else "")
            self._mend.setVisible(bool(error.mend))
            self._contents.show_content(self._trouble)
        elif offered.tasks is None:
            self._contents.show_content(self._none)
        else:
            for place, task in enumerate(offered.tasks.tasks):
                card = self._cards[task.id] = _task_card(task, self.chosen.emit)
                self._grid.addWidget(card, place // _COLUMNS, place % _COLUMNS)
            self._mark()
            self._contents.show_content(self._scroll)
        tasks = (FREE_PLAY,) if offered.tasks is None else offered.tasks.tasks
        if self._shown not in tasks:
            self.proposed.emit(tasks[0])

    def show_task(self, task: PlayTask) -> None:
        """Mark a task as the chosen one."""
        self._shown = task
        self._mark()

    def trouble_shown(self) -> str:
        """Why the list cannot be used, as it is shown; "" where it can."""
        return self._what.text() if self.offered is not None and self.offered.trouble is not None else ""

    def _mark(self) -> None:
        # No group of buttons: in one an arrow key would choose, and choosing leads on to the next step.
        for name, card in self._cards.items():
            card.setChecked(self._shown is not None and name == self._shown.id)

    def _made_trouble(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        card = Card("This task list cannot be used", spacing=10)
        card.heading_row.insertWidget(0, Sign("warning-circle", "danger", 20))
        self._what = words("", wrap=True)
        self._mend = words("", colour="text_secondary", wrap=True)
        card.content.addWidget(self._what)
        card.content.addWidget(self._mend)
        again = button("Read it again", self.read, kind="primary", icon_name="arrow-clockwise")
        freely = button("Play freely", lambda: self.chosen.emit(FREE_PLAY))
        card.content.addLayout(row(again, freely, 1))
        layout.addWidget(card)
        layout.addStretch(1)
        return holder

    def _ask_for_file(self) -> None:
        kinds = "Task lists (*.yaml *.yml);;All files (*)"
        ask_files(self.window(), "Open a task list", kinds, lambda files: self.use_list(str(files[0])))

    def _on_list(self, _place: int) -> None:
        self.use_list(self._lists.currentData())


def limit_in_words(task: PlayTask) -> str:
    """How long the task may take."""
    return "no limit" if task.minutes is None else f"{task.minutes} min"


def _task_card(task: PlayTask, chosen: Callable[[PlayTask], object]) -> QPushButton:
    card = _Card(task)
    sign = Sign(_ICONS.get(task.id, _PLAIN_ICON), "accent_text", 24)
    inside = QVBoxLayout(card)
    inside.setContentsMargins(14, 12, 14, 12)
    inside.setSpacing(6)
    title = words(task.title, "heading", weight=600, wrap=True)
    limit = words(limit_in_words(task), weight=500, colour="text_secondary")
    across = row(sign, title, limit, spacing=10)
    across.setStretch(1, 1)
    inside.addLayout(across)
    inside.addWidget(words(task.prompt, colour="text_secondary", wrap=True))
    inside.addStretch(1)
    for child in card.findChildren(QWidget):
        child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    card.clicked.connect(lambda _checked=False: chosen(task))
    return card


class _Card(QPushButton):
    """A button as high as the words on it."""

    def __init__(self, task: PlayTask) -> None:
        super().__init__()
        self.setProperty("kind", "choice")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{task.title}, {limit_in_words(task)}. {task.prompt}")
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(policy.Policy.MinimumExpanding)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        layout = self.layout()
        return max(look().pixels(96), layout.heightForWidth(width) if layout is not None else 0)
