"""A window that stays open for days backs its project up each day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ui.shell import daily_backup
from vpt_studio.project.backups import backups, make_backup
from vpt_studio.project.layout import ProjectLayout


def test_a_project_that_stays_open_is_backed_up(make_window, store, own_project, qtbot, monkeypatch):
    monkeypatch.setattr(daily_backup, "EACH_HOUR_MS", 50)
    window = make_window(store, own_project, "library")
    layout = ProjectLayout.at(own_project)
    for backup in backups(layout):
        backup.path.unlink()
    make_backup(layout, "manual", datetime.now(UTC) - timedelta(days=2))
    qtbot.waitUntil(lambda: any(backup.reason == "daily" for backup in backups(layout)))
    assert not window.studio.session.notices.history


def test_without_a_project_nothing_is_asked(make_window, store, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(daily_backup, "EACH_HOUR_MS", 1)
    window = make_window(store)
    monkeypatch.setattr(window.studio.desk, "change", asked.append)
    turns = []
    window.studio.background.run(lambda _task: None, turns.append)
    qtbot.waitUntil(lambda: bool(turns))
    assert not asked
