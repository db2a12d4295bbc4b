"""A process of the recorder as the window has it: started, spoken to and listened to, never waited for."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

import recorder
from recorder.messages import read_message
from vpt_studio.errors import StudioError

_LAST_WORDS = 400


class RecorderProcess(QObject):
    """One process that is told lines of JSON and says lines of JSON.

    Signals:
        failed: It could not do what it was told; carries the command, and a StudioError.
        died: It ended without being asked to; carries its last words.
        ended: It is gone, asked to or not.
    """

    failed = Signal(str, object)
    died = Signal(str)
    ended = Signal()

    def __init__(self, module: str, words: Sequence[str], parent: QObject | None = None) -> None:
        """Start ``python -m MODULE WORDS``; the module has a ``main``."""
        super().__init__(parent)
        self._rest = b""
        self._said = b""
        self._is_ending = False
        #: Its work is done: that it ends now is no accident.
        self._is_done = False
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._listen)
        self._process.readyReadStandardError.connect(self._overhear)
        self._process.finished.connect(self._on_end)
        self._process.errorOccurred.connect(self._on_error)
        program = f"from {module} import main; main()"
        self._process.start(sys.executable, ["-P", "-c", program, *words])

    def do(self, command: str, **facts: Any) -> None:
        """Give a command."""
        self.send({"do": command, **facts})

    def send(self, message: Mapping[str, Any]) -> None:
        """Say a line; nothing to a process that is ending."""
        if not self._is_ending and self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.write(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))

    def end(self) -> None:
        """Let it end: it brings to the disk what it recorded, and goes; so does this object."""
        self._is_ending = True
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self._leave()
        else:
            self._process.closeWriteChannel()

    def wait(self, seconds: float) -> None:
        """Wait for its end, at most so long; for a window that is closed, and shown no longer."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.waitForFinished(round(1000 * seconds))

    def kill(self) -> None:
        """End it at once; only for one that stores nothing."""
        self._process.kill()

    @property
    def process_id(self) -> int:
        """The system's number for it."""
        return self._process.processId()

    def hear(self, messages: list[dict[str, Any]]) -> None:
        """What it said, oldest first, as much as came at a time; ``failed`` is told already."""

    def let_go(self) -> None:
        """It is gone: what was shared with it is not needed any more."""

    def _listen(self) -> None:
        said = self._process.readAllStandardOutput().data()
        if self._is_ending:  # nobody listens any more
            return
        *lines, self._rest = (self._rest + said).split(b"\n")
        heard: list[dict[str, Any]] = []
        # In the order in which it was said: what comes after a failure may belong to the next command.
        for message in filter(None, map(read_message, lines)):
            if message["is"] != "failed":
                heard.append(message)
                continue
            if heard:
                self.hear(heard)
                heard = []
            error = message["error"]
            failure = StudioError(error["what"], where=error["where"], mend=error["mend"])
            self.failed.emit(str(message["command"]), failure)
        if heard:
            self.hear(heard)

    def _overhear(self) -> None:
        self._said = (self._said + self._process.readAllStandardError().data())[-_LAST_WORDS:]

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.let_go()
            self.died.emit(self._process.errorString())
            self.ended.emit()

    def _on_end(self) -> None:
        self._overhear()
        if self._is_ending:
            self._leave()
            return
        self._listen()
        self.let_go()
        if not self._is_done:
            lines = self._said.decode(errors="replace").strip().splitlines()
            self.died.emit(lines[-1] if lines else f"it ended with code {self._process.exitCode()}")
        self.ended.emit()

    def _leave(self) -> None:
        self.let_go()
        self.ended.emit()
        self.deleteLater()


def _environment() -> QProcessEnvironment:
    root = str(Path(recorder.__file__).resolve().parent.parent)
    environment = QProcessEnvironment.systemEnvironment()
    places = filter(None, [root, environment.value("PYTHONPATH")])
    environment.insert("PYTHONPATH", os.pathsep.join(places))
    return environment
