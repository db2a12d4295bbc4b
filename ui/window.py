"""The main window: rail, pages, status bar, and the actions that belong to no page."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ui.look import look
from ui.pages import BY_ID, PAGES
from ui.pages.declared import Declared, declared_actions, page_class
from ui.pages.page import Page
from ui.shell.button_keys import ButtonKeys
from ui.shell.closing import ClosingQuestion
from ui.shell.daily_backup import DailyBackup
from ui.shell.job_list import JobList
from ui.shell.key_sheet import KeySheet, key_in_words
from ui.shell.menus import fill_menu_bar
from ui.shell.palette import Entry, Palette
from ui.shell.rail import Rail
from ui.shell.shortcuts import Shortcuts
from ui.shell.status_bar import StatusBar
from ui.shell.toasts import NoticeHistory, Toasts
from ui.studio import Studio
from ui.user_actions import EVERYWHERE, UserAction, always_can
from ui.widgets.asking import ask_folder, ask_new_folder
from ui.widgets.empty_state import EmptyState
from vpt_studio.errors import StudioError

MINIMUM = (1180, 720)
FIRST_SIZE = (1280, 800)
_FOUND_RECORDINGS = 8
#: Importing pages is work for Python's one lock, too: Home comes first.
_LEARN_AFTER_MS = 1000
logger = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """The studio's window.

    Attributes:
        studio: What pages are given.
        page: The id of the page that is shown.
    """

    def __init__(self, studio: Studio, state: QSettings | None = None) -> None:
        super().__init__()
        self.studio = studio
        self.page = ""
        self._state = state
        self._history: list[tuple[str, Mapping[str, Any]]] = []
        self._where: Mapping[str, Any] = {}
        self._pages: dict[str, Page] = {}
        self._may_close = False
        self._was_shown = False
        self.setWindowTitle("VPT Studio")
        self.setMinimumSize(*MINIMUM)
        self.resize(*FIRST_SIZE)
        self.rail = Rail([entry for entry in PAGES if not entry.shown_as])
        self.stack = QStackedWidget()
        self.status = StatusBar(studio)
        self._lay_out()
        session = studio.session
        session.actions.add(self._general_actions())
        self._button_keys = ButtonKeys(session.actions)
        self.shortcuts = Shortcuts(session.actions, session.notices, self)
        self.toasts = Toasts(session.notices, self)
        self.notice_history = NoticeHistory(session.notices, self)
        self.palette_popup = Palette(self._find, self)
        self.key_sheet = KeySheet(session.actions, self)
        self.job_list = JobList(studio.background, self)
        self._daily_backup = DailyBackup(studio, self)
        self._no_project = self._without_project()
        self.stack.addWidget(self._no_project)
        self._menu_bar_shown = False
        fill_menu_bar(self.menuBar(), session.actions)
        self.menuBar().setVisible(False)
        self.rail.chosen.connect(studio.go)
        studio.runs.listed.connect(self._show_runs)
        self.status.jobs_wanted.connect(self._show_jobs)
        studio.page_wanted.connect(self.show_page)
        studio.back_wanted.connect(self.go_back)
        studio.project_changed.connect(self._on_project)
        session.settings.on_change(lambda settings: self.rail.show_role(settings.general.role))
        session.settings.write_later(
            lambda write: studio.background.run(
                lambda _task: write(),
                lambda _none: self.status.show_written("settings"),
                failed=lambda error: session.notices.tell_failure(error, "settings"),
                lane="settings",
                even_at_the_end=True,
            ),
            lambda told: studio.background.on_gui_thread(partial(self._tell_late, told)),
        )
        self.rail.show_role(session.settings.current.general.role)
        if state is not None and state.contains("geometry"):
            self.restoreGeometry(state.value("geometry"))

    def _tell_late(self, told: str) -> None:
        self.studio.session.notices.tell(told, "warn")

    def _lay_out(self) -> None:
        root = QWidget()
        root.setProperty("ground", "page")
        outer = QVBoxLayout(root)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addWidget(self.stack, 1)
        outer.addLayout(across, 1)
        outer.addWidget(self.status)
        self.setCentralWidget(root)

    def _without_project(self) -> QWidget:
        actions = self.studio.session.actions
        return EmptyState(
            "folder-open",
            "No project is open.",
            ("Open project", lambda: actions["studio.open"].run()),
            ("Go to Home", lambda: self.studio.go("home")),
            hint="A project is a folder that holds recordings, labels and runs.",
        )

    def show_page(self, page: str, where: Mapping[str, Any] | None = None) -> None:
        """Show a page; it is made at its first visit."""
        if self.page:
            self._history.append((self.page, self._where))
            self._history = self._history[-50:]
        self._show(page, where or {})

    def go_back(self) -> None:
        """Show what was shown before; from a detail page at least the page it belongs to."""
        if self._history:
            self._show(*self._history.pop())
        elif BY_ID[self.page].shown_as:
            self._show(BY_ID[self.page].shown_as, {})

    def _show(self, page: str, where: Mapping[str, Any]) -> None:
        if self.page in self._pages:
            self._pages[self.page].leave()
        entry = BY_ID[page]
        self.page, self._where = page, where
        self.rail.show_page(entry.shown_as or page)
        if entry.needs_project and self.studio.session.project is None:
            self.stack.setCurrentWidget(self._no_project)
        else:
            if page not in self._pages:
                # Each page class takes the studio alone and brings its own title.
                made: Page = page_class(entry)(self.studio)  # type: ignore[call-arg]
                self._pages[page] = made
                self.studio.session.actions.add(made.user_actions())
                self._button_keys.follow(page, made)
                self.stack.addWidget(made)
            shown = self._pages[page]
            self.stack.setCurrentWidget(shown)
            shown.enter(where)
        self.shortcuts.show_page(page)
        self._show_title()

    def _on_project(self) -> None:
        self._history.clear()
        entry = BY_ID.get(self.page)
        if entry is not None and entry.needs_project:
            self._show(entry.shown_as or self.page, {})
        self._show_title()

    def _show_runs(self) -> None:
        self.rail.show_dot("train", "sky" if self.studio.runs.living else "")

    def _show_title(self) -> None:
        project = self.studio.session.project
        self.setWindowTitle(f"{project.name} – VPT Studio" if project else "VPT Studio")

    def current_page(self) -> Page | None:
        """The page that is shown, once it was made."""
        return self._pages.get(self.page)

    def _general_actions(self) -> list[UserAction]:
        session = self.studio.session
        pages = [
            UserAction(
                f"page.{entry.id}",
                f"Go to {entry.title}",
                lambda entry=entry: self.studio.go(entry.id),  # type: ignore[misc]
                (f"Ctrl+{number}",) if entry.id != "settings" else ("Ctrl+,",),
                group="Pages",
                icon=entry.icon,
            )
            for number, entry in enumerate((entry for entry in PAGES if not entry.shown_as), start=1)
        ]
        undo, redo = session.undo, session.undo
        return [
            *pages,
            UserAction(
                "studio.palette",
                "Search or run any command",
                self._open_palette,
                ("Ctrl+K",),
                icon="magnifying-glass",
                in_menu=False,
            ),
            UserAction(
                "studio.keys",
                "Keys of this page",
                self._open_key_sheet,
                ("?",),
                group="Help",
                icon="keyboard",
            ),
            UserAction("studio.guide", "Guide", self._open_guide, ("F1",), group="Help", icon="book-open"),
            UserAction("studio.notices", "What was told", self._open_notices, group="Help", icon="bell"),
            UserAction(
                "studio.open",
                "Open project",
                self._choose_project,
                ("Ctrl+O",),
                group="Project",
                icon="folder-open",
            ),
            UserAction(
                "studio.new",
                "New project",
                self._choose_new_project,
                ("Ctrl+N",),
                group="Project",
                icon="plus",
            ),
            UserAction("studio.quit", "Quit", self.close, ("Ctrl+Q",), group="Project", icon="sign-out"),
            UserAction(
                "studio.undo",
                "Undo",
                self.studio.undo,
                ("Ctrl+Z",),
                group="Edit",
                icon="arrow-u-up-left",
                why_not=lambda: None if undo.next_undo else "There is nothing to undo.",
            ),
            UserAction(
                "studio.redo",
                "Redo",
                self.studio.redo,
                ("Ctrl+Shift+Z",),
                group="Edit",
                icon="arrow-u-up-right",
                why_not=lambda: None if redo.next_redo else "There is nothing to do again.",
            ),
            UserAction(
                "studio.inspector",
                "Show or hide the inspector",
                self._toggle_inspector,
                ("Ctrl+I",),
                group="View",
                icon="columns",
            ),
            UserAction(
                "studio.theme",
                "Switch between dark and light",
                self._switch_theme,
                ("Ctrl+Shift+L",),
                group="View",
                icon="moon",
            ),
            UserAction(
                "studio.area",
                "Next area of the window",
                self._next_area,
                ("F6",),
                group="View",
                in_menu=False,
            ),
            UserAction("studio.back", "Back", self._escape, ("Esc",), group="View", in_menu=False),
        ]

    def _find(self, text: str) -> list[Entry]:
        session = self.studio.session
        entries = [
            self._action_entry(action)
            for action in session.actions.found(text, self.page)
            if action.page in (self.page, EVERYWHERE) or (text and not BY_ID[action.page].shown_as)
        ]
        wanted = text.lower().split()
        for recent in session.recent_projects():
            if recent.is_there and text and all(word in recent.folder.name.lower() for word in wanted):
                open_it = lambda folder=recent.folder: self.studio.open_project(folder, then="home")  # noqa: E731
                entries.append(Entry(recent.folder.name, "Project", "folder", open_it))
        if session.project is not None and text:
            self.studio.desk.ask(
                lambda project: [row.id for row in project.recordings(limit=_FOUND_RECORDINGS, search=text)],
                lambda ids: self.palette_popup.add(text, [self._recording_entry(name) for name in ids]),
                newest="palette",
            )
        return entries

    def _action_entry(self, action: UserAction) -> Entry:
        if action.page in (self.page, EVERYWHERE):
            key = key_in_words(action.keys[0]) if action.keys else ""
            return Entry(action.title, action.group, action.icon, action.run, key, action.why_not() or "")
        lacks_project = BY_ID[action.page].needs_project and self.studio.session.project is None
        return Entry(
            action.title,
            action.group,
            action.icon,
            lambda: self._run_on_its_page(action.id),
            why_not="No project is open" if lacks_project else "",
        )

    def _run_on_its_page(self, action_id: str) -> None:
        """Go to the page of an action first, which is built then if it was not."""
        actions = self.studio.session.actions
        self.studio.go(actions[action_id].page)
        if not actions.is_declared(action_id):
            self.shortcuts.run(actions[action_id])

    def _learn_actions(self) -> None:
        """Let the actions of pages be known that nobody visited yet."""
        self.studio.background.run(
            lambda _task: declared_actions(), self._use_declared, lane="actions of pages"
        )

    def _use_declared(self, found: Sequence[Declared]) -> None:
        for declared in found:
            self.studio.session.actions.declare(
                replace(action, run=partial(self._run_on_its_page, action.id), why_not=always_can)
                for action in declared.actions
            )
        if self.palette_popup.isVisible():
            self.palette_popup.search(self.palette_popup.field.text())

    def _recording_entry(self, recording: str) -> Entry:
        return Entry(
            recording, "Recording", "film-strip", lambda: self.studio.go("player", recording=recording)
        )

    def _open_palette(self) -> None:
        self.palette_popup.open_over(self)

    def _open_key_sheet(self) -> None:
        self.key_sheet.open_over(self, self.page, BY_ID[self.page].title)

    def _open_notices(self) -> None:
        self.notice_history.open_at(self.mapToGlobal(QPoint(self.width() - 16, 48)))

    def _show_jobs(self) -> None:
        place = self.status.mapToGlobal(QPoint(150, 0))
        self.job_list.open_above(place)

    def _open_guide(self) -> None:
        guide = Path(__file__).resolve().parents[1] / "docs" / "guide_window.md"
        if not guide.exists():
            self.studio.session.notices.tell("The guides are in the folder docs of the sources.")
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(guide))):
            self.studio.session.notices.tell(f"Nothing here opens such files. The guide is {guide}.")

    def _choose_project(self) -> None:
        ask_folder(self, "Open project", lambda folder: self.studio.open_project(folder, then="library"))

    def _choose_new_project(self) -> None:
        ask_new_folder(
            self,
            "Name the folder of the new project",
            "New project",
            lambda folder: self.studio.make_project(folder, folder.name, then="library"),
        )

    def _toggle_inspector(self) -> None:
        page = self.current_page()
        if page is not None:
            page.toggle_inspector()

    def _switch_theme(self) -> None:
        other = "light" if look().tokens.name == "dark" else "dark"
        self.studio.session.settings.change("look", theme=other)

    def _next_area(self) -> None:
        areas: list[QWidget] = [self.rail, self.stack, self.status, self.toasts]
        focus = self.focusWidget()
        at = next((index for index, area in enumerate(areas) if focus and area.isAncestorOf(focus)), 0)
        for step in range(1, len(areas) + 1):
            area = areas[(at + step) % len(areas)]
            first = area.nextInFocusChain()
            while first is not None and first is not area:
                takes = first.focusPolicy() & Qt.FocusPolicy.TabFocus
                if area.isAncestorOf(first) and first.isVisible() and first.isEnabled() and takes:
                    first.setFocus(Qt.FocusReason.TabFocusReason)
                    return
                first = first.nextInFocusChain()

    def _escape(self) -> None:
        page = self.current_page()
        if page is not None and page.back_instead():
            return
        if BY_ID[self.page].shown_as:
            self.go_back()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Alt alone shows the menu bar, as on other desktops it is always there."""
        if event.key() == Qt.Key.Key_Alt:
            self._menu_bar_shown = not self._menu_bar_shown
            self.menuBar().setVisible(self._menu_bar_shown)
        super().keyReleaseEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Learn what pages can do once the first one has been seen."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            QTimer.singleShot(_LEARN_AFTER_MS, self, self._learn_actions)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the notices at the corner."""
        super().resizeEvent(event)
        self.toasts.place()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask once, in the window, what becomes of running work; then remember the window's place."""
        if not self._may_close and self._ask_about_work():
            event.ignore()
            return
        if self._state is not None:
            self._state.setValue("geometry", self.saveGeometry())
        self.hide()  # what is under way may take its time to end
        for page in self._pages.values():
            page.leave()
            page.end()
        self.studio.close()
        try:
            self.studio.session.settings.write_at_once()
        except StudioError:  # it was told when it was tried first, and there is no window to tell it in
            logger.exception("the settings were not stored")
        event.accept()

    def _ask_about_work(self) -> bool:
        working = self.studio.runs.living
        tasks = list(self.studio.background.tasks)
        if not working and not tasks:
            return False
        question = ClosingQuestion(working, tasks, self)
        question.decided.connect(self.close_now)
        question.show_over(self)
        return True

    def close_now(self) -> None:
        """Close without asking; runs go on by themselves."""
        self._may_close = True
        self.close()
