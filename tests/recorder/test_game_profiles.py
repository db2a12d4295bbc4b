"""The games we know, and profiles that people write."""

from __future__ import annotations

import pytest
import yaml

from recorder.game_profiles import FOLDER, profile_names, read_profile
from recorder.key_names import EVDEV_NAMES
from vpt_studio.actions.buttons import KEY_TO_BUTTON, MOUSE_TO_BUTTON
from vpt_studio.errors import StudioError


def test_the_games_we_know():
    assert profile_names() == ["built-in", "generic", "luanti", "minecraft"]


@pytest.mark.parametrize("name", ["built-in", "generic", "luanti", "minecraft"])
def test_every_key_of_a_profile_is_one_that_a_keyboard_has(name):
    profile = read_profile(name)
    codes = {*profile.buttons, *profile.chat_opens, *profile.chat_closes, *profile.hotkeys}
    assert {code for code in codes if not code.isdigit()} <= set(EVDEV_NAMES.values())


def test_minecraft_has_the_keys_of_the_contractor_format():
    buttons = read_profile("minecraft").buttons
    assert buttons == {**KEY_TO_BUTTON, **{str(number): name for number, name in MOUSE_TO_BUTTON.items()}}


def written(tmp_path, **changes):
    content = yaml.safe_load((FOLDER / "luanti.yaml").read_text())
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(content | changes))
    return str(path)


def test_a_profile_of_ones_own(tmp_path):
    assert read_profile(written(tmp_path, title="Mine", degrees_per_count=0.2)).degrees_per_count == 0.2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"buttons": {"key.keyboard.w": "fly"}}, "no button fly"),
        ({"buttons": {"w": "forward"}}, "key.keyboard.w"),
        ({"chat_opens": ["key.keyboard.w"]}, "is a button of the game"),
        ({"hotkeys": {"key.keyboard.w": "stop"}}, "is a button of the game"),
        ({"hotkeys": {"key.keyboard.f8": "dance"}}, "hotkeys"),
        ({"chat_closes": []}, "must close"),
        ({"degrees_per_count": -1}, "degrees_per_count"),
        ({"window": ""}, "window"),
        ({"window": [""]}, "window"),
        ({"chat_stays": 0}, "chat_stays"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_with_a_profile_is_told(tmp_path, changes, said):
    with pytest.raises(StudioError, match=said):
        read_profile(written(tmp_path, **changes))


def test_a_game_that_nobody_described(tmp_path):
    with pytest.raises(StudioError, match="Those we have: built-in, generic, luanti, minecraft"):
        read_profile("chess")
    with pytest.raises(StudioError, match="no such file"):
        read_profile(str(tmp_path / "none.yaml"))
    (tmp_path / "bad.yaml").write_text("title: [")
    with pytest.raises(StudioError, match="not valid YAML"):
        read_profile(str(tmp_path / "bad.yaml"))
