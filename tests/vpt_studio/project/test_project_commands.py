"""``vpt-studio project``: new, info, check, backup."""

import json

import pytest
from click.testing import CliRunner

from vpt_studio.commands.project import project as project_group
from vpt_studio.project import Project
from vpt_studio.recordings.source import Source


@pytest.fixture
def command():
    """Run ``vpt-studio project …``."""

    def run(*arguments):
        return CliRunner().invoke(project_group, [*map(str, arguments)])

    return run


@pytest.fixture
def made(folder, put_recording):
    """A project with two recordings, closed."""
    with Project.create(folder, "Forest") as project:
        put_recording(project, "a", source=Source.HUMAN, duration_ticks=1200)
        put_recording(project, "b", duration_ticks=100)
    return folder


def test_new_makes_a_project_named_after_its_folder(command, folder):
    result = command("new", folder)
    assert result.exit_code == 0, result.output
    assert "Made the project 'forest'" in result.output
    with Project.open(folder) as project:
        assert project.name == "forest"


def test_new_answers_in_json(command, folder):
    answer = json.loads(command("new", folder, "--name", "Old growth", "--json").stdout)
    assert answer["name"] == "Old growth"
    assert answer["folder"] == folder.resolve().as_posix()


def test_new_does_not_go_over_a_project(command, made):
    result = command("new", made, "--json")
    assert result.exit_code == 1
    assert "already" in json.loads(result.stdout)["error"]["what"]


@pytest.mark.parametrize("name", ["", " "])
def test_new_refuses_an_empty_name_instead_of_taking_the_current_folder(command, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    result = command("new", name)
    assert result.exit_code == 1
    assert "the folder's name is empty" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_wrong_words_are_json_where_json_is_asked_for(command):
    for words in (["info", "--bogus", "--json"], ["--json", "nothing"], ["new", "--json"]):
        result = command(*words)
        assert (result.exit_code, result.stderr) == (2, "")
        assert "--help" in json.loads(result.stdout)["error"]["mend"]
    assert command("info", "--bogus").stdout == ""


def test_info_sums_the_project_up(command, made):
    result = command("info", "--project", made)
    assert result.exit_code == 0, result.output
    assert "Recordings: 2, 1 min 05 s of play; 0 in the trash" in result.output
    assert "1 human, 1 unknown" in result.output
    assert "Missing" not in result.output


def test_info_answers_in_json_and_names_missing_files(command, made):
    (made / "recordings" / "b.mp4").unlink()
    answer = json.loads(command("info", "--project", made, "--json").stdout)
    assert answer["recordings"]["by_source"] == {"human": 1, "unknown": 1}
    assert answer["recordings"]["seconds"] == 65.0
    assert answer["missing_media"] == [
        {"recording_id": "b", "path": "recordings/b.mp4", "finding": "missing"}
    ]
    assert [copy["reason"] for copy in answer["backups"]] == ["daily"]


def test_the_project_around_the_current_folder_is_meant(command, made, monkeypatch):
    monkeypatch.chdir(made / "runs")
    assert json.loads(command("info", "--json").stdout)["name"] == "Forest"


def test_the_environment_names_the_project(command, made, monkeypatch):
    monkeypatch.setenv("VPT_STUDIO_PROJECT", str(made))
    assert json.loads(command("info", "--json").stdout)["name"] == "Forest"


def test_outside_of_any_project_it_is_said(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = command("info")
    assert result.exit_code == 1
    assert "no project here or in any folder above" in result.stderr


def test_check_finds_nothing_in_a_sound_project(command, made):
    result = command("check", "--project", made, "--hash")
    assert result.exit_code == 0, result.output
    assert "All is well: the database, and the files of 2 recordings (contents)." in result.output


def test_check_fails_where_files_are_missing_and_lists_them(command, made):
    (made / "recordings" / "b.mp4").unlink()
    (made / "recordings" / "stranger.mp4").touch()
    result = command("check", "--project", made)
    assert result.exit_code == 1
    assert "Files that are not as they were: 1" in result.output
    assert "recordings/b.mp4" in result.output
    assert "recordings/stranger.mp4" in result.output

    result = command("check", "--project", made, "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["healthy"] is False
    assert answer["unknown_files"] == ["recordings/stranger.mp4"]


def test_backup_says_where_it_is(command, made):
    answer = json.loads(command("backup", "--project", made, "--json").stdout)
    with Project.open(made) as project:
        assert answer["path"] in [copy.path.as_posix() for copy in project.backups()]
    assert answer["bytes"] > 0
    assert "Backed up to" in command("backup", "--project", made).output
