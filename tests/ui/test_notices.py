"""Notices: what can be done about them by keyboard, and later; and how they move."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from ui.settings import SettingsStore
from vpt_studio.errors import StudioError


@pytest.fixture
def window(make_window, store, qtbot):
    made = make_window(store)
    qtbot.waitUntil(lambda: made.studio.background.is_idle)
    return made


def buttons(widget, words):
    return [found for found in widget.findChildren(QPushButton) if found.text() == words]


def test_the_keyboard_goes_to_a_notice_and_it_waits_meanwhile(window, qtbot):
    done = []
    window.toasts.seconds = 0
    area = window.studio.session.actions["studio.area"].run
    notices = window.studio.session.notices
    notices.tell("Moved 2 recordings to the trash.", "ok", action="Undo", run=lambda: done.append(1))
    for _ in range(4):
        area()
        if window.toasts.isAncestorOf(QApplication.focusWidget()):
            break
    assert window.toasts.isAncestorOf(QApplication.focusWidget())
    while QApplication.focusWidget() is not buttons(window.toasts, "Undo")[0]:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    turns = []
    window.studio.background.run(lambda _task: None, turns.append)
    qtbot.waitUntil(lambda: bool(turns))
    assert window.toasts.texts
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert done == [1]
    assert not window.toasts.texts


def test_a_notice_that_nobody_uses_goes_by_itself(window, qtbot):
    window.toasts.seconds = 0
    window.studio.session.notices.tell("Saved.", "ok")
    qtbot.waitUntil(lambda: not window.toasts.texts)


def test_the_sign_of_a_notice_stands_beside_its_only_line(window, qtbot):
    window.studio.session.notices.tell("Saved.", "ok")
    (words,) = [label for label in window.toasts.findChildren(QLabel) if label.text() == "Saved."]
    (sign,) = [label for label in window.toasts.findChildren(QLabel) if not label.pixmap().isNull()]
    qtbot.waitUntil(lambda: abs(sign.geometry().center().y() - words.geometry().center().y()) <= 1)


def test_what_can_be_done_about_a_notice_can_be_done_in_the_history(window, qtbot):
    done = []
    notices = window.studio.session.notices
    notices.tell("A run ended.", action="Open", run=lambda: done.append(1))
    notices.tell_failure(StudioError("nothing was stored"))
    window.studio.session.actions["studio.notices"].run()
    qtbot.waitUntil(window.notice_history.isVisible)
    buttons(window.notice_history, "Copy details")[0].click()
    assert "nothing was stored" in QApplication.clipboard().text()
    window.studio.session.actions["studio.notices"].run()
    act = buttons(window.notice_history, "Open")[0]
    assert act.focusPolicy() & Qt.FocusPolicy.TabFocus
    act.click()
    assert done == [1]
    assert not window.notice_history.isVisible()


@pytest.mark.parametrize("reduced", [False, True])
def test_notices_slide_in_unless_motion_is_reduced(reduced, make_window, tmp_path, qtbot):
    store = SettingsStore(tmp_path / "s.yaml")
    store.change("look", reduce_motion=reduced)
    window = make_window(store)
    window.studio.session.notices.tell("Saved.", "ok")
    begun = window.toasts.pos()
    corner = QPoint(window.width() - 16, window.height() - 40)

    def is_at_the_corner() -> bool:
        return window.toasts.geometry().bottomRight() + QPoint(1, 1) == corner

    qtbot.waitUntil(is_at_the_corner)
    assert (begun == window.toasts.pos()) == reduced
