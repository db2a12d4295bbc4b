"""The panel that sets up a run: what was set up stays, and it is started once."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from pretended_commands import pretend
from PySide6.QtCore import Qt

TIMEOUT = 15_000


@pytest.fixture
def train(make_window, store, own_project, qtbot):
    window = make_window(store, own_project, "train")
    qtbot.waitUntil(lambda: window.studio.runs.is_known, timeout=TIMEOUT)
    return window.current_page()


@pytest.fixture
def slow_start(tmp_path, monkeypatch):
    """Starting a run takes until the returned file is there; the run is the first of the project."""
    gate = tmp_path / "gate"
    script = (
        "import pathlib, sys, time\n"
        f"while not pathlib.Path({str(gate)!r}).exists():\n"
        "    time.sleep(0.01)\n"
        "folder = pathlib.Path(sys.argv[sys.argv.index('--project') + 1])\n"
        "print('{\"run\": \"%s\"}' % sorted((folder / 'runs').iterdir())[0].name)\n"
    )
    pretend(tmp_path, monkeypatch, script)
    return gate


def add_videos_without_actions(folder, count):
    database = sqlite3.connect(folder / "project.db")
    columns = [found[1] for found in database.execute("PRAGMA table_info(recordings)")]
    row = dict(
        zip(
            columns, database.execute("SELECT * FROM recordings WHERE id = 'noise-0'").fetchone(), strict=True
        )
    )
    for number in range(count):
        row |= {name: None for name in columns if name.startswith("actions")}
        row |= {
            "id": f"v{number}",
            "video_path": f"recordings/v{number}.mp4",
            "video_sha256": f"{number:064x}",
        }
        row["imported_at"] = "2999-01-01T00:00:00.000000Z"
        marks = ", ".join("?" * len(columns))
        database.execute(
            f"INSERT INTO recordings ({', '.join(columns)}) VALUES ({marks})", list(row.values())
        )
    database.commit()
    database.close()


def test_the_key_for_a_new_run_keeps_what_is_being_set_up(train, qtbot):
    qtbot.keyClick(train.table, Qt.Key.Key_N)
    qtbot.keyClicks(train.panel.first_field, "mine")
    train.panel.set_value("training.seed", 5)
    train.table.setFocus()
    qtbot.keyClick(train.table, Qt.Key.Key_N)
    train.studio.go("train", recordings=["noise-1"])
    assert train.panel.first_field.text() == "mine"
    assert dict(train.panel.new.changed) == {"training.seed": 5}
    assert train.panel.new.recordings == ("noise-1",)
    qtbot.keyClick(train.panel, Qt.Key.Key_Escape)
    qtbot.keyClick(train.table, Qt.Key.Key_N)
    assert train.panel.first_field.text() == ""


def test_older_recordings_with_actions_count_behind_many_videos(make_window, store, own_project, qtbot):
    add_videos_without_actions(own_project, 300)
    page = make_window(store, own_project, "train").current_page()
    page.open_panel()
    qtbot.waitUntil(lambda: page.studio.background.is_idle, timeout=TIMEOUT)
    assert page.panel.recordings_told == "all 5 recordings with actions"
    assert page.panel.start.isEnabled()


def test_without_recordings_to_learn_from_no_setting_makes_it_startable(
    make_window, store, own_project, qtbot
):
    database = sqlite3.connect(own_project / "project.db")
    database.execute("UPDATE recordings SET source = 'idm'")
    database.commit()
    database.close()
    page = make_window(store, own_project, "train").current_page()
    page.open_panel()
    qtbot.waitUntil(lambda: not page.panel.start.isEnabled(), timeout=TIMEOUT)
    page.panel.set_value("training.seed", 5)
    assert not page.panel.start.isEnabled()
    assert page.panel.start.toolTip() == "No recording has actions yet."


def test_a_start_under_way_is_not_started_again(train, qtbot, slow_start):
    train.open_panel()
    qtbot.mouseClick(train.panel.start, Qt.MouseButton.LeftButton)
    train.panel.set_value("training.seed", 5)
    qtbot.keyClick(train.panel, Qt.Key.Key_Escape)
    qtbot.keyClick(train.table, Qt.Key.Key_N)
    qtbot.keyClicks(train.panel.first_field, "the next")
    assert not train.panel.start.isEnabled()
    slow_start.touch()
    qtbot.waitUntil(train.panel.start.isEnabled, timeout=TIMEOUT)
    assert train.panel.first_field.text() == "the next"
    assert train.window().page == "train"
    (notice,) = train.studio.session.notices.history
    notice.run()
    assert train.window().page == "run"


def test_a_run_that_starts_after_another_project_was_opened_is_told_and_not_shown(
    train, qtbot, slow_start, own_project, tmp_path
):
    other = shutil.copytree(own_project, tmp_path / "other")
    train.open_panel()
    qtbot.mouseClick(train.panel.start, Qt.MouseButton.LeftButton)
    train.studio.open_project(other, then="train")
    qtbot.waitUntil(lambda: train.studio.session.project.folder == other, timeout=TIMEOUT)
    assert train.panel.isHidden()
    slow_start.touch()
    qtbot.waitUntil(lambda: bool(train.studio.session.notices.history), timeout=TIMEOUT)
    assert "has started in the project" in train.studio.session.notices.history[0].text
    assert train.window().page == "train"
