"""Suites are data: those of ours are sound, and what is wrong in somebody's is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from vpt_studio.envs.voxel.environment import DRAWN_SEEDS
from vpt_studio.errors import StudioError
from vpt_studio.playing.suites import DEFAULT, read_suite, suite_names

TEXT = "name: mine\nversion: 2\ntitle: Mine\npreset: brisk\nticks: 40\nseeds: [1, 2]\n"


def test_ours_are_worlds_that_no_data_set_draws() -> None:
    assert DEFAULT in suite_names()
    taken: list[int] = []
    for name in suite_names():
        suite = read_suite(name)
        assert suite.name == name
        assert min(suite.seeds) >= DRAWN_SEEDS
        taken += suite.seeds
    assert len(taken) == len(set(taken))


def test_any_change_makes_another_suite(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(TEXT)
    mine = read_suite(str(file))
    assert (mine.ticks, mine.seeds, mine.style) == (40, (1, 2), "steady")
    for old, new in (("40", "41"), ("[1, 2]", "[2, 1]"), ("brisk", "survival")):
        file.write_text(TEXT.replace(old, new))
        assert read_suite(str(file)).sha256 != mine.sha256


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[1, 2]", "[1, 2, 1]", "the seed 1 stands more than once"),
        ("[1, 2]", "[-1]", "seeds.0"),
        ("[1, 2]", "[]", "seeds"),
        ("brisk", "easy", "'easy' is none of survival, brisk"),
        ("ticks: 40", "ticks: many", "ticks"),
        ("title: Mine", "titel: Mine", "title"),
        ("name: mine", "name: [", "not valid YAML"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(TEXT.replace(old, new))
    with pytest.raises(StudioError) as raised:
        read_suite(str(file))
    assert told in raised.value.what
    assert raised.value.where == str(file)


def test_an_unknown_suite_is_told_with_those_there_are() -> None:
    with pytest.raises(StudioError, match="early-game"):
        read_suite("late-game")
