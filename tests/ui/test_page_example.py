"""The page that docs/architecture.md shows is a page that works."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import ui.pages
import ui.window
from tests.ui.conftest import TIMEOUT_MS
from ui.pages import BY_ID, PAGES, PageEntry
from vpt_studio.project import Project

TEXT = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.fixture
def page_of_the_text(tmp_path, monkeypatch) -> PageEntry:
    """The page as the text has it, in the place where the text puts it."""
    module, line = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "kinds.py").write_text(module, encoding="utf-8")
    monkeypatch.setattr(ui.pages, "__path__", [*ui.pages.__path__, str(folder)])
    monkeypatch.delitem(sys.modules, "ui.pages.kinds", raising=False)
    entry: PageEntry = eval(line, {"PageEntry": PageEntry})
    monkeypatch.setattr(ui.window, "PAGES", (*PAGES, entry))
    monkeypatch.setitem(BY_ID, entry.id, entry)
    return entry


def test_the_page_of_the_text_works(qtbot, page_of_the_text, make_window, store, full_project):
    window = make_window(store, full_project, page_of_the_text.id)
    page = window.current_page()
    with Project.open(full_project) as project:
        answer = sys.modules["ui.pages.kinds"].kinds_in_words(project)
    assert answer == "3 by script, 2 by unknown"
    qtbot.waitUntil(lambda: page.answer.text() == answer, timeout=TIMEOUT_MS)
    page.answer.setText("")
    qtbot.keyClick(window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: page.answer.text() == answer, timeout=TIMEOUT_MS)
