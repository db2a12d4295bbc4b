"""The bar at the bottom: project, whether all is saved, the newest job, and the machine."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from ui.icons import icon
from ui.look import look
from ui.notices import Notice, Place
from ui.shell.job_list import progress_in_words
from ui.studio import Studio
from ui.widgets.labels import words
from ui.widgets.run_words import progress_words, run_name, run_share

HEIGHT = 28
_MACHINE_EVERY_MS = 2000


@dataclass(frozen=True)
class Machine:
    """What the machine is at.

    Attributes:
        cpu_percent: Of all processors together, since the last look.
        used_gb: Memory that is taken.
        memory_gb: Memory there is.
        free_gb: Room on the project's disk; None where that is not found.
    """

    cpu_percent: float
    used_gb: float
    memory_gb: float
    free_gb: float | None


def look_at_machine(folder: Path) -> Machine:
    """Look at processor, memory, and the disk of `folder`."""
    memory = psutil.virtual_memory()
    try:
        free = shutil.disk_usage(folder).free / 2**30
    except OSError:
        free = None
    used = (memory.total - memory.available) / 2**30
    return Machine(psutil.cpu_percent(), used, memory.total / 2**30, free)


class StatusBar(QWidget):
    """Signals:
    jobs_wanted: The list of jobs is to be shown.
    """

    jobs_wanted = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self.setFixedHeight(HEIGHT)
        self.setProperty("ground", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Status")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(6)
        self._project = _Fact("folder-open", "Project")
        self._saved = _Fact("check-circle", "Whether all is saved")
        self._job = QPushButton()
        self._job.setProperty("kind", "link")
        self._job.setFixedHeight(24)
        self._job.clicked.connect(self._on_job)
        self._bar = QProgressBar()
        self._bar.setFixedWidth(96)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName("Progress of the newest job")
        self._cpu, self._memory, self._disk = (
            _Fact("cpu", "Processor", widest="CPU 100 %"),
            _Fact("stack", "Memory"),
            _Fact("hard-drive", "Disk"),
        )
        for part in (self._project, self._saved, self._job, self._bar):
            layout.addWidget(part)
            if part is not self._job:
                layout.addSpacing(8)
        layout.addStretch(1)
        for fact in (self._cpu, self._memory, self._disk):
            layout.addWidget(fact)
            layout.addSpacing(10)
        studio.background.listed.connect(lambda _task, _over: self._show_job())
        studio.runs.listed.connect(self._show_job)
        studio.project_changed.connect(self._show_project)
        self._failure: Notice | None = None
        self._is_fresh = False
        self._may_look = True
        studio.session.notices.on_notice(self._on_notice)
        studio.content_changed.connect(lambda _what: self.show_written("project"))
        self._timer = QTimer(self, interval=_MACHINE_EVERY_MS)
        self._timer.timeout.connect(self._look_at_machine)
        self._timer.start()
        psutil.cpu_percent()
        self._show_project()
        self._show_job()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Tell of the machine at once, not after the first interval."""
        super().showEvent(event)
        self._look_at_machine()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A hairline at the upper edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, look().colour("line"))
        painter.end()

    def _show_project(self) -> None:
        project = self._studio.session.project
        self._project.show_text(project.name if project else "No project")
        self._failure = None
        self._show_saved()

    def _on_notice(self, notice: Notice) -> None:
        if notice.is_failure:
            self._failure, self._is_fresh = notice, True
            QTimer.singleShot(0, self, self._age)
            self._show_saved()

    def _age(self) -> None:
        self._is_fresh = False

    def show_written(self, place: Place) -> None:
        """Something was written to `place`, which cures what failed there before.

        Work that failed says at once, too, that what it works on has to be looked at again; that is no cure.
        """
        if self._failure is not None and self._failure.place == place and not self._is_fresh:
            self._failure = None
            self._show_saved()

    def _show_saved(self) -> None:
        text = self._failure.text if self._failure else "Saved"
        self._saved.setVisible(self._failure is not None or self._studio.session.project is not None)
        self._saved.show_text(text if len(text) < 60 else f"{text[:57]}…", text if self._failure else "")
        self._saved.show_icon(*(("warning-circle", "danger") if self._failure else ("check-circle", "ok")))

    @property
    def saved(self) -> str:
        """What the bar says about whether all is saved."""
        return self._saved.text

    def _show_job(self) -> None:
        """The newest of the window's own jobs; without any, the newest run that goes on."""
        tasks, runs = self._studio.background.tasks, self._studio.runs.living
        self._job.setVisible(bool(tasks or runs))
        share: float | None = None
        if tasks:
            newest, others = tasks[-1], len(tasks) - 1 + len(runs)
            text = f"{newest.title} · {progress_in_words(newest)}"
            share = newest.done / newest.total if newest.total else None
        elif runs:
            run, others = runs[0], len(runs) - 1
            share = run_share(run)
            percent = "" if share is None else f"{100 * share:.0f} % · "
            text = f"{run_name(run)} · {percent}{progress_words(run)}"
        if tasks or runs:
            self._job.setText(f"{text} and {others} more" if others else text)
        self._bar.setVisible(share is not None)
        self._bar.setValue(round(1000 * (share or 0)))

    def _on_job(self) -> None:
        runs = self._studio.runs.living
        if runs and not self._studio.background.tasks:
            self._studio.go("run", run=runs[0].id)
        else:
            self.jobs_wanted.emit()

    def _look_at_machine(self) -> None:
        """Look off the GUI thread, which a disk that sleeps would stop; never twice at a time."""
        if not self.isVisible() or not self._may_look:
            return
        project = self._studio.session.project
        folder = project.folder if project else Path.home()
        self._may_look = False
        self._studio.background.run(
            lambda _task: look_at_machine(folder), self._show_machine, ended=self._looked, lane="machine"
        )

    def _looked(self) -> None:
        self._may_look = True

    def _show_machine(self, machine: Machine) -> None:
        self._cpu.show_text(f"CPU {machine.cpu_percent:.0f} %")
        self._memory.show_text(f"{machine.used_gb:.1f} of {machine.memory_gb:.0f} GB")
        free = machine.free_gb
        if free is None:
            self._disk.show_text("disk not found")
            return
        self._disk.show_text(f"{free:.0f} GB free" if free >= 10 else f"{free:.1f} GB free")
        self._disk.show_icon("hard-drive", "text_hint" if free >= 5 else "warn")


class _Fact(QWidget):
    """An icon and a few words; there is always room for the `widest`, so that the others stay in place."""

    def __init__(self, icon_name: str, name: str, *, widest: str = "") -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self._icon = QLabel()
        self._words = words("", "small", weight=500, colour="text_secondary")
        layout.addWidget(self._icon)
        layout.addWidget(self._words)
        self._name, self._widest = name, widest
        self._shown: tuple[str, str] = ("", "")
        self.show_icon(icon_name, "text_hint")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        look().changed.connect(self._show_again)
        self._keep_room()

    def _keep_room(self) -> None:
        metrics = QFontMetrics(look().font("small", 500))
        self._words.setMinimumWidth(metrics.horizontalAdvance(self._widest))

    def show_icon(self, name: str, token: str) -> None:
        self._shown = (name, token)
        self._icon.setPixmap(icon(name, token).pixmap(QSize(14, 14), self.devicePixelRatioF()))

    def _show_again(self) -> None:
        self.show_icon(*self._shown)
        self._keep_room()

    @property
    def text(self) -> str:
        return self._words.text()

    def show_text(self, text: str, tooltip: str = "") -> None:
        self._words.setText(text)
        self.setToolTip(tooltip)
        self.setAccessibleName(f"{self._name}: {text}")
