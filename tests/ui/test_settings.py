from __future__ import annotations

import os

import pytest
import yaml

from ui.settings import SettingsStore
from vpt_studio.errors import StudioError


def test_the_file_holds_only_what_differs(tmp_path):
    store = SettingsStore(tmp_path / "s.yaml")
    store.change("look", theme="light")
    store.change("look", text_percent=100)
    assert yaml.safe_load(store.path.read_text()) == {"look": {"theme": "light"}}
    assert SettingsStore(store.path).current == store.current


def test_a_value_that_is_not_allowed_is_refused_and_nothing_is_stored(tmp_path):
    store = SettingsStore(tmp_path / "s.yaml")
    with pytest.raises(StudioError, match="text_percent"):
        store.change("look", text_percent=1000)
    assert store.current.look.text_percent == 100
    assert not store.path.exists()


@pytest.mark.parametrize(
    "text", ["look: {theme: pink, text_percent: 120}", "look: [1]", "- a\n- b", "{", "what: 3", "\x00"]
)
def test_a_bad_file_is_told_never_stops_the_start_and_stays_as_it_is(tmp_path, text):
    path = tmp_path / "s.yaml"
    path.write_text(text)
    store = SettingsStore(path)
    assert store.problems
    assert store.current.look.theme == "system"
    assert path.read_text() == text


def test_good_values_beside_a_bad_one_are_kept(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("look: {theme: pink, text_percent: 120}")
    store = SettingsStore(path)
    assert store.current.look.text_percent == 120
    assert len(store.problems) == 1
    assert "look.theme" in store.problems[0]


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told_and_the_setting_holds(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    store = SettingsStore(folder / "s.yaml")
    with pytest.raises(StudioError, match="could not be stored"):
        store.change("look", theme="light")
    assert store.current.look.theme == "light"


def test_a_setting_goes_back_to_its_default(tmp_path):
    store = SettingsStore(tmp_path / "s.yaml")
    store.change("training", refresh_seconds=5.0)
    store.reset("training", "refresh_seconds")
    assert store.current.training.refresh_seconds == 1.0


def test_chosen_keys_survive(tmp_path):
    store = SettingsStore(tmp_path / "s.yaml")
    store.change_keys("player.play", ("P", "Ctrl+P"))
    assert SettingsStore(store.path).chosen_keys == {"player.play": ("P", "Ctrl+P")}
    store.change_keys("player.play", None)
    assert SettingsStore(store.path).chosen_keys == {}
