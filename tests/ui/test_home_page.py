"""Home as a person uses it: takes that wait, what a role is offered, the sample project."""

from __future__ import annotations

import os
import shutil

import pytest
from pretended_commands import pretend
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QTreeView

from recorder.takes.waiting import takes_folder
from ui.sample_project import sample_folder
from vpt_studio.project import Project

TIMEOUT = 15_000


def shown(page, kind):
    return [child.text() for child in page.findChildren(kind) if child.isVisible()]


def button(page, words):
    (found,) = [made for made in page.findChildren(QPushButton) if made.text() == words and made.isVisible()]
    return found


def settle(page, qtbot):
    qtbot.waitUntil(lambda: page.studio.background.is_idle, timeout=TIMEOUT)


def leave_a_take(project, noise_recordings, name):
    folder = takes_folder(project)
    folder.mkdir(exist_ok=True)
    for suffix in (".mp4", ".jsonl", ".json"):
        shutil.copy(noise_recordings[0].with_suffix(suffix), folder / f"{name}{suffix}")


def test_takes_that_wait_are_told_and_lead_to_record(
    make_window, store, own_project, noise_recordings, qtbot
):
    leave_a_take(own_project, noise_recordings, "gather-wood-20261126-083935")
    leave_a_take(own_project, noise_recordings, "gather-wood-20261126-083936")
    page = make_window(store, own_project).current_page()
    said = "A take of 10 s waits. 1 more waits."
    qtbot.waitUntil(lambda: said in shown(page, QLabel), timeout=TIMEOUT)
    qtbot.mouseClick(button(page, "Look at it"), Qt.MouseButton.LeftButton)
    assert page.window().page == "record"
    shutil.rmtree(takes_folder(own_project))
    page.studio.go("home")
    qtbot.waitUntil(lambda: said not in shown(page, QLabel), timeout=TIMEOUT)


@pytest.mark.parametrize(("role", "has_train"), [("contractor", False), ("researcher", True)])
def test_a_role_is_offered_only_the_pages_it_has(role, has_train, make_window, store, full_project, qtbot):
    store.change("general", role=role)
    page = make_window(store, full_project).current_page()
    settle(page, qtbot)
    assert ("Open Train" in shown(page, QPushButton)) == has_train


def make_sample_there(noise_project):
    sample_folder().parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(noise_project, sample_folder())


def test_a_sample_that_is_made_already_is_opened_at_once(make_window, store, own_project, qtbot):
    make_sample_there(own_project)
    page = make_window(store).current_page()
    qtbot.mouseClick(button(page, "Sample project"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.window().page == "library", timeout=TIMEOUT)
    assert page.studio.session.project.folder == sample_folder()
    assert page.studio.session.notices.history == []


def test_a_sample_that_gets_ready_meanwhile_is_listed(
    make_window, store, full_project, tmp_path, monkeypatch, qtbot
):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    pretend(tmp_path, monkeypatch, f"open({str(gate)!r}).read(); print('{{}}')")
    page = make_window(store).current_page()
    notices = page.studio.session.notices
    qtbot.mouseClick(button(page, "Sample project"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(notices.history), timeout=TIMEOUT)
    page.studio.open_project(full_project)
    qtbot.waitUntil(lambda: page.studio.session.project is not None, timeout=TIMEOUT)
    Project.create(sample_folder(), "Sample").close()
    gate.write_text("go on")
    qtbot.waitUntil(lambda: sample_folder().name in shown(page, QLabel), timeout=TIMEOUT)
    assert [known.folder for known in page.studio.session.recent_projects()] == [
        full_project,
        sample_folder(),
    ]


def test_the_dialog_for_a_new_project_shows_all_its_columns(make_window, store, own_project, qtbot):
    window = make_window(store)
    window.studio.session.actions["studio.new"].run()
    dialog = window.findChild(QFileDialog)
    dialog.setDirectory(str(own_project))
    tree = dialog.findChild(QTreeView, "treeView")
    qtbot.waitUntil(lambda: tree.model().rowCount(tree.rootIndex()) > 0, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: tree.header().length() <= tree.viewport().width(), timeout=TIMEOUT)
    dialog.close()
