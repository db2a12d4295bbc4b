"""Bringing recordings into a project: copied or referred to, known by content, nothing overwritten."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings
from vpt_studio.project.recording_table import KnownContentError
from vpt_studio.project.references import resolve_recording
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import Sidecar, read_sidecar, write_sidecar
from vpt_studio.recordings.source import Source

ONE_BY_ONE = ImportOptions(workers=1)
CONTRACTOR = "cheeky-cornflower-setter-74ae6c2eae2e-20220315-122354"


@pytest.fixture
def inbox(tmp_path):
    return tmp_path / "inbox"


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_is_copied_in_and_the_rows_say_what_is_there(project, inbox, make_recording, fingerprints):
    make_recording(inbox / "6.9", CONTRACTOR, 30)
    make_recording(inbox, "web", 24, lines=None, suffix=".mkv")
    before = fingerprints(inbox)
    announced, told = [], []
    report = import_recordings(
        project, [inbox], ImportOptions(tags=("new",)), announce=announced.append, tell=told.append
    )
    assert fingerprints(inbox) == before
    assert not report.left_out
    assert (announced, sorted(told)) == ([2], sorted([CONTRACTOR, "web"]))
    labelled = project.recording(CONTRACTOR)
    assert (labelled.duration_ticks, labelled.frames, labelled.width, labelled.height) == (30, 30, 64, 36)
    assert (labelled.person, labelled.version) == ("cheeky-cornflower-setter", "6.9")
    assert (labelled.health, labelled.source, labelled.tags) == (Health.HEALTHY, Source.UNKNOWN, ("new",))
    assert labelled.actions == f"recordings/{CONTRACTOR}.jsonl"
    assert project.recording("web").video == "recordings/web.mkv"
    assert project.recording("web").actions is None
    assert project.check(hash_media=True).healthy
    # The version comes along, although the folder's name does not say it any more.
    with Recording.open(project.layout.recordings / f"{CONTRACTOR}.mp4") as recording:
        assert recording.sidecar.recorder_release == (6, 9)


def test_an_index_brings_in_what_is_there_and_tells_what_is_not(project, inbox, make_recording):
    make_recording(inbox / "8.0", "a")
    index = {"basedir": "https://example.invalid/", "relpaths": ["8.0/a.mp4", "8.0/gone"]}
    (inbox / "all.json").write_text(json.dumps(index))
    report = import_recordings(project, [inbox / "all.json"], ONE_BY_ONE)
    assert [(row.id, row.version) for row in report.imported] == [("a", "8.0")]
    assert ["gone.mp4 is not on this disk" in str(problem) for problem in report.left_out] == [True]


def test_the_same_content_comes_in_once_whatever_it_is_called(
    project, inbox, make_recording, make_lines, a_tick
):
    first = make_recording(inbox, "a")
    import_recordings(project, [first], ONE_BY_ONE)
    (inbox / "b.mp4").write_bytes(first.read_bytes())
    (inbox / "b.jsonl").write_bytes((inbox / "a.jsonl").read_bytes())
    (inbox / "c.mp4").write_bytes(first.read_bytes())
    make_lines(inbox / "c.jsonl", [a_tick(number) for number in range(40)])
    report = import_recordings(project, [inbox], ONE_BY_ONE)
    assert report.known == [("a", "a"), ("b", "a")]
    assert [row.id for row in report.imported] == ["c"]
    assert not report.left_out


def test_nothing_in_the_project_is_overwritten(project, inbox, make_recording, fingerprints):
    import_recordings(project, [make_recording(inbox / "one", "take", 30)], ONE_BY_ONE)
    (project.layout.recordings / "other.mp4").write_bytes(b"somebody's")
    before = fingerprints(project.layout.recordings)
    make_recording(inbox / "two", "take", 31)
    make_recording(inbox / "two", "other", 32)
    report = import_recordings(project, [inbox / "two"], ONE_BY_ONE)
    assert [row.id for row in report.imported] == ["other-2", "take-2"]
    after = fingerprints(project.layout.recordings)
    assert {path: after[path] for path in before} == before


@pytest.mark.parametrize(
    ("said", "own", "stored"),
    [
        (None, None, Source.UNKNOWN),
        (Source.HUMAN, None, Source.HUMAN),
        (None, Source.AGENT, Source.AGENT),
        (Source.SCRIPT, Source.AGENT, Source.SCRIPT),
    ],
)
def test_the_source_is_what_is_said_else_what_the_files_say_else_unknown(
    project, inbox, make_recording, said, own, stored
):
    path = make_recording(inbox)
    if own is not None:
        write_sidecar(path.with_suffix(".json"), Sidecar(source=own, seed=5))
    (row,) = import_recordings(project, [path], ImportOptions(source=said, workers=1)).imported
    assert row.source is stored
    sidecar = read_sidecar(project.layout.recordings / "take.json")
    assert (sidecar.source, sidecar.seed) == (stored, None if own is None else 5)


def test_a_reference_leaves_the_files_where_they_are(project, inbox, make_recording, fingerprints):
    path = make_recording(inbox, frames=30)
    before = fingerprints(inbox)
    (row,) = import_recordings(project, [path], ImportOptions(refer=True, workers=1)).imported
    assert fingerprints(inbox) == before
    assert names_in(project.layout.recordings) == ["take.json"]
    assert row.video == "../inbox/take.mp4"
    with Recording.open(resolve_recording("take", project.layout.folder)) as recording:
        assert len(recording) == 30
        assert recording.video_path.samefile(path)
        assert recording.converted().actions.column("forward").sum() == 20
    path.unlink()
    with pytest.raises(StudioError, match="is missing"):
        Recording.open(resolve_recording("take", project.layout.folder))
    assert not project.check().healthy


def test_recordings_are_found_again_when_the_database_is_lost(folder, inbox, make_recording, fingerprints):
    path = make_recording(inbox, frames=30)
    with Project.create(folder, "Forest") as project:
        import_recordings(project, [path], ImportOptions(refer=True, source=Source.HUMAN, workers=1))
        import_recordings(project, [make_recording(inbox, "own", frames=31)], ONE_BY_ONE)
    for name in ("project.db", "project.db-wal", "project.db-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "recordings" / "take-options.json").write_text('{"video": "vpt-studio-recording"}')
    (folder / "recordings" / "torn.json").write_text('{"format": "vpt-studio-recording", "vid')
    before = fingerprints(folder / "recordings")
    with Project.create(folder, "Forest") as project:
        report = import_recordings(project, [folder / "recordings"], ONE_BY_ONE)
        assert [(row.id, row.video, row.actions, row.source) for row in report.imported] == [
            ("own", "recordings/own.mp4", "recordings/own.jsonl", Source.UNKNOWN),
            ("take", "../inbox/take.mp4", "../inbox/take.jsonl", Source.HUMAN),
        ]
        assert [problem.file for problem in report.left_out] == ["torn.json"]
        assert project.check(hash_media=True).healthy
    assert fingerprints(folder / "recordings") == before  # taken in as they lie, not copied again


def test_a_reference_whose_path_no_project_can_store_leaves_nothing_behind(project, inbox, make_recording):
    make_recording(inbox / "new\nline")
    report = import_recordings(project, [inbox], ImportOptions(refer=True, workers=1))
    assert not report.imported
    assert ["not a place a project can store" in str(problem) for problem in report.left_out] == [True]
    assert names_in(project.layout.recordings) == []


def test_a_copy_that_fails_leaves_nothing_behind(project, inbox, make_recording, monkeypatch):
    from vpt_studio.project import importing

    path = make_recording(inbox)

    def full_disk(original, copy):
        copy.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    make_whole = importing.shutil.copyfile
    monkeypatch.setattr(
        importing.shutil,
        "copyfile",
        lambda original, copy: (full_disk if original.suffix == ".mp4" else make_whole)(original, copy),
    )
    report = import_recordings(project, [path], ONE_BY_ONE)
    assert ["no space left" in str(problem) for problem in report.left_out] == [True]
    assert names_in(project.layout.recordings) == []
    monkeypatch.setattr(importing.shutil, "copyfile", make_whole)
    assert [row.id for row in import_recordings(project, [path], ONE_BY_ONE).imported] == ["take"]


def test_an_import_that_came_second_gives_its_id_back(folder, inbox, make_recording, monkeypatch):
    path = make_recording(inbox)
    with Project.create(folder, "Forest") as quick, Project.open(folder) as slow:
        reserve = slow.reserve_recording_id

        def overtaken(stem):
            import_recordings(quick, [path], ONE_BY_ONE)
            return reserve(stem)

        monkeypatch.setattr(slow, "reserve_recording_id", overtaken)
        assert import_recordings(slow, [path], ONE_BY_ONE).known == [("take", "take")]
        assert names_in(slow.layout.recordings) == ["take.json", "take.jsonl", "take.mp4"]
        assert quick.reserve_recording_id("take") == "take-2"


@pytest.mark.parametrize("after", [False, True])
def test_an_interrupt_leaves_a_stored_recording_whole_and_of_any_other_nothing(
    project, inbox, make_recording, monkeypatch, after
):
    path = make_recording(inbox)
    add = project.add_recording

    def interrupted(row, **more):
        if after:
            add(row, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(project, "add_recording", interrupted)
    with pytest.raises(KeyboardInterrupt):
        import_recordings(project, [path], ONE_BY_ONE)
    assert project.count_recordings() == after
    assert project.check(hash_media=True).healthy
    assert names_in(project.layout.recordings) == (["take.json", "take.jsonl", "take.mp4"] if after else [])
    assert project.reserve_recording_id("take") == ("take-2" if after else "take")


@pytest.mark.parametrize("grown", ["take.mp4", "take.jsonl"])
def test_a_file_that_grows_while_it_is_imported_is_left_out(
    project, inbox, make_recording, monkeypatch, grown
):
    """It grows after it was checked, before it is copied."""
    path = make_recording(inbox)
    reserve = project.reserve_recording_id

    def grow(stem):
        with (inbox / grown).open("ab") as stream:
            stream.write(b" " * 9)
        return reserve(stem)

    with monkeypatch.context() as patched:
        patched.setattr(project, "reserve_recording_id", grow)
        report = import_recordings(project, [path], ONE_BY_ONE)
    assert [f"{grown}: the file changed while it was imported" in str(one) for one in report.left_out] == [
        True
    ]
    assert names_in(project.layout.recordings) == []
    assert [row.id for row in import_recordings(project, [path], ONE_BY_ONE).imported] == ["take"]
    assert project.check(hash_media=True).healthy


def test_a_file_larger_than_the_disk_is_left_out_before_a_byte_is_copied(
    project, inbox, make_recording, monkeypatch
):
    from vpt_studio.project import importing

    path = make_recording(inbox)
    with path.open("r+b") as stream:
        stream.truncate(1 << 25)
    usage = importing.shutil.disk_usage(inbox)
    monkeypatch.setattr(importing.shutil, "disk_usage", lambda _: usage._replace(free=1 << 24))
    report = import_recordings(project, [path], ONE_BY_ONE)
    assert ["no space left" in str(problem) for problem in report.left_out] == [True]
    assert names_in(project.layout.recordings) == []


def test_a_defect_of_ours_costs_only_the_recording_it_happened_on(
    project, inbox, make_recording, monkeypatch
):
    for name in ("a", "b"):
        make_recording(inbox, name, 30 + ord(name) % 2)
    add = project.add_recording

    def stumble(row, **more):
        if row.id == "a":
            raise RuntimeError("what nobody foresaw")
        return add(row, **more)

    monkeypatch.setattr(project, "add_recording", stumble)
    report = import_recordings(project, [inbox], ONE_BY_ONE)
    assert [row.id for row in report.imported] == ["b"]
    assert ["what nobody foresaw" in str(problem) for problem in report.left_out] == [True]
    assert names_in(project.layout.recordings) == ["b.json", "b.jsonl", "b.mp4"]


def test_what_is_flawed_comes_in_and_says_so(project, inbox, make_recording, a_tick):
    lines = [a_tick(number) for number in range(40)]
    lines[7] = b"{\n"
    report = import_recordings(project, [make_recording(inbox, lines=lines)], ONE_BY_ONE)
    (row,) = report.imported
    assert (row.health, row.health_reason, row.problems) == (Health.FLAWED, "Lines damaged", 1)
    assert [problem.place for problem in report.flaws] == ["line 8"]


def test_raw_events_come_along(project, inbox, make_recording):
    path = make_recording(inbox)
    (inbox / "take.events.jsonl").write_bytes(b"{}\n")
    import_recordings(project, [path], ONE_BY_ONE)
    assert (project.layout.recordings / "take.events.jsonl").read_bytes() == b"{}\n"


def test_importing_the_projects_own_recordings_changes_nothing(project, inbox, make_recording):
    import_recordings(project, [make_recording(inbox)], ONE_BY_ONE)
    report = import_recordings(project, [project.layout.recordings], ONE_BY_ONE)
    assert report.known == [("take", "take")]
    assert project.recording_counts().present == 1


def test_a_quick_import_does_not_look_at_every_frame(project, inbox, make_recording, spoil_pictures):
    path = make_recording(inbox, frames=60, size=(320, 180))
    spoil_pictures(path)
    quick = import_recordings(project, [path], ImportOptions(decode=False, workers=1))
    assert [row.health for row in quick.imported] == [Health.UNCHECKED]
    again = import_recordings(project, [path], ImportOptions(decode=False, workers=1))
    assert (again.known, again.checked_now) == ([("take", "take")], [])
    thorough = import_recordings(project, [path], ONE_BY_ONE)
    assert (thorough.known, thorough.checked_now) == ([("take", "take")], ["take"])
    row = project.recording("take")
    assert (row.health, row.health_reason) == (Health.FLAWED, "Frames missing")
    assert row.problems == len(thorough.flaws) > 0


def test_content_that_was_checked_is_not_decoded_again(project, inbox, make_recording, monkeypatch):
    from vpt_studio.project import importing

    path = make_recording(inbox)
    import_recordings(project, [path], ONE_BY_ONE)

    def decode(*_things):
        raise AssertionError("it was decoded again")

    monkeypatch.setattr(importing, "_check", decode)
    told = []
    report = import_recordings(project, [path], ONE_BY_ONE, tell=told.append)
    assert (report.known, report.left_out, told) == ([("take", "take")], [], ["take"])


def test_a_recording_is_meant_by_its_path_or_by_its_id(project, inbox, make_recording, monkeypatch):
    path = make_recording(inbox, "v1.mp4.take")
    import_recordings(project, [path], ImportOptions(refer=True, workers=1))
    monkeypatch.chdir(project.layout.folder / "runs")
    assert resolve_recording(str(path)) == path
    with Recording.open(resolve_recording("v1.mp4.take")) as recording:
        assert len(recording) == 40
    for name, words in (("gone", "no recording called 'gone'"), (str(inbox), "a folder, not a recording")):
        with pytest.raises(StudioError, match=words):
            resolve_recording(name)


def test_two_imports_at_once_do_not_get_in_each_others_way(folder, inbox, make_recording, other_process):
    for number in range(4):
        make_recording(inbox, f"take-{number}", 30 + number)
    Project.create(folder, "Forest").close()
    code = """
import sys
from pathlib import Path
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings
if __name__ == "__main__":
    with Project.open(sys.argv[1]) as project:
        report = import_recordings(project, [Path(sys.argv[2])], ImportOptions(workers=1))
    print(len(report.imported), len(report.left_out), len(report.imported) + len(report.known))
"""
    processes = [other_process(code, folder, inbox) for _ in range(2)]
    outcomes = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outcomes
    for output, _ in outcomes:
        assert output.split()[1:] == ["0", "4"], outcomes
    assert sum(int(output.split()[0]) for output, _ in outcomes) == 4, outcomes
    with Project.open(folder) as project:
        assert project.count_recordings() == 4
        assert project.check(hash_media=True).healthy


def test_content_that_another_import_has_just_added_is_told_as_known(project, inbox, make_recording):
    path = make_recording(inbox, "take")
    (row,) = import_recordings(project, [path], ONE_BY_ONE).imported
    again = replace(row, id="take-again", video="recordings/other.mp4", actions="recordings/other.jsonl")
    for suffix in (".mp4", ".jsonl"):
        copy = (project.layout.recordings / "take").with_suffix(suffix).read_bytes()
        (project.layout.recordings / "other").with_suffix(suffix).write_bytes(copy)
    with pytest.raises(KnownContentError, match="already, as 'take'"):
        project.add_recording(again, only_new=True)
    assert project.count_recordings() == 1
