"""The Library: all recordings of the project, found, looked at, tagged, brought in and handed out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMenu, QWidget

from ui.icons import icon
from ui.library_model import Listing, Query, look_up, page_of, rows_at
from ui.pages.library_filters import LibraryFilters
from ui.pages.library_import import ImportTools
from ui.pages.library_inspector import RecordingInspector
from ui.pages.library_list import RecordingList
from ui.pages.page import Page, Switched, waiting
from ui.recording_checks import check_recordings, repair_recording
from ui.recording_edits import RecordingEdits, counted
from ui.recording_exports import export_recordings
from ui.sample_project import make_sample
from ui.studio import Studio
from ui.user_actions import UserAction, WhyNot, always_can
from ui.widgets.asking import ask_folder, ask_words
from ui.widgets.buttons import button
from ui.widgets.cards import row
from ui.widgets.empty_state import EmptyState
from ui.widgets.modes import Modes
from ui.widgets.recording_words import total_in_words
from ui.widgets.thumbnails import Thumbnails
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.health import Health


class LibraryPage(Page):
    """All recordings."""

    id = "library"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Library")
        self.query = Query()
        self._thumbnails = Thumbnails(studio.background)
        self.edits = RecordingEdits(studio, self._show_brought_back)
        self._wanted: list[str] = []
        self._wants_focus = False
        self.setAcceptDrops(True)
        self._fill_header()
        self.filters = LibraryFilters()
        self._modes = Modes([("list", "List"), ("tiles", "Tiles")], "View")
        self._modes.show_mode("list")
        self.body.addLayout(row(self.filters, 1, self._modes))
        self._recordings = RecordingList(self._thumbnails, lambda: studio.folder, self._fetch)
        self.table = self._recordings.table
        self._switch = Switched()
        self._switch.add(self._recordings)
        self._loading = self._switch.add(waiting("Looking at the recordings"))
        self._nothing = self._switch.add(self._empty_state())
        self._unfound = self._switch.add(
            EmptyState("magnifying-glass", "No recording fits.", ("Show all", self._show_all))
        )
        self.body.addWidget(self._switch, 1)
        self.details = RecordingInspector(studio, self._thumbnails)
        self.use_inspector(self.details)
        self._connect()
        self._switch.show_content(self._loading)

    def _fill_header(self) -> None:
        record = button("Record", self._record, icon_name="record")
        record.setToolTip("Record play (R)")
        self.header.tools.addWidget(record)
        self._imports = ImportTools(self.studio)
        self.header.tools.addWidget(self._imports)

    def _empty_state(self) -> QWidget:
        return EmptyState(
            "film-strip",
            "No recordings yet. Record play, import files, or open the sample.",
            ("Record play", self._record),
            ("Import files", self._imports.choose_files),
            ("Open the sample", lambda: make_sample(self.studio)),
            hint="Files and folders can also be dropped anywhere on this page.",
        )

    def _connect(self) -> None:
        self._recordings.selection_changed.connect(self._on_selection)
        self._recordings.opened.connect(self._open)
        self._recordings.order_wanted.connect(self._order_by)
        self._recordings.menu_wanted.connect(self._show_menu)
        self.filters.changed.connect(self._filter)
        self._modes.chosen.connect(self._show_view)
        self.details.open_wanted.connect(self._open)
        self.details.export_wanted.connect(lambda _id: self._export())
        self.details.trash_wanted.connect(lambda _id: self._trash())
        self.details.repair_wanted.connect(lambda recording: repair_recording(self.studio, recording))
        self.studio.project_changed.connect(self._on_project)
        self.studio.content_changed.connect(lambda what: self.refresh() if what == "recordings" else None)

    def user_actions(self) -> list[UserAction]:
        """What can be done with recordings."""
        some, always, trashed = self._some_selected, always_can, self._some_in_trash
        files, folder = self._imports.choose_files, self._imports.choose_folder
        made: list[tuple[str, str, Callable[[], object], tuple[str, ...], str, WhyNot]] = [
            ("record", "Record play", self._record, ("R",), "record", always),
            ("import", "Import files", files, ("I",), "download-simple", always),
            ("import_folder", "Import a folder", folder, ("Shift+I",), "folder-plus", always),
            ("open", "Open recording", self._open, ("Return", "Enter"), "play", some),
            ("quick_look", "Quick look", self._open, ("Space",), "eye", some),
            ("tag", "Tag recordings", self._tag, ("T",), "tag", some),
            ("trash", "Move to the trash", self._trash, ("Del",), "trash", some),
            ("restore", "Bring back from the trash", self._restore, ("Shift+R",), "arrow-u-up-left", trashed),
            ("export", "Export recordings", self._export, ("E",), "export", some),
            ("train", "Train an IDM on these", self._train, (), "brain", some),
            ("check", "Check again", self._check, (), "shield-check", some),
            ("filter", "Search recordings", self.filters.focus_search, ("/",), "magnifying-glass", always),
            ("tiles", "Switch between list and tiles", self._switch_view, (), "squares-four", always),
        ]
        return [
            UserAction(
                f"library.{name}",
                title,
                run,
                keys,
                page="library",
                group="Library",
                icon=icon_name,
                why_not=why,
            )
            for name, title, run, keys, icon_name, why in made
        ]

    def enter(self, where: Mapping[str, Any]) -> None:
        """Look again; ``health`` sets that filter, ``select`` selects recordings."""
        if "health" in where:
            self.filters.show_health(Health(where["health"]))
            self.query = self.filters.applied_to(self.query)
        self._wanted = list(where.get("select", ()))
        self._wants_focus = True
        self.refresh()

    def back_instead(self) -> bool:
        """Esc leaves the search field, or clears it."""
        search = self.filters.search
        if search.hasFocus() or search.text():
            search.clear()
            self.table.setFocus()
            return True
        return False

    def refresh(self) -> None:
        """Ask the project again, keeping what is selected."""
        if self.studio.session.project is None:
            return
        self._thumbnails.try_again()
        query, wanted = self.query, self._wanted or [item.id for item in self.selected()]
        self.studio.desk.ask(lambda project: look_up(project, query, wanted), self._show, newest="library")

    def selected(self) -> list[RecordingRow]:
        """The selected recordings that are here."""
        return self._recordings.selected()

    def _on_project(self) -> None:
        self.filters.clear()
        self.query, self._wanted = Query(), []
        self._switch.show_content(self._loading)
        self._recordings.clear()
        self.refresh()

    def _show(self, listing: Listing) -> None:
        if listing.query != self.query:
            return
        self.header.subtitle.setText(_told_of(listing))
        self.filters.show_tags(listing.tags)
        empty = not listing.present and not listing.query.removed
        nothing = self._nothing if empty else self._unfound
        self._switch.show_content(self._recordings if listing.found else nothing)
        self.details.setEnabled(bool(listing.found))
        wanted, self._wanted = self._wanted, []
        self._recordings.show_listing(listing, wanted)
        if self._wants_focus and listing.found:  # only now it is shown, and can have it
            self._wants_focus = False
            self._recordings.shown.setFocus()

    def _show_brought_back(self, recordings: list[str]) -> None:
        self._wanted = recordings

    def _fetch(self, number: int) -> None:
        query = self.query
        self.studio.desk.ask(
            lambda project: page_of(project, query, number),
            lambda rows: self._recordings.add_page(number, rows) if query == self.query else None,
        )

    def _filter(self) -> None:
        self._use(self.filters.applied_to(self.query))

    def _show_all(self) -> None:
        self.filters.clear()
        self._filter()

    def _order_by(self, order: str) -> None:
        rising = self.query.order != order
        self._recordings.show_order(order, rising=rising)
        self._use(replace(self.query, order=order if rising else f"-{order}"))

    def _use(self, query: Query) -> None:
        if query != self.query:
            self.query = query
            self.refresh()

    def _switch_view(self) -> None:
        self._show_view("tiles" if self._modes.current == "list" else "list")

    def _show_view(self, view: str) -> None:
        self._modes.show_mode(view)
        self._recordings.show_view(view)

    def _some_selected(self) -> str | None:
        if self.query.removed:
            return "It is in the trash. Shift+R brings it back."
        return None if self._recordings.has_selection else "Select a recording first."

    def _some_in_trash(self) -> str | None:
        if not self.query.removed:
            return "Choose “In the trash” among the healths first."
        return None if self._recordings.has_selection else "Select a recording first."

    def _on_selection(self) -> None:
        self.details.show_recordings(self.selected(), len(self._recordings.places()))

    def _record(self) -> None:
        self.studio.go("record")

    def _open(self) -> None:
        rows = self.selected()
        if rows and self._some_selected() is None:
            self.studio.go("player", recording=rows[0].id)

    def _tag(self) -> None:
        def ask(rows: list[RecordingRow]) -> None:
            common = sorted(set.intersection(*(set(item.tags) for item in rows)))

            def use(text: str) -> None:
                words = {word.strip() for word in text.split(",") if word.strip()}
                self.edits.retag(
                    {item.id: tuple(sorted((set(item.tags) - set(common)) | words)) for item in rows}
                )

            ask_words(self, "Tags", "Tags, separated by commas:", ", ".join(common), use)

        self._with_selected(ask)

    def _trash(self) -> None:
        self._with_selected(lambda rows: self.edits.trash([item.id for item in rows]))

    def _restore(self) -> None:
        self._with_selected(lambda rows: self.edits.bring_back([item.id for item in rows]))

    def _check(self) -> None:
        self._with_selected(lambda rows: check_recordings(self.studio, [item.id for item in rows]))

    def _export(self) -> None:
        def ask(rows: list[RecordingRow]) -> None:
            names = [item.id for item in rows]
            ask_folder(self, "Export to folder", lambda out: export_recordings(self.studio, names, out))

        self._with_selected(ask)

    def _train(self) -> None:
        def begin(rows: list[RecordingRow]) -> None:
            able = [item.id for item in rows if item.actions]
            if able:
                self.studio.go("train", recordings=able)
            else:
                self.studio.session.notices.tell("These recordings have no actions to learn from.", "warn")

        self._with_selected(begin)

    def _with_selected(self, act: Callable[[list[RecordingRow]], object]) -> None:
        """Call `act` with all that is selected now, also with what was not looked at yet."""
        places, rows, query = self._recordings.places(), self.selected(), self.query
        if len(rows) < len(places):
            self.studio.desk.ask(lambda project: rows_at(project, query, places), act)
        elif rows:
            act(rows)

    def _show_menu(self, place: QPoint) -> None:
        """What can be done, at the pointer."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.studio.session.actions.on_page(self.id):
            if action.page == self.id and action.why_not() is None:
                menu.addAction(icon(action.icon), f"{action.title}\t{''.join(action.keys[:1])}", action.run)
        menu.popup(place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files and folders."""
        if self.studio.session.project is not None and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Import what was dropped."""
        urls = event.mimeData().urls()
        self._imports.bring_in([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
        event.acceptProposedAction()


def _told_of(listing: Listing) -> str:
    if listing.query.removed:
        return f"{counted(listing.found)} in the trash"
    if listing.query.is_filtered:
        return f"{listing.found:,} of {counted(listing.present)}"
    return f"{counted(listing.present)}, {total_in_words(listing.ticks)}" if listing.present else ""
