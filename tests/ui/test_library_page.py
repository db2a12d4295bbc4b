"""The Library as a person uses it: search, filter, tag, trash, undo, drop, open, damaged recordings."""

from __future__ import annotations

import shutil

import pytest
from pretended_commands import pretend
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
)
from superqt import QElidingLabel

from recorder.bundles.handover import export_bundle
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings

TIMEOUT = 15_000


@pytest.fixture
def library(make_window, store, own_project, qtbot):
    window = make_window(store, own_project, "library")
    page = window.current_page()
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 5, timeout=TIMEOUT)
    return page


def names(page):
    return [item.id for _, item in page.table.model().known_rows()]


def visible_button(page, words):
    (found,) = [made for made in page.findChildren(QPushButton) if made.text() == words and made.isVisible()]
    return found


def select(page, name, qtbot):
    row = names(page).index(name)
    area = page.table.visualRect(page.table.model().index(row, 0))
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert [item.id for item in page.selected()] == [name]


def test_searching_narrows_the_list_and_clearing_brings_all_back(library, qtbot):
    qtbot.keyClicks(library.filters.search, "noise-1")
    qtbot.waitUntil(lambda: names(library) == ["noise-1"], timeout=TIMEOUT)
    library.filters.search.clear()
    qtbot.waitUntil(lambda: len(names(library)) == 5, timeout=TIMEOUT)
    qtbot.keyClicks(library.filters.search, "nowhere")
    qtbot.waitUntil(lambda: names(library) == [], timeout=TIMEOUT)


def test_a_click_on_a_title_sorts_and_another_turns_the_order_round(library, qtbot):
    header = library.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(0) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: names(library) == sorted(names(library)), timeout=TIMEOUT)
    first = names(library)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: names(library) == first[::-1], timeout=TIMEOUT)


def test_damaged_recordings_say_what_is_wrong(library, qtbot):
    rows = {item.id: item for _, item in library.table.model().known_rows()}
    assert rows["holed"].health != rows["noise-0"].health
    select(library, "holed", qtbot)
    words = [child.text() for child in library.details.findChildren(QLabel)]
    assert any("cannot be used" in text or "can be used" in text for text in words)


def test_the_inspector_is_never_wider_than_its_panel(library, own_project, noise_recordings, tmp_path, qtbot):
    name = "gather-wood-by-the-long-river-20261126-083935"
    for suffix in (".mp4", ".jsonl", ".json"):
        shutil.copy(noise_recordings[0].with_suffix(suffix), tmp_path / f"{name}{suffix}")
    with (tmp_path / f"{name}.mp4").open("ab") as video:
        video.write(b"\0")  # else it is told as a copy of what is there already
    with Project.open(own_project) as project:
        import_recordings(project, [tmp_path / f"{name}.mp4"], ImportOptions())
    library.refresh()
    qtbot.waitUntil(lambda: name in names(library), timeout=TIMEOUT)
    scroll = library.details.findChild(QScrollArea)
    for video_is_there in (True, False):
        if not video_is_there:
            (own_project / "recordings" / f"{name}.mp4").unlink()
            library.refresh()
        select(library, name, qtbot)
        qtbot.waitUntil(lambda: library.studio.background.is_idle, timeout=TIMEOUT)
        shown = [child.text() for child in library.details.findChildren(QElidingLabel)]
        assert name in shown
        assert scroll.widget().minimumSizeHint().width() <= scroll.viewport().width()


def test_what_goes_to_the_trash_comes_back_with_undo(library, qtbot, own_project):
    select(library, "noise-2", qtbot)
    qtbot.keyClick(library.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "noise-2" not in names(library), timeout=TIMEOUT)
    qtbot.keyClick(library.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "noise-2" in names(library), timeout=TIMEOUT)
    assert library.window().toasts.texts == ["Undone: move 1 recording to the trash."]
    with Project.open(own_project) as project:
        assert project.recording("noise-2").duration_ticks == 200


def test_tags_are_given_found_and_taken_back(library, qtbot):
    select(library, "noise-0", qtbot)
    qtbot.keyClick(library.table, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: library.window().findChild(QInputDialog) is not None, timeout=TIMEOUT)
    dialog = library.window().findChild(QInputDialog)
    qtbot.keyClicks(dialog.findChild(QLineEdit), "forest, rain")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: any(item.tags == ("forest", "rain") for _, item in library.table.model().known_rows()),
        timeout=TIMEOUT,
    )
    qtbot.keyClicks(library.filters.search, "rain")
    qtbot.waitUntil(lambda: names(library) == ["noise-0"], timeout=TIMEOUT)
    library.studio.session.actions["studio.undo"].run()
    qtbot.waitUntil(lambda: names(library) == [], timeout=TIMEOUT)


def test_a_double_click_opens_the_player(library, qtbot):
    row = names(library).index("noise-1")
    place = library.table.visualRect(library.table.model().index(row, 0)).center()
    qtbot.mouseClick(library.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(library.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    window = library.window()
    qtbot.waitUntil(lambda: window.page == "player", timeout=TIMEOUT)
    assert window.current_page().header.title.text() == "noise-1"


def test_dropped_files_are_imported_and_a_bad_one_is_told(library, qtbot, noise_recordings, tmp_path):
    folder = tmp_path / "dropped"
    folder.mkdir()
    for suffix in (".mp4", ".jsonl", ".json"):
        shutil.copy(noise_recordings[0].with_suffix(suffix), folder / f"fresh{suffix}")
    with (folder / "fresh.mp4").open("ab") as video:
        video.write(b"\0")  # else it is told as a copy of what is there already
    (folder / "broken.mp4").write_bytes(b"no video at all")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    pressed = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(200, 200), *pressed)
    QApplication.sendEvent(library, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(library, QDropEvent(QPointF(200, 200), *pressed))
    qtbot.waitUntil(lambda: "fresh" in names(library), timeout=60_000)
    told = " ".join(notice.text for notice in library.studio.session.notices.history)
    assert "1 in, 1 left out (broken.mp4: " in told


def test_a_dropped_bundle_of_takes_is_imported(library, qtbot, noise_recordings, tmp_path):
    for suffix in (".mp4", ".jsonl", ".json"):
        shutil.copy(noise_recordings[0].with_suffix(suffix), tmp_path / f"handed-in{suffix}")
    with (tmp_path / "handed-in.mp4").open("ab") as video:
        video.write(b"\0")  # else it is told as a copy of what is there already
    bundle = export_bundle([tmp_path / "handed-in.mp4"], tmp_path / "bundle.zip")
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(bundle.read_bytes()[:-1])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (bundle, damaged)])
    pressed = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(library, QDragEnterEvent(QPoint(200, 200), *pressed))
    QApplication.sendEvent(library, QDropEvent(QPointF(200, 200), *pressed))
    qtbot.waitUntil(lambda: "handed-in" in names(library), timeout=60_000)
    told = " ".join(notice.text for notice in library.studio.session.notices.history)
    assert "1 in, 1 left out (damaged.zip: the bundle is refused" in told


def test_training_on_a_selection_opens_the_panel_with_it(library, qtbot):
    select(library, "noise-0", qtbot)
    library.studio.session.actions["library.train"].run()
    window = library.window()
    qtbot.waitUntil(lambda: window.page == "train", timeout=TIMEOUT)
    panel = window.current_page().panel
    assert panel.isVisible()
    assert panel.new.recordings == ("noise-0",)


def test_the_trash_can_be_looked_into_and_emptied_of_what_is_wanted_back(library, qtbot):
    select(library, "noise-2", qtbot)
    qtbot.keyClick(library.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "noise-2" not in names(library), timeout=TIMEOUT)
    library.studio.session.undo.clear()  # as after another start
    health = library.filters.health
    health.setCurrentIndex(health.findText("In the trash"))
    health.activated.emit(health.currentIndex())
    qtbot.waitUntil(lambda: names(library) == ["noise-2"], timeout=TIMEOUT)
    qtbot.keyClick(library.table, Qt.Key.Key_Delete)  # it is there already
    assert "Shift+R brings it back" in library.studio.session.notices.history[-1].text
    qtbot.keyClick(library.table, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: names(library) == [], timeout=TIMEOUT)
    qtbot.mouseClick(visible_button(library, "Show all"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(names(library)) == 5, timeout=TIMEOUT)


def test_a_recording_whose_video_is_gone_says_so(library, own_project, qtbot):
    (own_project / "recordings" / "noise-1.mp4").unlink()
    library.refresh()
    qtbot.waitUntil(
        lambda: (
            {item.id: item.health_reason for _, item in library.table.model().known_rows()}["noise-1"]
            == "Video missing"
        ),
        timeout=TIMEOUT,
    )


def test_a_check_tells_what_is_wrong(library, qtbot):
    select(library, "gaps", qtbot)
    library.studio.session.actions["library.check"].run()
    qtbot.waitUntil(
        lambda: any("gaps.jsonl" in notice.text for notice in library.studio.session.notices.history),
        timeout=60_000,
    )


def test_the_right_button_offers_what_can_be_done(library, qtbot):
    select(library, "noise-0", qtbot)
    place = library.table.visualRect(library.table.model().index(0, 0)).center()
    library.table.customContextMenuRequested.emit(place)
    (menu,) = (child for child in library.findChildren(QMenu) if child.isVisible())
    offered = {action.text().split("\t")[0] for action in menu.actions()}
    assert {"Open recording", "Move to the trash", "Train an IDM on these"} <= offered
    assert "Bring back from the trash" not in offered
    menu.close()


def test_r_leads_to_record_and_leaves_the_rest_to_the_person(library, qtbot):
    qtbot.keyClick(library.table, Qt.Key.Key_R)
    window = library.window()
    assert window.page == "record"
    assert not window.current_page().is_recording
    window.go_back()
    qtbot.mouseClick(visible_button(library, "Record"), Qt.MouseButton.LeftButton)
    assert window.page == "record"


@pytest.fixture
def empty_library(make_window, store, tmp_path, qtbot):
    Project.create(tmp_path / "empty", "Empty").close()
    page = make_window(store, tmp_path / "empty", "library").current_page()
    qtbot.waitUntil(lambda: "No recordings yet." in shown_words(page), timeout=TIMEOUT)
    return page


def shown_words(page):
    return " ".join(child.text() for child in page.findChildren(QLabel) if child.isVisible())


def test_an_empty_library_says_how_to_begin(empty_library, qtbot):
    said = "No recordings yet. Record play, import files, or open the sample."
    assert said in shown_words(empty_library)
    qtbot.mouseClick(visible_button(empty_library, "Import files"), Qt.MouseButton.LeftButton)
    dialog = empty_library.findChild(QFileDialog)
    assert dialog.isVisible()
    dialog.close()
    qtbot.mouseClick(visible_button(empty_library, "Record play"), Qt.MouseButton.LeftButton)
    assert empty_library.window().page == "record"


def test_an_empty_library_offers_the_sample(empty_library, qtbot, tmp_path, monkeypatch):
    pretend(tmp_path, monkeypatch, "")
    background, begun = empty_library.studio.background, []
    background.listed.connect(lambda task, _over: begun.append(task.title))
    qtbot.mouseClick(visible_button(empty_library, "Open the sample"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Sample project" in begun, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: background.is_idle, timeout=TIMEOUT)
