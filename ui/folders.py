"""Folders, shown in the system's own program for files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from ui.notices import Notices


def show_folder(folder: Path, notices: Notices) -> None:
    """Show it; a notice says where no program does."""
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        notices.tell(f"No program of this computer shows folders. It is {folder}", "warn")
