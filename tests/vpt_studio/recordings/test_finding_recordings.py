"""Finding recordings in folders, by name, and through index files of every spelling."""

from __future__ import annotations

import json

import pytest

from vpt_studio.recordings.files import RecordingFiles, find_recordings


@pytest.fixture
def put(make_lines, a_tick):
    """Put empty videos and their lines below a folder: what is looked for is names, not contents."""

    def write(folder, *names):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(b"")

    return write


def stems(found):
    return [files.stem for files in found.recordings]


def test_a_folder_is_searched_deeply_and_in_order(tmp_path, put):
    put(tmp_path, "b.mp4", "a.mkv", "deep/er/c.webm", ".hidden/d.mp4", ".e.mp4", "notes.txt", "f.mov")
    found = find_recordings([tmp_path])
    assert stems(found) == ["a", "b", "f", "c"]
    assert not found.problems


def test_suffixes_in_capitals_are_videos_too(tmp_path, put):
    put(tmp_path, "A.MP4", "A.jsonl")
    found = find_recordings([tmp_path])
    assert stems(found) == ["A"]
    assert found.recordings[0].video == tmp_path / "A.MP4"
    assert not found.problems


def test_a_recording_named_twice_is_found_once(tmp_path, put):
    put(tmp_path, "a.mp4", "a.jsonl")
    found = find_recordings([tmp_path, tmp_path / "a.mp4", tmp_path / "a.jsonl", tmp_path / "a"])
    assert stems(found) == ["a"]
    assert not found.problems


def test_ids_may_hold_dots(tmp_path, put):
    put(tmp_path, "v1.2-run.3.mp4", "v1.2-run.3.jsonl")
    (files,) = find_recordings([tmp_path]).recordings
    assert files.stem == "v1.2-run.3"
    assert files.actions.is_file()
    assert RecordingFiles.of(tmp_path / "v1.2-run.3") == files


def test_lines_without_their_video_are_told_and_other_lines_passed_over(tmp_path, put):
    put(tmp_path, "gone.jsonl", "6.9-gone.jsonl", "take.mp4", "take.jsonl", "take.events.jsonl")
    put(tmp_path, "web.mp4", "web.actions.jsonl")
    found = find_recordings([tmp_path])
    assert stems(found) == ["take", "web"]
    assert [problem.file for problem in found.problems] == ["6.9-gone.jsonl", "gone.jsonl"]
    assert "video that belongs to these tick lines is missing" in found.problems[0].what


def test_a_second_video_of_the_same_name_is_told(tmp_path, put):
    put(tmp_path, "take.mkv", "take.mp4")
    found = find_recordings([tmp_path])
    assert [files.video.name for files in found.recordings] == ["take.mp4"]
    assert [problem.file for problem in found.problems] == ["take.mkv"]


def test_what_is_not_there_is_told(tmp_path):
    (problem,) = find_recordings([tmp_path / "gone.mp4"]).problems
    assert "no such file or folder" in str(problem)


def test_another_programs_file_is_told(tmp_path, put):
    put(tmp_path, "notes.txt")
    (problem,) = find_recordings([tmp_path / "notes.txt"]).problems
    assert "neither a video nor the tick lines" in str(problem)


@pytest.mark.parametrize("ending", ["", ".mp4"])
@pytest.mark.parametrize("spelling", ["json", "python", "json with a mark"])
def test_an_index_may_end_its_names_and_be_spelled_as_it_likes(tmp_path, put, ending, spelling):
    put(tmp_path, "8.0/a-b.mp4", "8.0/a-b.jsonl", "c.mp4")
    index = {"basedir": "https://example.invalid/data/", "relpaths": [f"8.0/a-b{ending}", f"9.1/c{ending}"]}
    text = repr(index) if spelling == "python" else json.dumps(index)
    (tmp_path / "all.json").write_text(text, encoding="utf-8-sig" if "mark" in spelling else "utf-8")
    found = find_recordings([tmp_path / "all.json"])
    assert not found.problems
    # With the version's folder or without it, as downloaders do.
    assert [files.video for files in found.recordings] == [tmp_path / "8.0" / "a-b.mp4", tmp_path / "c.mp4"]
    assert list(found.versions.values()) == ["8.0", "9.1"]


def test_a_large_file_that_is_not_json_is_told_and_not_tried_as_python(tmp_path, put):
    """A cut index of some megabytes would take gigabytes; so one that Python could read is not read."""
    put(tmp_path, "a.mp4")
    index = {"relpaths": ["a"], "filler": "x" * (1 << 20)}
    (tmp_path / "all.json").write_text(json.dumps(index))
    assert stems(find_recordings([tmp_path / "all.json"])) == ["a"]
    (tmp_path / "all.json").write_text(repr(index))
    found = find_recordings([tmp_path / "all.json"])
    assert stems(found) == []
    assert [problem.what for problem in found.problems] == ["the file is not valid JSON"]


def test_an_index_never_leads_out_of_its_folder(tmp_path, put):
    put(tmp_path, "secret.mp4", "in/a.mp4")
    relpaths = ["../secret", str(tmp_path / "secret"), "x/../../secret", "a"]
    (tmp_path / "in" / "index.json").write_text(json.dumps({"basedir": "", "relpaths": relpaths}))
    found = find_recordings([tmp_path / "in" / "index.json"])
    assert stems(found) == ["a"]
    assert [problem.place for problem in found.problems] == ["entry 1", "entry 2", "entry 3"]


def test_the_folders_name_is_the_version_where_it_looks_like_one(tmp_path, put):
    put(tmp_path, "6.9/a.mp4", "takes/b.mp4", "2022/c.mp4", "6.9.1/d.mp4")
    versions = {files.stem: version for files, version in find_recordings([tmp_path]).versions.items()}
    assert versions == {"a": "6.9", "d": "6.9.1"}
