"""The Library: all recordings of the project, found, looked at, tagged, brought in and handed out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout, QWidget

from ui.icons import icon
from ui.library_model import PAGE_ROWS, Listing, Query, look_up, page_of, rows_at
from ui.pages.library_inspector import RecordingInspector
from ui.pages.page import Page, Switched, waiting
from ui.recording_edits import RecordingEdits, counted
from ui.recording_imports import import_files
from ui.studio import Studio
from ui.studio_commands import run_command
from ui.user_actions import UserAction, WhyNot, always_can
from ui.widgets.asking import ask_files, ask_folder, ask_words
from ui.widgets.buttons import KeyButton
from ui.widgets.cards import row
from ui.widgets.chips import HEIGHT, paint_chip
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import SearchField, Select
from ui.widgets.modes import Modes
from ui.widgets.paged_table import Column, PagedModel, PagedTable, draw_words
from ui.widgets.recording_words import (
    HEALTH_TITLES,
    SOURCE_CHIPS,
    day_in_words,
    health_chip,
    length_in_words,
    total_in_words,
)
from ui.widgets.thumbnails import Thumbnails, paint_picture
from ui.widgets.tiles import TileView
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source

ROW_HEIGHT = 54
_SEARCH_PAUSE_MS = 120
_TRASH = "trash"  # among the healths, which are others
_TOLD = 3  # problems in a notice; the rest is among its details


class LibraryPage(Page):
    """All recordings."""

    id = "library"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Library")
        self.query = Query()
        self._thumbnails = Thumbnails(studio.background)
        self.edits = RecordingEdits(studio, self._show_brought_back)
        self._wanted: list[str] = []
        self._shown_query: Query | None = None
        self.setAcceptDrops(True)
        self._played_by = Select("Who plays in what is imported")
        self._played_by.setToolTip("Who plays in what is imported next")
        self._played_by.addItem("Played by: as the files say", None)
        for source in Source:
            if source is not Source.UNKNOWN:
                self._played_by.addItem(f"Played by: {SOURCE_CHIPS[source].word.lower()}", source)
        self.header.tools.addWidget(self._played_by)
        opener = KeyButton("Import", "I", icon_name="download-simple", kind="primary")
        opener.clicked.connect(self._choose_files)
        self.header.tools.addWidget(opener)
        self._model: PagedModel[RecordingRow] = PagedModel(self._columns(), PAGE_ROWS, self._fetch)
        self.table = PagedTable(self._model, ROW_HEIGHT, "Recordings")
        self.tiles = TileView(self._model, self._thumbnails, self._folder)
        self.body.addLayout(self._tool_row())
        self._switch = Switched()
        frame = QFrame()
        frame.setProperty("role", "card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 4, 3, 6)
        self._views = Switched()
        self._views.add(self.table)
        self._views.add(self.tiles)
        inside.addWidget(self._views)
        self._list = self._switch.add(frame)
        self._loading = self._switch.add(waiting("Looking at the recordings"))
        self._nothing = self._switch.add(self._empty_state())
        self._unfound = self._switch.add(
            EmptyState("magnifying-glass", "No recording fits.", ("Show all", self._show_all))
        )
        self.body.addWidget(self._switch, 1)
        self.details = RecordingInspector(studio, self._thumbnails)
        self.details.open_wanted.connect(self._open)
        self.details.export_wanted.connect(lambda _id: self._export())
        self.details.trash_wanted.connect(lambda _id: self._trash())
        self.details.repair_wanted.connect(self._repair)
        self.use_inspector(self.details)
        self._connect()
        for view in (self.table, self.tiles):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(partial(self._show_menu, view))
        self._wants_focus = False
        self._switch.show_content(self._loading)

    def _connect(self) -> None:
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.table.doubleClicked.connect(lambda _index: self._open())
        self.tiles.setSelectionModel(self.table.selectionModel())
        self.tiles.doubleClicked.connect(lambda _index: self._open())
        self.table.horizontalHeader().sectionClicked.connect(self._sort_by)
        self._pause = QTimer(self, singleShot=True, interval=_SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.studio.project_changed.connect(self._on_project)
        self.studio.content_changed.connect(lambda what: self.refresh() if what == "recordings" else None)

    def user_actions(self) -> list[UserAction]:
        """What can be done with recordings."""
        some, always, in_trash = self._some_selected, always_can, self._some_in_trash
        made: list[tuple[str, str, Callable[[], object], tuple[str, ...], str, WhyNot]] = [
            ("import", "Import files", self._choose_files, ("I",), "download-simple", always),
            ("import_folder", "Import a folder", self._choose_folder, ("Shift+I",), "folder-plus", always),
            ("open", "Open recording", self._open, ("Return", "Enter"), "play", some),
            ("quick_look", "Quick look", self._open, ("Space",), "eye", some),
            ("tag", "Tag recordings", self._tag, ("T",), "tag", some),
            ("trash", "Move to the trash", self._trash, ("Del",), "trash", some),
            ("restore", "Bring back from the trash", self._restore, ("R",), "arrow-u-up-left", in_trash),
            ("export", "Export recordings", self._export, ("E",), "export", some),
            ("train", "Train an IDM on these", self._train, (), "brain", some),
            ("check", "Check again", self._check, (), "shield-check", some),
            ("filter", "Search recordings", self._focus_search, ("/",), "magnifying-glass", always),
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
            self._health.setCurrentIndex(self._health.findData(Health(where["health"])))
            self._filter()
        self._wanted = list(where.get("select", ()))
        self._wants_focus = True
        self.refresh()

    def back_instead(self) -> bool:
        """Esc leaves the search field, or clears it."""
        if self.search.hasFocus() or self.search.text():
            self.search.clear()
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
        rows = (self._model.row_at(place) for place in self.table.selected_rows())
        return [found for found in rows if found is not None]

    def _folder(self) -> Path:
        project = self.studio.session.project
        assert project is not None
        return project.folder

    def _columns(self) -> list[Column[RecordingRow]]:
        return [
            Column("Recording", 0, lambda item: item.id, self._paint_name, "id"),
            Column("Source", 96, lambda item: SOURCE_CHIPS[item.source].word, _paint_source, "source"),
            Column("Health", 150, lambda item: health_chip(item).word, _paint_health, "health"),
            Column("Length", 76, _length, None, "duration_ticks", True),
            Column("Tag", 110, lambda item: ", ".join(item.tags), _paint_tags),
            Column("When", 104, _day, _paint_when, "imported_at", True),
        ]  # fmt: skip

    def _paint_name(self, painter: QPainter, area: QRectF, item: RecordingRow) -> None:
        picture = self._thumbnails.at_hand(item.id, self._folder())
        if picture is None:
            self._thumbnails.bring(item.id, self._folder(), lambda _picture: self._paint_again(item.id))
        frame = QRectF(area.left(), area.center().y() - 20, 72, 40)
        paint_picture(painter, frame, picture, 4)
        words = area.adjusted(84, 0, 0, 0)
        second = item.person or item.version
        if second:
            draw_words(painter, words.adjusted(0, 8, 0, -area.height() / 2 + 3), item.id, weight=600)
            below = words.adjusted(0, area.height() / 2 - 1, 0, -8)
            draw_words(painter, below, second, colour="text_secondary", small=True)
        else:
            draw_words(painter, words, item.id, weight=600)

    def _paint_again(self, recording: str) -> None:
        self.table.paint_again(lambda item: item.id == recording, column=0)

    def _tool_row(self) -> Any:
        self.search = SearchField("Search names, people, tags", "Search recordings", key="/")
        self.search.setFixedWidth(268)
        self._source, self._health = Select("Filter by source"), Select("Filter by health")
        self._tags = Select("Filter by tag")
        self._source.addItem("Any source", None)
        for source in Source:
            self._source.addItem(SOURCE_CHIPS[source].word, source)
        self._health.addItem("Any health", None)
        for health in Health:
            self._health.addItem(HEALTH_TITLES[health], health)
        self._health.insertSeparator(self._health.count())
        self._health.addItem("In the trash", _TRASH)
        self._tags.addItem("Any tag", None)
        for box in (self._source, self._health, self._tags):
            box.setMinimumWidth(118)
            box.activated.connect(self._filter)
        self._modes = Modes([("list", "List"), ("tiles", "Tiles")], "View")
        self._modes.show_mode("list")
        self._modes.chosen.connect(self._show_view)
        return row(self.search, self._source, self._health, self._tags, 1, self._modes)

    def _empty_state(self) -> QWidget:
        return EmptyState(
            "film-strip",
            "No recordings yet.",
            ("Import files", self._choose_files),
            ("Try the sample project", lambda: self.studio.session.actions["home.sample"].run()),
            hint="Import videos with their actions, or drop files and folders anywhere on this page.",
        )

    def _on_project(self) -> None:
        self.query, self._shown_query, self._wanted = Query(), None, []
        self.search.clear()
        for box in (self._source, self._health, self._tags):
            box.setCurrentIndex(0)
        self._switch.show_content(self._loading)
        self._model.show_rows(0, [])
        self.refresh()

    def _show(self, listing: Listing) -> None:
        if listing.query != self.query:
            return
        places = self._places_to_select(listing)
        bar = self.table.verticalScrollBar()
        stays = listing.query == self._shown_query and not self._wanted
        height, self._shown_query, self._wanted = bar.value(), listing.query, []
        self._model.show_rows(listing.found, listing.first)
        self.header.subtitle.setText(_told_of(listing))
        self._show_tags(listing.tags)
        empty = not listing.present and not listing.query.removed
        nothing = self._nothing if empty else self._unfound
        self._switch.show_content(self._list if listing.found else nothing)
        self.details.setEnabled(bool(listing.found))
        self.table.select_rows(places)
        if stays:
            bar.setValue(height)
        self._on_selection()
        if self._wants_focus and listing.found:  # only now it is shown, and can have it
            self._wants_focus = False
            self._views_shown().setFocus()

    def _show_tags(self, tags: Mapping[str, int]) -> None:
        chosen = self._tags.currentData()
        self._tags.clear()
        self._tags.addItem("Any tag", None)
        for tag, count in tags.items():
            self._tags.addItem(f"{tag} ({count})", tag)
        self._tags.setCurrentIndex(max(0, self._tags.findData(chosen)))

    def _places_to_select(self, listing: Listing) -> list[int]:
        """Rows to select: the wanted ones, those selected before, or what took their place."""
        before = self.table.selected_rows()
        stays = listing.query == self._shown_query and not self._wanted
        if stays and len(before) > 1 and len(before) == self._model.rowCount():
            return list(range(listing.found))
        if listing.places:
            return list(listing.places.values())
        return [min(before[0] if before else 0, listing.found - 1)] if listing.found else []

    def _show_brought_back(self, recordings: list[str]) -> None:
        self._wanted = recordings

    def _fetch(self, number: int) -> None:
        query = self.query
        self.studio.desk.ask(
            lambda project: page_of(project, query, number),
            lambda rows: self._model.add_page(number, rows) if query == self.query else None,
        )

    def _use(self, **changes: Any) -> None:
        self.query = Query(**{**self.query.__dict__, **changes})
        self.refresh()

    def _search(self) -> None:
        if self.search.text().strip() != self.query.search:
            self._use(search=self.search.text().strip())

    def _filter(self) -> None:
        health = self._health.currentData()
        self._use(
            source=self._source.currentData(),
            health=None if health == _TRASH else health,
            tag=self._tags.currentData(),
            removed=health == _TRASH,
        )

    def _show_all(self) -> None:
        self.search.clear()
        for box in (self._source, self._health, self._tags):
            box.setCurrentIndex(0)
        self._use(search="", source=None, health=None, tag=None, removed=False)

    def _sort_by(self, section: int) -> None:
        order = self._model.columns[section].order
        if not order:
            return
        rising = self.query.order != order
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSortIndicator(
            section, Qt.SortOrder.AscendingOrder if rising else Qt.SortOrder.DescendingOrder
        )
        self._use(order=order if rising else f"-{order}")

    def _switch_view(self) -> None:
        self._show_view("tiles" if self._modes.current == "list" else "list")

    def _show_view(self, view: str) -> None:
        self._modes.show_mode(view)
        self._views.show_content(self._views_shown())
        self._views_shown().setFocus()

    def _views_shown(self) -> QWidget:
        return self.table if self._modes.current == "list" else self.tiles

    def _focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _some_selected(self) -> str | None:
        if self.query.removed:
            return "It is in the trash. R brings it back."
        return None if self.table.selectionModel().hasSelection() else "Select a recording first."

    def _some_in_trash(self) -> str | None:
        if not self.query.removed:
            return "Choose “In the trash” among the healths first."
        return None if self.table.selectionModel().hasSelection() else "Select a recording first."

    def _on_selection(self) -> None:
        self.details.show_recordings(self.selected(), len(self.table.selected_rows()))

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

    def _with_selected(self, act: Callable[[list[RecordingRow]], object]) -> None:
        """Call `act` with all that is selected now, also with what was not looked at yet."""
        places, rows, query = self.table.selected_rows(), self.selected(), self.query
        if len(rows) == len(places):
            found = rows
            if found:
                act(found)
        else:
            self.studio.desk.ask(lambda project: rows_at(project, query, places), act)

    def _choose_files(self) -> None:
        kinds = "Recordings (*.mp4 *.mkv *.webm *.mov *.avi *.jsonl *.json);;All files (*)"
        ask_files(self, "Import recordings", kinds, self.bring_in)

    def _choose_folder(self) -> None:
        ask_folder(self, "Import all recordings in a folder", lambda folder: self.bring_in([folder]))

    def bring_in(self, paths: list[Path]) -> None:
        """Import files and folders, with progress, and tell what came of it."""
        if paths:
            import_files(self.studio, self._folder(), paths, self._played_by.currentData())

    def _export(self) -> None:
        def ask(rows: list[RecordingRow]) -> None:
            ask_folder(self, "Export to folder", lambda out: self.export([item.id for item in rows], out))

        self._with_selected(ask)

    def export(self, recordings: list[str], out: Path) -> None:
        """Write recordings into `out` as OpenAI's loader reads them."""
        what = counted(len(recordings))
        run_command(
            self.studio,
            f"Export {what}",
            ["recordings", "export", *recordings, "--out", str(out), "--project", str(self._folder())],
            lambda _answer: self.studio.session.notices.tell(f"Exported {what} to {out}.", "ok"),
        )

    def _repair(self, recording: str) -> None:
        folder = self._folder()
        out = folder / "repaired"

        def done(_answer: object) -> None:
            self.studio.session.notices.tell(
                f"Repaired copies of {recording} are in {out}. They are imported now."
            )
            import_files(self.studio, folder, [out])

        run_command(
            self.studio,
            f"Repair {recording}",
            ["recordings", "repair", recording, "--out", str(out), "--project", str(folder)],
            done,
        )

    def _train(self) -> None:
        def begin(rows: list[RecordingRow]) -> None:
            able = [item.id for item in rows if item.actions]
            if able:
                self.studio.go("train", recordings=able)
            else:
                self.studio.session.notices.tell("These recordings have no actions to learn from.", "warn")

        self._with_selected(begin)

    def _check(self) -> None:
        def begin(rows: list[RecordingRow]) -> None:
            names = [item.id for item in rows]
            run_command(
                self.studio,
                f"Check {counted(len(names))}",
                ["recordings", "validate", *names, "--project", str(self._folder())],
                self._tell_check,
            )

        self._with_selected(begin)

    def _tell_check(self, answer: Mapping[str, Any]) -> None:
        lines = [
            f"{problem['file']}, {problem['place']}: {problem['what']}"
            if problem.get("place")
            else f"{problem['file']}: {problem['what']}"
            for verdict in answer["recordings"].values()
            for problem in verdict["problems"]
        ]
        checked = counted(len(answer["recordings"]))
        if lines:
            more = f" And {len(lines) - _TOLD} more." if len(lines) > _TOLD else ""
            told = ". ".join(lines[:_TOLD])
            self.studio.session.notices.tell(f"{told}.{more}", "warn", details="\n".join(lines))
        else:
            self.studio.session.notices.tell(f"Checked {checked}: nothing is missing or damaged.", "ok")
        self.studio.session.changed("recordings")

    def _show_menu(self, view: QWidget, place: QPoint) -> None:
        """What can be done, at the pointer."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.studio.session.actions.on_page(self.id):
            if action.page == self.id and action.why_not() is None:
                menu.addAction(icon(action.icon), f"{action.title}\t{''.join(action.keys[:1])}", action.run)
        menu.popup(view.mapToGlobal(place))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files and folders."""
        if self.studio.session.project is not None and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Import what was dropped."""
        self.bring_in([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()


def _told_of(listing: Listing) -> str:
    if listing.query.removed:
        return f"{counted(listing.found)} in the trash"
    if listing.query.is_filtered:
        return f"{listing.found:,} of {counted(listing.present)}"
    return f"{counted(listing.present)}, {total_in_words(listing.ticks)}" if listing.present else ""


def _paint_source(painter: QPainter, area: QRectF, item: RecordingRow) -> None:
    paint_chip(painter, QPointF(area.left(), area.center().y() - HEIGHT / 2), SOURCE_CHIPS[item.source])


def _paint_health(painter: QPainter, area: QRectF, item: RecordingRow) -> None:
    paint_chip(painter, QPointF(area.left(), area.center().y() - HEIGHT / 2), health_chip(item))


def _paint_tags(painter: QPainter, area: QRectF, item: RecordingRow) -> None:
    draw_words(painter, area, ", ".join(item.tags), colour="text_secondary")


def _length(item: RecordingRow) -> str:
    return length_in_words(item.duration_ticks)


def _day(item: RecordingRow) -> str:
    return day_in_words(item.imported_at)


def _paint_when(painter: QPainter, area: QRectF, item: RecordingRow) -> None:
    draw_words(
        painter,
        area,
        day_in_words(item.imported_at),
        colour="text_secondary",
        side=Qt.AlignmentFlag.AlignRight,
    )
