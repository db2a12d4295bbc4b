"""The Library: all recordings of the project, found, looked at, tagged, brought in and handed out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.library_model import PAGE_ROWS, Listing, Query, look_up, page_of, remove, restore, retag
from ui.pages.library_inspector import RecordingInspector
from ui.pages.page import Page, Switched, waiting
from ui.recording_imports import import_files
from ui.studio import Studio
from ui.studio_commands import run_command
from ui.undo import Step
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


class LibraryPage(Page):
    """All recordings."""

    id = "library"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Library")
        self.query = Query()
        self._thumbnails = Thumbnails(studio.background)
        self._to_select: list[str] = []
        self.setAcceptDrops(True)
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
        some, always = self._some_selected, always_can
        made: list[tuple[str, str, Callable[[], object], tuple[str, ...], str, WhyNot]] = [
            ("import", "Import files", self._choose_files, ("I",), "download-simple", always),
            ("import_folder", "Import a folder", self._choose_folder, ("Shift+I",), "folder-plus", always),
            ("open", "Open recording", self._open, ("Return", "Enter"), "play", some),
            ("quick_look", "Quick look", self._open, ("Space",), "eye", some),
            ("tag", "Tag recordings", self._tag, ("T",), "tag", some),
            ("trash", "Move to the trash", self._trash, ("Del",), "trash", some),
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
        self._to_select = list(where.get("select", ()))
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
        self._to_select = self._to_select or [item.id for item in self.selected()]
        query = self.query
        self.studio.desk.ask(lambda project: look_up(project, query), self._show, newest="library")

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
        picture = self._thumbnails.at_hand(item.id)
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
        self.query = Query()
        self.search.clear()
        for box in (self._source, self._health, self._tags):
            box.setCurrentIndex(0)
        self._switch.show_content(self._loading)
        self._model.show_rows(0, [])
        self.refresh()

    def _show(self, listing: Listing) -> None:
        if listing.query != self.query:
            return
        self._model.show_rows(listing.found, listing.first)
        plural = "recording" if listing.present == 1 else "recordings"
        found = f"{listing.found:,} of " if listing.query.is_filtered else ""
        self.header.subtitle.setText(
            f"{found}{listing.present:,} {plural}, {total_in_words(listing.ticks)}" if listing.present else ""
        )
        self._show_tags(listing.tags)
        empty = not listing.present
        nothing = self._nothing if empty else self._unfound
        self._switch.show_content(self._list if listing.found else nothing)
        self.details.setEnabled(bool(listing.found))
        self._select(self._to_select)
        self._to_select = []
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

    def _select(self, recordings: list[str]) -> None:
        selection = self.table.selectionModel()
        selection.clearSelection()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        places = [place for place, item in self._model.known_rows() if item.id in recordings]
        for place in places or ([0] if self._model.rowCount() else []):
            index = self._model.index(place, 0)
            selection.select(index, flags)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._on_selection()

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
        self._use(
            source=self._source.currentData(), health=self._health.currentData(), tag=self._tags.currentData()
        )

    def _show_all(self) -> None:
        self.search.clear()
        for box in (self._source, self._health, self._tags):
            box.setCurrentIndex(0)
        self._use(search="", source=None, health=None, tag=None)

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
        return None if self.table.selectionModel().hasSelection() else "Select a recording first."

    def _on_selection(self) -> None:
        self.details.show_recordings(self.selected())

    def _open(self) -> None:
        rows = self.selected()
        if rows:
            self.studio.go("player", recording=rows[0].id)

    def _tag(self) -> None:
        rows = self.selected()
        common = sorted(set.intersection(*(set(item.tags) for item in rows))) if rows else []

        def use(text: str) -> None:
            words = {word.strip() for word in text.split(",") if word.strip()}
            wanted = {item.id: tuple(sorted((set(item.tags) - set(common)) | words)) for item in rows}
            self.retag(wanted)

        ask_words(self, "Tags", "Tags, separated by commas:", ", ".join(common), use)

    def retag(self, wanted: dict[str, tuple[str, ...]], *, remember: bool = True) -> None:
        """Give recordings these tags; what they had can be brought back by undo if `remember`."""

        def done(before: dict[str, tuple[str, ...]]) -> None:
            if remember:
                step = Step(
                    f"tag {_counted(len(wanted))}",
                    lambda: self.retag(before, remember=False),
                    lambda: self.retag(wanted, remember=False),
                )
                self.studio.session.undo.did(step)
            self.studio.session.changed("recordings")

        self.studio.desk.change(lambda project: retag(project, wanted), done)

    def _trash(self) -> None:
        self._remove([item.id for item in self.selected()], remember=True)

    def _remove(self, recordings: list[str], *, remember: bool) -> None:
        session = self.studio.session

        def done(removed: list[str]) -> None:
            if remember:
                step = Step(
                    f"move {_counted(len(removed))} to the trash",
                    lambda: self._restore(removed),
                    lambda: self._remove(removed, remember=False),
                )
                session.undo.did(step)
            session.notices.tell(
                f"Moved {_counted(len(removed))} to the trash.",
                "ok",
                action="Undo",
                run=lambda: session.actions["studio.undo"].run(),
            )
            session.changed("recordings")

        self.studio.desk.change(partial(remove, recordings=recordings), done)

    def _restore(self, recordings: list[str]) -> None:
        self._to_select = recordings
        self.studio.desk.change(
            partial(restore, recordings=recordings), lambda _none: self.studio.session.changed("recordings")
        )

    def _choose_files(self) -> None:
        kinds = "Recordings (*.mp4 *.mkv *.webm *.mov *.avi *.jsonl *.json);;All files (*)"
        ask_files(self, "Import recordings", kinds, self.bring_in)

    def _choose_folder(self) -> None:
        ask_folder(self, "Import all recordings in a folder", lambda folder: self.bring_in([folder]))

    def bring_in(self, paths: list[Path]) -> None:
        """Import files and folders, with progress, and tell what came of it."""
        if paths:
            import_files(self.studio, paths)

    def _export(self) -> None:
        ask_folder(self, "Export to folder", self.export_to)

    def export_to(self, out: Path) -> None:
        """Write the selected recordings into `out` as OpenAI's loader reads them."""
        names = [item.id for item in self.selected()]
        run_command(
            self.studio,
            f"Export {_counted(len(names))}",
            ["recordings", "export", *names, "--out", str(out), "--project", str(self._folder())],
            lambda _answer: self.studio.session.notices.tell(
                f"Exported {_counted(len(names))} to {out}.", "ok"
            ),
        )

    def _repair(self, recording: str) -> None:
        out = self._folder() / "repaired"

        def done(_answer: object) -> None:
            self.studio.session.notices.tell(
                f"Repaired copies of {recording} are in {out}. They are imported now."
            )
            self.bring_in([out])

        run_command(
            self.studio,
            f"Repair {recording}",
            ["recordings", "repair", recording, "--out", str(out), "--project", str(self._folder())],
            done,
        )

    def _train(self) -> None:
        able = [item.id for item in self.selected() if item.actions]
        if able:
            self.studio.go("train", recordings=able)
        else:
            self.studio.session.notices.tell("These recordings have no actions to learn from.", "warn")

    def _check(self) -> None:
        names = [item.id for item in self.selected()]
        run_command(
            self.studio,
            f"Check {_counted(len(names))}",
            ["recordings", "validate", *names, "--project", str(self._folder())],
            lambda _answer: self.studio.session.changed("recordings"),
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files and folders."""
        if self.studio.session.project is not None and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Import what was dropped."""
        self.bring_in([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()


def _counted(count: int) -> str:
    return "1 recording" if count == 1 else f"{count:,} recordings"


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
