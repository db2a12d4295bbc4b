"""The bar at the bottom: what stays there until it is cured, and what it does off the GUI thread."""

from __future__ import annotations

import shutil
import threading

from ui.shell import status_bar
from vpt_studio.errors import StudioError

FULL = StudioError("the disk is full: the tags were not stored")


def test_a_failure_stays_until_something_is_written_again(make_window, store, own_project, qtbot):
    window = make_window(store, own_project, "library")
    library = window.current_page()
    qtbot.waitUntil(lambda: library.table.model().rowCount() == 5)
    qtbot.waitUntil(lambda: window.studio.background.is_idle)
    notices = window.studio.session.notices
    assert window.status.saved == "Saved"
    notices.tell_failure(FULL)
    notices.tell("Bookmarked tick 3.", "ok")
    assert "disk is full" in window.status.saved
    store.change("look", text_percent=110)
    qtbot.waitUntil(lambda: window.studio.background.is_idle)
    assert "disk is full" in window.status.saved
    window.studio.desk.change(
        lambda project: project.set_tags("noise-0", ("kept",)),
        lambda _none: window.studio.session.changed("recordings"),
    )
    qtbot.waitUntil(lambda: window.status.saved == "Saved")


def test_work_that_fails_and_says_that_something_may_have_changed_is_no_cure(
    make_window, store, full_project, qtbot
):
    window = make_window(store, full_project, "home")
    session = window.studio.session

    def fail(_task):
        raise FULL

    ended = []
    window.studio.background.run(
        fail, ended=lambda: (session.changed("recordings"), ended.append(1)), lane="import"
    )
    qtbot.waitUntil(lambda: bool(ended))
    assert "disk is full" in window.status.saved


def test_settings_that_are_stored_again_cure_only_their_own_failure(
    make_window, store, full_project, qtbot, monkeypatch
):
    window = make_window(store, full_project, "home")
    qtbot.waitUntil(lambda: window.studio.background.is_idle)

    def full(_path, _content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("ui.settings_file.write_atomically", full)
        store.change("look", text_percent=110)
        qtbot.waitUntil(lambda: "could not be stored" in window.status.saved)
        window.studio.session.changed("recordings")
        qtbot.waitUntil(lambda: window.studio.background.is_idle)
        assert "could not be stored" in window.status.saved
    store.change("look", text_percent=100)
    qtbot.waitUntil(lambda: window.status.saved == "Saved")


def test_a_disk_that_sleeps_stops_neither_the_bar_nor_the_palette_nor_home(
    make_window, store, full_project, qtbot, monkeypatch
):
    asked = []

    def noted(what):
        def ask(*arguments):
            asked.append(threading.current_thread())
            return what(*arguments)

        return ask

    monkeypatch.setattr(status_bar.shutil, "disk_usage", noted(shutil.disk_usage))
    import ui.session

    monkeypatch.setattr(ui.session, "is_project", noted(ui.session.is_project))
    store.remember_project(full_project.parent / "gone")
    window = make_window(store, full_project, "home")
    missing = full_project.parent / "gone"
    qtbot.waitUntil(lambda: missing in window.studio.session.missing_projects)
    for text in ("g", "go", "gone"):
        window.palette_popup.search(text)
    assert "gone" not in [entry.title for entry in window.palette_popup.entries]
    qtbot.waitUntil(lambda: window.studio.background.is_idle)
    assert asked
    assert threading.main_thread() not in asked
