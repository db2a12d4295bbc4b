"""The commands about the built-in world."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from click.testing import CliRunner

from vpt_studio.commands.world import world
from vpt_studio.envs.voxel.environment import VoxelEnvironment


def test_a_picture_is_what_the_player_of_that_world_sees(tmp_path: Path) -> None:
    out = tmp_path / "spawn.png"
    words = ["picture", str(out), "--preset", "brisk", "--seed", "7", "--turn", "90", "--wait", "3", "--json"]
    answer = CliRunner().invoke(world, words)
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["seed"] == 7
    environment = VoxelEnvironment("brisk")
    environment.reset(seed=7)
    environment.state.body.turn(0, 90)
    for _ in range(3):
        environment.step({})
    pixels = cv2.cvtColor(cv2.imread(str(out)), cv2.COLOR_BGR2RGB)
    np.testing.assert_array_equal(pixels, environment.whole_picture(pointer=True))


def test_an_unknown_preset_is_told_with_those_there_are(tmp_path: Path) -> None:
    answer = CliRunner().invoke(world, ["picture", str(tmp_path / "a.png"), "--preset", "easy"])
    assert answer.exit_code == 1
    assert "'survival', 'brisk'" in answer.output
    assert not list(tmp_path.iterdir())


def test_presets_are_listed_whole_for_programs() -> None:
    answer = CliRunner().invoke(world, ["presets", "--json"])
    presets = {preset["name"]: preset for preset in json.loads(answer.stdout)["presets"]}
    assert set(presets) == {"survival", "brisk"}
    assert presets["survival"]["digging_speed"] == 1


def test_warming_up_says_when_the_world_is_ready() -> None:
    answer = CliRunner().invoke(world, ["warm-up", "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["seconds"] > 0


def test_what_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    for words in (["a.jpg"], ["a.png", "--down", "nan"], ["a.png", "--turn", "inf"]):
        answer = CliRunner().invoke(world, ["picture", str(tmp_path / words[0]), *words[1:]])
        assert answer.exit_code in (1, 2)
        assert "Error" in answer.output
    assert not list(tmp_path.iterdir())
