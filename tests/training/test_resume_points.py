"""Resume points: the newest good one is found, and damage never costs what is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.resume_points import load_newest, save_resume_point
from vpt_studio.errors import StudioError


def save(folder: Path, *steps: int, keep: int = 2) -> None:
    for step in steps:
        save_resume_point(folder, step, {"step": step}, keep=keep)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_newest_is_loaded_and_the_last_ones_are_kept(tmp_path):
    assert load_newest(tmp_path) is None
    save(tmp_path, 10, 20, 30)
    assert names(tmp_path) == ["step-000000020.pt", "step-000000030.pt"]
    assert load_newest(tmp_path) == {"step": 30}


@pytest.mark.parametrize("damage", ["cut", "other bytes", "empty"])
def test_a_damaged_point_is_set_aside_for_the_one_before(tmp_path, caplog, damage):
    save(tmp_path, 10, 20)
    newest = tmp_path / "step-000000020.pt"
    whole = newest.read_bytes()
    newest.write_bytes({"cut": whole[: len(whole) // 2], "other bytes": b"not a point", "empty": b""}[damage])
    assert load_newest(tmp_path) == {"step": 10}
    assert names(tmp_path) == ["step-000000010.pt", "step-000000020.pt.damaged"]
    (told,) = caplog.messages
    assert "step-000000020.pt is damaged" in told
    assert "weights_only" not in told
    # What is written next is kept, and so is what it was resumed from.
    save(tmp_path, 11)
    assert load_newest(tmp_path) == {"step": 11}
    assert "step-000000010.pt" in names(tmp_path)


def test_where_points_exist_but_none_can_be_read_nothing_starts_over(tmp_path):
    save(tmp_path, 10, 20)
    for path in tmp_path.iterdir():
        path.write_bytes(b"gone")
    for _ in range(2):  # the second time they have their other names already
        with pytest.raises(StudioError, match="none of the run's resume points") as refused:
            load_newest(tmp_path)
        assert refused.value.where == str(tmp_path)


def test_what_a_kill_left_half_written_goes(tmp_path):
    half = tmp_path / ".step-000000010.0123abcd.pt"
    half.write_bytes(b"half")
    assert load_newest(tmp_path) is None
    save(tmp_path, 10)
    assert not half.exists()


def test_pruning_spares_the_new_point_and_those_of_later_steps(tmp_path):
    save(tmp_path, 500, 600)
    save(tmp_path, 3, 4, 5)
    assert names(tmp_path) == [f"step-{step:09d}.pt" for step in (4, 5, 500, 600)]
