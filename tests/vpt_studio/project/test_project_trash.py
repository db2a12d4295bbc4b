"""Removing moves to the trash, and everything can come back."""

import shutil
from dataclasses import replace

import pytest

from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.project import Project, RecordingRow


def test_removed_files_wait_in_the_trash_and_the_row_is_kept(project, put_recording):
    row = put_recording(project)
    project.remove_recording("take")
    assert project.recordings() == []
    assert list(project.layout.recordings.iterdir()) == []
    waiting = sorted(path.name for path in project.layout.trash_folder("take").rglob("*.*"))
    assert waiting == ["take.json", "take.jsonl", "take.mp4"]
    (removed,) = project.recordings(removed=True)
    assert removed.deleted_at is not None
    assert replace(removed, deleted_at=None) == row


def test_a_removed_recording_comes_back_as_it_was(project, put_recording, contents):
    row = put_recording(project)
    before = contents(project.layout.recordings)
    project.remove_recording("take")
    project.restore_recording("take")
    assert project.recordings() == [row]
    assert contents(project.layout.recordings) == before
    assert list(project.layout.trash.iterdir()) == []
    project.restore_recording("take")
    assert project.recordings() == [row]


def test_removing_twice_is_removing_once(project, put_recording):
    put_recording(project)
    project.remove_recording("take")
    project.remove_recording("take")
    project.restore_recording("take")
    assert project.missing_media() == []


def test_the_id_of_a_removed_recording_stays_taken(project, put_recording):
    put_recording(project)
    project.remove_recording("take")
    assert project.reserve_recording_id("take") == "take-2"


def test_files_outside_the_project_are_never_touched(project, tmp_path):
    video = tmp_path / "walk.mp4"
    video.write_bytes(b"a long walk")
    project.add_recording(RecordingRow("walk", "../walk.mp4", 1, 1, 640, 360, video_sha256=sha256_of(video)))
    sidecar = project.layout.recordings / "walk.json"
    sidecar.write_bytes(b"{}")
    assert project.check().unknown_files == ()
    project.remove_recording("walk")
    assert video.exists()
    assert not sidecar.exists()
    project.restore_recording("walk")
    assert project.count_recordings() == 1
    assert sidecar.exists()


def test_a_shared_video_leaves_with_its_last_recording(project, put_recording):
    row = put_recording(project)
    (project.layout.recordings / "take.idm.jsonl").touch()
    project.add_recording(replace(row, id="take.idm", actions="recordings/take.idm.jsonl"))
    project.remove_recording("take")
    assert project.missing_media() == []
    project.remove_recording("take.idm")
    assert list(project.layout.recordings.iterdir()) == []
    project.restore_recording("take")
    assert project.missing_media() == []
    project.restore_recording("take.idm")
    assert project.missing_media() == []
    assert project.count_recordings() == 2


def test_nothing_is_overwritten_on_the_way_back(project, put_recording):
    put_recording(project)
    project.remove_recording("take")
    intruder = project.layout.recordings / "take.jsonl"
    intruder.write_bytes(b"mine")
    with pytest.raises(StudioError, match="another file is in that place"):
        project.restore_recording("take")
    assert intruder.read_bytes() == b"mine"
    assert project.recordings() == []
    assert (project.layout.trash_folder("take") / "recordings" / "take.mp4").exists()


def test_a_file_that_cannot_be_moved_leaves_the_recording_in_the_project(project, put_recording):
    row = put_recording(project)
    project.layout.trash_folder("take").write_bytes(b"a file where the folder should be")
    with pytest.raises(StudioError, match="could not be moved to the trash"):
        project.remove_recording("take")
    assert project.recordings() == [row]
    assert project.missing_media() == []


def test_two_removals_at_once_are_one_removal(project, put_recording, monkeypatch):
    row = put_recording(project)
    move = shutil.move

    def overtaken(*places):
        monkeypatch.setattr(shutil, "move", move)
        other.remove_recording("take")
        return move(*places)

    with Project.open(project.layout.folder) as other:
        monkeypatch.setattr(shutil, "move", overtaken)
        project.remove_recording("take")
    assert project.recordings() == []
    assert project.check().healthy
    project.restore_recording("take")
    assert project.recordings() == [row]


def test_a_removal_that_fails_takes_back_only_what_it_did_itself(project, put_recording, monkeypatch):
    row = put_recording(project)
    with Project.open(project.layout.folder) as other:
        other.remove_recording("take")
    (project.layout.recordings / "take.mp4").write_bytes(b"mine")
    monkeypatch.setattr(project, "recording", lambda _: row)  # it had been looked up by then
    with pytest.raises(StudioError, match="could not be moved to the trash"):
        project.remove_recording("take")
    assert project.recordings() == []
    assert (project.layout.recordings / "take.mp4").read_bytes() == b"mine"


KILLED_WHILE_MOVING = """
import os, shutil, signal, sys
from vpt_studio.project import Project

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

shutil.move = kill
Project.open(sys.argv[1]).remove_recording("take")
"""


def test_a_removal_that_was_killed_is_reported_and_finished_by_asking_again(
    project, put_recording, other_process
):
    put_recording(project)
    killed = other_process(KILLED_WHILE_MOVING, project.layout.folder)
    assert killed.wait() == -9
    found = [(problem.path, problem.finding) for problem in project.check().media]
    assert found == [
        ("recordings/take.mp4", "not moved to the trash"),
        ("recordings/take.jsonl", "not moved to the trash"),
    ]
    project.remove_recording("take")
    assert project.check().healthy
    project.restore_recording("take")
    assert project.check().healthy
