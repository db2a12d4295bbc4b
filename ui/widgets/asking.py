"""Asking for a folder, files or words: the question stands over the window, which goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHeaderView, QInputDialog, QToolButton, QTreeView, QWidget

from ui.icons import icon
from ui.look import look

#: The buttons of Qt's own dialog for files, whose icons are made for a light ground.
_ICONS = {
    "backButton": "arrow-left",
    "forwardButton": "arrow-right",
    "toParentButton": "arrow-up",
    "newFolderButton": "folder-plus",
    "listModeButton": "squares-four",
    "detailModeButton": "list",
}
_WIDTH, _HEIGHT = 820, 520


def ask_folder(window: QWidget, title: str, then: Callable[[Path], object]) -> None:
    """Ask for a folder; `then` is called with it unless the person thinks better of it."""
    dialog = QFileDialog(window, title, _begin_at())
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    _open(dialog, then)


def ask_files(window: QWidget, title: str, kinds: str, then: Callable[[list[Path]], object]) -> None:
    """Ask for files; `kinds` is a filter as Qt writes it (``Videos (*.mp4);;All files (*)``)."""
    dialog = QFileDialog(window, title, _begin_at(), kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.directoryEntered.connect(_remember)
    _dress(dialog)
    dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
    dialog.open()


def ask_new_folder(window: QWidget, title: str, name: str, then: Callable[[Path], object]) -> None:
    """Ask for a folder that may not be there yet, `name` to begin with."""
    dialog = QFileDialog(window, title, _begin_at())
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.selectFile(name)
    _open(dialog, then)


def ask_new_file(window: QWidget, title: str, name: str, kinds: str, then: Callable[[Path], object]) -> None:
    """Ask where a file is to be written, `name` to begin with."""
    dialog = QFileDialog(window, title, _begin_at(), kinds)
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


_last_folder = ""  # where the person was last, until the window is closed


def _begin_at() -> str:
    return _last_folder or str(Path.home())


def _remember(folder: str) -> None:
    global _last_folder
    _last_folder = folder


def _open(dialog: QFileDialog, then: Callable[[Path], object]) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.directoryEntered.connect(_remember)
    _dress(dialog)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()


def _dress(dialog: QFileDialog) -> None:
    """Give Qt's own dialog our icons, and its columns room; the desktop's is as the desktop has it."""
    for name, icon_name in _ICONS.items():
        found = dialog.findChild(QToolButton, name)
        if found is not None:
            found.setIcon(icon(icon_name, "text"))
    tree = dialog.findChild(QTreeView, "treeView")
    if tree is not None:
        header = tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        dialog.resize(look().pixels(_WIDTH), look().pixels(_HEIGHT))
