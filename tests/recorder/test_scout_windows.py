"""The windows to choose from, with pictures of themselves: on a real X screen."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if shutil.which("Xvfb") is None:
    pytest.skip("these tests bring an X server", allow_module_level=True)

from desktop_stage import GAME_COLOUR, OTHER_COLOUR, until

from recorder.desktop.choose import this_desktop
from recorder.desktop.frames import ScreenFrames
from recorder.game_profiles import profile_names, read_profile
from recorder.scout.windows import ScoutWindows, guess_profile

GAME = [GAME_COLOUR >> 16, GAME_COLOUR >> 8 & 255, GAME_COLOUR & 255]
OTHER = [OTHER_COLOUR >> 16, OTHER_COLOUR >> 8 & 255, OTHER_COLOUR & 255]


@pytest.fixture
def windows(stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScoutWindows]:
    monkeypatch.setenv("DISPLAY", stage.name)
    desktop, frames = this_desktop(), ScreenFrames()
    yield ScoutWindows(desktop, frames, 0)
    frames.close()
    desktop.close()


def thumbnail(told: dict) -> np.ndarray:
    jpeg = np.frombuffer(base64.b64decode(told["thumbnail"]), np.uint8)
    return cv2.cvtColor(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB).astype(int)


def test_windows_have_their_own_pictures_also_where_others_lie_over_them(stage, windows, show_notice):
    stage.game.set_wm_name("Minetest 5.6.1")
    stage.place(stage.other, 150, 100)
    show_notice(300, 150, 300, 300)
    until(lambda: all(one["thumbnail"] for one in windows.told()))
    letters, game = windows.told()  # the notice is no window for people
    assert (letters["title"], game["title"]) == ("Letters", "Minetest 5.6.1")
    assert (game["size"], game["process"], game["window"]) == ([640, 360], os.getpid(), stage.game.id)
    assert (game["profile"], letters["profile"]) == ("luanti", "generic")
    assert thumbnail(game).shape == (135, 240, 3)
    assert (np.abs(thumbnail(game) - GAME) < 25).all()
    assert (np.abs(thumbnail(letters) - OTHER) < 25).all()


def test_a_window_that_is_not_shown_has_no_picture(stage, windows):
    stage.manage(stage.game, stage.other)
    stage.hide(stage.game)
    told = {one["title"]: one["thumbnail"] for one in windows.told()}
    assert told["The game"] is None
    assert told["Letters"]


def test_windows_of_the_studio_are_not_told(stage, monkeypatch):
    monkeypatch.setenv("DISPLAY", stage.name)
    desktop, frames = this_desktop(), ScreenFrames()
    assert ScoutWindows(desktop, frames, os.getpid()).told() == []
    frames.close()
    desktop.close()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Minetest 5.6.1 [Singleplayer]", "luanti"),
        ("Luanti 5.10.0", "luanti"),
        ("Minecraft 1.16.5 - Singleplayer", "minecraft"),
        ("Letters", "generic"),
        ("", "generic"),
    ],
)
def test_games_are_known_by_the_titles_of_their_windows(title, name):
    assert guess_profile({name: read_profile(name) for name in profile_names()}, title) == name
