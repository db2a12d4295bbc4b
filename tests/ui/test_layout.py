"""Every page at three sizes, in both themes, with text of usual and of larger size: nothing is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)
from superqt import QElidingLabel

from recorder.game_profiles import read_profile
from recorder.takes.facts import TakeFacts
from recorder.takes.waiting import Take
from ui.desktop_session import ChosenWindow
from ui.pages import PAGES
from ui.play_words import caps_of
from ui.task_lists import OfferedTasks
from vpt_studio.errors import StudioError

SIZES = ((1180, 720), (1280, 800), (1920, 1080))
SLACK = 2


def _scrolls(widget: QWidget) -> bool:
    """Whether the widget lies in something that scrolls; there it may be larger than what is seen."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _needs(widget: QWidget) -> int:
    """The width in pixels that the widget's words need, 0 for none."""
    metrics = QFontMetrics(widget.font())
    match widget:
        case QElidingLabel():
            return 0
        case QLabel() if widget.wordWrap() or not widget.text() or not widget.pixmap().isNull():
            return 0
        case QLabel():
            return max(map(metrics.horizontalAdvance, widget.text().splitlines()))
        case QComboBox():
            option = QStyleOptionComboBox()
            widget.initStyleOption(option)
            field = widget.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
            )
            return (
                metrics.horizontalAdvance(widget.currentText()) + widget.width() - field.width() - 2 * SLACK
            )
        case QLineEdit() if widget.placeholderText() and not widget.text():
            margins = widget.textMargins()
            return metrics.horizontalAdvance(widget.placeholderText()) + margins.left() + margins.right() + 16
        case QAbstractButton() if widget.text():
            return widget.sizeHint().width() - 2 * SLACK
    return 0


def _problems(root: QWidget) -> list[str]:
    found = []
    for widget in root.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or parent is None or widget.isWindow():
            continue
        name = widget.accessibleName() or getattr(widget, "text", lambda: "")() or type(widget).__name__
        if _needs(widget) > widget.width() + SLACK:
            found.append(f"{name!r} needs {_needs(widget)} pixels and has {widget.width()}")
        if isinstance(widget, QLabel) and widget.text() and not isinstance(widget, QElidingLabel):
            needed = widget.heightForWidth(widget.width()) if widget.wordWrap() else 0
            if needed > widget.height() + SLACK:
                found.append(f"{name!r} needs {needed} pixels of height and has {widget.height()}")
        area = QRect(QPoint(0, 0), parent.size()).adjusted(-SLACK, -SLACK, SLACK, SLACK)
        if not _scrolls(widget) and not area.contains(widget.geometry()):
            found.append(
                f"{name!r} at {widget.geometry()} lies outside {type(parent).__name__} {parent.size()}"
            )
    return found


def _look_at(window, qtbot, store, where: str) -> list[str]:
    found = []
    for theme in ("dark", "light"):
        for percent in (100, 130):
            store.change("look", theme=theme, text_percent=percent)
            for width, height in SIZES:
                window.resize(width, height)
                wanted = QSize(width, height).expandedTo(window.minimumSize())
                qtbot.waitUntil(lambda wanted=wanted: window.size() == wanted)
                _let_layouts_answer()
                found += [
                    f"{where}, {theme}, {percent} %, {width} x {height}: {p}" for p in _problems(window)
                ]
    store.change("look", theme="dark", text_percent=100)
    return found


def _expect_none(found: list[str]) -> None:
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def _let_layouts_answer() -> None:
    for _ in range(4):  # an answer may ask for another one, as words that wrap do
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()


def _settle(qtbot, window) -> None:
    """Until what was asked of the project is answered and shown."""
    background = window.studio.background
    qtbot.waitUntil(lambda: background.is_idle, timeout=30_000)


@pytest.mark.parametrize("page", [entry.id for entry in PAGES])
def test_nothing_is_cut_off_on_a_full_page(page, make_window, store, full_project, qtbot):
    where = {"player": {"recording": "noise-0"}, "run": {"run": ""}}.get(page, {})
    if page == "run":
        where = {"run": sorted((full_project / "runs").iterdir())[0].name}
    window = make_window(store, full_project, page, **where)
    _settle(qtbot, window)
    _expect_none(_look_at(window, qtbot, store, page))


@pytest.mark.parametrize("page", ["home", "record", "library", "train", "settings"])
def test_nothing_is_cut_off_on_an_empty_page(page, make_window, store, tmp_path, qtbot):
    from vpt_studio.project import Project

    Project.create(tmp_path / "empty", "Empty").close()
    window = make_window(store, tmp_path / "empty", page)
    _settle(qtbot, window)
    _expect_none(_look_at(window, qtbot, store, f"{page}, empty"))


def test_nothing_is_cut_off_at_the_first_start(make_window, tmp_path, qtbot):
    from ui.settings import SettingsStore

    store = SettingsStore(tmp_path / "new.yaml")
    window = make_window(store)
    _settle(qtbot, window)
    _expect_none(_look_at(window, qtbot, store, "first start"))


@pytest.mark.parametrize(
    "section", ["general", "look", "recording", "player", "training", "privacy", "keys", "storage", "about"]
)
def test_nothing_is_cut_off_in_the_settings(section, make_window, store, full_project, qtbot):
    window = make_window(store, full_project, "settings", section=section)
    _settle(qtbot, window)
    _expect_none(_look_at(window, qtbot, store, f"settings, {section}"))


def test_nothing_is_cut_off_in_the_panel_of_a_new_run(make_window, store, full_project, qtbot):
    window = make_window(store, full_project, "train")
    _settle(qtbot, window)
    page = window.current_page()
    page.open_panel()
    _settle(qtbot, window)
    assert page.panel.isVisible()
    _expect_none(_look_at(window, qtbot, store, "new run"))


@pytest.mark.parametrize("page", ["home", "library", "player", "run"])
def test_a_narrow_window_shows_the_inspector_when_it_is_asked_for(
    page, make_window, store, full_project, qtbot
):
    where = {"player": {"recording": "noise-0"}}.get(page, {})
    if page == "run":
        where = {"run": sorted((full_project / "runs").iterdir())[0].name}
    window = make_window(store, full_project, page, **where)
    _settle(qtbot, window)
    inspector = window.current_page().inspector
    toggle = window.studio.session.actions["studio.inspector"].run
    window.resize(1180, 720)
    qtbot.waitUntil(lambda: not inspector.isVisible())
    toggle()
    assert inspector.isVisible()
    _let_layouts_answer()
    assert window.width() == 1180
    _expect_none(_problems(window))
    toggle()
    assert not inspector.isVisible()
    window.resize(1280, 800)  # nobody wants it away here: narrow windows do without it by themselves
    qtbot.waitUntil(inspector.isVisible)
    toggle()
    assert not inspector.isVisible()
    toggle()
    window.resize(1180, 720)
    qtbot.waitUntil(lambda: not inspector.isVisible())


CHECKS = [
    ("screen", "ok", "The game can be seen", ""),
    (
        "input",
        "warn",
        "pynput; the camera is not to be trusted",
        "Its motion is what the desktop makes of it",
    ),
    ("front", "wait", "Another window is in front", "Click into the game: nothing else is recorded"),
    ("keys", "ok", "Heard: forward, sneak, attack, use, jump", ""),
    ("mouse", "wait", "The mouse was not heard yet", "Move the mouse in the game"),
    ("rate", "warn", "17.2 Hz, 31.0 ms a picture", "Close what keeps the computer busy"),
    ("size", "warn", "1024 x 768, not 16:9", "The picture is squeezed to 16:9; 1280 x 720 is not"),
    ("cover", "warn", "Letters lies over the game", "Nothing is recorded until it is gone: move it"),
    ("disk", "bad", "The disk is full", "Free some space"),
    ("hotkeys", "ok", "F8 deletes the last 2 min, F9 starts and stops, F10 marks", ""),
    ("sync", "warn", "the offset could not be measured: only 3 inputs were heard", "Hold still, tap a key"),
]
LOOK = {
    "picture": 0,
    "in_front": True,
    "gone": False,
    "size": [1024, 768],
    "place": [0, 0, 1024, 768],
    "hertz": 17.2,
    "grab_ms": [31.0, 44.0],
    "held": ["forward", "sprint", "attack", "hotbar.3"],
    "pressed": [],
    "moved": [310.0, -40.0],
    "covered": "Letters",
    "checks": [dict(zip(("id", "state", "words", "mend"), check, strict=True)) for check in CHECKS],
}
WINDOWS = [
    {"window": number, "title": title, "program": program, "size": [1920, 1080], "profile": profile}
    | {"thumbnail": None}
    for number, (title, program, profile) in enumerate(
        [
            ("Minetest 5.6.1 [Singleplayer]", "minetest", "luanti"),
            ("", "a-program-with-a-long-name", "generic"),
            ("A window whose title is as long as titles of browsers are" * 3, "firefox", "generic"),
        ]
    )
]


def _task(page):
    page.show_step("task")


def _no_list(page):
    page.tasks.show_tasks(OfferedTasks("", None, None, page.tasks.offered.known))


def _bad_list(page):
    trouble = StudioError(
        "the task list holds something wrong (tasks.0.id)", where="/a/b.yaml", mend="Mend it"
    )
    page.tasks.show_tasks(OfferedTasks("/a/b.yaml", None, trouble, page.tasks.offered.known))


def _windows(page):
    page.show_step("window")
    page.windows.show_windows(WINDOWS)


def _no_desktop(page):
    page.show_step("window")
    mend = "Log out and choose a session with Xorg, or start VPT Studio with XWayland's DISPLAY"
    page.windows.show_trouble(StudioError("this is a Wayland desktop, which hides its windows", mend=mend))


def _consent(page):
    page.choose_window(ChosenWindow(1, "Minetest 5.6.1 [Singleplayer]", "luanti"))


def _check(page):
    page.place, page.chosen = "desktop", ChosenWindow(1, "Minetest 5.6.1 [Singleplayer]", "luanti")
    page.show_step("check")
    page.on_desktop.use_window(page.chosen)
    page.desktop.look = LOOK
    page.desktop.looked.emit(LOOK)
    page.side.tell_of_keys("The game leaves no corner of the screen free, so nothing is shown meanwhile.")


def _play(page):
    page.show_step("play")


def _play_away(page):
    page.place = "desktop"
    page.on_desktop.play.begin("Minetest 5.6.1 [Singleplayer]", {"stop": "F9", "mark": "F10", "cut": "F8"})
    page.desktop.stage = "recording"
    page.desktop.status = {
        "ticks": 4321,
        "closed": "the game is not in front",
        "hertz": 20.0,
        "disk_minutes": 9,
    }
    page.on_desktop.play.show_session(page.desktop)
    page.show_step("play")


def _verdict(page):
    page.show_step("verdict")
    page.decision.content.begin("house-from-materials-20261126-050403", 12_345)
    page.decision.content.show_noted((467, 9_000), caps_of(read_profile("luanti")))
    page.decision.side.show_facts(
        TakeFacts(
            12345, 0.1, 12, 0.25, {"forward": 0.5, "attack": 0.4}, 1234, 3, "House from given materials"
        )
    )


def _record_page(make_window, store, full_project, tmp_path, qtbot):
    store.change("recording", task_list="paper", person="amber")
    window = make_window(store, full_project, "record")
    _settle(qtbot, window)
    page = window.current_page()
    page.leave()  # what is shown here is what the processes would say, so none is started
    page.choose_task(page.tasks.offered.tasks.tasks[3])
    page.offer.show_takes([Take("crashed", tmp_path, 3220, is_whole=False)])
    return page


@pytest.mark.parametrize(
    "show", [_task, _windows, _check, _play, _verdict], ids=lambda show: show.__name__.strip("_")
)
def test_nothing_is_cut_off_in_the_steps_of_record(show, make_window, store, full_project, tmp_path, qtbot):
    page = _record_page(make_window, store, full_project, tmp_path, qtbot)
    show(page)
    _expect_none(_look_at(page.window(), qtbot, store, f"record, {show.__name__}"))


def test_nothing_is_cut_off_in_what_record_says_instead(make_window, store, full_project, tmp_path, qtbot):
    page = _record_page(make_window, store, full_project, tmp_path, qtbot)
    window, found = page.window(), []
    store.change("look", text_percent=130)
    window.resize(1180, 720)
    for show in (_no_list, _bad_list, _no_desktop, _consent, _play_away):
        page.show_step("task")
        show(page)
        _let_layouts_answer()
        found += [f"record, {show.__name__}: {problem}" for problem in _problems(window)]
    page.desktop.stage = ""
    _expect_none(found)
