"""One window per project: a second start raises the first one and hands over what it was asked to show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 2000


class Instance(QObject):
    """This window's claim on a project (or on having none).

    Signals:
        asked: Another start wants this window to show something.
    """

    asked = Signal(object)

    def __init__(self, folder: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        place = str(folder.resolve()) if folder else "no project"
        user = platformdirs.user_config_dir("vpt-studio")
        digest = hashlib.sha256(f"{user}\0{place}".encode()).hexdigest()[:24]
        self._name = f"vpt-studio-{digest}"
        runtime = Path(platformdirs.user_runtime_dir("vpt-studio", ensure_exists=True))
        self._lock = QLockFile(str(runtime / f"{self._name}.lock"))
        self._lock.setStaleLockTime(0)  # a lock is stale only when its process is gone
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """Whether this is the first window of the project; then it listens for later ones."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._receive)
        self._server.listen(self._name)
        return True

    def hand_over(self, wish: Mapping[str, Any]) -> bool:
        """Ask the first window to show `wish`; False if it did not answer."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE_MS):
            return False
        socket.write(json.dumps(wish).encode() + b"\n")
        socket.waitForBytesWritten(_PATIENCE_MS)
        answered = socket.waitForReadyRead(_PATIENCE_MS)
        socket.disconnectFromServer()
        return answered

    def release(self) -> None:
        """Let another window have the project."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

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
