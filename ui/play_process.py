"""The play process as the window has it: started, spoken to and listened to, without ever waiting for it."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal
from PySide6.QtGui import QImage

import recorder
from recorder.play_messages import read_message
from recorder.play_pictures import HEIGHT, WIDTH, PictureBoard
from vpt_studio.errors import StudioError

_END_MS = 5_000
_LAST_WORDS = 400


class PlayProcess(QObject):
    """One play process.

    Signals:
        warming: It gets something ready: what, how many parts are done, of how many.
        ready: A world is there; carries the message.
        ticked: Ticks were played; carries their messages, oldest first, as many as came at a time.
        told: Anything else it said: ``recording``, ``saving``, ``taken``, ``discarded``, ``paused``; with the
            message.
        failed: It could not do what it was told; carries the command, and a StudioError. ``tick`` is no
            command: the take could not be written on, and is under way no longer.
        died: It ended without being asked to; carries its last words.
    """

    warming = Signal(str, int, int)
    ready = Signal(object)
    ticked = Signal(object)
    told = Signal(str, object)
    failed = Signal(str, object)
    died = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board: PictureBoard | None = None
        self._rest = b""
        self._said = b""
        self._is_ending = False
        descriptor, name = tempfile.mkstemp(prefix="vpt-studio-play-", dir=_memory_folder())
        os.close(descriptor)
        self._pictures = Path(name)
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._listen)
        self._process.readyReadStandardError.connect(self._overhear)
        self._process.finished.connect(self._on_end)
        self._process.errorOccurred.connect(self._on_error)
        program = "from recorder.play import main; main()"
        self._process.start(sys.executable, ["-P", "-c", program, "--pictures", name])

    def give(self, at: float | None = None, **event: Any) -> None:
        """Hand on input that happened now, or at a moment of ``time.monotonic()``."""
        self._send({"at": time.monotonic() if at is None else at, **event})

    def do(self, command: str, **facts: Any) -> None:
        """Give a command."""
        self._send({"do": command, **facts})

    def picture(self, number: int) -> QImage | None:
        """Picture `number`; None where newer ones took its place."""
        if self._board is None:
            return None
        pixels = self._board.look(number)
        if pixels is None:
            return None
        # A copy, or it would point into an array that nobody holds.
        return QImage(pixels.data, WIDTH, HEIGHT, 3 * WIDTH, QImage.Format.Format_RGB888).copy()

    def end(self) -> None:
        """Let it end: it brings to the disk what it recorded, and goes; so does this object."""
        self._is_ending = True
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self._let_go()
            self.deleteLater()
        else:
            self._process.closeWriteChannel()

    def wait(self) -> None:
        """Wait for its end, at most a few seconds; for a window that is closed, and shown no longer."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.waitForFinished(_END_MS)

    @property
    def process_id(self) -> int:
        """The system's number for it."""
        return self._process.processId()

    def _send(self, message: Mapping[str, Any]) -> None:
        if not self._is_ending and self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.write(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))

    def _listen(self) -> None:
        said = self._process.readAllStandardOutput().data()
        if self._is_ending:  # nobody listens any more
            return
        *lines, self._rest = (self._rest + said).split(b"\n")
        messages = filter(None, map(read_message, lines))
        # In the order in which it was said: a tick says whether it was recorded, and that may change.
        for is_tick, together in groupby(messages, lambda message: message["is"] == "tick"):
            if is_tick:
                self.ticked.emit(list(together))
            else:
                for message in together:
                    self._hear(message)

    def _hear(self, message: dict[str, Any]) -> None:
        match message["is"]:
            case "warming":
                self.warming.emit(message["part"], message["done"], message["total"])
            case "ready":
                self._open_board()
                self.ready.emit(message)
            case "failed":
                error = message["error"]
                failure = StudioError(error["what"], where=error["where"], mend=error["mend"])
                self.failed.emit(str(message["command"]), failure)
            case what:
                self.told.emit(what, message)

    def _open_board(self) -> None:
        if self._board is None:
            self._board = PictureBoard(self._pictures)
            if sys.platform != "win32":  # both have it by now, and need its name no longer
                self._pictures.unlink(missing_ok=True)

    def _overhear(self) -> None:
        self._said = (self._said + self._process.readAllStandardError().data())[-_LAST_WORDS:]

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._let_go()
            self.died.emit(self._process.errorString())

    def _on_end(self) -> None:
        self._overhear()
        self._let_go()
        if self._is_ending:
            self.deleteLater()
            return
        lines = self._said.decode(errors="replace").strip().splitlines()
        self.died.emit(lines[-1] if lines else f"it ended with code {self._process.exitCode()}")

    def _let_go(self) -> None:
        if self._board is not None:
            self._board.close()
            self._board = None
        with suppress(OSError):
            self._pictures.unlink(missing_ok=True)


def _memory_folder() -> str | None:
    """A folder that lies in memory where the system has one; None for the usual temporary one."""
    for folder in (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm"):  # noqa: S108  # memory, by definition
        if folder and os.access(folder, os.W_OK):
            return folder
    return None


def _environment() -> QProcessEnvironment:
    root = str(Path(recorder.__file__).resolve().parent.parent)
    environment = QProcessEnvironment.systemEnvironment()
    places = filter(None, [root, environment.value("PYTHONPATH")])
    environment.insert("PYTHONPATH", os.pathsep.join(places))
    return environment
