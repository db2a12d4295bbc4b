"""Steering one run: pausing it, stopping it, ending it, taking it up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from training import launcher
from training.runs import LIVING, RunState, RunSummary
from ui.pages.end_run import EndQuestion
from ui.studio import Studio
from ui.widgets.buttons import KeyButton, button
from ui.widgets.cards import row
from ui.widgets.run_words import run_name
from vpt_studio.errors import StudioError

_STEERING, _RESUMING = "steering runs", "resuming runs"  # apart: resuming waits up to a minute for a process
_ACTS: Mapping[str, Callable[[Path], object]] = {
    "pause": launcher.request_pause,
    "continue": launcher.request_continue,
    "stop": launcher.request_stop,
    "resume": launcher.resume,
}


class RunSteering(QWidget):
    """The buttons of a run's header, and what they do.

    Signals:
        acted: Something was asked of the run.
    """

    acted = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._run: RunSummary | None = None
        self._asked_to_stop = ""
        self._under_way: set[tuple[str, Path]] = set()
        self._buttons = {
            "pause": KeyButton("Pause", "P", icon_name="pause"),
            "continue": KeyButton("Continue", "P", icon_name="play"),
            "end": button("End now", icon_name="x"),
            "stop": button("Stop and save", icon_name="stop"),
            "resume": KeyButton("Resume", "R", icon_name="play-circle", kind="primary"),
        }
        for name, made in self._buttons.items():
            made.clicked.connect(self._ask_to_end if name == "end" else partial(self._act, name))
        self.setLayout(row(*self._buttons.values()))
        self.clear()

    def clear(self) -> None:
        """Another run is on its way."""
        self._run, self._asked_to_stop = None, ""
        for made in self._buttons.values():
            made.setVisible(False)

    def show_run(self, run: RunSummary) -> None:
        """Offer what can be done with `run` as it is now."""
        self._run = run
        if run.state not in LIVING and self._asked_to_stop == run.id:
            self._asked_to_stop = ""
        stopping = self._is_stopping(run)
        can = {
            "pause": run.state is RunState.RUNNING and not stopping,
            "continue": run.state is RunState.PAUSED and not stopping,
            "end": stopping,
            "stop": run.state in LIVING or run.state is RunState.QUEUED,
            "resume": run.can_resume and run.state not in (RunState.FAILED, RunState.LOST),
        }
        for name, made in self._buttons.items():
            made.setVisible(can[name])
        stop = self._buttons["stop"]
        # As wide as before, so that a second press of an impatient hand meets no other button.
        stop.setMinimumWidth(stop.width() if stopping and stop.isVisible() else 0)
        stop.setText("Stopping" if stopping else "Stop and save")
        stop.setEnabled(not stopping)
        stop.setToolTip("It saves at the end of this step." if stopping else "Ctrl+.")

    def stop(self) -> None:
        """Let the run save at the end of its step, and stop."""
        self._act("stop")

    def resume(self) -> None:
        """Take the run up again."""
        self._act("resume")

    def toggle_pause(self) -> None:
        """Let the run wait, or go on."""
        paused = self._run is not None and self._run.state is RunState.PAUSED
        self._act("continue" if paused else "pause")

    def _is_stopping(self, run: RunSummary) -> bool:
        return self._asked_to_stop == run.id or run.state is RunState.STOPPING

    def _act(self, what: str, _checked: bool = False) -> None:
        run = self._run
        if run is None:
            return
        if (what, run.path) in self._under_way or (what == "stop" and self._is_stopping(run)):
            return  # pressed twice: it is being done
        self._under_way.add((what, run.path))
        if what == "stop":
            self._asked_to_stop = run.id
            self.show_run(run)
        if what == "resume":
            self._studio.session.notices.tell(f"{run_name(run)} is taken up again.")

        def failed(error: StudioError) -> None:
            if what == "stop" and self._asked_to_stop == run.id:
                self._asked_to_stop = ""
                if self._run is not None:
                    self.show_run(self._run)
            self._studio.session.notices.tell_failure(error)

        def ended() -> None:
            self._under_way.discard((what, run.path))
            self.acted.emit()

        act, lane = _ACTS[what], _RESUMING if what == "resume" else _STEERING
        self._studio.background.run(lambda _task: act(run.path), failed=failed, ended=ended, lane=lane)

    def _ask_to_end(self, _checked: bool = False) -> None:
        if self._run is None:
            return
        path = self._run.path
        question = EndQuestion(self._run.step, self._buttons["end"])
        question.decided.connect(lambda: self._end(path))
        question.open_below(self._buttons["stop"])

    def _end(self, path: Path) -> None:
        self._studio.background.run(lambda _task: launcher.kill(path), ended=self.acted.emit, lane=_STEERING)

    def why_no_pause(self) -> str | None:
        """Why it can neither be paused nor continued now."""
        fits = self._run is not None and self._run.state in (RunState.RUNNING, RunState.PAUSED)
        return None if fits else "The run is not going on."

    def why_no_stop(self) -> str | None:
        """Why it cannot be stopped now."""
        if self._run is not None and self._is_stopping(self._run):
            return "It is stopping: it saves at the end of this step."
        fits = self._run is not None and (self._run.state in LIVING or self._run.state is RunState.QUEUED)
        return None if fits else "The run has ended."

    def why_no_resume(self) -> str | None:
        """Why it cannot be taken up again now."""
        return None if self._run is not None and self._run.can_resume else "The run has not been stopped."
