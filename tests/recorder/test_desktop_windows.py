"""Which windows there are, where, and which has the keyboard: on a real X server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from Xlib import X, Xatom, display

from bench.x_screen import own_screen
from recorder.desktop.choose import this_desktop
from recorder.desktop.window import Desktop, DesktopWindow
from recorder.x11.display import is_xwayland
from vpt_studio.errors import StudioError

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb")


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with own_screen() as name:
        monkeypatch.setenv("DISPLAY", name)
        yield name


@pytest.fixture
def desktop(screen: str) -> Iterator[Desktop]:
    made = this_desktop()
    yield made
    made.close()


@pytest.fixture
def program(screen: str) -> Iterator[display.Display]:
    """Whoever has windows on that screen."""
    made = display.Display(screen)
    yield made
    made.close()


def _show(program: display.Display, title: str, place: tuple[int, int, int, int], parent=None, **how):
    window = (parent or program.screen().root).create_window(*place, 0, X.CopyFromParent, **how)
    window.set_wm_name(title)
    window.set_wm_class(title.lower(), title.title())
    window.map()
    program.sync()
    return window


def _focus(program: display.Display, window) -> None:
    program.set_input_focus(window, X.RevertToNone, X.CurrentTime)
    program.sync()


def _manage(program: display.Display, *windows):
    """Say what a window manager says; the window by which it says that it runs."""
    root = program.screen().root
    mark, check = program.intern_atom("_NET_SUPPORTING_WM_CHECK"), root.create_window(-9, -9, 1, 1, 0, 0)
    for one in (root, check):
        one.change_property(mark, Xatom.WINDOW, 32, [check.id])
    atom = program.intern_atom("_NET_CLIENT_LIST_STACKING")
    root.change_property(atom, Xatom.WINDOW, 32, [window.id for window in windows])
    program.sync()
    return check


def test_windows_are_told_topmost_first_with_title_program_and_place(
    desktop: Desktop, program: display.Display
) -> None:
    below = _show(program, "editor", (10, 20, 300, 200))
    above = _show(program, "game", (-40, 60, 640, 360))
    _show(program, "menu", (0, 0, 50, 50), override_redirect=True)
    hidden = _show(program, "hidden", (0, 0, 50, 50))
    hidden.unmap()
    program.sync()
    assert desktop.windows() == [
        DesktopWindow(above.id, "game", "Game", -40, 60, 640, 360, os.getpid()),
        DesktopWindow(below.id, "editor", "Editor", 10, 20, 300, 200, os.getpid()),
    ]


def test_a_window_manager_says_what_a_window_is_and_its_frame_is_none(
    desktop: Desktop, program: display.Display
) -> None:
    frame = _show(program, "frame", (100, 100, 660, 400))
    game = _show(program, "latin", (10, 30, 640, 360), parent=frame)
    title = program.intern_atom("_NET_WM_NAME")
    game.change_property(title, program.intern_atom("UTF8_STRING"), 8, "Jeu d’été ☀".encode())
    panel = _show(program, "panel", (0, 760, 1280, 40))
    kind = program.intern_atom("_NET_WM_WINDOW_TYPE")
    panel.change_property(kind, Xatom.ATOM, 32, [program.intern_atom("_NET_WM_WINDOW_TYPE_DOCK")])
    _manage(program, panel, game)
    assert desktop.windows() == [
        DesktopWindow(game.id, "Jeu d’été ☀", "Latin", 110, 130, 640, 360, os.getpid())
    ]
    part = _show(program, "part", (0, 0, 10, 10), parent=game)
    _focus(program, part)
    assert desktop.in_front() == game.id
    _focus(program, frame)
    assert desktop.in_front() is None


def test_a_window_manager_that_died_is_none(desktop: Desktop, program: display.Display) -> None:
    game, other = _show(program, "game", (0, 0, 300, 200)), _show(program, "other", (400, 0, 300, 200))
    check = _manage(program, game)
    assert [window.id for window in desktop.windows()] == [game.id]
    check.destroy()
    program.sync()
    assert [window.id for window in desktop.windows()] == [other.id, game.id]
    _focus(program, other)
    assert desktop.in_front() == other.id


def test_a_window_is_followed_until_it_is_gone(desktop: Desktop, program: display.Display) -> None:
    window = _show(program, "game", (10, 20, 300, 200))
    window.configure(x=50, y=-10, width=640, height=360)
    program.sync()
    assert desktop.find(window.id) == DesktopWindow(window.id, "game", "Game", 50, -10, 640, 360, os.getpid())
    window.unmap()
    program.sync()
    assert desktop.find(window.id) is not None
    window.destroy()
    program.sync()
    assert desktop.find(window.id) is None
    assert desktop.windows() == []


def test_in_front_is_the_window_that_has_the_keyboard(desktop: Desktop, program: display.Display) -> None:
    game = _show(program, "game", (0, 0, 300, 200))
    chat = _show(program, "chat", (400, 0, 300, 200))
    assert desktop.in_front() in (None, game.id, chat.id)
    _focus(program, game)
    assert desktop.in_front() == game.id
    _focus(program, chat)
    assert desktop.in_front() == chat.id
    chat.destroy()
    program.sync()
    assert desktop.in_front() is None


def test_without_a_focus_the_window_below_the_pointer_has_the_keyboard(
    desktop: Desktop, program: display.Display
) -> None:
    game = _show(program, "game", (0, 0, 300, 200))
    _focus(program, X.PointerRoot)
    program.screen().root.warp_pointer(20, 20)
    program.sync()
    assert desktop.in_front() == game.id
    program.screen().root.warp_pointer(700, 700)
    program.sync()
    assert desktop.in_front() is None


@pytest.mark.parametrize("lock", ["a window of its own", "the whole screen"])
def test_while_a_lock_screen_grabs_the_keyboard_no_window_has_it(
    desktop: Desktop, program: display.Display, screen: str, lock: str
) -> None:
    game = _show(program, "game", (0, 0, 300, 200))
    _focus(program, game)
    assert desktop.in_front() == game.id
    locker = display.Display(screen)
    over = locker.screen().root
    if lock == "a window of its own":
        over = _show(locker, "lock", (0, 0, 1280, 800), override_redirect=True)
    assert over.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
    assert desktop.in_front() is None
    assert desktop.in_front() is None
    locker.ungrab_keyboard(X.CurrentTime)
    locker.sync()
    assert desktop.in_front() == game.id
    assert over.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
    assert desktop.in_front() is None
    locker.close()
    program.sync()
    assert desktop.in_front() == game.id


def test_a_window_that_got_the_number_of_an_older_one_is_watched_anew(desktop: Desktop, screen: str) -> None:
    older = display.Display(screen)
    game = _show(older, "game", (0, 0, 300, 200))
    _focus(older, game)
    assert desktop.in_front() == game.id
    older.close()
    while desktop.find(game.id) is not None:
        pass
    newer = display.Display(screen)
    other = _show(newer, "other", (0, 0, 300, 200))
    assert other.id == game.id
    _focus(newer, other)
    assert desktop.in_front() == other.id
    newer.screen().root.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    assert desktop.in_front() is None
    newer.close()


def test_a_game_that_grabs_the_keyboard_for_itself_keeps_it(
    desktop: Desktop, program: display.Display
) -> None:
    game = _show(program, "game", (0, 0, 300, 200))
    part = _show(program, "part", (0, 0, 30, 20), parent=game)
    _focus(program, game)
    assert desktop.in_front() == game.id
    for grabber in (game, part):
        assert grabber.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
        assert desktop.in_front() == game.id
        program.ungrab_keyboard(X.CurrentTime)
        program.sync()
        assert desktop.in_front() == game.id


@pytest.mark.parametrize(
    ("extension", "mouse", "is_wayland"),
    [(None, "Logitech mouse", False), (None, "xwayland-relative-pointer:14", True), ("XWAYLAND", "", True)],
)
def test_a_wayland_desktop_is_known_by_its_x_server(extension: str, mouse: str, is_wayland: bool) -> None:
    server = SimpleNamespace(
        query_extension=lambda name: object() if name == extension else None,
        has_extension=lambda name: True,
        xinput_query_device=lambda _all: SimpleNamespace(devices=[SimpleNamespace(name=mouse)]),
    )
    assert is_xwayland(server) == is_wayland


def test_a_desktop_that_ends_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with own_screen("320x200x24") as name:
        monkeypatch.setenv("DISPLAY", name)
        desktop = this_desktop()
    with pytest.raises(StudioError, match="the X server has ended"):
        desktop.windows()
    desktop.close()
