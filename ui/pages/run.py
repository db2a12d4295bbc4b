"""One run: how far it is, its curves, settings, log and what it saved, live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from training.runs import RunState, RunSummary
from ui.look import look
from ui.pages.page import Page, Switched, waiting
from ui.pages.run_curves import RunCurves
from ui.pages.run_failure import FailureStrip
from ui.pages.run_inspector import RunInspector
from ui.pages.run_steering import RunSteering
from ui.pages.saved_models import SavedModels
from ui.run_model import RunLook, RunReader
from ui.studio import Studio
from ui.user_actions import UserAction, WhyNot
from ui.widgets.buttons import icon_button
from ui.widgets.cards import Card, row
from ui.widgets.chips import ChipLabel
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Select
from ui.widgets.labels import words
from ui.widgets.log_view import LogView
from ui.widgets.modes import Modes
from ui.widgets.run_words import (
    moment_in_words,
    progress_words,
    run_name,
    run_share,
    stage_in_words,
    state_chip,
)
from vpt_studio.errors import StudioError
from vpt_studio.project.layout import ProjectLayout

_TABS = (("curves", "Curves"), ("config", "Config"), ("log", "Log"), ("saved", "Checkpoints"))


class RunPage(Page):
    """One run."""

    id = "run"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Run", back=True)
        self.run: RunSummary | None = None
        self._reader: RunReader | None = None
        self._is_looking = False
        self._found: RunLook | None = None
        self._config_text = ""
        self._chip = ChipLabel()
        self.header.chips.addWidget(self._chip)
        self._steering = RunSteering(studio)
        self._steering.acted.connect(self._after_act)
        self.header.tools.addWidget(self._steering)
        self._strip = FailureStrip()
        self._strip.resume_wanted.connect(self._steering.resume)
        self._strip.copy_wanted.connect(self._copy_report)
        self.body.addWidget(self._strip)
        self._switch = Switched()
        self._loading = self._switch.add(waiting("Reading the run"))
        self._gone = EmptyState("question", "", ("To the runs", lambda: studio.go("train")))
        self._content = self._switch.add(self._make_content())
        self._switch.add(self._gone)
        self.body.addWidget(self._switch, 1)
        self.details = RunInspector()
        self.use_inspector(self.details)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        studio.project_changed.connect(self._forget)

    def _make_content(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the run")
        self._share, self._left = words("", weight=600), words("", colour="text_secondary")
        progress = row(self._bar, self._share, self._left, spacing=12)
        progress.setStretch(0, 1)
        layout.addLayout(progress)
        self._tabs = Modes(_TABS, "Part of the run")
        self._tabs.show_mode("curves")
        self._tabs.chosen.connect(self.show_tab)
        self.curves = RunCurves(self.studio)
        tools = row(self._tabs, 1, *self.curves.tools)
        layout.addLayout(tools)
        self._parts = Switched()
        self._saved = SavedModels(self.studio)
        self._tab_parts: dict[str, QWidget] = {
            "curves": self.curves,
            "config": self._make_config(),
            "log": self._make_log(),
            "saved": self._saved,
        }
        for part in self._tab_parts.values():
            self._parts.add(part)
        layout.addWidget(self._parts, 1)
        return holder

    def _make_config(self) -> QWidget:
        self._config = QPlainTextEdit()
        self._config.setReadOnly(True)
        self._config.setProperty("role", "log")
        self._config.setAccessibleName("Settings of the run")
        copy = icon_button("copy", "Copy all settings", lambda: _copy(self._config.toPlainText()))
        card = Card("Settings, as config.yaml keeps them")
        card.heading_row.addWidget(copy)
        card.content.addWidget(self._config, 1)
        look().changed.connect(self._dress_config)
        self._dress_config()
        return card

    def _dress_config(self) -> None:
        self._config.setFont(look().font("small", mono=True))

    def _make_log(self) -> QWidget:
        self._log = LogView("Log of the run", wrap=True)
        level = Select("Which lines of the log")
        for key, title in (("", "All lines"), ("WARNING", "Warnings and errors"), ("ERROR", "Errors")):
            level.addItem(title, key)
        level.setMinimumWidth(170)
        level.activated.connect(lambda _index: self._log.show_level(level.currentData()))
        card = Card("Log")
        card.heading_row.addWidget(level)
        card.heading_row.addWidget(icon_button("copy", "Copy the log", self._log.copy_all))
        card.content.addWidget(self._log, 1)
        return card

    @property
    def settings_text(self) -> str:
        """The settings as they are shown."""
        return self._config.toPlainText()

    def user_actions(self) -> list[UserAction]:
        """Steering the run, and its tabs."""
        steering = self._steering
        listed: list[tuple[str, str, Callable[[], object], tuple[str, ...], str, WhyNot]] = [
            ("pause", "Pause or continue", steering.toggle_pause, ("P",), "pause", steering.why_no_pause),
            ("stop", "Stop and save", steering.stop, ("Ctrl+.",), "stop-circle", steering.why_no_stop),
            ("resume", "Resume run", steering.resume, ("R",), "play-circle", steering.why_no_resume),
        ]
        made = [
            UserAction(f"run.{name}", title, act, keys, page="run", group="Run", icon=icon, why_not=why)
            for name, title, act, keys, icon, why in listed
        ]
        made += [
            UserAction(
                f"run.{tab}",
                f"Show {title.lower()}",
                partial(self.show_tab, tab),
                (str(number),),
                page="run",
                group="Run",
                icon="chart-line",
                in_menu=False,
            )
            for number, (tab, title) in enumerate(_TABS, start=1)
        ]
        return [
            *made,
            UserAction(
                "run.axis",
                "Switch the value axis: linear, logarithmic",
                self.curves.switch_axis,
                ("Y",),
                page="run",
                group="Run",
                icon="chart-line",
            ),
        ]

    def enter(self, where: Mapping[str, Any]) -> None:
        """Show the run with the id ``run``; the last one shown without."""
        project = self.studio.session.project
        if project is None:
            return
        wanted = where.get("run")
        if wanted and (self._reader is None or self._reader.run_dir.name != wanted):
            self._begin(ProjectLayout.at(project.folder).runs / str(wanted))
        if self._reader is None:
            self._tell_gone("No run was chosen.")
            return
        self._set_pace()
        self._timer.start()
        self._look()

    def leave(self) -> None:
        """No need to look while nobody sees it."""
        self._timer.stop()

    def show_tab(self, tab: str) -> None:
        """Show the curves, the settings, the log or what was saved."""
        self._tabs.show_mode(tab)
        self._parts.show_content(self._tab_parts[tab])
        for tool in self.curves.tools:
            tool.setVisible(tab == "curves")
        self._fill_tab()

    def _begin(self, folder: Path) -> None:
        self._reader = RunReader(folder)
        self.run = None
        self._log.add_lines([], anew=True)
        self.curves.begin(folder)
        self._found, self._config_text = None, ""
        self._config.clear()
        self.details.clear()
        self.header.title.setText(folder.name)
        self.header.subtitle.setText("")
        self._chip.setVisible(False)
        self._strip.setVisible(False)
        self._steering.clear()
        self._switch.show_content(self._loading)

    def _forget(self) -> None:
        self._reader, self.run, self._found = None, None, None
        self._steering.clear()
        self._timer.stop()

    def _set_pace(self) -> None:
        self._timer.setInterval(round(1000 * self.studio.session.settings.current.training.refresh_seconds))

    def _look(self) -> None:
        reader = self._reader
        if reader is None or self._is_looking:
            return
        self._is_looking = True

        def show(found: RunLook) -> None:
            if reader is self._reader:
                self._show(found)

        def failed(error: StudioError) -> None:
            if reader is self._reader:
                self._timer.stop()
                self._tell_gone(str(error))

        def ended() -> None:
            self._is_looking = False
            if reader is not self._reader:
                self._look()

        self.studio.background.run(
            lambda _task: reader.look(), show, failed=failed, ended=ended, lane="run page"
        )

    def _tell_gone(self, sentence: str) -> None:
        self._gone.sentence.setText(sentence)
        self._switch.show_content(self._gone)

    def _show(self, found: RunLook) -> None:
        run = found.summary
        if run.problem is not None:
            self._tell_gone(f"This run cannot be read: {run.problem}")
            return
        self.run = run
        self._switch.show_content(self._content)
        self._show_state(run, found.config.get("training.minutes"))
        self.curves.show_look(found)
        self._log.add_lines(found.new_lines, anew=found.log_restarted)
        self._found = found
        self._fill_tab()
        self.details.show_look(found)

    def _fill_tab(self) -> None:
        """Fill what is seen, of what takes a while to fill and keeps no count of what is new."""
        found, tab = self._found, self._tabs.current
        if found is None:
            return
        if tab == "config" and found.config_text != self._config_text:
            self._config_text = found.config_text
            self._config.setPlainText(found.config_text)
        if tab == "saved":
            self._saved.show_saved(found.saved, found.summary)

    def _show_state(self, run: RunSummary, minutes: float | None) -> None:
        self.header.title.setText(run_name(run))
        self._chip.show_chip(state_chip(run))
        attempt = f"  ·  attempt {run.attempt}" if run.attempt > 1 else ""
        started = moment_in_words(run.started or run.created)
        self.header.subtitle.setText(f"{stage_in_words(run.stage)}  ·  started {started}{attempt}")
        share = run_share(run)
        if share is None and minutes:
            share = min(1.0, run.training_seconds / (60 * minutes))
        self._bar.setValue(round(1000 * (share or 0)))
        self._share.setText("" if share is None else f"{100 * share:.0f} %")
        bad = run.state in (RunState.FAILED, RunState.LOST)
        self._left.setText(f"at step {run.step:,}" if bad else progress_words(run))
        self._strip.show_run(run)
        self._steering.show_run(run)

    def _after_act(self) -> None:
        self.studio.session.changed("runs")
        self._look()

    def _copy_report(self) -> None:
        run = self.run
        if run is None or run.cause is None:
            return
        log = self._log.text.splitlines()[-40:]
        _copy("\n".join([f"{run.id} {run.state} at step {run.step}", run.cause.sentence, "", *log]))
        self.studio.session.notices.tell("The report is on the clipboard.")


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
