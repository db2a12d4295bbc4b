"""Tells what failed in the window that should not have, that nothing is lost, and offers a report."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from ui.look import look
from ui.widgets.buttons import button
from ui.widgets.cards import row
from ui.widgets.labels import words


class CrashDialog(QDialog):
    """Not modal: the window stays usable as far as it can be used."""

    def __init__(self, title: str, sentence: str, report: str, log: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModal(False)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(720, 460)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(words(title, "title", weight=600))
        layout.addWidget(words(sentence, wrap=True, colour="text_secondary"))
        text = QPlainTextEdit(report)
        text.setReadOnly(True)
        text.setFont(look().font("small", mono=True))
        text.setAccessibleName("Report")
        layout.addWidget(text, 1)
        layout.addLayout(
            row(
                button(
                    "Open log folder", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log.parent)))
                ),
                1,
                button("Copy report", lambda: QGuiApplication.clipboard().setText(report)),
                button("Close", self.close, kind="primary"),
            )
        )
