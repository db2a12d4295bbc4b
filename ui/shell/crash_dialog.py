"""Tells what failed in the window that should not have, that nothing is lost, and offers a report."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from ui.look import look
from ui.widgets.buttons import button
from ui.widgets.cards import row
from ui.widgets.labels import words

_REPORTS_SHOWN = 5
_REST_SECONDS = 60.0


class CrashDialog(QDialog):
    """Not modal: the window stays usable as far as it can be used.

    Attributes:
        reports: What it tells of, each once.
        count: How often it was told.
    """

    def __init__(self, title: str, sentence: str, report: str, log: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(720, 460)
        self.reports: list[str] = []
        self.count = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(words(title, "title", weight=600))
        layout.addWidget(words(sentence, wrap=True, colour="text_secondary"))
        self._times = words("", colour="text_secondary")
        self._times.setVisible(False)
        layout.addWidget(self._times)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(look().font("small", mono=True))
        self._text.setAccessibleName("Report")
        layout.addWidget(self._text, 1)
        copy = button("Copy report", lambda: QGuiApplication.clipboard().setText(self._text.toPlainText()))
        opener = button(
            "Open log folder", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log.parent)))
        )
        layout.addLayout(row(opener, 1, copy, button("Close", self.close, kind="primary")))
        self.add(report)

    def add(self, report: str) -> None:
        """Tell of one more failure; the same one is only counted."""
        self.count += 1
        if report not in self.reports and len(self.reports) < _REPORTS_SHOWN:
            self.reports.append(report)
            self._text.appendPlainText(report if len(self.reports) == 1 else f"\n\n\n{report}")
        if self.count > 1:
            self._times.setText(f"{self.count:,} times so far.")
            self._times.setVisible(True)


class FailureDialogs:
    """Tells unexpected failures in one dialog at a time.

    What a person has closed stays closed for a while, as a timer that fails brings its failure many times a
    second; the log has all of them.
    """

    def __init__(self, log: Path, parent: QWidget) -> None:
        self._log, self._parent = log, parent
        self._closed_at: dict[str, float] = {}
        self.open: CrashDialog | None = None

    def show(self, report: str) -> None:
        """Tell of a failure."""
        if self.open is not None:
            self.open.add(report)
        elif time.monotonic() - self._closed_at.get(report, -_REST_SECONDS) >= _REST_SECONDS:
            self.open = CrashDialog(
                "Something failed",
                "The window goes on. Recordings, labels and runs are on the disk and not touched by this.",
                report,
                self._log,
                self._parent,
            )
            self.open.finished.connect(self._on_closed)
            self.open.show()

    def _on_closed(self, _result: int) -> None:
        if self.open is not None:
            self._closed_at |= dict.fromkeys(self.open.reports, time.monotonic())
            self.open = None
