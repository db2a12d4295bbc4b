"""Backs the open project up once a day, however long the window stays open."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from ui.studio import Studio
from vpt_studio.project import Project

EACH_HOUR_MS = 3_600_000


class DailyBackup(QObject):
    """Asks the project at its opening, and each hour, to make the backup where one is due.

    The project says when that is. Looking each hour brings the backup soon after a machine slept.
    """

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        studio.project_changed.connect(self.look)
        self._timer = QTimer(self, interval=EACH_HOUR_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Make the backup if one is due, off the GUI thread."""
        if self._studio.session.project is not None:
            self._studio.desk.change(Project.backup_if_due)
