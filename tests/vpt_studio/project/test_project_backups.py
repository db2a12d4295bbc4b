"""Backups: whole, dated, made when due, thinned as they age."""

import sqlite3
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vpt_studio.project import Project
from vpt_studio.project.backups import backups_to_keep, make_backup

NOON = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
AGES = st.lists(st.integers(0, 200 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)), max_size=60)


def test_a_backup_is_whole_while_others_write(project, put_recording):
    put_recording(project)
    with Project.open(project.layout.folder) as other:
        copy = other.backup()
        put_recording(project, "later")
    with sqlite3.connect(copy) as database:
        assert database.execute("SELECT id FROM recordings").fetchall() == [("take",)]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    assert [backup.path for backup in project.backups()] == [copy]
    assert sorted(path.name for path in project.layout.backups.iterdir()) == [copy.name]


def test_backups_know_when_and_why(project):
    path = make_backup(project.layout, "migration", NOON)
    (backup,) = project.backups()
    assert (backup.path, backup.made_at, backup.reason) == (path, NOON, "migration")


def test_files_that_are_not_ours_stay_where_they_are(project):
    theirs = project.layout.backups / "project-before-the-move.db"
    theirs.touch()
    make_backup(project.layout, "manual", NOON)
    assert theirs.exists()
    assert len(project.backups()) == 1


def test_the_first_backup_is_due_with_the_first_recording(folder, put_recording):
    Project.create(folder, "Forest").close()
    with Project.open(folder) as project:
        assert project.backups() == []
        put_recording(project)
    with Project.open(folder) as project:
        assert [backup.reason for backup in project.backups()] == ["daily"]


def test_a_day_later_the_next_is_due_if_something_changed(project, put_recording):
    put_recording(project)
    now = datetime.now(UTC)
    make_backup(project.layout, "manual", now - timedelta(hours=23))
    assert project.backup_if_due(now) is None
    later = now + timedelta(hours=2)
    made = project.backup_if_due(later)
    assert made is not None
    assert made.exists()
    assert project.backup_if_due(later + timedelta(days=3)) is None  # nothing was written since


def test_what_a_killed_backup_left_is_cleared_a_day_later(project):
    partial = project.layout.backups / ".project-20260520T120000.000000Z-daily.db.partial"
    partial.touch()
    project.backup()
    assert partial.exists()
    make_backup(project.layout, "manual", datetime.now(UTC) + timedelta(days=2))
    assert not partial.exists()


def test_thinning_keeps_days_then_weeks(project):
    for days in (0, 1, 3, 10, 20, 21, 60, 100):
        for hour in (1, 5):
            make_backup(project.layout, "daily", NOON - timedelta(days=days, hours=hour))
    make_backup(project.layout, "manual", NOON)
    kept = [(NOON - backup.made_at) // timedelta(hours=1) for backup in reversed(project.backups())]
    assert kept == [0, 1, 5, 24 + 1, 24 + 5, 3 * 24 + 1, 10 * 24 + 1, 20 * 24 + 1, 60 * 24 + 1]


@given(AGES)
def test_nothing_young_and_never_the_newest_is_thinned(ages):
    times = {NOON - age for age in ages}
    kept = backups_to_keep(times, NOON)
    assert kept <= times
    assert {time for time in times if NOON - time <= timedelta(days=2)} <= kept
    assert not times or max(times) in kept
    days = {time.date() for time in times if NOON - time <= timedelta(days=14)}
    assert days == {time.date() for time in kept if NOON - time <= timedelta(days=14)}


@given(AGES)
def test_thinning_twice_is_thinning_once(ages):
    kept = backups_to_keep((NOON - age for age in ages), NOON)
    assert backups_to_keep(kept, NOON) == kept
