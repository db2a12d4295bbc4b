"""Train: the runs of the project, whoever started them, and the way to start one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QLayout, QVBoxLayout

from training import launcher
from training.runs import LIVING, RESUMABLE, RunState, RunSummary
from ui.look import look
from ui.pages.new_run import NewRunPanel
from ui.pages.page import MARGIN, Page, Switched, waiting
from ui.studio import Studio
from ui.train_model import RunFilter
from ui.user_actions import UserAction, WhyNot, always_can
from ui.widgets.buttons import KeyButton
from ui.widgets.cards import row
from ui.widgets.chips import HEIGHT, paint_chip
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import SearchField, Select
from ui.widgets.labels import words
from ui.widgets.paged_table import Column, PagedModel, PagedTable, draw_words
from ui.widgets.run_words import (
    STAGES,
    best_of,
    moment_in_words,
    progress_words,
    run_name,
    run_share,
    stage_in_words,
    state_chip,
)

ROW_HEIGHT = 40
_PANEL_WIDTH = 440
_BAR = 56
_PROGRESS_COLUMN = 5
_STATES = (
    ("", "Any state"),
    ("needs", "Needs a look"),
    *((str(state), str(state).capitalize()) for state in RunState),
)
_MANY = 100_000


class TrainPage(Page):
    """The runs."""

    id = "train"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Train")
        self.filter = RunFilter()
        self._runs: list[RunSummary] = []
        start = KeyButton("New run", "N", icon_name="plus", kind="primary")
        start.clicked.connect(lambda: self.open_panel())
        self.header.tools.addWidget(start)
        self._model: PagedModel[RunSummary] = PagedModel(self._columns(), _MANY, lambda _page: None)
        self.table = PagedTable(self._model, ROW_HEIGHT, "Runs")
        self.table.clicked.connect(self._on_click)
        self.table.doubleClicked.connect(lambda _index: self._open())
        self.body.addLayout(self._tool_row())
        self._switch = Switched()
        frame = QFrame()
        frame.setProperty("role", "card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 4, 3, 6)
        inside.addWidget(self.table)
        self._loading = self._switch.add(waiting("Looking at the runs"))
        self._list = self._switch.add(frame)
        self._nothing = self._switch.add(
            EmptyState(
                "brain",
                "Nothing trained yet.",
                ("Train an IDM", lambda: self.open_panel()),
                hint="The IDM learns from recordings with actions to tell from video alone what was pressed."
                " Fifteen minutes of recordings are enough to begin.",
            )
        )
        self._unfound = self._switch.add(
            EmptyState("magnifying-glass", "No run fits.", ("Show all", self._show_all))
        )
        self._problem = EmptyState(
            "warning-circle", "The runs cannot be listed.", ("Look again", studio.runs.look)
        )
        self._switch.add(self._problem)
        self.body.addWidget(self._switch, 1)
        self.panel = NewRunPanel(studio, self)
        self.panel.hide()
        self.panel.closed.connect(self._on_panel_closed)
        studio.project_changed.connect(self.panel.hide)
        studio.runs.listed.connect(self.refresh)
        self.refresh()

    def user_actions(self) -> list[UserAction]:
        """What can be done with runs."""
        some = self._one_selected
        made: list[tuple[str, str, Callable[[], object], tuple[str, ...], str, WhyNot]] = [
            ("new", "New run", self.open_panel, ("N",), "plus", always_can),
            ("open", "Open run", self._open, ("Return", "Enter"), "chart-line", some),
            ("stop", "Stop and save", self._stop, ("Ctrl+.",), "stop-circle", self._can_stop),
            ("resume", "Resume run", self._resume, ("R",), "play-circle", self._can_resume),
            ("filter", "Search runs", self._focus_search, ("/",), "magnifying-glass", always_can),
        ]
        return [
            UserAction(f"train.{name}", title, run, keys, page="train", group="Train", icon=icon, why_not=why)
            for name, title, run, keys, icon, why in made
        ]

    def enter(self, where: Mapping[str, Any]) -> None:
        """Look at the runs; with ``recordings`` set up a run that learns from them."""
        self.studio.runs.look()
        self.table.setFocus()
        if "recordings" in where:
            self.open_panel(tuple(where["recordings"]))

    def back_instead(self) -> bool:
        """Esc closes the panel first."""
        if not self.panel.isVisible():
            return False
        self.panel.close_panel()
        return True

    def open_panel(self, recordings: tuple[str, ...] = ()) -> None:
        """Show the panel that sets up a run; an empty tuple means all recordings with actions.

        What is being set up already stays as it is, but for recordings that were chosen since.
        """
        if self.panel.isHidden():
            self.panel.begin(recordings)
        elif recordings:
            self.panel.learn_from(recordings)
        self._place_panel()
        self.panel.show()
        self.panel.raise_()
        self.panel.first_field.setFocus()

    def resizeEvent(self, event: Any) -> None:  # noqa: N802
        """Keep the panel at the right edge."""
        super().resizeEvent(event)
        self._place_panel()

    def _place_panel(self) -> None:
        width = min(look().pixels(_PANEL_WIDTH), self.width() - 2 * MARGIN)
        top = self.header.height()
        self.panel.setGeometry(self.width() - width - MARGIN, top, width, self.height() - top - 12)

    def _on_panel_closed(self) -> None:
        self.table.setFocus()

    def _columns(self) -> list[Column[RunSummary]]:
        return [
            Column("State", 124, lambda run: state_chip(run).word, _paint_state),
            Column("Run", 0, run_name, _paint_name),
            Column("Stage", 84, lambda run: stage_in_words(run.stage)),
            Column("Best", 170, lambda run: " ".join(best_of(run)), _paint_best),
            Column("Steps", 92, lambda run: f"{run.step:,}", None, "", True),
            Column("Progress", 300, progress_words, _paint_progress),
            Column("Started", 104, _started, _paint_started, "", True),
        ]

    def _tool_row(self) -> QLayout:
        self._count = words("Runs", "heading", weight=600)
        self.search = SearchField("Filter by name or stage", "Filter runs", key="/")
        self.search.setFixedWidth(236)
        self.search.textChanged.connect(lambda _text: self._use_filter())
        self._stage, self._state = Select("Filter by stage"), Select("Filter by state")
        self._stage.addItem("All stages", "")
        for stage, title in STAGES.items():
            self._stage.addItem(title, stage)
        for state, title in _STATES:
            self._state.addItem(title, state)
        for box in (self._stage, self._state):
            box.setMinimumWidth(124)
            box.activated.connect(lambda _index: self._use_filter())
        return row(self._count, 1, self.search, self._stage, self._state)

    def refresh(self) -> None:
        """Show the runs as they were found last; the selection stays."""
        watch = self.studio.runs
        if not watch.is_known:
            self._runs = []
            self._model.show_rows(0, [])
            self._switch.show_content(self._loading)
            return
        if watch.problem:
            self._problem.sentence.setText(f"The runs cannot be listed: {watch.problem}")
            self._switch.show_content(self._problem)
            return
        shown = [run for run in watch.runs if self.filter.fits(run)]
        self._count.setText(f"Runs  {len(watch.runs)}" if watch.runs else "Runs")
        if [run.id for run in shown] == [run.id for run in self._runs]:
            self._model.add_page(0, shown)
        else:
            chosen = self._selected()
            self._model.show_rows(len(shown), shown)
            self._select(chosen.id if chosen else "", shown)
        self._runs = shown
        self._switch.show_content(self._list if shown else self._unfound if watch.runs else self._nothing)

    def _select(self, run_id: str, runs: list[RunSummary]) -> None:
        place = next((index for index, run in enumerate(runs) if run.id == run_id), 0)
        if runs:
            index = self._model.index(place, 0)
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _selected(self) -> RunSummary | None:
        rows = self.table.selectionModel().selectedRows()
        return self._model.row_at(rows[0].row()) if rows else None

    def _use_filter(self) -> None:
        self.filter = RunFilter(self.search.text(), self._stage.currentData(), self._state.currentData())
        self.refresh()

    def _show_all(self) -> None:
        self.search.clear()
        self._stage.setCurrentIndex(0)
        self._state.setCurrentIndex(0)
        self._use_filter()

    def _focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _one_selected(self) -> str | None:
        return None if self._selected() is not None else "Select a run first."

    def _can_stop(self) -> str | None:
        run = self._selected()
        living = run is not None and (run.state in LIVING or run.state is RunState.QUEUED)
        return None if living else "Select a run that is going on."

    def _can_resume(self) -> str | None:
        run = self._selected()
        return (
            None if run is not None and run.can_resume else "Select a run that was stopped, failed or lost."
        )

    def _open(self) -> None:
        run = self._selected()
        if run is not None:
            self.studio.go("run", run=run.id)

    def _stop(self) -> None:
        run = self._selected()
        if run is not None:
            self._steer(lambda: launcher.request_stop(run.path))

    def _resume(self) -> None:
        run = self._selected()
        if run is not None:
            self.studio.session.notices.tell(f"{run_name(run)} is taken up again.")
            self._steer(lambda: launcher.resume(run.path), "resuming runs")

    def _steer(self, act: Callable[[], object], lane: str = "steering runs") -> None:
        self.studio.background.run(
            lambda _task: act(), ended=lambda: self.studio.session.changed("runs"), lane=lane
        )

    def _on_click(self, index: QModelIndex) -> None:
        run = self._model.row_at(index.row())
        if run is None or index.column() != _PROGRESS_COLUMN or run.state not in RESUMABLE:
            return
        place = self.table.viewport().mapFromGlobal(self.table.cursor().pos())
        if _resume_area(QRectF(self.table.visualRect(index)).adjusted(10, 0, -10, 0)).contains(
            QPoint(place).toPointF()
        ):
            self._resume()


def _started(run: RunSummary) -> str:
    return moment_in_words(run.started or run.created)


def _paint_started(painter: QPainter, area: QRectF, run: RunSummary) -> None:
    draw_words(painter, area, _started(run), colour="text_secondary", side=Qt.AlignmentFlag.AlignRight)


def _paint_state(painter: QPainter, area: QRectF, run: RunSummary) -> None:
    paint_chip(painter, QRectF(area.left(), area.center().y() - HEIGHT / 2, 0, 0).topLeft(), state_chip(run))


def _paint_name(painter: QPainter, area: QRectF, run: RunSummary) -> None:
    draw_words(painter, area, run_name(run), weight=600)


def _paint_best(painter: QPainter, area: QRectF, run: RunSummary) -> None:
    value, what = best_of(run)
    draw_words(painter, area, value, weight=600)
    draw_words(painter, area.adjusted(62, 0, 0, 0), what, colour="text_hint", small=True)


def _resume_area(area: QRectF) -> QRectF:
    width = QFontMetrics(look().font("body", 600)).horizontalAdvance("Resume")
    return QRectF(area.right() - width, area.top(), width, area.height())


def _paint_progress(painter: QPainter, area: QRectF, run: RunSummary) -> None:
    text = area
    if run.state in RESUMABLE:
        link = _resume_area(area)
        painter.setFont(look().font("body", 600))
        painter.setPen(look().colour("accent_text"))
        painter.drawText(link, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "Resume")
        text = area.adjusted(0, 0, -link.width() - 12, 0)
    share = run_share(run)
    if share is not None and run.state in LIVING:
        bar = QRectF(area.left(), area.center().y() - 2, _BAR, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("line_strong"))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(look().colour("yellow" if run.state is RunState.PAUSED else "sky"))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(4.0, bar.width() * share), 4), 2, 2)
        text = text.adjusted(_BAR + 10, 0, 0, 0)
    bad = run.state in (RunState.FAILED, RunState.LOST, None)
    draw_words(painter, text, progress_words(run), colour="danger" if bad else "text_secondary")
