"""Adding, listing, searching and describing recordings."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.project import Project, RecordingRow
from vpt_studio.project.database import connect, time_text
from vpt_studio.project.recording_query import ORDERS, SELECT, conditions, ordering
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def ids(rows):
    return [row.id for row in rows]


def test_a_recording_comes_back_as_it_was_added(project, put_recording):
    added = put_recording(
        project,
        source=Source.HUMAN,
        health=Health.FLAWED,
        health_reason="Mouse idle",
        problems=2,
        person="Ann",
        version="recorder 0.1",
        imported_at=NOON,
        tags=("night", "Cave"),
        sidecar={"seed": 7, "clock": {"anchors": [1, 2.5]}, "cursor_in_video": False},
    )
    with Project.open(project.layout.folder) as again:
        assert again.recording("take") == added
        assert again.recordings() == [added]
    assert added.tags == ("Cave", "night")
    assert added.imported_at == NOON
    assert added.video_bytes == len("video of take")


def test_import_assumes_no_source_and_no_verdict(project, put_recording):
    row = put_recording(project)
    assert row.source is Source.UNKNOWN
    assert row.health is Health.UNCHECKED


def test_an_id_that_is_taken_gets_a_suffix_whatever_its_case(project, put_recording):
    put_recording(project, "take")
    row = put_recording(project, "other")
    for stem, video in (("TAKE", "a"), ("take", "b")):
        place = project.layout.recordings / f"{video}.mp4"
        place.touch()
        row = project.add_recording(replace(row, id=stem, video=project.layout.stored(place), actions=None))
    assert ids(project.recordings(order="id")) == ["other", "take", "TAKE-2", "take-3"]


def test_a_name_that_is_no_file_name_is_refused_with_one_that_is(project, put_recording):
    row = put_recording(project)
    with pytest.raises(StudioError, match="Call it 'a_b'"):
        project.add_recording(replace(row, id="a:b"))


def test_the_same_files_are_not_added_twice(project, put_recording):
    row = put_recording(project)
    with pytest.raises(StudioError, match="in the project already, as 'take'"):
        project.add_recording(replace(row, id="again"))


def test_one_video_may_be_labelled_twice(project, put_recording):
    row = put_recording(project)
    (project.layout.recordings / "take.idm.jsonl").touch()
    second = project.add_recording(
        replace(row, id="take.idm", actions="recordings/take.idm.jsonl", source=Source.IDM)
    )
    assert second.video == row.video


def test_a_recording_without_its_file_is_refused(project):
    with pytest.raises(StudioError, match="No such file"):
        project.add_recording(RecordingRow("take", "recordings/take.mp4", 1, 1, 640, 360))
    assert project.recordings() == []


def test_absolute_places_do_not_get_in(project, tmp_path):
    (tmp_path / "walk.mp4").touch()
    with pytest.raises(StudioError, match="not a place a project can store"):
        project.add_recording(RecordingRow("walk", str(tmp_path / "walk.mp4"), 1, 1, 640, 360))


def test_a_reference_needs_a_hash_and_is_found_again_by_it(project, tmp_path):
    video = tmp_path / "walk.mp4"
    video.write_bytes(b"a long walk")
    row = RecordingRow("walk", project.layout.stored(video), 1, 1, 640, 360)
    with pytest.raises(StudioError, match="needs a content hash"):
        project.add_recording(row)
    project.add_recording(replace(row, video_sha256=sha256_of(video)))

    moved = tmp_path / "archive" / "walk.mp4"
    moved.parent.mkdir()
    video.rename(moved)
    assert [problem.path for problem in project.missing_media()] == ["../walk.mp4"]
    (tmp_path / "other.mp4").write_bytes(b"another walk")
    with pytest.raises(StudioError, match="its content differs"):
        project.relink_recording("walk", video=project.layout.stored(tmp_path / "other.mp4"))
    project.relink_recording("walk", video=project.layout.stored(moved))
    assert project.missing_media() == []
    assert project.recording("walk").video == "../archive/walk.mp4"


def test_a_recording_that_was_never_hashed_is_not_relinked(project, put_recording):
    put_recording(project)
    with pytest.raises(StudioError, match="never hashed"):
        project.relink_recording("take", video="recordings/take.mp4")


def test_a_recording_is_known_by_the_content_of_all_its_files(project, put_recording):
    put_recording(project, "a", video_sha256="0" * 64, actions_sha256="1" * 64)
    assert project.find_by_content("0" * 64, "1" * 64) == "a"
    assert project.find_by_content("0" * 64, "2" * 64) is None
    assert project.find_by_content("0" * 64) is None
    project.remove_recording("a")
    assert project.find_by_content("0" * 64, "1" * 64) is None


def test_reserved_ids_are_promised_once(project, put_recording):
    (project.layout.recordings / "take-2.jsonl").touch()
    put_recording(project, "take")
    assert project.reserve_recording_id("take") == "take-3"
    assert project.reserve_recording_id("take") == "take-4"
    assert put_recording(project, "take-3").id == "take-3"
    assert project.reserve_recording_id("take-3") == "take-3-2"


def test_a_promised_id_can_be_given_back(project):
    assert project.reserve_recording_id("take") == "take"
    project.release_recording_id("take")
    assert project.reserve_recording_id("take") == "take"


@pytest.mark.parametrize(
    ("age", "file", "next_"), [(2, "", "take"), (2, ".mkv", "take-2"), (0, "", "take-2")]
)
def test_an_id_is_free_again_a_day_after_an_import_died_without_leaving_files(project, age, file, next_):
    project.reserve_recording_id("take")
    long_ago = time_text(datetime.now(UTC) - timedelta(days=age))
    with closing(sqlite3.connect(project.layout.database)) as other, other:
        other.execute("UPDATE reserved_ids SET reserved_at = ?", [long_ago])
    if file:
        (project.layout.recordings / f"take{file}").touch()
    assert project.reserve_recording_id("take") == next_


def test_rows_come_in_pages_newest_first(project, put_recording):
    for number in range(5):
        put_recording(project, f"take-{number}", imported_at=NOON + timedelta(seconds=number))
    assert ids(project.recordings(limit=2)) == ["take-4", "take-3"]
    assert ids(project.recordings(limit=2, offset=2)) == ["take-2", "take-1"]
    assert ids(project.recordings(limit=2, offset=4)) == ["take-0"]
    assert ids(project.recordings(order="imported_at", limit=1)) == ["take-0"]


@pytest.mark.parametrize("order", [*ORDERS, *(f"-{column}" for column in ORDERS)])
def test_every_order_sorts_and_needs_no_sorting_at_the_time(project, put_recording, order):
    for number, stem in enumerate("bca"):
        put_recording(
            project,
            stem,
            source=list(Source)[number],
            health=list(Health)[number],
            problems=number,
            duration_ticks=number,
            frames=number,
            width=number + 1,
            height=number + 1,
            person=stem,
            version=stem,
            imported_at=NOON + timedelta(seconds=number),
        )
    column = order.removeprefix("-")
    found = [getattr(row, column) for row in project.recordings(order=order)]
    assert found == sorted(found, reverse=order.startswith("-"))

    with connect(project.layout.database, mode="ro") as database:
        where, values = conditions("", None, None, None, False)
        sql = f"EXPLAIN QUERY PLAN {SELECT} WHERE {where} ORDER BY {ordering(order)} LIMIT 200"
        plan = " ".join(step[3] for step in database.execute(sql, values))
    assert "TEMP B-TREE" not in plan


def test_an_unknown_order_is_a_mistake_of_the_caller(project):
    with pytest.raises(ValueError, match="cannot be ordered by 'sidecar; DROP'"):
        project.recordings(order="-sidecar; DROP")


def test_search_finds_all_words_in_id_person_version_and_tags(project, put_recording):
    put_recording(project, "cave-1", person="Ann", version="1.16.5", tags=("night",))
    put_recording(project, "cave-2", person="Bob", version="1.20", tags=("50%_done",))
    assert ids(project.recordings(search="ANN")) == ["cave-1"]
    assert ids(project.recordings(search="1.16")) == ["cave-1"]
    assert ids(project.recordings(search="cave night")) == ["cave-1"]
    assert ids(project.recordings(search="0%_d")) == ["cave-2"]
    assert ids(project.recordings(search="%")) == ["cave-2"]
    assert ids(project.recordings(search="_")) == ["cave-2"]
    assert project.recordings(search="cave 'OR 1=1") == []
    assert project.count_recordings(search="cave") == 2


def test_filters_go_together(project, put_recording):
    put_recording(project, "a", source=Source.HUMAN, health=Health.HEALTHY, tags=("Cave",))
    put_recording(project, "b", source=Source.HUMAN, health=Health.BROKEN)
    put_recording(project, "c", source=Source.AGENT, health=Health.HEALTHY)
    assert ids(project.recordings(source=Source.HUMAN, health=Health.HEALTHY)) == ["a"]
    assert ids(project.recordings(order="id", source=Source.HUMAN)) == ["a", "b"]
    assert ids(project.recordings(tag="cave")) == ["a"]
    assert project.count_recordings(health=Health.HEALTHY) == 2


def test_the_verdict_is_stored(project, put_recording):
    put_recording(project)
    project.update_health("take", Health.BROKEN, 3, "Cut short")
    row = project.recording("take")
    assert (row.health, row.problems, row.health_reason) == (Health.BROKEN, 3, "Cut short")


def test_recordings_that_can_teach_are_counted(project, put_recording):
    put_recording(project, "a")
    put_recording(project, "flawed", health=Health.FLAWED)
    put_recording(project, "broken", health=Health.BROKEN)
    put_recording(project, "guessed", source=Source.IDM)
    put_recording(project, "gone")
    project.remove_recording("gone")
    assert project.count_teaching() == 2


def test_tags_are_replaced_and_counted(project, put_recording):
    put_recording(project, "a", tags=("cave",))
    put_recording(project, "b", tags=("cave", "night"))
    project.set_tags("A", [" Night ", "night", "", "rain"])
    assert project.recording("a").tags == ("night", "rain")
    assert project.tag_counts() == {"cave": 1, "night": 2, "rain": 1}


def test_counts_sum_up_what_is_present(project, put_recording):
    put_recording(project, "a", source=Source.HUMAN, duration_ticks=20)
    put_recording(project, "b", source=Source.HUMAN, duration_ticks=30, health=Health.HEALTHY)
    put_recording(project, "c", duration_ticks=1)
    project.remove_recording("c")
    counts = project.recording_counts()
    assert (counts.present, counts.removed, counts.ticks) == (2, 1, 50)
    assert counts.by_source == {Source.HUMAN: 2}
    assert counts.by_health == {Health.UNCHECKED: 1, Health.HEALTHY: 1}


@pytest.mark.parametrize(
    "ask",
    [
        lambda project: project.recording("ghost"),
        lambda project: project.update_health("ghost", Health.HEALTHY),
        lambda project: project.set_tags("ghost", ["a"]),
        lambda project: project.remove_recording("ghost"),
        lambda project: project.restore_recording("ghost"),
        lambda project: project.relink_recording("ghost", video="recordings/a.mp4"),
    ],
)
def test_a_recording_that_is_not_there_is_told_by_name(project, ask):
    with pytest.raises(StudioError, match="no recording called 'ghost'"):
        ask(project)


def test_many_are_added_in_order(project):
    for number in range(1203):
        (project.layout.recordings / f"{number:04}.mp4").touch()
    rows = [RecordingRow(f"{n:04}", f"recordings/{n:04}.mp4", n, n, 640, 360) for n in range(1203)]
    assert ids(project.add_recordings(iter(rows))) == [row.id for row in rows]
    assert project.count_recordings() == 1203
    assert len(project.recordings()) == 200
