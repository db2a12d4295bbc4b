"""Bringing recordings into the Library: which files, and who plays in them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from ui.recording_imports import import_files
from ui.studio import Studio
from ui.widgets.asking import ask_files, ask_folder
from ui.widgets.buttons import KeyButton
from ui.widgets.cards import row
from ui.widgets.fields import Select
from ui.widgets.recording_words import SOURCE_CHIPS
from vpt_studio.recordings.source import Source

_KINDS = "Recordings (*.mp4 *.mkv *.webm *.mov *.avi *.jsonl *.json *.zip);;All files (*)"


class ImportTools(QWidget):
    """The button that imports, and beside it who plays in what is imported next."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._played_by = Select("Who plays in what is imported")
        self._played_by.setToolTip("Who plays in what is imported next")
        self._played_by.addItem("Played by: as the files say", None)
        for source in Source:
            if source is not Source.UNKNOWN:
                self._played_by.addItem(f"Played by: {SOURCE_CHIPS[source].word.lower()}", source)
        opener = KeyButton("Import", "I", icon_name="download-simple", kind="primary")
        opener.clicked.connect(self.choose_files)
        self.setLayout(row(self._played_by, opener))

    def choose_files(self) -> None:
        """Ask which files, and import them."""
        ask_files(self, "Import recordings", _KINDS, self.bring_in)

    def choose_folder(self) -> None:
        """Ask which folder, and import all that is in it."""
        ask_folder(self, "Import all recordings in a folder", lambda folder: self.bring_in([folder]))

    def bring_in(self, paths: list[Path]) -> None:
        """Import files and folders, with progress, and tell what came of it."""
        if paths:
            import_files(self._studio, self._studio.folder, paths, self._played_by.currentData())
