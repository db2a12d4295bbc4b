"""The lock of a take: one holder, whatever comes between opening its file and locking it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from vpt_studio.errors import StudioError
from vpt_studio.recordings.take_lock import TakeLock, is_being_written


def test_a_take_has_one_writer_until_it_lets_go(tmp_path: Path) -> None:
    assert not is_being_written(tmp_path, "take")
    with TakeLock(tmp_path, "take"):
        assert is_being_written(tmp_path, "take")
        with pytest.raises(StudioError, match="being recorded just now"):
            TakeLock(tmp_path, "take")
        assert not is_being_written(tmp_path, "other")
    assert not is_being_written(tmp_path, "take")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be taken away there")
def test_who_was_late_with_a_file_that_is_gone_does_not_hold_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The holder lets go and a third takes the lock between our opening of the file and our locking it."""
    first = TakeLock(tmp_path, "take")
    third: list[TakeLock] = []
    system_open = os.open

    def open_slowly(*words: object, **options: object) -> int:
        descriptor = system_open(*words, **options)  # type: ignore[arg-type]
        monkeypatch.setattr(os, "open", system_open)
        first.release()
        third.append(TakeLock(tmp_path, "take"))
        return descriptor

    monkeypatch.setattr(os, "open", open_slowly)
    with pytest.raises(StudioError, match="being recorded just now"):
        TakeLock(tmp_path, "take")
    assert is_being_written(tmp_path, "take")
    third[0].release()
    assert not is_being_written(tmp_path, "take")


def test_a_lock_that_cannot_be_made_says_so_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="cannot be locked") as failure:
        TakeLock(tmp_path / "gone", "take")
    assert failure.value.where == str(tmp_path / "gone" / "take")


def test_the_lock_of_a_folder_that_went_away_is_let_go_without_a_word(tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    folder.mkdir()
    lock = TakeLock(folder, "take")
    folder.rename(tmp_path / "moved")
    lock.release()
    assert not is_being_written(tmp_path / "moved", "take")
