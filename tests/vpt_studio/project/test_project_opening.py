"""What can be opened, what is refused, in which words, and that a refusal changes nothing."""

import os
import sqlite3
import stat
import tempfile
from pathlib import Path

import pytest

from vpt_studio.errors import StudioError
from vpt_studio.project import Project

KILLED_AFTER_WRITING = """
import os, signal, sys
from vpt_studio.project import Project
from vpt_studio.recordings.health import Health

project = Project.open(sys.argv[1])
project.update_health("take", Health.HEALTHY)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_new_project_has_its_folders_and_its_name(folder):
    with Project.create(folder / "deep", "  Forest ") as project:
        assert project.name == "Forest"
        assert project.created_at.tzinfo is not None
    assert sorted(path.name for path in (folder / "deep").iterdir()) == [
        "backups",
        "cache",
        "checkpoints",
        "project.db",
        "recordings",
        "runs",
        "trash",
    ]


def test_the_database_is_set_up_for_several_writers(project):
    with sqlite3.connect(project.layout.database) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        tables = other.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    ours = {name: strict for name, strict in tables if not name.startswith(("sqlite_", "_sqlite"))}
    assert ours == {"project": 1, "recordings": 1, "recording_tags": 1, "reserved_ids": 1}
    other.close()


def test_closing_leaves_one_file_and_may_be_done_twice(project):
    project.close()
    project.close()
    assert [path.name for path in project.layout.folder.glob("project.db*")] == ["project.db"]


def test_a_project_that_was_moved_opens(folder, tmp_path, put_recording):
    with Project.create(folder, "Forest") as project:
        row = put_recording(project)
    folder.rename(tmp_path / "elsewhere")
    with Project.open(tmp_path / "elsewhere") as project:
        assert project.recordings() == [row]
        assert project.missing_media() == []


def test_folders_that_were_lost_in_a_copy_are_made_again(folder):
    Project.create(folder, "Forest").close()
    (folder / "cache").rmdir()
    Project.open(folder).close()
    assert (folder / "cache").is_dir()


def test_a_copy_that_lost_write_ahead_mode_gets_it_back(folder):
    Project.create(folder, "Forest").close()
    with sqlite3.connect(folder / "project.db") as other:
        other.execute("PRAGMA journal_mode = DELETE")
    other.close()
    with Project.open(folder), sqlite3.connect(folder / "project.db") as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()


def test_a_second_project_is_not_made_over_the_first(folder, contents):
    Project.create(folder, "Forest").close()
    before = contents(folder)
    with pytest.raises(StudioError, match="a project in this folder already"):
        Project.create(folder, "Desert")
    assert contents(folder) == before


def test_a_project_needs_a_name(folder):
    with pytest.raises(StudioError, match="needs a name"):
        Project.create(folder, "  ")
    assert not folder.exists()


def test_a_project_is_not_made_where_a_file_is(folder):
    folder.write_text("a file")
    with pytest.raises(StudioError, match="folders could not be made"):
        Project.create(folder, "Forest")


def test_a_creation_that_was_interrupted_is_told_and_taken_up(folder):
    folder.mkdir()
    (folder / "project.db").touch()
    with pytest.raises(StudioError, match="making it was interrupted"):
        Project.open(folder)
    with Project.create(folder, "Forest") as project:
        assert project.name == "Forest"


def test_a_folder_without_a_database_is_not_a_project(tmp_path):
    with pytest.raises(StudioError, match="not a project"):
        Project.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("action", [Project.open, lambda folder: Project.create(folder, "Forest")])
def test_another_programs_database_is_left_alone(folder, contents, action):
    folder.mkdir()
    with sqlite3.connect(folder / "project.db") as other:
        other.execute("CREATE TABLE theirs (a)")
    other.close()
    before = contents(folder)
    with pytest.raises(StudioError, match="another program"):
        action(folder)
    assert contents(folder) == before


def test_a_file_that_is_no_database_is_told_as_damage(folder, contents):
    Project.create(folder, "Forest").close()
    (folder / "project.db").write_bytes(b"\0" * 8192)
    before = contents(folder)
    with pytest.raises(StudioError, match=r"damaged.*There is no backup"):
        Project.open(folder)
    assert contents(folder) == before


def test_damage_after_an_unclean_close_is_found_and_the_backup_named(
    folder, put_recording, other_process, contents
):
    with Project.create(folder, "Forest") as project:
        put_recording(project)
        copy = project.backup()
    assert other_process(KILLED_AFTER_WRITING, folder).wait() == -9
    assert (folder / "project.db-wal").stat().st_size > 0
    database = bytearray((folder / "project.db").read_bytes())
    database[3 * 4096 :] = b"\xff" * (len(database) - 3 * 4096)
    (folder / "project.db").write_bytes(database)
    before = contents(folder)
    with pytest.raises(StudioError, match=f"damaged.*backups/{copy.name}"):
        Project.open(folder)
    assert contents(folder) == before


def test_a_backup_put_in_place_as_told_is_a_project_again(folder, put_recording):
    with Project.create(folder, "Forest") as project:
        row = put_recording(project)
        copy = project.backup()
    (folder / "project.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(StudioError, match="damaged"):
        Project.open(folder)
    (folder / "project.db").write_bytes(copy.read_bytes())
    with Project.open(folder) as project:
        assert project.recordings() == [row]
        assert project.check().healthy


def test_an_unclean_close_loses_nothing_that_was_written(folder, put_recording, other_process):
    with Project.create(folder, "Forest") as project:
        put_recording(project)
    assert other_process(KILLED_AFTER_WRITING, folder).wait() == -9
    with Project.open(folder) as project:
        assert project.recording("take").health == "healthy"


REFUSED_WITHOUT_RIGHTS = """
import os, sys
from vpt_studio.errors import StudioError
from vpt_studio.project import Project

if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    Project.open(sys.argv[1])
except StudioError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are told by mode bits on POSIX only")
def test_a_folder_without_the_right_to_write_is_refused(other_process, contents):
    # Not tmp_path: its parents may be closed to the user that the other process becomes.
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        folder = Path(place) / "forest"
        Project.create(folder, "Forest").close()
        before = contents(folder)
        folder.chmod(0o555)
        try:
            told, _ = other_process(REFUSED_WITHOUT_RIGHTS, folder).communicate()
        finally:
            folder.chmod(stat.S_IRWXU)
        assert "the project cannot be written to" in told
        assert contents(folder) == before


def test_missing_media_are_listed_and_do_not_keep_it_closed(folder, put_recording):
    with Project.create(folder, "Forest") as project:
        put_recording(project, "a")
        put_recording(project, "b")
    (folder / "recordings" / "b.jsonl").unlink()
    with Project.open(folder) as project:
        found = [(problem.recording_id, problem.path, problem.finding) for problem in project.missing_media()]
        assert found == [("b", "recordings/b.jsonl", "missing")]
        assert project.count_recordings() == 2


def test_the_nearest_project_above_is_found(folder):
    Project.create(folder, "Forest").close()
    (folder / "runs" / "idm" / "checkpoints").mkdir(parents=True)
    (folder / "runs" / "project.db").write_bytes(b"not ours")
    assert Project.find(folder / "runs" / "idm" / "checkpoints") == folder.resolve()
    assert Project.find(folder) == folder.resolve()


def test_the_current_folder_is_where_the_search_begins(folder, monkeypatch):
    Project.create(folder, "Forest").close()
    monkeypatch.chdir(folder / "cache")
    assert Project.find() == folder.resolve()


def test_where_there_is_none_it_is_said(tmp_path):
    with pytest.raises(StudioError, match="no project here or in any folder above"):
        Project.find(tmp_path)


def test_the_environment_decides_where_it_is_set(folder, tmp_path, monkeypatch):
    Project.create(folder, "Forest").close()
    Project.create(tmp_path / "desert", "Desert").close()
    monkeypatch.setenv("VPT_STUDIO_PROJECT", str(tmp_path / "desert"))
    assert Project.find(folder) == (tmp_path / "desert").resolve()
    monkeypatch.setenv("VPT_STUDIO_PROJECT", str(tmp_path / "nowhere"))
    with pytest.raises(StudioError, match="VPT_STUDIO_PROJECT names a folder that is not a project"):
        Project.find(folder)


def test_a_database_that_was_emptied_is_damaged_and_not_unfinished(folder, put_recording):
    with Project.create(folder, "Forest") as project:
        put_recording(project)
        database = project.layout.database
        project.backup()
    for path in folder.glob("project.db*"):
        path.unlink()
    database.write_bytes(b"")
    for open_or_make in (Project.open, lambda place: Project.create(place, "Again")):
        with pytest.raises(StudioError, match="it is empty") as told:
            open_or_make(folder)
        assert "backups/" in told.value.mend
    assert database.read_bytes() == b""


def test_garbage_in_the_place_of_the_database_is_told_and_not_passed_over(folder, monkeypatch):
    folder.mkdir()
    (folder / "project.db").write_bytes(b"garbage" * 100)
    monkeypatch.chdir(folder)
    with pytest.raises(StudioError, match="does not begin as a database"):
        Project.open(Project.find())
