"""Changes of recordings: nothing is lost, and nothing is done to the wrong one."""

from __future__ import annotations

import shutil
import threading

import pytest
from PySide6.QtCore import Qt

from tests.ui.conftest import TIMEOUT_MS
from vpt_studio.project import Project
from vpt_studio.project.recording_row import RecordingRow

MANY = 450


@pytest.fixture
def library(make_window, store, own_project, qtbot):
    """The Library of the five recordings."""
    page = make_window(store, own_project, "library").current_page()
    wait_for(qtbot, lambda: page.table.model().rowCount() == 5 and page.studio.background.is_idle)
    return page


def wait_for(qtbot, condition):
    qtbot.waitUntil(condition, timeout=TIMEOUT_MS)


def names(page):
    return {item.id for _, item in page.table.model().known_rows()}


def tags(folder, recording):
    with Project.open(folder) as project:
        return project.recording(recording).tags


def texts(page):
    return [notice.text for notice in page.studio.session.notices.history]


def test_what_was_asked_for_is_written_when_the_window_is_closed(library, own_project):
    started, go_on = threading.Event(), threading.Event()

    def long_write(_project):
        started.set()
        go_on.wait()

    library.studio.desk.change(long_write)
    library.edits.retag({"noise-0": ("kept",)})
    started.wait()
    threading.Timer(0.05, go_on.set).start()
    library.window().close_now()
    assert tags(own_project, "noise-0") == ("kept",)


def test_the_undo_of_a_notice_takes_back_what_that_notice_told(library, qtbot):
    for count, name in ((4, "noise-0"), (3, "noise-1")):
        library.edits.trash([name])
        wait_for(qtbot, lambda count=count: library.table.model().rowCount() == count)
    first, _ = (notice for notice in library.studio.session.notices.history if notice.action == "Undo")
    first.run()
    wait_for(qtbot, lambda: library.table.model().rowCount() == 4)
    assert "noise-0" in names(library)
    first.run()
    assert texts(library)[-1] == "That was taken back already."


def test_an_undo_that_fails_says_so_and_can_be_tried_again(library, own_project, qtbot):
    library.edits.trash(["noise-0"])
    wait_for(qtbot, lambda: library.table.model().rowCount() == 4 and library.studio.background.is_idle)
    in_the_way = own_project / "recordings" / "noise-0.mp4"
    in_the_way.write_bytes(b"something else")
    library.studio.undo()
    wait_for(qtbot, lambda: library.studio.background.is_idle)
    assert not any(text.startswith("Undone") for text in texts(library))
    in_the_way.unlink()
    library.studio.undo()
    wait_for(qtbot, lambda: "noise-0" in names(library))
    assert any(text.startswith("Undone") for text in texts(library))


def test_one_that_cannot_go_does_not_keep_the_others_and_these_come_back(library, qtbot):
    library.edits.trash(["noise-0", "nowhere", "noise-2"])
    wait_for(qtbot, lambda: library.table.model().rowCount() == 3)
    assert any("nowhere" in text for text in texts(library))
    library.studio.undo()
    wait_for(qtbot, lambda: library.table.model().rowCount() == 5)


def test_a_step_does_not_follow_into_another_project(library, own_project, tmp_path, qtbot):
    other = shutil.copytree(own_project, tmp_path / "other")
    with Project.open(other) as project:
        project.set_tags("noise-0", ["precious"])
    go_on = threading.Event()
    library.studio.desk.change(lambda _project: go_on.wait())
    library.edits.retag({"noise-0": ("changed",)})
    library.studio.open_project(other, then="library")
    wait_for(qtbot, lambda: library.studio.session.project.folder == other)
    go_on.set()
    wait_for(qtbot, lambda: library.studio.background.is_idle)
    assert tags(own_project, "noise-0") == ("changed",)
    assert library.studio.session.undo.next_undo is None
    assert tags(other, "noise-0") == ("precious",)


@pytest.fixture
def long_library(own_project, make_window, store, qtbot):
    """A Library of several pages."""
    with Project.open(own_project) as project:
        rows = []
        for number in range(MANY):
            files = project.layout.recording_places(f"long-{number:03d}")
            project.layout.path_of(files.video).write_bytes(b"")
            project.layout.path_of(files.sidecar).write_bytes(b"{}")
            rows.append(
                RecordingRow(
                    id=f"long-{number:03d}",
                    video=files.video,
                    duration_ticks=20,
                    frames=20,
                    width=640,
                    height=360,
                )
            )
        project.add_recordings(rows)
    page = make_window(store, own_project, "library").current_page()
    wait_for(qtbot, lambda: page.table.model().rowCount() == MANY + 5)
    return page


def test_what_is_done_with_all_is_done_with_those_not_looked_at_too(long_library, own_project, qtbot):
    long_library.table.selectAll()
    assert len(long_library.selected()) < MANY
    qtbot.keyClick(long_library.table, Qt.Key.Key_Delete)
    wait_for(qtbot, lambda: long_library.table.model().rowCount() == 0)
    with Project.open(own_project) as project:
        assert project.recording_counts().removed == MANY + 5


def test_the_selection_stays_where_it_is_when_the_list_is_read_again(long_library, qtbot):
    table, place = long_library.table, 300
    table.selectRow(place)
    table.scrollTo(table.model().index(place, 0))
    wait_for(qtbot, lambda: long_library.selected() != [])
    (chosen,) = long_library.selected()
    height = table.verticalScrollBar().value()
    long_library.edits.retag({chosen.id: ("seen",)})
    wait_for(qtbot, lambda: [item.tags for item in long_library.selected()] == [("seen",)])
    assert [item.id for item in long_library.selected()] == [chosen.id]
    assert table.verticalScrollBar().value() == height
    long_library.edits.trash([chosen.id])
    wait_for(qtbot, lambda: table.model().rowCount() == MANY + 4)
    assert table.selected_rows() == [place]
