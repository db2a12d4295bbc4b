"""Everything by keyboard alone: a walk with real X keys, and a name for every control on the way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFileDialog, QLineEdit, QWidget

from ui.pages import PAGES
from ui.settings import SettingsStore

xlib = pytest.importorskip("Xlib", reason="python-xlib is not installed")

from x_keyboard import XKeyboard  # noqa: E402

TIMEOUT = 15_000


@pytest.fixture
def keyboard(qapp):
    made = XKeyboard()
    yield made
    made.close()


def test_from_the_first_start_to_a_recording_with_overlays_by_keyboard_alone(
    keyboard, make_window, own_project, tmp_path, qtbot
):
    store = SettingsStore(tmp_path / "new.yaml")
    window = make_window(store)

    def focus_is(words: str) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and words.lower() in focus.accessibleName().lower()

    for _ in range(40):  # Tab walks everything that can be worked; the role is among it
        before = QApplication.focusWidget()
        keyboard.press("Tab")
        qtbot.waitUntil(lambda before=before: QApplication.focusWidget() is not before, timeout=TIMEOUT)
        if focus_is("Researcher"):
            break
    qtbot.waitUntil(lambda: focus_is("Researcher"), timeout=TIMEOUT)
    keyboard.press("space")
    qtbot.waitUntil(lambda: store.current.general.role == "researcher", timeout=TIMEOUT)

    keyboard.press("Control_L", "o")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog), timeout=TIMEOUT)
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit), timeout=TIMEOUT)
    keyboard.press("Control_L", "a")
    keyboard.type(str(own_project))
    field = dialog.findChild(QLineEdit)
    qtbot.waitUntil(lambda: field.text() == str(own_project), timeout=TIMEOUT)
    keyboard.press("Return")
    qtbot.waitUntil(lambda: window.page == "library", timeout=TIMEOUT)
    library = window.current_page()
    with qtbot.waitActive(window, timeout=TIMEOUT):
        window.activateWindow()  # a desktop's window manager would; the virtual screen has none
    qtbot.waitUntil(lambda: library.table.model().rowCount() == 5, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: library.table.hasFocus(), timeout=TIMEOUT)
    keyboard.press("Home")
    keyboard.press("Down")
    qtbot.waitUntil(lambda: len(library.selected()) == 1, timeout=TIMEOUT)
    keyboard.press("Return")
    qtbot.waitUntil(lambda: window.page == "player", timeout=TIMEOUT)
    player = window.current_page()
    qtbot.waitUntil(lambda: player.playback.ticks > 0, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: window.studio.background.is_idle, timeout=TIMEOUT)
    assert "keyboard" in player.view.layers
    keyboard.press("Right")
    qtbot.waitUntil(lambda: player.playback.tick == 1, timeout=TIMEOUT)
    keyboard.press("space")
    qtbot.waitUntil(lambda: player.playback.playing, timeout=TIMEOUT)
    keyboard.press("o")
    qtbot.waitUntil(lambda: not player.view.layers, timeout=TIMEOUT)
    keyboard.press("o")
    qtbot.waitUntil(lambda: "keyboard" in player.view.layers, timeout=TIMEOUT)
    keyboard.press("Escape")
    qtbot.waitUntil(lambda: window.page == "library", timeout=TIMEOUT)


def test_the_palette_finds_and_does(keyboard, make_window, store, full_project, qtbot):
    window = make_window(store, full_project, "home")
    qtbot.waitUntil(lambda: window.studio.background.is_idle, timeout=TIMEOUT)
    keyboard.press("Control_L", "k")
    qtbot.waitUntil(lambda: window.palette_popup.isVisible(), timeout=TIMEOUT)
    keyboard.type("settings")
    keyboard.press("Return")
    qtbot.waitUntil(lambda: window.page == "settings", timeout=TIMEOUT)


def test_the_sheet_of_keys_shows_those_of_the_page(keyboard, make_window, store, full_project, qtbot):
    window = make_window(store, full_project, "library")
    qtbot.waitUntil(lambda: window.studio.background.is_idle, timeout=TIMEOUT)
    keyboard.press("Shift_L", "slash")
    qtbot.waitUntil(lambda: window.key_sheet.isVisible(), timeout=TIMEOUT)
    keyboard.press("Escape")
    qtbot.waitUntil(lambda: not window.key_sheet.isVisible(), timeout=TIMEOUT)
    assert window.page == "library"


def name_of(widget: QWidget) -> str:
    text = getattr(widget, "text", lambda: "")
    return widget.accessibleName() or (text() if callable(text) else "") or ""


@pytest.mark.parametrize("page", [entry.id for entry in PAGES])
def test_every_control_that_takes_the_focus_has_a_name(page, make_window, store, full_project, qtbot):
    where = {"player": {"recording": "noise-0"}, "run": {"run": ""}}.get(page, {})
    if page == "run":
        where = {"run": sorted((full_project / "runs").iterdir())[0].name}
    window = make_window(store, full_project, page, **where)
    qtbot.waitUntil(lambda: window.studio.background.is_idle, timeout=TIMEOUT)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not name_of(widget)
        and not (isinstance(widget.parentWidget(), QAbstractScrollArea) and not widget.accessibleName())
        and widget.objectName() not in ("qt_spinbox_lineedit",)
    ]
    assert not nameless


def test_no_two_actions_of_a_page_share_a_key(make_window, store, full_project, qtbot):
    window = make_window(store, full_project, "home")
    for entry in PAGES:
        window.show_page(entry.id)
    actions = window.studio.session.actions
    for entry in PAGES:
        keys = [key.lower() for action in actions.on_page(entry.id) for key in action.keys]
        assert len(keys) == len(set(keys)), entry.id
