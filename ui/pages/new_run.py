"""The panel that sets up a run: what it learns from, a recipe, the settings most people change, then all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from training.configs import Setting
from ui.shell.job_list import time_in_words
from ui.studio import Studio
from ui.studio_commands import run_command
from ui.train_model import MAIN_SETTINGS, NewRun, recipes
from ui.widgets.buttons import button, icon_button
from ui.widgets.cards import column, empty, line, row
from ui.widgets.fields import Select
from ui.widgets.form import SettingsForm
from ui.widgets.labels import words
from vpt_studio.errors import StudioError
from vpt_studio.words import sentence

_TITLES = {
    "training.minutes": "Train for",
    "model.preset": "Network",
    "training.seed": "Seed",
    "training.threads": "Processor threads",
}
_SECTIONS = {
    "data": "Data",
    "model": "Network",
    "optimiser": "Optimiser",
    "augmentation": "Changes to the pictures",
    "training": "Training",
}


class NewRunPanel(QFrame):
    """Lies over the right part of the Train page.

    Signals:
        closed: The panel was closed, with or without starting.
    """

    closed = Signal()

    def __init__(self, studio: Studio, page: QWidget) -> None:
        super().__init__(page)
        self.setProperty("role", "popup")
        self.setAccessibleName("New run")
        self._studio = studio
        self.new = NewRun()
        self._teaching: int | None = None
        self._is_starting = False
        self._set_up = 0
        self._forms: list[SettingsForm] = []
        self._problems: Mapping[str, str] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(18, 14, 10, 14)
        outer.setSpacing(10)
        head = row(
            words("New run", "title", weight=600), 1, icon_button("x", "Close (Esc)", self.close_panel)
        )
        outer.addLayout(head)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("ground", "clear")
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(0, 0, 10, 0)
        self._layout.setSpacing(12)
        self._scroll.setWidget(inside)
        self._fill()
        outer.addWidget(self._scroll, 1)
        self._error = words("", colour="danger", wrap=True)
        self._error.setVisible(False)
        outer.addWidget(self._error)
        self._estimate = words("", colour="text_secondary")
        self.start = button("Start", self._start, kind="primary", icon_name="play")
        outer.addLayout(row(self._estimate, 1, self.start))

    @property
    def first_field(self) -> QWidget:
        """Where typing begins."""
        return self._name

    @property
    def recordings_told(self) -> str:
        """What it says it learns from."""
        return self._learns.text()

    def begin(self, recordings: tuple[str, ...] = ()) -> None:
        """Set up a run that learns from these recordings, or from all that have actions."""
        threads = self._studio.session.settings.current.training.threads
        self._set_up += 1
        self.new = NewRun()
        if threads is not None:
            self.new = self.new.with_setting("training.threads", threads)
        self._name.clear()
        self._held_out.setValue(self.new.held_out_percent)
        self._recipe.setCurrentIndex(0)
        self._show_settings()
        self.learn_from(recordings)
        self._scroll.verticalScrollBar().setValue(0)

    def learn_from(self, recordings: tuple[str, ...]) -> None:
        """Learn from these recordings, or from all that have actions; what else was set up stays."""
        self.new = replace(self.new, recordings=recordings)
        self._teaching = None
        self._show_recordings(len(recordings))
        if not recordings and self._studio.session.project is not None:
            self._studio.desk.ask(
                lambda project: project.count_teaching(), self._show_all_count, newest="new run"
            )
        self._show_start()

    def set_value(self, key: str, value: Any) -> None:
        """Set a setting, as typing it into its field does."""
        form = next(form for form in self._forms if key in form.values())
        form.show_value(key, value)
        self._on_setting(key, value)

    def close_panel(self) -> None:
        """Close without starting."""
        self.hide()
        self.closed.emit()

    def _fill(self) -> None:
        self._name = QLineEdit()
        self._name.setAccessibleName("Name of the run")
        self._name.setPlaceholderText("a name, if you like")
        self._name.textChanged.connect(self._on_name)
        self._recipe = Select("Recipe")
        self._recipe.addItems([name.capitalize() for name in recipes("idm")])
        self._recipe.activated.connect(self._on_recipe)
        self._learns = words("", wrap=True)
        self._held_out = QSpinBox()
        self._held_out.setRange(0, 90)
        self._held_out.setSuffix(" %")
        self._held_out.setAccessibleName("Share of the recordings kept for evaluation")
        self._held_out.valueChanged.connect(self._on_held_out)
        kept = row(self._held_out, words("kept for evaluation, never trained on", colour="text_secondary"), 1)
        self._main = QVBoxLayout()
        self._all = QVBoxLayout()
        self._all.setSpacing(12)
        self._all_holder = QWidget()
        self._all_holder.setLayout(self._all)
        self._all.setContentsMargins(0, 0, 0, 0)
        self._all_holder.setVisible(False)
        self._more = button("All settings", self._toggle_all, icon_name="caret-down", kind="quiet")
        for title, part in (("Name", self._name), ("Recipe", self._recipe)):
            self._layout.addLayout(column(words(title, weight=500), part, spacing=4))
        learns = column(words("Learns from", weight=500), self._learns, spacing=4)
        learns.addLayout(kept)
        self._layout.addLayout(learns)
        self._layout.addWidget(line())
        self._layout.addLayout(self._main)
        self._layout.addLayout(row(self._more, 1))
        self._layout.addWidget(self._all_holder)
        self._layout.addStretch(1)

    def _show_recordings(self, count: int) -> None:
        self._learns.setText(f"{_counted(count)} that you chose" if count else "all recordings with actions")

    def _show_all_count(self, count: int) -> None:
        if self.new.recordings:
            return
        self._learns.setText(
            f"all {_counted(count)} with actions"
            if count
            else "no recording has actions yet: import some first"
        )
        self._teaching = count
        self._show_start()

    def _show_settings(self) -> None:
        for layout in (self._main, self._all):
            empty(layout)
        values = {**self.new.base(), **self.new.changed}
        known = {setting.key: setting for setting in self.new.settings()}
        self._forms = []
        self._add_form(self._main, [known[key] for key in MAIN_SETTINGS], values)
        for section, title in _SECTIONS.items():
            rest = [
                setting
                for key, setting in known.items()
                if key.startswith(f"{section}.") and key not in MAIN_SETTINGS
            ]
            self._all.addWidget(words(title, "heading", weight=600))
            self._add_form(self._all, rest, values)
        self._check()

    def _add_form(self, layout: QVBoxLayout, settings: list[Setting], values: dict[str, Any]) -> None:
        form = SettingsForm(settings, {s.key: values[s.key] for s in settings}, _TITLES, stacked=True)
        form.changed.connect(self._on_setting)
        form.checked.connect(self._show_start)
        self._forms.append(form)
        layout.addWidget(form)

    def _toggle_all(self) -> None:
        shown = not self._all_holder.isVisible()
        self._all_holder.setVisible(shown)
        self._more.setText("Fewer settings" if shown else "All settings")

    def _on_name(self, text: str) -> None:
        self.new = replace(self.new, name=text.strip())

    def _on_recipe(self, index: int) -> None:
        self.new = replace(self.new, recipe=recipes("idm")[index], changed={})
        self._show_settings()

    def _on_held_out(self, percent: int) -> None:
        self.new = replace(self.new, held_out_percent=percent)

    def _on_setting(self, key: str, value: object) -> None:
        self.new = self.new.with_setting(key, value)
        self._check()

    def _check(self) -> None:
        problems = self._problems = self.new.problems()
        for form in self._forms:
            for key in form.values():
                form.show_error(key, problems.get(key, ""))
        self._say(problems.get("", ""))
        self._show_start()
        settings = {**self.new.base(), **self.new.changed}
        minutes, steps = settings["training.minutes"], settings["training.steps"]
        if minutes is not None:
            self._estimate.setText(f"Learns for {time_in_words(60 * minutes)}, evaluates besides")
        else:
            self._estimate.setText(f"Learns for {steps:,} steps" if steps else "")

    def _show_start(self) -> None:
        """Whether it can be started, and why not; the one place that says so."""
        nothing = not self.new.recordings and self._teaching == 0
        why_not = (
            "A run is being started."
            if self._is_starting
            else "A setting is wrong; its field says how."
            if self._problems or not all(form.can_be_read for form in self._forms)
            else "No recording has actions yet."
            if nothing
            else ""
        )
        self.start.setText("Starting" if self._is_starting else "Start")
        self.start.setEnabled(not why_not)
        self.start.setToolTip(why_not)

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def _start(self) -> None:
        project = self._studio.session.project
        if project is None:
            return
        self._is_starting = True
        self._show_start()
        self._say("")
        folder, set_up, name = project.folder, self._set_up, self.new.name

        def is_still_wanted() -> bool:
            """Whether the person is still where the run was started."""
            now = self._studio.session.project
            same = now is not None and now.folder == folder
            return same and self._set_up == set_up and self.isVisible()

        def started(answer: dict[str, Any]) -> None:
            now = self._studio.session.project
            if is_still_wanted():
                self.close_panel()
                self._studio.go("run", run=answer["run"])
            elif now is not None and now.folder == folder:
                self._studio.session.notices.tell(
                    f"{name or answer['run']} has started.",
                    "ok",
                    action="Open",
                    run=lambda: self._open(folder, answer["run"]),
                )
            else:
                self._studio.session.notices.tell(
                    f"{name or answer['run']} has started in the project {project.name}.", "ok"
                )
            self._studio.session.changed("runs")

        def failed(error: StudioError) -> None:
            if not is_still_wanted():
                self._studio.session.notices.tell_failure(error)
                return
            mend = f" {error.mend}." if error.mend else ""
            self._say(sentence(error.what) + mend)

        def ended() -> None:
            self._is_starting = False
            self._show_start()

        # A lane of its own: a start does not wait for exports that keep the other commands' busy.
        run_command(
            self._studio,
            "Starting a run",
            self.new.command(folder),
            started,
            failed=failed,
            ended=ended,
            lane="starting runs",
        )

    def _open(self, folder: Path, run: str) -> None:
        project = self._studio.session.project
        if project is not None and project.folder == folder:
            self._studio.go("run", run=run)


def _counted(count: int) -> str:
    return "1 recording" if count == 1 else f"{count} recordings"
