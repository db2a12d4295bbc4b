"""The scout on a real X screen: what it tells, and what it must not."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if shutil.which("Xvfb") is None:
    pytest.skip("these tests bring an X server", allow_module_level=True)

from desktop_stage import GAME_COLOUR
from scout_driver import ScoutDriver
from take_reading import HeldUpError
from Xlib import XK, display

pytestmark = [
    pytest.mark.timeout(90),
    pytest.mark.flaky(reruns=4, only_rerun=["HeldUpError"]),
]
GAME = [GAME_COLOUR >> 16, GAME_COLOUR >> 8 & 255, GAME_COLOUR & 255]


@pytest.fixture
def scout(stage, tmp_path: Path) -> Iterator[ScoutDriver]:
    driver = ScoutDriver(tmp_path, stage.name)
    yield driver
    if driver.process.poll() is None:
        driver.kill()


def test_a_window_is_watched_as_a_take_would_record_it(stage, scout, tmp_path):
    told = scout.watch(stage.game.id)
    assert (told["title"], told["profile"], told["input"]) == ("The game", "luanti", "XInput 2.2")
    assert (scout.picture() == GAME).all()
    assert scout.picture().shape == (360, 640, 3)
    look = scout.look(in_front=True)
    assert (look["size"], look["place"]) == ([640, 360], [100, 50, 640, 360])
    states = {one["id"]: one["state"] for one in look["checks"]}
    assert (states["keys"], states["mouse"], states["sync"]) == ("wait", "wait", "wait")
    stage.key("w", True)
    assert "forward" in scout.look(held=["forward"])["held"]
    stage.key("w", False)
    stage.move(31, -2)
    assert scout.look(moved=[31.0, -2.0])
    assert scout.check("keys", "ok")["words"] == "Heard: W"
    for name in ("screen", "input", "front", "mouse", "size", "cover", "disk", "hotkeys"):
        assert scout.check(name, "ok")
    stage.place(stage.game, -20, 50)
    assert "beyond" in scout.check("size", "warn")["words"]
    stage.place(stage.game, 100, 50)
    assert scout.check("size", "ok")
    stage.resize(stage.game, 500, 400)
    assert "640 x 360" in scout.check("size", "warn")["mend"]
    stage.close_window(stage.game)
    assert scout.look(gone=True)
    assert scout.check("screen", "bad")
    scout.end()
    assert scout.process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_told_of_what_is_done_elsewhere_nor_of_other_keys(stage, scout):
    scout.watch(stage.game.id)
    scout.look(in_front=True)
    stage.focus(stage.other)
    scout.look(in_front=False)
    for letter in "wasd":
        stage.key(letter)
    stage.move(50, 50)
    stage.button(1)
    stage.key("w", True)
    for _ in range(3):
        scout.look(in_front=False)
    stage.key("w", False)
    stage.focus(stage.game)
    scout.look(in_front=True)
    stage.key("p")
    stage.key("s")
    scout.look(pressed=["back"])
    stage.key("t")  # a chat opens
    stage.key("d")
    for _ in range(3):
        scout.look()
    looks = [one for one in scout.said if one["is"] == "look"]
    assert [one["pressed"] for one in looks if one["pressed"]] == [["back"]]
    assert not any(one["held"] not in ([], ["back"]) or any(one["moved"]) for one in looks)


def test_a_window_in_the_back_is_shown_itself_and_said_to_be_covered(stage, scout, show_notice):
    scout.watch(stage.game.id)
    scout.check("cover", "ok")
    notice = show_notice(200, 100, 200, 200, title="New mail")
    assert scout.look(covered="New mail")
    assert "New mail" in scout.check("cover", "warn")["words"]
    for _ in range(2):
        assert (scout.picture() == GAME).all()
    scout.do("ignore_cover", on=True)
    while (scout.picture() == GAME).all():
        pass
    assert scout.check("cover", "warn")["words"] == "New mail lies over the game, and is recorded"
    scout.do("ignore_cover", on=False)
    while not (scout.picture() == GAME).all():
        pass
    notice.close()
    assert scout.look(covered="")
    stage.hide(stage.game)
    stage.focus(stage.other)
    assert "minimised" in scout.check("screen", "wait")["words"]
    assert scout.look(picture=0)


def test_hotkeys_are_heard_whatever_is_in_front_and_clashes_are_told(stage, scout, show_notice):
    probe = display.Display(stage.name)
    keycode = probe.keysym_to_keycode(XK.string_to_keysym("F8"))
    probe.close()
    other = show_notice(900, 600, 20, 20, keycode=keycode)
    scout.watch(stage.game.id)
    assert scout.check("hotkeys", "warn")["words"] == "Another program has F8"
    stage.focus(stage.other)
    scout.look(in_front=False)
    for key, what in (("F9", "stop"), ("F10", "mark")):
        stage.key(key)
        scout.until("hotkey", what=what)
    other.close()
    assert scout.check("hotkeys", "ok")


def test_the_offset_between_input_and_picture_is_measured(stage, scout):
    scout.watch(stage.game.id)
    scout.look(in_front=True)
    is_over = threading.Event()

    def play() -> None:
        """A hand that taps, and a game that answers."""
        for number in range(60):
            if is_over.wait(0.35):
                return
            stage.key("w", True)
            time.sleep(0.06)  # what the game takes
            stage.paint(0x20A040 if number % 2 else 0xA04020)
            stage.key("w", False)

    hand = threading.Thread(target=play)
    hand.start()
    try:
        scout.do("sync", seconds=3)
        assert scout.until("sync")["left"] <= 3
        while (told := scout.read())["is"] not in ("synced", "failed"):
            pass
    finally:
        is_over.set()
        hand.join()
    if told["is"] == "failed":
        raise HeldUpError(told["error"]["what"])
    assert told["samples"] >= 4
    assert told["offset_ms"] > 30
    assert scout.check("sync", "ok")["words"] == told["words"]


def test_a_measurement_waits_for_the_game(stage, scout):
    scout.watch(stage.game.id)
    stage.focus(stage.other)
    scout.look(in_front=False)
    scout.do("sync", seconds=0.5)
    assert scout.until("sync", waits=True)["left"] == 0.5
    stage.focus(stage.game)
    scout.until("sync", waits=False)
    assert "no input" in scout.until("failed", command="sync")["error"]["what"]


def test_what_cannot_be_done_is_told_and_the_scout_goes_on(stage, scout):
    scout.do("sync")
    assert "no window" in scout.until("failed", command="sync")["error"]["what"]
    scout.do("watch", window=4711, profile="luanti")
    assert "no window 4711" in scout.until("failed")["error"]["what"]
    scout.do("watch", window="game")
    scout.until("failed", command="watch")
    scout.do("watch", window=stage.game.id, profile="chess")
    assert "no game profile" in scout.until("failed")["error"]["what"]
    scout.do("dance")
    scout.until("failed", command="dance")
    scout.watch(stage.game.id)
    scout.do("sync", seconds=0.3)
    assert "no input" in scout.until("failed", command="sync")["error"]["what"]
    assert scout.check("sync", "warn")
    scout.do("sync")
    scout.until("sync")
    scout.do("sync_stop")
    for _ in range(3):
        scout.look()
    scout.do("list")
    assert {one["title"] for one in scout.until("windows")["windows"]} == {"The game", "Letters"}


def test_a_screen_that_cannot_be_seen_is_told_in_words(tmp_path):
    scout = ScoutDriver(tmp_path, ":4711")
    told = scout.until("failed", command="scout")
    assert "X server" in told["error"]["what"]
    scout.end()
    assert scout.process.returncode == 1
