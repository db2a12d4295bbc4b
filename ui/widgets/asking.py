"""Asking for a folder, files or words: the question stands over the window, which goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget


def ask_folder(window: QWidget, title: str, then: Callable[[Path], object]) -> None:
    """Ask for a folder; `then` is called with it unless the person thinks better of it."""
    dialog = QFileDialog(window, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    _open(dialog, then)


def ask_files(window: QWidget, title: str, kinds: str, then: Callable[[list[Path]], object]) -> None:
    """Ask for files; `kinds` is a filter as Qt writes it (``Videos (*.mp4);;All files (*)``)."""
    dialog = QFileDialog(window, title, "", kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
    dialog.open()


def ask_new_file(window: QWidget, title: str, name: str, kinds: str, then: Callable[[Path], object]) -> None:
    """Ask where a file is to be written, `name` to begin with."""
    dialog = QFileDialog(window, title, "", kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    _open(dialog, then)


def ask_words(window: QWidget, title: str, label: str, text: str, then: Callable[[str], object]) -> None:
    """Ask for a line of words, `text` to begin with."""
    dialog = QInputDialog(window)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setTextValue(text)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.textValueSelected.connect(then)
    dialog.open()


def _open(dialog: QFileDialog, then: Callable[[Path], object]) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()
