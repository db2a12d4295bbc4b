"""Every page at three sizes, in both themes, with text of usual and of larger size: nothing is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics, QImage
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

from recorder.take_facts import TakeFacts
from recorder.takes import Take
from recorder.tasks import TASKS
from ui.pages import PAGES
from ui.pages.record_verdict import PICTURES

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
    "section", ["general", "look", "recording", "player", "training", "keys", "storage", "about"]
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


@pytest.mark.parametrize("step", ["task", "window", "play", "verdict"])
def test_nothing_is_cut_off_in_the_steps_of_record(step, make_window, store, full_project, tmp_path, qtbot):
    window = make_window(store, full_project, "record")
    _settle(qtbot, window)
    page = window.current_page()
    page.choose_task(next(task for task in TASKS if task.id == "stone-pickaxe"))
    page.offer.show_takes([Take("crashed", tmp_path, 3220, is_whole=False)])
    facts = TakeFacts(12345, 0.1, 12, 0.25, {"forward": 0.5, "attack": 0.4}, 1234, 3, "Craft a stone pickaxe")
    page.verdict.begin("stone-pickaxe-20261126-050403")
    page.verdict.show_facts(facts)
    page.verdict.show_check({"health": "flawed", "reason": "Mouse still", "problems": []})
    picture = QImage(640, 360, QImage.Format.Format_RGB888)
    page.verdict.show_film({100 * number: picture for number in range(PICTURES)})
    page.verdict_side.show_facts(facts)
    page.show_step(step)
    _expect_none(_look_at(window, qtbot, store, f"record, {step}"))
