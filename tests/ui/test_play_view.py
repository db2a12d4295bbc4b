"""The game's view on a real X screen: which keys reach the game."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject

xlib = pytest.importorskip("Xlib", reason="python-xlib is not installed")

from x_keyboard import XKeyboard  # noqa: E402
from Xlib import X, display  # noqa: E402

from ui.widgets.play_view import PlayView  # noqa: E402

TIMEOUT = 15_000


@pytest.fixture
def keyboard(qapp):
    made = XKeyboard()
    yield made
    for name in ("w", "space"):
        made.hold(name, False)
    made.close()


class OtherWindow:
    """A window of another program."""

    def __init__(self):
        self._display = display.Display()
        root = self._display.screen().root
        self._window = root.create_window(0, 0, 50, 50, 0, X.CopyFromParent, override_redirect=True)
        self._window.map()
        self._display.sync()

    def take_the_focus(self):
        self._window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self._display.sync()

    def give_it_to(self, widget):
        """As a desktop does; without one, X takes what the widget itself asks for as too late."""
        window = self._display.create_resource_object("window", int(widget.winId()))
        window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self._display.sync()

    def close(self):
        self._display.close()


@pytest.fixture
def other_window(qapp):
    made = OtherWindow()
    yield made
    made.close()


class KeyEvents(QObject):
    """Counts the presses that X repeats while a key is held, and how often one came up."""

    def __init__(self, view):
        super().__init__()
        self.repeats = self.came_up = 0
        view.installEventFilter(self)

    def eventFilter(self, _watched, event):  # noqa: N802
        if event.type() == QEvent.Type.KeyPress:
            self.repeats += event.isAutoRepeat()
        elif event.type() == QEvent.Type.KeyRelease:
            self.came_up += not event.isAutoRepeat()
        return False


@pytest.fixture
def view(qapp, qtbot):
    made = PlayView()
    qtbot.addWidget(made)
    made.resize(640, 360)
    made.invite("Click to play")
    with qtbot.waitActive(made, timeout=TIMEOUT):
        made.show()
        made.activateWindow()
    made.given = []
    made.button.connect(lambda name, down, _at: made.given.append((name, down)))
    return made


def test_a_key_that_came_up_in_another_window_can_be_pressed_at_once(view, keyboard, other_window, qtbot):
    view.capture()
    events = KeyEvents(view)
    keyboard.hold("w")
    qtbot.waitUntil(lambda: events.repeats > 0, timeout=TIMEOUT)
    assert view.given == [("forward", True)]
    other_window.take_the_focus()
    qtbot.waitUntil(lambda: not view.is_captured, timeout=TIMEOUT)
    keyboard.hold("w", False)
    with qtbot.waitActive(view, timeout=TIMEOUT):
        other_window.give_it_to(view)
    view.given.clear()
    view.capture()
    keyboard.hold("w")
    keyboard.hold("space")
    qtbot.waitUntil(lambda: ("jump", True) in view.given, timeout=TIMEOUT)
    assert view.given == [("forward", True), ("jump", True)]


def test_the_key_that_captures_is_not_played_however_long_it_is_held(view, keyboard, qtbot):
    events = KeyEvents(view)
    keyboard.hold("space")
    qtbot.waitUntil(lambda: view.is_captured and events.repeats > 2, timeout=TIMEOUT)
    assert view.given == []
    came_up = events.came_up
    keyboard.hold("space", False)
    qtbot.waitUntil(lambda: events.came_up > came_up, timeout=TIMEOUT)
    keyboard.press("space")
    qtbot.waitUntil(lambda: ("jump", False) in view.given, timeout=TIMEOUT)
    assert view.given == [("jump", True), ("jump", False)]
