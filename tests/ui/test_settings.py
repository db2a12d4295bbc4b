from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

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


def test_chosen_keys_survive(tmp_path):
    store = SettingsStore(tmp_path / "s.yaml")
    store.change_keys("player.play", ("P", "Ctrl+P"))
    assert SettingsStore(store.path).chosen_keys == {"player.play": ("P", "Ctrl+P")}
    store.change_keys("player.play", None)
    assert SettingsStore(store.path).chosen_keys == {}


BROKEN = "look:\n  theme: light\nkeys:\n  library.import: 'Ctrl+J\nplayer:\n  loop: true\n"


def test_a_file_that_cannot_be_read_is_moved_aside_before_anything_is_written(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(BROKEN)
    SettingsStore(path).remember_project(tmp_path)
    path.write_text(BROKEN)
    SettingsStore(path).change("look", theme="dark")
    kept = sorted(tmp_path.glob("s.yaml.bad-*"))
    assert [file.read_text() for file in kept] == [BROKEN, BROKEN]
    assert yaml.safe_load(path.read_text()) == {"look": {"theme": "dark"}}


def test_a_section_that_is_none_is_moved_aside_with_its_file_and_the_rest_stays(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("look: [1]\nplayer: {loop: true}")
    SettingsStore(path).change("look", theme="dark")
    assert [file.read_text() for file in tmp_path.glob("s.yaml.bad-*")] == ["look: [1]\nplayer: {loop: true}"]
    assert yaml.safe_load(path.read_text()) == {"player": {"loop": True}, "look": {"theme": "dark"}}


def test_what_is_not_changed_stays_in_the_file(tmp_path):
    path = tmp_path / "s.yaml"
    tree = {"look": {"theme": "pink", "text_percent": 120, "of_a_newer_version": 3}, "labels": {"newer": 3}}
    path.write_text(yaml.safe_dump(tree))
    SettingsStore(path).change("look", text_percent=100)
    del tree["look"]["text_percent"]
    assert yaml.safe_load(path.read_text()) == tree


def test_two_windows_keep_what_the_other_one_stored(tmp_path):
    one, other = SettingsStore(tmp_path / "s.yaml"), SettingsStore(tmp_path / "s.yaml")
    one.change("look", theme="light")
    one.change_keys("player.play", ("P",))
    one.remember_project(tmp_path / "first")
    other.change("general", role="researcher")
    other.change_keys("player.loop", ("X",))
    other.remember_project(tmp_path / "second")
    found = SettingsStore(one.path)
    assert found.current.look.theme == "light"
    assert found.current.general.role == "researcher"
    assert set(found.chosen_keys) == {"player.play", "player.loop"}
    assert found.current.remembered.projects == (str(tmp_path / "second"), str(tmp_path / "first"))


def test_windows_that_write_at_the_same_time_lose_nothing(tmp_path):
    path, names = tmp_path / "s.yaml", [f"action.{number}" for number in range(24)]
    stores = [SettingsStore(path) for _ in range(4)]

    def write(number: int) -> None:
        for name in names[number::4]:
            stores[number].change_keys(name, ("X",))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    assert set(SettingsStore(path).chosen_keys) == set(names)


def test_what_could_not_be_stored_is_stored_with_the_next_change(tmp_path):
    folder = tmp_path / "folder"
    folder.write_text("a file in the folder's place")
    store = SettingsStore(folder / "s.yaml")
    with pytest.raises(StudioError, match="could not be stored"):
        store.change("look", theme="light")
    folder.unlink()
    store.change("general", role="researcher")
    assert SettingsStore(store.path).current == store.current


def test_the_window_stores_off_its_thread_and_says_what_it_moved_aside(make_window, tmp_path, qtbot):
    path = tmp_path / "s.yaml"
    path.write_text(BROKEN)
    writers = []
    store = SettingsStore(path)
    window = make_window(store)
    flush = store.flush
    store.flush = lambda: (writers.append(threading.current_thread()), flush())
    store.change("look", theme="light")
    qtbot.waitUntil(lambda: window.studio.background.is_idle)
    qtbot.waitUntil(lambda: any("could not be read" in text for text in window.toasts.texts))
    assert threading.main_thread() not in writers
    assert SettingsStore(path).current.look.theme == "light"


def test_a_file_that_cannot_be_written_is_a_notice_and_nothing_more(make_window, store, qtbot, monkeypatch):
    window = make_window(store)

    def full(_path, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ui.settings_file.write_atomically", full)
    before = store.current.look.theme
    window.studio.session.actions["studio.theme"].run()
    qtbot.waitUntil(lambda: any("could not be stored" in text for text in window.toasts.texts))
    assert store.current.look.theme != before
    monkeypatch.undo()
    window.close_now()
    assert SettingsStore(store.path).current == store.current
