"""The main window: rail, pages, status bar, and the actions that belong to no page."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ui.pages import BY_ID, PAGES
from ui.pages.declared import page_class
from ui.pages.page import Page
from ui.shell.areas import focus_next_area
from ui.shell.button_keys import ButtonKeys
from ui.shell.closing import ClosingQuestion
from ui.shell.daily_backup import DailyBackup
from ui.shell.finding import Finder
from ui.shell.job_list import JobList
from ui.shell.key_sheet import KeySheet
from ui.shell.menus import fill_menu_bar
from ui.shell.palette import Palette
from ui.shell.rail import Rail
from ui.shell.shortcuts import Shortcuts
from ui.shell.status_bar import StatusBar
from ui.shell.toasts import NoticeHistory, Toasts
from ui.shell.window_actions import WindowDoors, general_actions, page_actions
from ui.studio import Studio
from ui.widgets.empty_state import EmptyState
from vpt_studio.errors import StudioError

MINIMUM = (1180, 720)
FIRST_SIZE = (1280, 800)
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
        on_rail = [entry for entry in PAGES if not entry.shown_as]
        self.rail = Rail(on_rail)
        self.stack = QStackedWidget()
        self.status = StatusBar(studio)
        self._lay_out()
        session = studio.session
        session.actions.add([*page_actions(studio, on_rail), *general_actions(studio, self, self._doors())])
        self._button_keys = ButtonKeys(session.actions)
        self.shortcuts = Shortcuts(session.actions, session.notices, self)
        self.toasts = Toasts(session.notices, self)
        self.notice_history = NoticeHistory(session.notices, self)
        self._finder = Finder(studio, lambda: self.page, self.shortcuts.run, self)
        self.palette_popup = Palette(self._finder.find, self)
        self.key_sheet = KeySheet(session.actions, self)
        self.job_list = JobList(studio.background, self)
        self._daily_backup = DailyBackup(studio, self)
        self._no_project = self._without_project()
        self.stack.addWidget(self._no_project)
        self._menu_bar_shown = False
        fill_menu_bar(self.menuBar(), session.actions)
        self.menuBar().setVisible(False)
        self.rail.chosen.connect(studio.go)
        self._finder.found_more.connect(self.palette_popup.add)
        self._finder.learned.connect(self._search_again)
        studio.runs.listed.connect(self._show_runs)
        studio.dot_wanted.connect(self.rail.show_dot)
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

    def _doors(self) -> WindowDoors:
        return WindowDoors(
            palette=self._open_palette,
            keys=self._open_key_sheet,
            notices=self._open_notices,
            inspector=self._toggle_inspector,
            area=self._next_area,
            back=self._escape,
            close=self.close,
        )

    def _search_again(self) -> None:
        if self.palette_popup.isVisible():
            self.palette_popup.search(self.palette_popup.field.text())

    def _open_palette(self) -> None:
        self.palette_popup.open_over(self)

    def _open_key_sheet(self) -> None:
        self.key_sheet.open_over(self, self.page, BY_ID[self.page].title)

    def _open_notices(self) -> None:
        self.notice_history.open_at(self.mapToGlobal(QPoint(self.width() - 16, 48)))

    def _show_jobs(self) -> None:
        place = self.status.mapToGlobal(QPoint(150, 0))
        self.job_list.open_above(place)

    def _toggle_inspector(self) -> None:
        page = self.current_page()
        if page is not None:
            page.toggle_inspector()

    def _next_area(self) -> None:
        focus_next_area([self.rail, self.stack, self.status, self.toasts], self.focusWidget())

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
            QTimer.singleShot(_LEARN_AFTER_MS, self, self._finder.learn)

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
