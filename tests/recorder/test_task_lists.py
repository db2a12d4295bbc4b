"""Task lists: those that come with the studio, and those that people write."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from main import cli
from recorder.tasks import FREE_PLAY, read_task_list, task_list_names
from vpt_studio.errors import StudioError

GATHER = {"id": "gather", "title": "Gather", "prompt": "Gather wood.", "minutes": 5}


def written(tmp_path, content):
    path = tmp_path / "mine.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return str(path)


def test_the_lists_that_come_with_the_studio():
    assert task_list_names() == ["built_in_world", "paper"]
    built_in = read_task_list("built_in_world")
    assert built_in.tasks[0] == FREE_PLAY
    assert built_in.task("gather-wood").do[0].startswith("Hold the left button")
    times = {task.id: task.minutes for task in read_task_list("paper").tasks}
    assert times == {
        "free-play": None,
        "early-game": 30,
        "house-from-scratch": 15,
        "house-from-materials": 10,
        "diamond-pickaxe": 20,
    }


def test_a_list_of_ones_own(tmp_path):
    listed = read_task_list(written(tmp_path, {"title": "Mine", "tasks": [GATHER | {"dont": ["Swim"]}]}))
    assert listed.title == "Mine"
    task = listed.task("gather")
    assert (task.do, task.dont) == ((), ("Swim",))
    assert task.as_note() == GATHER
    with pytest.raises(StudioError, match="no task 'swim'") as caught:
        listed.task("swim")
    assert caught.value.mend == "Those it has: gather"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"title": "Mine", "tasks": []}, "tasks: "),
        ({"title": "Mine", "tasks": [GATHER, GATHER]}, "more than one task has the id gather"),
        ({"title": "Mine", "tasks": [GATHER | {"id": "../up"}]}, "tasks.0.id"),
        ({"title": "Mine", "tasks": [GATHER | {"id": "gather\n"}]}, "tasks.0.id"),
        ({"title": "Mine", "tasks": [GATHER | {"minutes": 0}]}, "tasks.0.minutes"),
        ({"title": "Mine", "tasks": [GATHER | {"minutes": "ten"}]}, "tasks.0.minutes"),
        ({"title": "Mine", "tasks": [GATHER | {"prompt": "  "}]}, "tasks.0.prompt"),
        ({"title": "Mine", "tasks": [GATHER | {"colour": "red"}]}, "tasks.0.colour"),
        ({"title": "Mine", "tasks": [GATHER | {"do": "Dig"}]}, "tasks.0.do"),
        ({"tasks": [GATHER]}, "title"),
        ("[" * 5000, "not valid YAML"),
        ("just words", "valid dictionary"),
        ("\x00", "not valid YAML"),
        ("#" * (1 << 20) + "\n", "larger than 1 MB"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_with_its_file(tmp_path, content, said):
    path = written(tmp_path, content)
    with pytest.raises(StudioError, match=said) as caught:
        read_task_list(path)
    assert str(caught.value.where) == path
    assert caught.value.mend


def test_a_list_that_is_not_there(tmp_path):
    with pytest.raises(StudioError, match="no task list 'chess'") as caught:
        read_task_list("chess")
    assert "built_in_world, paper" in caught.value.mend
    with pytest.raises(StudioError, match="no such file"):
        read_task_list(str(tmp_path / "none.yaml"))
    with pytest.raises(StudioError, match="no task list"):
        read_task_list("../task_lists/paper")


def test_the_command_lists_them(tmp_path):
    all_lists = CliRunner().invoke(cli, ["tasks"])
    assert all_lists.exit_code == 0
    assert "diamond-pickaxe" in all_lists.output
    assert "gather-wood" in all_lists.output
    path = written(tmp_path, {"title": "Mine", "tasks": [GATHER]})
    one = CliRunner().invoke(cli, ["tasks", "--task-list", path, "--json"])
    assert json.loads(one.stdout)["lists"][path]["tasks"][0]["id"] == "gather"
