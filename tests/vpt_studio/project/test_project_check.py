"""Checking a project tells what is damaged, missing, changed or unknown."""

import sqlite3

from vpt_studio.atomic_files import sha256_of


def test_a_sound_project_has_nothing_to_report(project, put_recording):
    put_recording(project)
    report = project.check(hash_media=True)
    assert report.healthy
    assert (report.database, report.media, report.unknown_files) == ((), (), ())
    assert report.n_recordings == 1


def test_missing_and_changed_media_are_named(project, put_recording):
    for stem in ("gone", "short"):
        put_recording(project, stem)
    (project.layout.recordings / "gone.mp4").unlink()
    (project.layout.recordings / "short.jsonl").write_bytes(b"short")
    report = project.check()
    assert not report.healthy
    assert [(problem.recording_id, problem.path, problem.finding) for problem in report.media] == [
        ("gone", "recordings/gone.mp4", "missing"),
        ("short", "recordings/short.jsonl", "size changed"),
    ]


def test_a_change_that_keeps_the_size_is_found_by_hash_only(project, put_recording):
    video = project.layout.recordings / "take.mp4"
    video.write_bytes(b"video of take")
    put_recording(project, video_sha256=sha256_of(video))
    video.write_bytes(b"VIDEO of take")
    assert project.check().healthy
    report = project.check(hash_media=True)
    assert [(problem.path, problem.finding) for problem in report.media] == [
        ("recordings/take.mp4", "content changed")
    ]


def test_files_nobody_knows_are_listed_and_left(project, put_recording):
    put_recording(project)
    (project.layout.recordings / "take.events.jsonl").touch()
    stranger = project.layout.recordings / "old" / "stranger.mp4"
    stranger.parent.mkdir()
    stranger.touch()
    report = project.check()
    assert report.unknown_files == ("recordings/old/stranger.mp4",)
    assert report.healthy
    assert stranger.exists()


def test_rows_that_lead_nowhere_are_found(project):
    with sqlite3.connect(project.layout.database) as other:  # sqlite3 leaves foreign keys off
        other.execute("INSERT INTO recording_tags VALUES ('ghost', 'cave')")
    other.close()
    (finding,) = project.check().database
    assert "recording_tags" in finding
    assert not project.check().healthy
