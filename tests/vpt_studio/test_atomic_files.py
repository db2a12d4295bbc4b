"""Files that are there whole or not at all, also after a power cut and beside readers on Windows."""

from __future__ import annotations

import os
import stat

import pytest

from vpt_studio.atomic_files import created, replaced, write_atomically
from vpt_studio.errors import StudioError


@pytest.fixture
def synced(monkeypatch):
    """What reaches the disk, in order: "file" or "folder"."""
    seen = []
    fsync = os.fsync

    def watched(descriptor):
        seen.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    return seen


def test_the_file_reaches_the_disk_and_then_its_name(tmp_path, synced):
    write_atomically(tmp_path / "a.json", b"1")
    assert synced == ["file", "folder"]
    with created(tmp_path / "b.json") as temporary:
        temporary.write_bytes(b"2")
    assert synced == ["file", "folder"] * 2
    write_atomically(tmp_path / "a.json", b"3", durable=False)
    assert synced == ["file", "folder"] * 2
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.json": b"3", "b.json": b"2"}


def refuse(monkeypatch, times, **facts):
    """Let ``os.replace`` fail so many times, as where a file is open; returns what is left of them."""
    left, replace = [None] * times, os.replace

    def refused(source, target):
        if left:
            left.pop()
            error = PermissionError(13, "Permission denied")
            for name, value in facts.items():
                setattr(error, name, value)
            raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", refused)
    return left


def test_a_reader_on_windows_that_holds_the_old_file_is_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    left = refuse(monkeypatch, 3, winerror=5)
    write_atomically(path, b"new")
    assert (left, path.read_bytes()) == ([], b"new")


def test_without_permission_nothing_is_tried_again_and_nothing_left_behind(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    left = refuse(monkeypatch, 3)
    with pytest.raises(PermissionError):
        write_atomically(path, b"new")
    assert len(left) == 2
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"]


def test_what_fails_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def stumble():
        with replaced(path) as temporary:
            temporary.write_bytes(b"ne")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        stumble()
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StudioError, match="gone: there is no such folder"):
        write_atomically(tmp_path / "gone" / "a.json", b"")
