"""The curves of a run: four charts over steps or time, smoothed as wanted, beside another run if wanted."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSlider, QVBoxLayout, QWidget

from training.runs import RunState
from ui.pages.page import Switched, waiting
from ui.run_charts import STAGE_CHARTS, ChartLine, ChartPlan
from ui.run_model import RunLook, RunReader, Series, smoothed
from ui.studio import Studio
from ui.widgets.buttons import button
from ui.widgets.cards import Card, empty
from ui.widgets.fields import Select
from ui.widgets.labels import words
from ui.widgets.log_view import LogView
from ui.widgets.modes import Modes
from ui.widgets.run_words import run_name

if TYPE_CHECKING:
    from ui.widgets.chart import Chart, Line

_LOG_LINES = 5
_SMOOTHING = 80
_FEWEST_TO_SMOOTH = 20


class RunCurves(QWidget):
    """The curves of one run.

    Attributes:
        tools: What stands at the right of the tabs while curves are shown.
    """

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._shown: RunLook | None = None
        self._other: tuple[str, dict[str, Series]] = ("", {})
        self._charts: list[tuple[ChartPlan, Chart]] = []
        self._stage: str | None = None
        self._drawn: tuple[Any, ...] = ()
        self._module: Any = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self._switch = Switched()
        self._waiting = self._switch.add(waiting("Drawing the curves"))
        self._starting = words("", "heading", colour="text_secondary")
        self._starting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._switch.add(self._starting)
        self._grid_holder = QWidget()
        self._grid = QGridLayout(self._grid_holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(10)
        self._switch.add(self._grid_holder)
        layout.addWidget(self._switch, 1)
        tail = Card("Latest in the log", padding=12, spacing=4)
        self._tail = LogView("Latest lines of the log", most=_LOG_LINES)
        self._tail.setFixedHeight(_LOG_LINES * 17 + 6)
        self._tail.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tail.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tail.content.addWidget(self._tail)
        layout.addWidget(tail)
        self._make_tools()
        studio.runs.listed.connect(self._list_others)

    def _make_tools(self) -> None:
        self._smoothing = QSlider(Qt.Orientation.Horizontal)
        self._smoothing.setRange(0, 99)
        self._smoothing.setValue(_SMOOTHING)
        self._smoothing.setFixedWidth(84)
        self._smoothing.setAccessibleName("Smoothing of the curves")
        self._smoothing.setToolTip("Smoothing: left shows the curves as they were measured")
        self._smoothing.valueChanged.connect(lambda _value: self._draw())
        self._across = Modes([("steps", "Steps"), ("minutes", "Time")], "Axis across")
        self._across.show_mode("steps")
        self._across.chosen.connect(lambda _mode: self._draw())
        self._logarithmic = button("Log y", self._draw)
        self._logarithmic.setCheckable(True)
        self._logarithmic.setAccessibleName("Logarithmic value axis")
        self._logarithmic.setToolTip("Logarithmic value axis for losses (Y)")
        self._beside = Select("Run to compare with")
        self._beside.setMinimumWidth(140)
        self._beside.setMaximumWidth(190)
        self._beside.addItem("Compare with", "")
        self._beside.activated.connect(lambda _index: self._read_other())
        self.tools: list[QWidget] = [
            words("Smoothing", colour="text_hint"),
            self._smoothing,
            self._across,
            self._logarithmic,
            self._beside,
        ]

    def begin(self, folder: Path) -> None:
        """Another run is to be shown."""
        self._folder = folder
        self._shown, self._other, self._drawn = None, ("", {}), ()
        self._tail.add_lines([], anew=True)
        self._beside.clear()
        self._beside.addItem("Compare with", "")

    def switch_axis(self) -> None:
        """Linear to logarithmic and back, where values allow it."""
        self._logarithmic.toggle()
        self._draw()

    def show_look(self, found: RunLook) -> None:
        """Draw what was found."""
        self._shown = found
        self._list_others()
        self._tail.add_lines(found.new_lines[-_LOG_LINES:], anew=found.log_restarted)
        if not found.series:
            self._say_why_empty(found)
        elif self._module is None:
            self._load_charts()
        else:
            self._draw()

    def _say_why_empty(self, found: RunLook) -> None:
        state = found.summary.state
        texts = {
            RunState.QUEUED: "Waits for its turn.",
            RunState.STARTING: "Starting: loading data.",
            RunState.RUNNING: "The first measurement comes with the first step.",
        }
        self._starting.setText(texts.get(state, "It ended before anything was measured.") if state else "")
        self._switch.show_content(self._starting)

    def _load_charts(self) -> None:
        """Import the plotting library off the GUI thread: it takes most of a second."""
        self._switch.show_content(self._waiting)

        def use(module: Any) -> None:
            self._module = module
            self._draw()

        self._studio.background.run(
            lambda _task: importlib.import_module("ui.widgets.chart"), use, newest="charts", lane="charts"
        )

    def _make_charts(self, stage: str) -> None:
        """Make the charts of `stage`, unless they are there."""
        if stage == self._stage:
            return
        self._stage, self._charts = stage, []
        empty(self._grid)
        for place, plan in enumerate(STAGE_CHARTS.get(stage, ())):
            chart = self._module.Chart(plan.title, plan.in_words)
            self._grid.addWidget(chart, place // 2, place % 2)
            self._charts.append((plan, chart))

    def _draw(self) -> None:
        found = self._shown
        if found is None or self._module is None or not found.series:
            return
        self._make_charts(found.summary.stage)
        self._switch.show_content(self._grid_holder)
        wanted = (
            id(found.series),
            self._smoothing.value(),
            self._across.current,
            self._logarithmic.isChecked(),
            self._other[0],
        )
        if wanted == self._drawn:
            return
        self._drawn = wanted
        by_time = self._across.current == "minutes"
        shown = [*found.series.values(), *self._other[1].values()]
        across = max(float((series.minutes if by_time else series.steps)[-1]) for series in shown)
        for plan, chart in self._charts:
            made_lines = [self._line(line, found.series.get(line.metric)) for line in plan.lines]
            lines = [made for made in made_lines if made is not None]
            other, series = self._other
            if other:
                first = plan.lines[0]
                beside = ChartLine(first.metric, other, "grey", dashed=True)
                made = self._line(beside, series.get(first.metric))
                lines += [made] if made else []
            chart.show_lines(
                lines,
                across=across,
                logarithmic=self._logarithmic.isChecked() and plan.can_be_logarithmic,
                empty="Comes with the first evaluation.",
            )

    def _line(self, plan: ChartLine, series: Series | None) -> Line | None:
        if series is None:
            return None
        x = series.minutes if self._across.current == "minutes" else series.steps.astype(np.float64)
        strength = self._smoothing.value() / 100 if series.values.size >= _FEWEST_TO_SMOOTH else 0.0
        y = smoothed(series.values, strength)
        raw = series.values if strength else None
        made: Line = self._module.Line(plan.name, plan.token, x, y, raw, plan.dashed)
        return made

    def _list_others(self) -> None:
        if self._shown is None:
            return
        chosen = self._beside.currentData()
        this = self._shown.summary
        others = [run for run in self._studio.runs.runs if run.id != this.id and run.stage == this.stage]
        if [self._beside.itemData(place) for place in range(1, self._beside.count())] == [
            r.id for r in others
        ]:
            return
        self._beside.clear()
        self._beside.addItem("Compare with", "")
        for run in others:
            self._beside.addItem(run_name(run), run.id)
        self._beside.setCurrentIndex(max(0, self._beside.findData(chosen)))

    def _read_other(self) -> None:
        chosen, name = self._beside.currentData(), self._beside.currentText()
        if not chosen:
            self._other = ("", {})
            self._draw()
            return
        this, folder = self._folder, self._folder.parent / chosen

        def use(found: RunLook) -> None:
            if this != self._folder or self._beside.currentData() != chosen:
                return  # another run is shown by now
            self._other = (name, found.series)
            self._draw()

        self._studio.background.run(
            lambda _task: RunReader(folder).look(), use, newest="beside", lane="charts"
        )
