"""What IDMs of the project's runs think of a recording: asked in a process of its own, kept, read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QMenu

from training.runs import RunSummary
from ui.predictions import PredictedColumns, has_model, is_predicted, predictions_folder, read_predictions
from ui.studio import Studio
from ui.studio_commands import run_command
from ui.widgets.run_words import moment_in_words, run_name

_OFFERED = 10  # IDMs in the menu
_LANE = "columns"


class IdmOpinion(QObject):
    """Asks for opinions and brings them.

    Signals:
        arrived: The project's folder, a recording of it and its :class:`PredictedColumns`.
        asking_changed: An IDM was asked, or has answered.
    """

    arrived = Signal(object, str, object)
    asking_changed = Signal()

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._asking: set[tuple[str, str]] = set()

    def is_asked(self, recording: str) -> bool:
        """Whether an IDM is looking at `recording` now."""
        return any(name == recording for _, name in self._asking)

    def look_up(self, recording: str) -> None:
        """Bring the opinion of the newest run that was asked about `recording` before, if one was."""
        runs = [run.id for run in self._studio.runs.runs if run.stage == "idm"]
        self._read(runs, recording, lambda: None)

    def offer(self, recording: str, beside: QAbstractButton) -> None:
        """Let the person choose which IDM to ask about `recording`; the only one is asked at once."""
        runs = self._studio.runs.runs
        self._studio.background.run(
            lambda _task: [run for run in runs if run.stage == "idm" and has_model(run.path)],
            lambda able: self._offer(able, recording, beside),
            lane=_LANE,
            newest="idm runs",
        )

    def ask(self, run: str, recording: str) -> None:
        """Bring what the IDM of `run` thinks, predicting first where it was not asked before."""
        if (run, recording) not in self._asking:
            self._read([run], recording, partial(self._predict, run, recording))

    def _offer(self, runs: list[RunSummary], recording: str, beside: QAbstractButton) -> None:
        if not runs:
            self._studio.session.notices.tell(
                "There is no trained IDM in this project yet.",
                action="Train one",
                run=lambda: self._studio.go("train"),
            )
            return
        if len(runs) == 1:
            self.ask(runs[0].id, recording)
            return
        menu = QMenu(beside)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for run in runs[:_OFFERED]:
            told = f"{run_name(run)}, {moment_in_words(run.created)}"
            menu.addAction(told, partial(self.ask, run.id, recording))
        corner = beside.mapToGlobal(beside.rect().bottomRight())
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _predict(self, run: str, recording: str) -> None:
        project = self._studio.session.project
        assert project is not None
        out = predictions_folder(project.folder, run)
        self._asking.add((run, recording))
        self.asking_changed.emit()

        def ended() -> None:
            self._asking.discard((run, recording))
            self.asking_changed.emit()

        arguments = ["idm", "predict", "--checkpoint", run, recording, "--out", str(out)]
        run_command(
            self._studio,
            f"{self._name_of(run)} looks at {recording}",
            [*arguments, "--project", str(project.folder)],
            lambda _answer: self._read([run], recording, lambda: None),
            ended=ended,
        )

    def _read(self, runs: list[str], recording: str, or_else: Callable[[], None]) -> None:
        """Bring the first opinion there is among those of `runs`; call `or_else` where there is none."""
        project = self._studio.session.project
        assert project is not None
        folder = project.folder

        def read() -> PredictedColumns | None:
            asked = (run for run in runs if is_predicted(folder, run, recording))
            found = (read_predictions(folder, run, recording) for run in asked)
            return next((columns for columns in found if columns is not None), None)

        def bring(predicted: PredictedColumns | None) -> None:
            if self._studio.session.project != project:
                return
            if predicted is None:
                or_else()
            else:
                named = replace(predicted, name=self._name_of(predicted.name))
                self.arrived.emit(folder, recording, named)

        self._studio.background.run(lambda _task: read(), bring, lane=_LANE)

    def _name_of(self, run: str) -> str:
        return next((run_name(known) for known in self._studio.runs.runs if known.id == run), run)
