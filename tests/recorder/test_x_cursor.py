"""Whether a game's pointer is to be seen, on a real X screen, and what that says of its screens."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if not sys.platform.startswith("linux"):
    pytest.skip("these tests bring an X server", allow_module_level=True)

from desktop_stage import DesktopStage, until
from Xlib import display

from recorder.capture.screen_guess import ScreenGuess
from recorder.devices.x_input import XInputSource

MIDDLE, ELSEWHERE = (420, 230), (950, 250)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[DesktopStage]:
    made = DesktopStage()
    monkeypatch.setenv("DISPLAY", made.name)
    yield made
    made.close()


class Game:
    """Hides and shows the pointer over the stage's game, as games do."""

    def __init__(self, stage: DesktopStage) -> None:
        self._display = display.Display(stage.name)
        self._window = self._display.create_resource_object("window", stage.game.id)
        nothing = self._window.create_pixmap(1, 1, 1)
        graphics = nothing.create_gc(foreground=0)
        nothing.fill_rectangle(graphics, 0, 0, 1, 1)
        black = (0, 0, 0)
        self._blank = nothing.create_cursor(nothing, black, black, 0, 0)
        self._arrow = self._display.open_font("cursor").create_glyph_cursor(
            self._display.open_font("cursor"), 68, 69, black, (65535, 65535, 65535)
        )

    def show(self, shown: bool) -> None:
        self._window.change_attributes(cursor=self._arrow if shown else self._blank)
        self._display.sync()

    def close(self) -> None:
        self._display.close()


def test_a_game_hides_its_pointer_and_shows_it(stage):
    source, game = XInputSource(), Game(stage)

    def shown() -> bool | None:
        source.pointer()
        return source.pointer_is_shown()

    stage.warp(*MIDDLE)
    for wanted in (False, True, False):
        game.show(wanted)
        until(lambda wanted=wanted: shown() is wanted)
    stage.warp(*ELSEWHERE)
    until(lambda: shown() is True)
    game.close()
    source.stop()


def guessed(guess: ScreenGuess, shown: list[bool | None], pressed: list[str]) -> list[bool]:
    said = []
    for one in shown:
        said.append(guess.look((0.0, 0.0), one))
        guess.tell(pressed, (0.0, 0.0))
    return said


def test_what_is_seen_of_the_pointer_counts_more_than_keys():
    seen = [False, False, True, True, False]
    assert guessed(ScreenGuess(), seen, ["inventory"]) == seen


def test_a_game_that_never_hides_the_pointer_is_guessed_by_its_keys():
    assert guessed(ScreenGuess(), [True, True, True], ["inventory"]) == [False, True, False]
    # Of a game that is known to hide it, one begins with its menu open.
    assert guessed(ScreenGuess(hides_pointer=True), [True, True, False], []) == [True, True, False]


def test_a_pointer_that_is_not_over_the_game_changes_nothing():
    assert guessed(ScreenGuess(), [False, None, True, None, None, False], []) == [
        False,
        False,
        True,
        True,
        True,
        False,
    ]
