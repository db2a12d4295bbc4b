"""Where files live: ids that are file names everywhere, places that never leave the project unseen."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vpt_studio.errors import StudioError
from vpt_studio.project import ProjectLayout, recording_id_from
from vpt_studio.project.layout import MAX_ID_BYTES, companions, stored_path

HERE = ProjectLayout.at("/some/where/project")


@given(st.text())
def test_any_text_becomes_an_id_that_is_one_file_name_everywhere(text):
    made = recording_id_from(text)
    assert made
    assert len(made.encode()) <= MAX_ID_BYTES + 1
    assert not set(made) & set('<>:"/\\|?*')
    assert made.strip(" .") == made
    assert stored_path(HERE.recording_places(made).video)


@given(st.text())
def test_an_id_stays_as_it_is(text):
    once = recording_id_from(text)
    assert recording_id_from(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Player73-f153ac423f61-20210728-162533", "Player73-f153ac423f61-20210728-162533"),
        ("boss: fight?", "boss_ fight_"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("con", "_con"),
        ("NUL.old", "_NUL.old"),
        ("", "recording"),
        (" . ", "recording"),
        ("Gro\u0308sse", "Gr\u00f6sse"),
    ],
)
def test_ids_stay_near_to_what_was_asked_for(text, expected):
    assert recording_id_from(text) == expected


@given(st.lists(st.text(alphabet="abc .-é", min_size=1).filter(lambda part: part.strip(" .")), min_size=1))
def test_a_file_in_the_project_is_stored_and_found_again(parts):
    path = HERE.folder.joinpath(*parts)
    stored = HERE.stored(path)
    assert not stored.startswith(("/", "../"))
    assert HERE.path_of(stored) == path


def test_a_file_beside_the_project_is_a_reference(tmp_path):
    (tmp_path / "videos").mkdir()
    layout = ProjectLayout.at(tmp_path / "project")
    stored = layout.stored(tmp_path / "videos" / "walk.mp4")
    assert stored == "../videos/walk.mp4"
    assert layout.path_of(stored) == tmp_path.resolve() / "videos" / "walk.mp4"
    assert not layout.owns(stored)


def test_a_reference_holds_where_the_project_is_opened_through_a_link(tmp_path):
    (tmp_path / "disk" / "deep").mkdir(parents=True)
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "walk.mp4").touch()
    (tmp_path / "project").symlink_to(tmp_path / "disk" / "deep")
    layout = ProjectLayout.at(tmp_path / "project")
    stored = layout.stored(tmp_path / "videos" / "walk.mp4")
    assert layout.path_of(stored).samefile(tmp_path / "videos" / "walk.mp4")
    assert (layout.folder / stored).exists()  # as the operating system follows it, too


def test_recordings_may_be_a_link_to_another_disk(tmp_path):
    (tmp_path / "big").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "recordings").symlink_to(tmp_path / "big")
    layout = ProjectLayout.at(tmp_path / "project")
    assert layout.stored(tmp_path / "project" / "recordings" / "take.mp4") == "recordings/take.mp4"


@pytest.mark.parametrize(
    "place",
    [
        "",
        ".",
        "..",
        "/etc/passwd",
        "C:/videos/a.mp4",
        "c:a.mp4",
        "\\\\server\\share\\a.mp4",
        "recordings\\a.mp4",
        "recordings/../../a.mp4",
        "recordings/./a.mp4",
        "recordings//a.mp4",
        "recordings/a.mp4/",
        "recordings/a\n.mp4",
    ],
)
def test_places_that_are_absolute_or_not_plain_are_refused(place):
    with pytest.raises(StudioError, match="not a place a project can store"):
        HERE.path_of(place)


@given(st.text())
def test_a_stored_place_leaves_the_project_only_where_it_says_so(text):
    try:
        path = HERE.path_of(text)
    except StudioError:
        return
    assert path.is_relative_to(HERE.folder) == (not text.startswith("../"))


def test_companions_share_the_stem():
    assert companions("recordings/take.jsonl") == ("recordings/take.json", "recordings/take.events.jsonl")
    assert companions("recordings/v1.5.mp4") == ("recordings/v1.5.json", "recordings/v1.5.events.jsonl")


def test_a_folder_is_named_from_the_current_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ProjectLayout.at("project").folder == Path(os.path.realpath(tmp_path)) / "project"
