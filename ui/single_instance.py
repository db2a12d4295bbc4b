"""One window per project: a second start raises the first one and hands over what it was asked to show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QLockFile, QObject, Qt, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from ui.settings import APPLICATION

_PATIENCE_MS = 2000


class Instance(QObject):
    """This window's claim on a project (or on having none).

    Signals:
        asked: Another start wants this window to show something.
    """

    asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None

    def claim(self, folder: Path | None) -> bool:
        """Whether no other window has the project; then this one does, and lets go of what it had before."""
        name = _name_of(folder)
        if name == self._name:
            return True
        runtime = Path(platformdirs.user_runtime_dir(APPLICATION, ensure_exists=True))
        lock = QLockFile(str(runtime / f"{name}.lock"))
        lock.setStaleLockTime(0)  # a lock is stale only when its process is gone
        if not lock.tryLock(0):
            return False
        self.release()
        self._name, self._lock = name, lock
        QLocalServer.removeServer(name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._receive)
        self._server.listen(name)
        return True

    def release(self) -> None:
        """Let another window have the project."""
        if self._server is not None:
            self._server.close()
        if self._lock is not None:
            self._lock.unlock()
        self._name, self._lock, self._server = "", None, None

    def _receive(self) -> None:
        assert self._server is not None
        socket = self._server.nextPendingConnection()

        def read() -> None:
            if not socket.canReadLine():
                return
            try:
                wish = json.loads(bytes(socket.readLine().data()))
            except ValueError:
                wish = {}
            socket.write(b"shown\n")
            socket.flush()
            self.asked.emit(wish)

        socket.readyRead.connect(read)
        socket.disconnected.connect(socket.deleteLater)
        read()


def hand_over(folder: Path | None, wish: Mapping[str, Any]) -> bool:
    """Ask the window that has the project to come to the front and show `wish`; False if none answered."""
    socket = QLocalSocket()
    socket.connectToServer(_name_of(folder))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(json.dumps(wish).encode() + b"\n")
    socket.waitForBytesWritten(_PATIENCE_MS)
    answered = socket.waitForReadyRead(_PATIENCE_MS)
    socket.disconnectFromServer()
    return answered


class Knock(QObject):
    """Asks as :func:`hand_over` does, without waiting for the answer.

    Signals:
        over: Whether the other window answered.
    """

    over = Signal(bool)

    def __init__(self, folder: Path, wish: Mapping[str, Any], parent: QObject) -> None:
        super().__init__(parent)
        self._wish = json.dumps(wish).encode() + b"\n"
        self._socket = QLocalSocket(self)
        self._socket.connected.connect(lambda: self._socket.write(self._wish))
        self._socket.readyRead.connect(lambda: self._end(True))
        # Queued, so that a refusal at once is told to those who listen by then.
        self._socket.errorOccurred.connect(
            lambda _error: self._end(False), Qt.ConnectionType.QueuedConnection
        )
        QTimer.singleShot(_PATIENCE_MS, self, lambda: self._end(False))
        self._socket.connectToServer(_name_of(folder))

    def _end(self, answered: bool) -> None:
        self._socket.blockSignals(True)
        self._socket.abort()
        self.over.emit(answered)
        self.deleteLater()


def _name_of(folder: Path | None) -> str:
    place = str(folder.resolve()) if folder else "no project"
    user = platformdirs.user_config_dir(APPLICATION)
    return f"{APPLICATION}-{hashlib.sha256(f'{user}{chr(0)}{place}'.encode()).hexdigest()[:24]}"
