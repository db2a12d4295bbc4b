"""Home: where this project stands, what was done last, and other projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from recorder.takes.waiting import Take
from ui.home_model import HomeFacts, look_at_project
from ui.icons import icon
from ui.look import look
from ui.pages import BY_ID
from ui.pages.page import Page, Switched
from ui.play_words import length_saved
from ui.sample_project import make_sample
from ui.session import RecentProject, without_project
from ui.settings import Role
from ui.studio import Studio
from ui.take_desk import TakeDesk
from ui.user_actions import UserAction
from ui.widgets.buttons import KeyButton, button
from ui.widgets.cards import Card, column, empty, row
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Select
from ui.widgets.labels import eliding, words
from ui.widgets.recording_words import length_in_words, total_in_words
from ui.widgets.run_words import state_chip
from ui.widgets.thumbnails import PictureTile, Thumbnails

_LATEST_COLUMNS, _LATEST_ROWS = 5, 2

ROLES: tuple[tuple[Role, str, str, str], ...] = (
    ("contractor", "Contractor", "record", "I record play, with its keys and mouse."),
    ("annotator", "Annotator", "tag", "I say which frames are clean."),
    ("researcher", "Researcher", "brain", "I train models and watch them play."),
)


class HomePage(Page):
    """The page one starts from."""

    id = "home"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Home")
        self._facts: HomeFacts | None = None
        self._thumbnails = Thumbnails(studio.background)
        self._takes = TakeDesk(studio, self._look_for_takes)
        self._role = Select("Who I am")
        self._role.setToolTip("Decides which pages the rail shows")
        for role, title, icon_name, _ in ROLES:
            self._role.addItem(icon(icon_name), f"I am a {title.lower()}", role)
        self._role.activated.connect(lambda: self._choose_role(self._role.currentData()))
        self.header.tools.addWidget(self._role)
        opener = KeyButton("Open project", "Ctrl O", icon_name="folder-open", kind="primary")
        opener.clicked.connect(lambda: studio.session.actions["studio.open"].run())
        self.header.tools.addWidget(opener)
        self._switch = Switched()
        self._first = self._switch.add(self._first_start())
        self._overview = self._switch.add(QWidget())
        self._fill_overview(QVBoxLayout(self._overview))
        self.body.addWidget(self._switch, 1)
        self._projects = Card("Projects")
        self._project_rows = QVBoxLayout()
        self._project_rows.setSpacing(2)
        self._needs = Card("Needs you")
        self._need_rows = QVBoxLayout()
        self._needs.content.addLayout(self._need_rows)
        self.use_inspector(self._side())
        self._listed: list[RecentProject] | None = None
        studio.session.settings.on_change(lambda _settings: self._show_other_projects())
        studio.project_changed.connect(lambda: self._waiting.show_takes([]))
        studio.project_changed.connect(self._refresh)
        studio.content_changed.connect(lambda _what: self._refresh())

    def user_actions(self) -> list[UserAction]:
        """Making the sample project."""
        return [
            UserAction(
                "home.sample", "Make the sample project", self._make_sample, group="Project", icon="cube"
            )
        ]

    def enter(self, where: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Look again."""
        self._refresh()

    def _first_start(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setSpacing(12)
        layout.addStretch(2)
        title = words("Who are you?", "title", weight=600)
        layout.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(
            words(
                "It decides which pages the rail shows. You can change it at any time.",
                colour="text_secondary",
            ),
            0,
            Qt.AlignmentFlag.AlignHCenter,
        )
        cards = QHBoxLayout()
        cards.setSpacing(12)
        cards.addStretch(1)
        for role, name, icon_name, sentence in ROLES:
            card = QPushButton()
            card.setAccessibleName(f"{name}. {sentence}")
            card.setFixedSize(look().pixels(220), look().pixels(132))
            card.setCursor(Qt.CursorShape.PointingHandCursor)
            inside = QVBoxLayout(card)
            inside.setContentsMargins(14, 14, 14, 14)
            picture = words("")
            picture.setPixmap(icon(icon_name, "accent_text").pixmap(28, 28))
            inside.addWidget(picture)
            inside.addWidget(words(name, "heading", weight=600))
            inside.addWidget(words(sentence, colour="text_secondary", wrap=True))
            inside.addStretch(1)
            for child in card.findChildren(QWidget):
                child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            card.clicked.connect(lambda _checked=False, role=role: self._choose_role(role))
            cards.addWidget(card)
        cards.addStretch(1)
        layout.addLayout(cards)
        layout.addSpacing(16)
        layout.addWidget(
            words(
                "Then begin with a project: a folder for recordings, labels and runs.",
                colour="text_secondary",
            ),
            0,
            Qt.AlignmentFlag.AlignHCenter,
        )
        actions = self.studio.session.actions
        layout.addLayout(
            row(
                1,
                button("New project", lambda: actions["studio.new"].run(), icon_name="plus"),
                button("Open project", lambda: actions["studio.open"].run(), icon_name="folder-open"),
                button("Sample project", self._make_sample, icon_name="cube"),
                1,
            )
        )
        layout.addWidget(
            words(
                "The sample is a minute of scripted play; it is ready in about a minute.",
                "small",
                colour="text_hint",
            ),
            0,
            Qt.AlignmentFlag.AlignHCenter,
        )
        layout.addStretch(3)
        return content

    def _fill_overview(self, layout: QVBoxLayout) -> None:
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self._stages = Card("How far this project is")
        self._stage_row = QHBoxLayout()
        self._stage_row.setSpacing(10)
        self._stages.content.addLayout(self._stage_row)
        self._open_train = button("Open Train", lambda: self.studio.go("train"), kind="link")
        self._stages.heading_row.addWidget(self._open_train)
        self._waiting = _WaitingTake(lambda: self.studio.go("record"))
        layout.addWidget(self._waiting)
        layout.addWidget(self._stages)
        self._latest = Card("Latest recordings")
        self._latest.heading_row.addWidget(
            button("Open Library", lambda: self.studio.go("library"), kind="link")
        )
        self._tiles = QGridLayout()
        self._tiles.setSpacing(12)
        self._latest.content.addLayout(self._tiles)
        self._latest.content.addStretch(1)
        layout.addWidget(self._latest, 1)

    def _side(self) -> QWidget:
        self._projects.content.addLayout(self._project_rows)
        actions = self.studio.session.actions
        sample = button("Sample", self._make_sample, icon_name="cube", small=True)
        sample.setAccessibleName("Make the sample project")
        sample.setToolTip("A project with a minute of scripted play, to look around in")
        self._projects.content.addLayout(
            row(
                button("New project", lambda: actions["studio.new"].run(), icon_name="plus", small=True),
                sample,
                1,
            )
        )
        hint = Card()
        search = button("Search or run any command", lambda: actions["studio.palette"].run(), kind="link")
        hint.content.addLayout(row(search, 1, words("Ctrl K", "small", weight=600, colour="text_secondary")))
        side = QWidget()
        layout = column(self._needs, self._projects, hint, 1, spacing=12)
        side.setLayout(layout)
        return side

    def _refresh(self) -> None:
        role = self.studio.session.settings.current.general.role
        self._role.setVisible(role != "unset")
        self._role.setCurrentIndex(max(0, self._role.findData(role)))
        self._open_train.setVisible(role in ("unset", *BY_ID["train"].roles))
        self._show_projects()
        self._look_for_projects()
        project = self.studio.session.project
        self._switch.show_content(self._overview if project is not None else self._first)
        self._needs.setVisible(False)
        if project is not None:
            self.studio.desk.ask(look_at_project, self._show_facts, newest="home")
            self._look_for_takes()

    def _choose_role(self, role: Role) -> None:
        self.studio.session.settings.change("general", role=role)
        self._refresh()
        name = next(title for key, title, _, _ in ROLES if key == role)
        self.studio.session.notices.tell(f"The rail shows the pages of a {name.lower()} now.", "ok")

    def _make_sample(self) -> None:
        make_sample(self.studio)

    def _look_for_projects(self) -> None:
        session = self.studio.session
        folders = [known.folder for known in session.recent_projects()]

        def use(missing: frozenset[Path]) -> None:
            if missing != session.missing_projects:
                session.missing_projects = missing
                self._show_projects()

        self.studio.background.run(
            lambda _task: without_project(folders), use, lane="projects", newest="projects"
        )

    def _look_for_takes(self) -> None:
        self._takes.find(self._waiting.show_takes)

    def _show_other_projects(self) -> None:
        if self._listed != self.studio.session.recent_projects():
            self._show_projects()

    def _show_projects(self) -> None:
        empty(self._project_rows)
        recent = self._listed = self.studio.session.recent_projects()
        for known in recent[:6]:
            self._project_rows.addWidget(_ProjectRow(known, self.studio))
        if not recent:
            self._project_rows.addWidget(words("None opened yet.", colour="text_secondary"))

    def _show_facts(self, facts: HomeFacts) -> None:
        self._facts = facts
        self._show_stages(facts)
        self._show_needs(facts)
        empty(self._tiles)
        for place, recording in enumerate(facts.latest[: _LATEST_COLUMNS * _LATEST_ROWS]):
            tile = PictureTile(recording.id, length_in_words(recording.duration_ticks))
            tile.clicked.connect(
                lambda _checked=False, name=recording.id: self.studio.go("player", recording=name)
            )
            self._thumbnails.bring(recording.id, facts.folder, tile.show_picture)
            self._tiles.addWidget(tile, place // _LATEST_COLUMNS, place % _LATEST_COLUMNS)
        for index in range(_LATEST_COLUMNS):
            self._tiles.setColumnStretch(index, 1)
        if not facts.latest:
            nothing = EmptyState(
                "film-strip",
                "No recordings yet.",
                ("Import in the Library", lambda: self.studio.go("library")),
                ("Try the sample project", self._make_sample),
            )
            self._tiles.addWidget(nothing, 0, 0, 1, _LATEST_COLUMNS)

    def _show_stages(self, facts: HomeFacts) -> None:
        empty(self._stage_row)
        recordings = facts.counts
        self._stage_row.addLayout(
            _stage(
                "Recordings",
                total_in_words(recordings.ticks),
                Chip(f"{recordings.present} in the project", "film-strip"),
            )
        )
        run = facts.newest_run
        if run is None:
            can = recordings.present > 0
            chip = Chip(
                "Can start" if can else "Waiting",
                "play-circle" if can else "circle-dashed",
                "info" if can else "text_secondary",
            )
            self._stage_row.addLayout(_stage("IDM", "—", chip))
        else:
            best = "—" if run.best is None else f"{run.best.value * 100:.1f} %"
            self._stage_row.addLayout(_stage("IDM, keys right", best, state_chip(run)))
        self._stage_row.addStretch(1)

    def _show_needs(self, facts: HomeFacts) -> None:
        empty(self._need_rows)
        for run in facts.runs_in_need:
            self._need_rows.addLayout(
                _need(
                    f"{run.name or run.id} {run.state}",
                    run.cause.sentence if run.cause else "",
                    "Look",
                    lambda name=run.id: self.studio.go("run", run=name),
                )
            )
        if facts.broken:
            plural = "recording needs" if facts.broken == 1 else "recordings need"
            self._need_rows.addLayout(
                _need(
                    f"{facts.broken} {plural} a look",
                    "Unusable as they are",
                    "Look",
                    lambda: self.studio.go("library", health="broken"),
                )
            )
        if facts.missing:
            plural = "file is" if facts.missing == 1 else "files are"
            self._need_rows.addLayout(
                _need(f"{facts.missing} {plural} missing", "Moved or deleted outside VPT Studio", "", None)
            )
        self._needs.setVisible(self._need_rows.count() > 0)


class _WaitingTake(QFrame):
    """A line about takes that nobody has decided about: what a crash left, or what waits for its verdict."""

    def __init__(self, wanted: Callable[[], object]) -> None:
        """`wanted` is called when the person wants to look at them."""
        super().__init__()
        self.setProperty("role", "offer")
        self._words = eliding("", weight=500)
        across = row(self._words, button("Look at it", wanted, small=True))
        across.setStretch(0, 1)
        across.setContentsMargins(12, 6, 8, 6)
        self.setLayout(across)
        self.setVisible(False)

    def show_takes(self, takes: Sequence[Take]) -> None:
        """Tell of the first of `takes`, and how many more there are; nothing without one."""
        self.setVisible(bool(takes))
        if takes:
            others = len(takes) - 1
            more = "" if not others else " 1 more waits." if others == 1 else f" {others} more wait."
            self._words.setText(f"A take of {length_saved(takes[0].seconds)} waits.{more}")


def _stage(title: str, figure: str, chip: Chip) -> QVBoxLayout:
    layout = column(
        words(title, weight=500, colour="text_secondary"), words(figure, "figure", weight=600), spacing=6
    )
    layout.addWidget(ChipLabel(chip))
    layout.setContentsMargins(0, 0, 30, 0)
    return layout


def _need(title: str, sentence: str, act: str, run: Any) -> QHBoxLayout:
    sign = words("")
    sign.setPixmap(icon("warning", "warn").pixmap(18, 18))
    texts = column(eliding(title, weight=500), eliding(sentence, "small", colour="text_secondary"), spacing=0)
    parts = row(sign, spacing=10)
    parts.addLayout(texts, 1)
    if run is not None:
        parts.addWidget(button(act, run, small=True))
    return parts


class _ProjectRow(QPushButton):
    """A recent project: opens it; one that is gone can be pointed out again."""

    def __init__(self, known: RecentProject, studio: Studio) -> None:
        super().__init__()
        is_open = studio.session.project is not None and studio.session.project.folder == known.folder
        state = "open" if is_open else "" if known.is_there else "not found"
        self.setProperty("kind", "quiet")
        self.setFixedHeight(look().pixels(46))
        self.setAccessibleName(f"Project {known.folder.name} {state}".strip())
        self.setToolTip(str(known.folder))
        self.setEnabled(known.is_there)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 0)
        sign = words("")
        sign.setPixmap(
            icon("folder-open" if is_open else "folder", "accent_text" if is_open else "text_hint").pixmap(
                18, 18
            )
        )
        layout.addWidget(sign)
        colour = "text" if known.is_there else "text_disabled"
        texts = column(
            eliding(known.folder.name, weight=500, colour=colour),
            eliding(str(known.folder.parent), "small", colour="text_hint", mode=Qt.TextElideMode.ElideMiddle),
            spacing=0,
        )
        layout.addLayout(texts, 1)
        layout.addWidget(words(state, "small", colour="accent_text" if is_open else "text_hint"))
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(lambda _checked=False: studio.open_project(known.folder, then="library"))
