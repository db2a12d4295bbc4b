"""What the palette finds: actions of all pages, projects of before, recordings of the open one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from ui.pages import BY_ID
from ui.pages.declared import Declared, declared_actions
from ui.shell.key_sheet import key_in_words
from ui.shell.palette import Entry
from ui.studio import Studio
from ui.user_actions import EVERYWHERE, UserAction, always_can

_FOUND_RECORDINGS = 8


class Finder(QObject):
    """Finds by words.

    Signals:
        found_more: Entries that came later, for the words that were asked.
        learned: More can be found than before.
    """

    found_more = Signal(str, object)
    learned = Signal()

    def __init__(
        self,
        studio: Studio,
        page: Callable[[], str],
        run: Callable[[UserAction], object],
        parent: QObject,
    ) -> None:
        """`page` says which page is shown; `run` does an action, or tells why it cannot be done."""
        super().__init__(parent)
        self._studio, self._page, self._run = studio, page, run

    def find(self, text: str) -> list[Entry]:
        """Entries for the words of `text`, best first; recordings come later."""
        session = self._studio.session
        here = (self._page(), EVERYWHERE)
        entries = [
            self._action_entry(action)
            for action in session.actions.found(text, self._page())
            if action.page in here or (text and not BY_ID[action.page].shown_as)
        ]
        wanted = text.lower().split()
        for recent in session.recent_projects():
            if recent.is_there and text and all(word in recent.folder.name.lower() for word in wanted):
                open_it = partial(self._studio.open_project, recent.folder, then="home")
                entries.append(Entry(recent.folder.name, "Project", "folder", open_it))
        if session.project is not None and text:
            self._studio.desk.ask(
                lambda project: [row.id for row in project.recordings(limit=_FOUND_RECORDINGS, search=text)],
                lambda ids: self.found_more.emit(text, [self._recording_entry(name) for name in ids]),
                newest="palette",
            )
        return entries

    def learn(self) -> None:
        """Let the actions of pages be known that nobody visited yet."""
        self._studio.background.run(
            lambda _task: declared_actions(), self._use_declared, lane="actions of pages"
        )

    def _use_declared(self, found: Sequence[Declared]) -> None:
        for declared in found:
            self._studio.session.actions.declare(
                replace(action, run=partial(self._run_on_its_page, action.id), why_not=always_can)
                for action in declared.actions
            )
        self.learned.emit()

    def _run_on_its_page(self, action_id: str) -> None:
        """Go to the page of an action first, which is built then if it was not."""
        actions = self._studio.session.actions
        self._studio.go(actions[action_id].page)
        if not actions.is_declared(action_id):
            self._run(actions[action_id])

    def _action_entry(self, action: UserAction) -> Entry:
        if action.page in (self._page(), EVERYWHERE):
            key = key_in_words(action.keys[0]) if action.keys else ""
            return Entry(action.title, action.group, action.icon, action.run, key, action.why_not() or "")
        lacks_project = BY_ID[action.page].needs_project and self._studio.session.project is None
        return Entry(
            action.title,
            action.group,
            action.icon,
            partial(self._run_on_its_page, action.id),
            why_not="No project is open" if lacks_project else "",
        )

    def _recording_entry(self, recording: str) -> Entry:
        open_it = partial(self._studio.go, "player", recording=recording)
        return Entry(recording, "Recording", "film-strip", open_it)
