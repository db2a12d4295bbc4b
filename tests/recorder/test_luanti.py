"""Luanti as we start it; and a real one, played and recorded, where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if not sys.platform.startswith("linux"):
    pytest.skip("these tests bring an X server", allow_module_level=True)

import psutil
from capture_driver import CaptureDriver
from desktop_stage import until

from bench.luanti_figures import Take
from bench.luanti_report import CONTROLS, MOD, MOD_NAME, GameReport, read_report, report_file
from bench.x_screen import XHand, own_screen
from recorder.devices.x_input import XInputSource
from recorder.game_profiles import read_profile
from recorder.games import luanti
from recorder.games.luanti_settings import settings, write_settings
from recorder.games.luanti_world import demand_world_name, free_world_name, make_world
from vpt_studio.actions.buttons import BUTTON_INDEX
from vpt_studio.errors import StudioError

_ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(120)


def read_back(path: Path) -> dict[str, str]:
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def program(folder: Path, name: str, says: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def test_the_games_keys_are_those_of_the_profile():
    needed, profile = settings((1280, 720), full_screen=False, seed=None), read_profile("luanti")
    names = {"up": "forward", "down": "backward"}
    for control, button in CONTROLS.items():
        (code,) = [code for code, name in profile.buttons.items() if name == button]
        bound = (
            needed[f"keymap_{names.get(control, control)}"].removeprefix("KEY_").removeprefix("KEY_").lower()
        )
        said = {"0": "lbutton", "1": "rbutton", "key.keyboard.left.shift": "lshift"}.get(
            code, code.split(".")[-1]
        )
        assert bound == said, control
    assert needed["mouse_sensitivity"] == str(profile.degrees_per_count)
    assert not {f"KEY_{code.split('.')[-1].upper()}" for code in profile.hotkeys} & set(needed.values())


def test_what_a_person_changed_in_the_game_stays_and_what_recordings_need_comes_back(tmp_path):
    path = tmp_path / "luanti.conf"
    path.write_text("mouse_sensitivity = 0.9\nsound_volume = 0.3\nviewing_range = 40\n# keymap_zoom = Z\n")
    write_settings(path, settings((640, 360), full_screen=False, seed=7))
    said = read_back(path)
    assert (said["mouse_sensitivity"], said["sound_volume"], said["viewing_range"]) == ("0.15", "0.3", "40")
    assert (said["screen_w"], said["fps_max"], said["fixed_map_seed"], said["keymap_zoom"]) == (
        "640",
        "30",
        "7",
        "",
    )


def test_a_world_is_made_once_and_its_name_is_a_folders(tmp_path):
    make_world(tmp_path / "meadow")
    (tmp_path / "meadow" / "world.mt").write_text("gameid = mine\n")
    make_world(tmp_path / "meadow")
    assert (tmp_path / "meadow" / "world.mt").read_text() == "gameid = mine\n"
    assert free_world_name(tmp_path, "meadow") == "meadow-2"
    for name in ("../meadow", "", "a/b", ".hidden"):
        with pytest.raises(StudioError, match="cannot be called"):
            demand_world_name(name)


def test_a_newer_luanti_is_found_first_and_a_missing_one_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(luanti, "_GAMES_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path / "games"))
    with pytest.raises(StudioError, match=r"not installed.*apt install minetest"):
        luanti.find_luanti()
    program(tmp_path / "games", "minetest", "Minetest 5.6.1 (Linux)")
    assert luanti.find_luanti().version == "Minetest 5.6.1"
    program(tmp_path / "games", "luanti", "Luanti 5.10.0 (Linux)")
    assert luanti.find_luanti().version == "Luanti 5.10.0"


class RealGame:
    """Luanti started by our own command, on a screen of its own, with the mod that reports."""

    def __init__(self, folder: Path, screen: str) -> None:
        self.folder, self.screen = folder / "vpt-studio" / "games" / "luanti", screen
        self.home = folder / "home"
        self.home.mkdir()
        world = self.folder / "worlds" / "test"
        make_world(world)
        shutil.copytree(MOD, world / "worldmods" / MOD_NAME)
        cheap = "viewing_range = 20\nenable_shaders = false\nenable_clouds = false\nenable_sound = false\n"
        trusts = f"secure.trusted_mods = {MOD_NAME}\n"
        (self.folder / "luanti.conf").write_text(
            cheap + trusts + "mg_flags = nocaves,nodungeons,nodecorations\n"
        )
        told = self.command("--world", "test", "--size", "640x360")
        self.window, self.process = told["window"], psutil.Process(told["process"])
        self._report = report_file(world)
        until(lambda: self._report.exists() and self._report.stat().st_size)

    def command(self, *words: str) -> dict:
        run = subprocess.run(
            [sys.executable, "main.py", "games", "luanti", "--display", self.screen, "--json", *words],
            cwd=_ROOT,
            env=dict(os.environ, XDG_DATA_HOME=str(self.folder.parents[2]), HOME=str(self.home)),
            stdout=subprocess.PIPE,
            check=False,
        )
        return json.loads(run.stdout)

    def report(self) -> GameReport:
        return read_report(self._report)

    def turned(self) -> float:
        return float(self.report().right[-1])

    def close(self) -> None:
        self.process.terminate()
        psutil.wait_procs([self.process], 30)


@pytest.fixture
def game(tmp_path: Path) -> Iterator[RealGame]:
    if not any(shutil.which(name, path=f"{os.environ['PATH']}:/usr/games") for name in luanti.PROGRAMS):
        pytest.skip("Luanti is not installed (Debian package minetest)")
    with own_screen("800x600x24") as screen:
        made = RealGame(tmp_path, screen)
        yield made
        made.close()


def held_and_seen(hand: XHand, key: str, seen: Callable[[], bool]) -> None:
    """Hold a key until the game shows that it is held."""
    hand.key(key, True)
    until(seen)
    hand.key(key, False)


def test_a_real_game_is_played_and_recorded(game, tmp_path, monkeypatch):
    monkeypatch.setenv("DISPLAY", game.screen)
    hand, source = XHand(game.screen), XInputSource()

    def pointer_is_shown() -> bool | None:
        source.pointer()
        return source.pointer_is_shown()

    until(lambda: pointer_is_shown() is False)
    assert "is being played" in game.command("--world", "test")["error"]["what"]
    take = CaptureDriver(tmp_path / "takes", game.screen, "--profile", "luanti", title="Minetest")
    take.ticks(3)
    for number in range(1, 6):  # one after the other: what comes while the game puts the pointer back is lost
        hand.move(40, 0)
        until(lambda number=number: abs(game.turned() - number * 40 * 0.15) < 0.01)
    forward = list(CONTROLS).index("up")
    held_and_seen(hand, "w", lambda: bool(game.report().held[-1, forward]))
    held_and_seen(hand, "i", lambda: pointer_is_shown() is True)
    take.ticks(3)
    recorded = Take.read(take.stop())
    source.stop()
    hand.close()
    raw = recorded.raw
    assert raw.motion[~raw.gui_open, 0].sum() == 200
    assert raw.held[:, BUTTON_INDEX["forward"]].any()
    assert raw.gui_open[-1]
    assert not raw.gui_open[0]
    assert recorded.recording.picture(0).std() > 10  # a world, not a blank window
    assert list(game.home.iterdir()) == []
