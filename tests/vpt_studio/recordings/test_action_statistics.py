"""What is done in recordings, counted: against counts made by hand."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import main
from vpt_studio.actions import BUTTONS
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings
from vpt_studio.recordings.action_statistics import ActionStatistics
from vpt_studio.recordings.recording import Recording


def tick_with(a_tick, number, *, keys=(), buttons=(), dx=0.0, dy=0.0, screen=False):
    plain = a_tick(number)
    return {
        **plain,
        "keyboard": {**plain["keyboard"], "keys": [f"key.keyboard.{key}" for key in keys]},
        "mouse": {**plain["mouse"], "dx": dx, "dy": dy, "buttons": list(buttons)},
        "isGuiOpen": screen,
    }


@pytest.fixture
def take(tmp_path, make_recording, a_tick):
    """Twelve ticks in which everything occurs that has to be told apart."""
    lines = [
        tick_with(a_tick, 0, keys=["w"]),  # held from before: no press
        tick_with(a_tick, 1, keys=["w"]),
        tick_with(a_tick, 2),  # nothing
        tick_with(a_tick, 3, keys=["w"]),  # pressed
        tick_with(a_tick, 4, keys=["w"], dx=100.0),  # 15 degrees: the outermost bin
        tick_with(a_tick, 5, dx=1.0),  # 0.15 degrees: moved, but nothing is done by the paper's rule
        tick_with(a_tick, 6, dy=-5.0),  # 0.75 degrees up
        b"{\n",  # nobody knows
        tick_with(a_tick, 8, buttons=[0]),  # attack, held since when nobody knows: no press
        tick_with(a_tick, 9, dx=40.0, screen=True),  # moves the pointer, not the camera
        tick_with(a_tick, 10, keys=["e"], screen=True),  # pressed
        tick_with(a_tick, 11),  # nothing
    ]
    return make_recording(tmp_path / "in", "take", len(lines), lines)


def counted(path):
    with Recording.open(path) as recording:
        return ActionStatistics.of(recording)


def test_counts_are_those_of_the_ticks_that_are_known(take):
    counts = counted(take)
    assert counts.ticks == 11
    assert (counts.null, counts.screen_open, counts.mouse) == (3, 2, 4)
    held = dict(zip(BUTTONS, counts.held.tolist(), strict=True))
    pressed = dict(zip(BUTTONS, counts.pressed.tolist(), strict=True))
    assert {name: count for name, count in held.items() if count} == {
        "forward": 4, "attack": 1, "inventory": 1}  # fmt: skip
    assert {name: count for name, count in pressed.items() if count} == {"forward": 1, "inventory": 1}
    assert counts.yaw.tolist() == [0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 1]
    assert counts.pitch.tolist() == [0, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0]
    assert counts.presses_per_minute["forward"] == pytest.approx(20 * 60 / 11)


def test_several_recordings_are_counted_together(take):
    one = counted(take)
    two = ActionStatistics.together([one, one])
    assert (two.ticks, two.null, two.mouse) == (22, 6, 8)
    assert two.held.tolist() == (one.held * 2).tolist()
    assert two.yaw_shares.tolist() == one.yaw_shares.tolist()
    assert ActionStatistics.together([]).held_shares["forward"] == 0


def test_the_command_tells_a_column_per_person_and_the_paper_beside(take, noise_recordings):
    paths = [str(take), *map(str, noise_recordings)]
    told = CliRunner().invoke(main.cli, ["recordings", "statistics", *paths, "--by", "source", "--json"])
    assert told.exit_code == 0, told.stderr
    data = json.loads(told.stdout)
    assert sorted(data["source"]) == ["all", "script", "unknown"]
    assert data["all"]["ticks"] == 11 + 600
    assert data["source"]["unknown"]["null_share"] == pytest.approx(3 / 11)
    words = CliRunner().invoke(main.cli, ["recordings", "statistics", *paths]).stdout
    assert "the paper's people" in words
    assert any(line.startswith("nothing done") and line.endswith("35%") for line in words.splitlines())
    assert "hotbar.1" not in words


def test_what_has_no_actions_is_left_out_and_told(tmp_path, take, make_video):
    silent = make_video(tmp_path / "silent.mp4")
    told = CliRunner().invoke(main.cli, ["recordings", "statistics", str(take), str(silent)])
    assert told.exit_code == 3
    assert "silent.mp4: it has no actions" in told.stderr
    alone = CliRunner().invoke(main.cli, ["recordings", "statistics", str(silent)])
    assert (alone.exit_code, alone.stdout) == (1, "Nothing could be counted.\n")


def test_a_project_counts_its_recordings_once_and_nothing_of_its_trash(tmp_path, take, make_recording):
    folder = tmp_path / "project"
    kept = make_recording(folder / "made here", "kept", 40)
    thrown = make_recording(folder / "made here", "thrown", 30)
    with Project.create(folder, "made here") as project:
        report = import_recordings(project, [kept, thrown], ImportOptions(refer=True))
        project.remove_recording(next(row.id for row in report.imported if "thrown" in row.id))
    told = CliRunner().invoke(main.cli, ["recordings", "statistics", str(folder), str(take), "--json"])
    assert told.exit_code == 0, told.stderr
    assert json.loads(told.stdout)["all"]["ticks"] == 40 + 11
